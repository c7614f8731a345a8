/* Finding an item of the guide: a search and filters that stand in the address, and what they find, in parts. */
import { withQuery } from "../shared/hall/api.js";
import { departments } from "../shared/hall/directory.js";
import { h, icon, show } from "../shared/shell/dom.js";
import { count, timeLimit } from "../shared/words/format.js";
import { beginnings, chains, everyItem } from "./landing.js";
import { ITEM_KINDS } from "../shared/words/changes.js";
import { named, t } from "../shared/words/i18n.js";
import { partsList } from "../shared/lists/in-parts.js";
import { departmentOptions, optionsOf, tool } from "../shared/form/choices.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { KINDS } from "../shared/words/codes.js";

const PART = 40;
const PAUSE_MS = 250;
const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const NOTHING = { q: "", department: "", kind: "", chain: "" };
const LIST_KEPT = "hall-guide-list";

let kept = history.state; /* what was shown and opened when this list was left; the tabs write their own state over it */

/** What the address asks for; what no list can have counts as not asked. */
function readChoice() {
  const query = new URLSearchParams(location.search);
  const given = (name) => (query.get(name) ?? "").trim();
  const code = (name) => (CODE.test(given(name)) ? given(name) : "");
  return { q: given("q").slice(0, 60), department: code("department"), kind: ITEM_KINDS.includes(given("kind")) ? given("kind") : "", chain: code("chain") };
}

const same = (one, other) => Object.keys(NOTHING).every((name) => one[name] === other[name]);
const addressOf = (choice) => withQuery(location.pathname, choice) + location.hash;

/** A count in words: all of them, or as many as are listed yet. */
const countWords = (listed, { complete, total = null }) => {
  if (complete) return t("共 {count} 个事项", { count: count(listed) });
  return total === null ? t("已列出前 {count} 个事项", { count: count(listed) }) : t("共 {total} 个事项，已列出 {count} 个", { total: count(total), count: count(listed) });
};

