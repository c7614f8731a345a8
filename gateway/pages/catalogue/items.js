/* The items of the catalogue: finding one, opening it, adding one. The open one stands in the address. */
import { listOnce, withQuery } from "../shared/hall/api.js";
import { add } from "./deeds.js";
import { askItem, itemView, stateTag } from "./item.js";
import { departments, queues } from "../shared/hall/directory.js";
import { focusOn, h, icon, show } from "../shared/shell/dom.js";
import { dayOf, timeLimit } from "../shared/words/format.js";
import { catalogueNames } from "../shared/lists/changes.js";
import { ITEM_KINDS } from "../shared/words/changes.js";
import { named, t } from "../shared/words/i18n.js";
import { partsList } from "../shared/lists/in-parts.js";
import { departmentOptions, optionsOf, select, tool } from "../shared/form/choices.js";
import { button, loadsInto, tableCard } from "../shared/form/parts.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { KINDS } from "../shared/words/codes.js";

const PART = 50;
const PAUSE_MS = 250;
const STATES = { active: t("正常办理"), withdrawn: t("不再办理"), all: t("全部") };

const opened = () => new URLSearchParams(location.search).get("item") ?? "";

/** Show the items in `panel`. */
export function itemsView(panel) {
  let lists = null;
  let nameOf = (kind, code) => code;
  let planned = null;
  let left = false;
  let at = null;
  const search = h("input", { class: "input", type: "search", id: "search", autocomplete: "off", spellcheck: "false", maxlength: "60", placeholder: t("名称、拼音、首字母或编号") });
  const body = h("div", { class: "catalogue-body" });
  const one = h("div", { class: "catalogue-body" });
  const again = () => found.load();
  const kind = select("kind", optionsOf(KINDS, { keys: ITEM_KINDS, all: t("全部类型") }), "", again);
  const state = select("state", optionsOf(STATES), "active", again);
  const department = h("select", { class: "input", id: "department", onchange: again });

  function row(item) {
    return h("tr", { dataset: { item: item.code } },
      h("th", { scope: "row" }, h("button", { type: "button", class: "catalogue-open", dataset: { row: item.code }, onclick: () => go(item.code) }, named(item)), h("span", { class: "quiet catalogue-code number" }, item.code)),
      h("td", {}, nameOf("departments", item.department)),
      h("td", {}, KINDS[item.kind] ?? item.kind),
      h("td", { class: "nowrap" }, timeLimit(item.time_limit_days)),
      h("td", { class: "nowrap" }, dayOf(item.effective_from)),
      h("td", { class: "nowrap" }, stateTag(item.state)));
  }

  const found = partsList(body, {
    path: "items", size: PART,
    query: () => ({ q: search.value.trim(), department: department.value, kind: kind.value, state: state.value }),
    paint: (rows, { more, complete }) => (rows.length
      ? [h("p", { class: "quiet", role: "status" }, complete ? t("共 {count} 个事项", { count: rows.length }) : t("已列出前 {count} 个事项", { count: rows.length })),
        tableCard(t("事项"), [t("事项"), t("办理单位"), t("事项类型"), t("办理时限"), t("生效日期"), t("状态")], rows.map(row)), more]
      : empty(t("没有找到事项"), t("只公布、还没有生效的事项在“即将生效”里。"), "search")),
  });

  const detail = loadsInto(one, () => askItem(opened()), (answer) =>
    itemView(answer, { code: opened(), lists, nameOf, changed: () => look({ anew: false }) }));

  async function look(options) {
    await detail.load(options);
    if (!left) focusOn(one);
  }

  const backButton = () => h("button", { type: "button", class: "button plain back-link", onclick: () => go("") }, icon("back"), t("返回事项列表"));
  const tools = h("div", { class: "tools" },
    h("div", { class: "field catalogue-search" }, h("label", { for: "search" }, t("搜索事项")), search),
    tool(t("部门"), department), tool(t("事项类型"), kind), tool(t("状态"), state),
    h("div", { class: "tools-end" }, button("document", t("新增事项"), () => add(lists, ({ code }) => go(code)), { primary: true, small: false, deed: "add" })));

  function go(code) {
    history.pushState(null, "", withQuery(location.pathname, { item: code }) + location.hash);
    place();
  }

  /** Show what the address names: an item, or the list. */
  function place() {
    at = opened();
    if (at) {
      show(panel, backButton(), one);
      scrollTo(0, 0);
      return look();
    }
    detail.stop();
    show(panel, tools, body);
    return again().then(() => search.focus({ preventScroll: true }));
  }

  search.addEventListener("input", () => {
    clearTimeout(planned);
    planned = setTimeout(again, PAUSE_MS);
  });

  async function open() {
    show(panel, loading());
    try {
      const [names, allDepartments, allQueues, allChains] = await Promise.all([catalogueNames(), departments(), queues(), listOnce("chains")]);
      if (left) return;
      nameOf = names;
      lists = { departments: allDepartments, queues: allQueues, chains: allChains };
      show(department, departmentOptions(allDepartments, { all: t("全部部门") }));
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
    clearTimeout(planned);
    removeEventListener("popstate", back);
    found.stop();
    detail.stop();
  };
}
