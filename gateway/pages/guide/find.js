/* Finding an item of the guide: a search and filters that stand in the address, and what they find, in parts. */
import { withQuery } from "../shared/hall/api.js";
import { departments } from "../shared/hall/directory.js";
import { h, icon, show } from "../shared/shell/view.js";
import { count, timeLimit } from "../shared/words/format.js";
import { beginnings, chains, everyItem } from "./landing.js";
import { ITEM_KINDS } from "../shared/words/changes.js";
import { named, t } from "../shared/words/i18n.js";
import { partsList } from "../shared/lists/in-parts.js";
import { departmentOptions, optionsOf } from "../shared/form/choices.js";
import { select, tool } from "../shared/form/controls.js";
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
  let typed = choice.q;
  let lists = null;
  let names = null;
  let beginning = null;
  let total = null; /* of all items that fit a choice */
  let planned = null;
  let left = false;

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
    return h("li", { key: item.code }, h("a", { class: "guide-row card", href: `/guide/${encodeURIComponent(item.code)}`, "data-row": item.code, onclick: leave },
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

  const found = partsList(panel, {
    path: "items", size: PART, query: () => ({ ...choice, state: "active" }),
    describe: (rows, { more, complete }) => (rows.length
      ? [h("p", { class: "guide-said", role: "status", tabindex: -1 }, countWords(rows.length, { complete, total: total?.of === choice ? total.count : null })),
        h("ul", { class: "guide-rows" }, rows.map(row)), more]
      : empty(t("没有找到事项"), t("换一个说法试试，或者清除条件。"), "search")),
    paint,
  });

  function paint() {
    if (left) return;
    const filter = (name, options) => select(`guide-${name}`, options, choice[name], (value) => choose({ ...choice, [name]: value }));
    show(panel,
      h("search", { class: "guide-search card" },
        h("div", { class: "field" }, h("label", { for: "guide-search" }, t("输入名称、拼音、拼音首字母或编号")),
          h("div", { class: "search-field" }, icon("search"), h("input", { class: "input", type: "search", id: "guide-search", autocomplete: "off", spellcheck: false, maxlength: 60, placeholder: t("例如：qysl、营业执照"), value: typed, oninput: type }))),
        h("div", { class: "guide-filters" },
          tool(t("部门"), filter("department", departmentOptions(lists.departments, { all: t("全部部门") }))),
          tool(t("事项类型"), filter("kind", optionsOf(KINDS, { keys: ITEM_KINDS, all: t("全部类型") }))),
          tool(t("业务链"), filter("chain", departmentOptions(lists.chains, { all: t("全部业务链") }))),
          h("button", { type: "button", class: "button plain guide-clear", hidden: same(choice, NOTHING), onclick: reset }, icon("close"), t("清除条件")))),
      h("div", { class: "guide-found" }, same(choice, NOTHING) ? beginning : found.view()));
  }

  async function tellTotal() {
    const asked = choice;
    const items = await everyItem().catch(() => null); /* without it the line stays as it is */
    const fits = (item) => ["department", "kind"].every((name) => !asked[name] || item[name] === asked[name]) && (!asked.chain || item.chains.includes(asked.chain));
    if (items) total = { of: asked, count: items.filter(fits).length };
    paint();
  }

  async function begin() {
    found.stop();
    const asked = choice;
    const tell = (what) => {
      if (asked !== choice) return;
      beginning = what;
      paint();
    };
    tell(loading());
    try {
      tell(await beginnings(link));
    } catch (error) {
      tell(failed(error, begin));
    }
  }

  async function look({ shown = 0, code = "", followed = false } = {}) {
    if (typed.trim() !== choice.q) typed = choice.q;
    sessionStorage.setItem(LIST_KEPT, withQuery("", choice));
    if (same(choice, NOTHING)) return begin();
    await found.load({ shown });
    if (!found.complete() && !choice.q) tellTotal();
    if (followed) panel.querySelector(".guide-said")?.focus({ preventScroll: true }); /* the link itself has left the page */
    const last = code && panel.querySelector(`[data-row="${CSS.escape(code)}"]`);
    if (!last) return undefined;
    last.focus({ preventScroll: true });
    return last.scrollIntoView({ block: "center" });
  }

  function choose(next, { further = false, followed = false } = {}) {
    clearTimeout(planned);
    if (same(next, choice)) return;
    const stays = further && !same(choice, NOTHING); /* each letter is no step back */
    choice = next;
    if (stays) history.replaceState(null, "", addressOf(choice));
    else history.pushState(null, "", addressOf(choice));
    look({ followed });
  }

  function reset() {
    choose(NOTHING);
    panel.querySelector("#guide-search").focus();
  }

  function type({ target }) {
    typed = target.value;
    clearTimeout(planned);
    planned = setTimeout(() => choose({ ...choice, q: typed.trim() }, { further: true }), PAUSE_MS);
  }

  const back = ({ state }) => {
    const asked = readChoice();
    if (same(asked, choice)) return;
    choice = asked;
    look(state ?? {});
  };

  async function open() {
    show(panel, loading());
    try {
      const [allDepartments, allChains] = await Promise.all([departments(), chains()]);
      if (left) return;
      const byCode = (rows) => new Map(rows.map((each) => [each.code, named(each)]));
      lists = { departments: allDepartments, chains: allChains };
      names = { departments: byCode(allDepartments), chains: byCode(allChains) };
    } catch (error) {
      if (!left) show(panel, failed(error, open));
      return;
    }
    look(kept ?? {});
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