/** Show the search in `panel`. */
export function findView(panel) {
  let choice = readChoice();
  let names = { departments: new Map(), chains: new Map() };
  let planned = null;
  let left = false;
  const body = h("div", { class: "guide-found" });
  const clear = h("button", { type: "button", class: "button plain guide-clear", onclick: reset }, icon("close"), t("清除条件"));
  const search = h("input", { class: "input", type: "search", id: "guide-search", autocomplete: "off", spellcheck: "false", maxlength: "60", placeholder: t("例如：qysl、营业执照") });
  const filter = (name) => h("select", { class: "input", id: `guide-${name}`, onchange: (event) => choose({ ...choice, [name]: event.target.value }) });
  const filters = { department: filter("department"), kind: filter("kind"), chain: filter("chain") };

  const link = (part, attributes, ...content) => {
    const wanted = { ...NOTHING, ...part };
    const follow = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      choose(wanted, { followed: true });
      scrollTo(0, 0);
    };
    return h("a", { href: withQuery(location.pathname, wanted), onclick: follow, ...attributes }, content);
  };

  function row(item) {
    const leave = () => history.replaceState({ shown: found.count(), code: item.code }, "");
    return h("li", {}, h("a", { class: "guide-row card", href: `/guide/${encodeURIComponent(item.code)}`, dataset: { row: item.code }, onclick: leave },
      h("span", { class: "guide-row-text" },
        h("span", { class: "guide-row-name" }, named(item)),
        h("span", { class: "guide-row-tags" },
          h("span", { class: "guide-row-department" }, icon("building"), names.departments.get(item.department) ?? item.department),
          h("span", { class: "tag brand-tag" }, KINDS[item.kind] ?? item.kind),
          h("span", { class: item.time_limit_days === 0 ? "tag good" : "tag" }, icon("clock"), timeLimit(item.time_limit_days)),
          item.chains.map((code) => h("span", { class: "tag" }, names.chains.get(code) ?? code)))),
      h("span", { class: "guide-row-code number" }, item.code),
      icon("forward")));
  }

  const found = partsList(body, {
    path: "items", size: PART, query: () => ({ ...choice, state: "active" }),
    paint: (rows, { more, complete }) => {
      const said = h("p", { class: "guide-said", role: "status", tabindex: "-1" }, countWords(rows.length, { complete }));
      if (!complete && !choice.q) tellTotal(said, rows.length);
      if (!rows.length) return empty(t("没有找到事项"), t("换一个说法试试，或者清除条件。"), "search");
      return [said, h("ul", { class: "guide-rows" }, rows.map(row)), more];
    },
  });

  async function tellTotal(said, listed) {
    const items = await everyItem().catch(() => null); /* without it the line stays as it is */
    const fits = (item) => ["department", "kind"].every((name) => !choice[name] || item[name] === choice[name]) && (!choice.chain || item.chains.includes(choice.chain));
    if (items && said.isConnected) said.textContent = countWords(listed, { complete: false, total: items.filter(fits).length });
  }

  async function begin() {
    found.stop();
    show(body, loading());
    const asked = choice;
    try {
      const content = await beginnings(link);
      if (!left && asked === choice) show(body, content);
    } catch (error) {
      if (!left && asked === choice) show(body, failed(error, begin));
    }
  }

  async function paint({ shown = 0, code = "", followed = false } = {}) {
    clear.hidden = same(choice, NOTHING);
    if (search.value.trim() !== choice.q) search.value = choice.q;
    for (const [name, control] of Object.entries(filters)) control.value = choice[name];
    sessionStorage.setItem(LIST_KEPT, withQuery("", choice));
    if (same(choice, NOTHING)) return begin();
    await found.load({ shown });
    if (followed) body.querySelector(".guide-said")?.focus({ preventScroll: true }); /* the link itself has left the page */
    const last = code && body.querySelector(`[data-row="${CSS.escape(code)}"]`);
    if (!last) return undefined;
    last.focus({ preventScroll: true });
    return last.scrollIntoView({ block: "center" });
  }

  function choose(next, { typed = false, followed = false } = {}) {
    clearTimeout(planned);
    if (same(next, choice)) return;
    const further = typed && !same(choice, NOTHING); /* each letter is no step back */
    choice = next;
    if (further) history.replaceState(null, "", addressOf(choice));
    else history.pushState(null, "", addressOf(choice));
    paint({ followed });
  }

  function reset() {
    choose(NOTHING);
    search.focus();
  }

  search.addEventListener("input", () => {
    clearTimeout(planned);
    planned = setTimeout(() => choose({ ...choice, q: search.value.trim() }, { typed: true }), PAUSE_MS);
  });

  const back = ({ state }) => {
    const asked = readChoice();
    if (same(asked, choice)) return;
    choice = asked;
    paint(state ?? {});
  };

  async function open() {
    show(panel, loading());
    try {
      const [allDepartments, allChains] = await Promise.all([departments(), chains()]);
      if (left) return;
      names = { departments: new Map(allDepartments.map((each) => [each.code, named(each)])), chains: new Map(allChains.map((each) => [each.code, named(each)])) };
      show(filters.department, departmentOptions(allDepartments, { all: t("全部部门") }));
      show(filters.kind, optionsOf(KINDS, { keys: ITEM_KINDS, all: t("全部类型") }));
      show(filters.chain, departmentOptions(allChains, { all: t("全部业务链") }));
    } catch (error) {
      if (!left) show(panel, failed(error, open));
      return;
    }
    show(panel,
      h("search", { class: "guide-search card" },
        h("div", { class: "field" }, h("label", { for: "guide-search" }, t("输入名称、拼音、拼音首字母或编号")), h("div", { class: "search-field" }, icon("search"), search)),
        h("div", { class: "guide-filters" }, tool(t("部门"), filters.department), tool(t("事项类型"), filters.kind), tool(t("业务链"), filters.chain), clear)),
      body);
    paint(kept ?? {});
    kept = null;
  }

  addEventListener("popstate", back);
  open();
  return () => {
    left = true;
    clearTimeout(planned);
    removeEventListener("popstate", back);
    found.stop();
  };
}
