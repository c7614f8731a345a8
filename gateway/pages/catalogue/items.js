/* The items of the catalogue: finding one, opening it, adding one. The open one stands in the address. */
import { listOnce, withQuery } from "../shared/hall/api.js";
import { add } from "./deeds.js";
import { askItem, itemView, stateTag } from "./item.js";
import { departments, queues } from "../shared/hall/directory.js";
import { focusOn, h, icon, show } from "../shared/shell/view.js";
import { dayOf, timeLimit } from "../shared/words/format.js";
import { catalogueNames } from "../shared/lists/changes.js";
import { ITEM_KINDS } from "../shared/words/changes.js";
import { named, t } from "../shared/words/i18n.js";
import { partsList } from "../shared/lists/in-parts.js";
import { departmentOptions, optionsOf } from "../shared/form/choices.js";
import { button, select, tool } from "../shared/form/controls.js";
import { tableCard } from "../shared/form/parts.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { KINDS } from "../shared/words/codes.js";

const PART = 50;
const PAUSE_MS = 250;
const STATES = { active: t("正常办理"), withdrawn: t("不再办理"), all: t("全部") };

const opened = () => new URLSearchParams(location.search).get("item") ?? "";

/** Show the items in `panel`. */
export function itemsView(panel) {
  const wanted = { q: "", department: "", kind: "", state: "active" };
  let lists = null;
  let nameOf = null;
  let at = ""; /* the item that is open */
  let detail = null;
  let turn = 0;
  let planned = null;
  let left = false;

  function row(item) {
    return h("tr", { "data-item": item.code, key: item.code },
      h("th", { scope: "row" }, h("button", { type: "button", class: "catalogue-open", "data-row": item.code, onclick: () => go(item.code) }, named(item)), h("span", { class: "quiet catalogue-code number" }, item.code)),
      h("td", {}, nameOf("departments", item.department)),
      h("td", {}, KINDS[item.kind] ?? item.kind),
      h("td", { class: "nowrap" }, timeLimit(item.time_limit_days)),
      h("td", { class: "nowrap" }, dayOf(item.effective_from)),
      h("td", { class: "nowrap" }, stateTag(item.state)));
  }

  const table = (rows) => tableCard(t("事项"), [t("事项"), t("办理单位"), t("事项类型"), t("办理时限"), t("生效日期"), t("状态")], rows.map(row));

  const found = partsList(panel, {
    path: "items", size: PART,
    query: () => ({ ...wanted, q: wanted.q.trim() }),
    describe: (rows, { more, complete }) => (rows.length
      ? [h("p", { class: "quiet", role: "status" }, complete ? t("共 {count} 个事项", { count: rows.length }) : t("已列出前 {count} 个事项", { count: rows.length })), table(rows), more]
      : empty(t("没有找到事项"), t("只公布、还没有生效的事项在“即将生效”里。"), "search")),
    paint,
  });

  function tools() {
    const filter = (name, options) => select(name, options, wanted[name], (value) => {
      wanted[name] = value;
      found.load();
    });
    const type = ({ target }) => {
      wanted.q = target.value;
      clearTimeout(planned);
      planned = setTimeout(() => found.load(), PAUSE_MS);
    };
    return h("div", { class: "tools" },
      h("div", { class: "field catalogue-search" }, h("label", { for: "search" }, t("搜索事项")),
        h("input", { class: "input", type: "search", id: "search", autocomplete: "off", spellcheck: false, maxlength: 60, placeholder: t("名称、拼音、首字母或编号"), value: wanted.q, oninput: type })),
      tool(t("部门"), filter("department", departmentOptions(lists.departments, { all: t("全部部门") }))),
      tool(t("事项类型"), filter("kind", optionsOf(KINDS, { keys: ITEM_KINDS, all: t("全部类型") }))),
      tool(t("状态"), filter("state", optionsOf(STATES))),
      h("div", { class: "tools-end" }, button("document", t("新增事项"), () => add(lists, ({ code }) => go(code)), { primary: true, small: false, deed: "add" })));
  }

  function paint() {
    if (left) return;
    const backButton = () => h("button", { type: "button", class: "button plain back-link", onclick: () => go("") }, icon("back"), t("返回事项列表"));
    show(panel, at ? backButton() : tools(), h("div", { class: "catalogue-body", key: at }, at ? detail : found.view()));
  }

  /** Ask for the open item and show it. */
  async function look({ anew = true } = {}) {
    const own = (turn += 1);
    const tell = (what) => {
      if (own !== turn) return;
      detail = what;
      paint();
    };
    if (anew) tell(loading());
    try {
      tell(itemView(await askItem(at), { code: at, lists, nameOf, changed: () => look({ anew: false }) }));
    } catch (error) {
      if (error.status !== 401) tell(failed(error, look));
    }
    if (own === turn) focusOn(panel);
  }

  function go(code) {
    history.pushState(null, "", withQuery(location.pathname, { item: code }) + location.hash);
    place();
  }

  /** Show what the address names: an item, or the list. */
  function place() {
    at = opened();
    if (at) {
      look();
      scrollTo(0, 0);
    } else {
      turn += 1;
      found.load().then(() => panel.querySelector("#search")?.focus({ preventScroll: true }));
    }
  }

  async function open() {
    show(panel, loading());
    try {
      const [names, allDepartments, allQueues, allChains] = await Promise.all([catalogueNames(), departments(), queues(), listOnce("chains")]);
      if (left) return;
      nameOf = names;
      lists = { departments: allDepartments, queues: allQueues, chains: allChains };
    } catch (error) {
      if (!left && error.status !== 401) show(panel, failed(error, open));
      return;
    }
    place();
  }

  const back = () => opened() !== at && place(); /* a link to a part of the page goes nowhere else */

  addEventListener("popstate", back);
  open();
  return () => {
    left = true;
    turn += 1;
    clearTimeout(planned);
    removeEventListener("popstate", back);
    found.stop();
  };
}
