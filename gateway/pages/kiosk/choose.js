/* Finding an item: by zone and department, or by searching. */
import { get, list } from "../shared/hall/api.js";
import { closureNow, isOpen } from "../shared/shell/clock.js";
import { departmentsByCode, queues, zonesWithDepartments } from "../shared/hall/directory.js";
import { h, icon } from "../shared/shell/view.js";
import { timeLimit } from "../shared/words/format.js";
import { closureWords } from "../shared/words/closed.js";
import { named, t } from "../shared/words/i18n.js";
import { keyboard } from "./keyboard.js";
import { bar, barAround } from "./bar.js";
import { checkInButton } from "./check-in.js";
import { Pages } from "./pager.js";
import { empty, failed } from "../shared/shell/states.js";

const SEARCH_PAUSE_MS = 250;
const SEARCH_LIMIT = 60;
const portrait = matchMedia("(orientation: portrait)");

function departmentButton(kiosk, department, queuesOf) {
  const work = queuesOf(department.code).map((queue) => named(queue)).join(" · ");
  return h("button", { type: "button", class: "choice department", onclick: () => kiosk.go(`department/${department.code}`) },
    h("span", { class: "choice-text" }, h("span", { class: "choice-name" }, named(department)), h("span", { class: "choice-note clamp" }, work)),
    icon("forward"));
}

async function queuesByDepartment() {
  const all = await queues();
  return (department) => all.filter((queue) => queue.department === department);
}

function closedNote(hall) {
  if (!hall || isOpen(hall)) return null;
  const closure = closureNow(hall);
  return h("p", { class: "notice warn kiosk-closed", role: "status" }, icon("clock"),
    closure ? closureWords(closure, closure.ends_at) : t("现在不在办公时间，取号可能暂停。"));
}

const searchButton = (kiosk) =>
  h("button", { type: "button", class: "search-entry", onclick: () => kiosk.go("search") },
    icon("search"),
    h("span", { class: "choice-text" }, h("span", { class: "choice-name" }, t("搜索事项")), h("span", { class: "choice-note" }, t("输入名称、拼音、拼音首字母或编号"))),
    icon("forward"));

export async function start(kiosk) {
  const [zones, queuesOf] = await Promise.all([zonesWithDepartments(), queuesByDepartment()]);
  if (kiosk.elder()) return () => elderStart(kiosk);
  if (!zones.length) return () => empty(t("还没有可以办理的事项"), t("请先装载大厅资料。"));
  let chosen = zones[0];
  const choose = (zone) => {
    chosen = zone;
    kiosk.paint();
  };
  const section = (zone) =>
    h("section", { class: zone === chosen ? "zone-section chosen" : "zone-section", id: `zone-${zone.code}`, "aria-label": named(zone) },
      h("h2", { class: "zone-heading" }, h("span", { class: "zone-letter number" }, zone.code), named(zone)),
      h("div", { class: "zone-departments" }, zone.departments.map((department) => departmentButton(kiosk, department, queuesOf))));
  const tab = (zone) =>
    h("button", { type: "button", class: "zone-tab", "aria-controls": `zone-${zone.code}`, "aria-pressed": String(zone === chosen), onclick: () => choose(zone) },
      h("span", { class: "zone-letter number" }, zone.code), h("span", {}, named(zone)));
  return () => h("div", { class: "kiosk-start" },
    h("h1", { class: "kiosk-greeting", tabindex: "-1", "data-focus": true }, t("您好，请选择要办理业务的部门")),
    closedNote(kiosk.hall()),
    h("div", { class: "kiosk-entries" }, searchButton(kiosk), checkInButton(kiosk)),
    h("div", { class: "zone-tree" }, h("nav", { class: "zone-tabs", "aria-label": t("办事区") }, zones.map(tab)), h("div", { class: "zone-sections" }, zones.map(section))));
}

function elderStart(kiosk) {
  const entry = (to, name, title, note) =>
    h("button", { type: "button", class: "choice elder-entry", onclick: () => kiosk.go(to) },
      h("span", { class: "elder-icon" }, icon(name)),
      h("span", { class: "choice-text" }, h("span", { class: "choice-name" }, title), h("span", { class: "choice-note" }, note)), icon("forward"));
  return h("div", { class: "kiosk-start elder-start" },
    h("h1", { class: "kiosk-greeting", tabindex: "-1", "data-focus": true }, t("您好，请问要办什么？")),
    closedNote(kiosk.hall()),
    entry("zones", "building", t("我来选部门"), t("一步一步选")),
    entry("search", "search", t("我知道要办的事"), t("按名称查找")),
    entry("check-in", "calendar", t("我有预约"), t("签到取号")),
    h("p", { class: "notice elder-help" }, icon("people"), t("不会操作？请找身边的工作人员帮您取号。")));
}

/* As many as the grid of kiosk.css has places for. */
const pageSize = (kiosk) => () => (kiosk.elder() ? 8 : (portrait.matches ? 16 : 10));
const searchPageSize = (kiosk) => () => (kiosk.elder() ? 4 : (portrait.matches ? 10 : 6));

const pagesOf = (rows, shown) => h("div", { class: "kiosk-list" }, h(Pages, { rows, ...shown }));

export async function chooseZone(kiosk) {
  const zones = await zonesWithDepartments();
  const row = (zone) =>
    h("button", { type: "button", class: "choice", onclick: () => kiosk.go(`zone/${zone.code}`) },
      h("span", { class: "zone-letter number" }, zone.code),
      h("span", { class: "choice-text" }, h("span", { class: "choice-name" }, named(zone)),
        h("span", { class: "choice-note clamp" }, zone.departments.map((department) => named(department)).join(" · "))),
      icon("forward"));
  return () => h("div", { class: "kiosk-view" }, bar(kiosk, t("请选择办事区")), pagesOf(zones, { size: pageSize(kiosk), row }));
}

export async function chooseDepartment(kiosk, code) {
  const [zones, queuesOf] = await Promise.all([zonesWithDepartments(), queuesByDepartment()]);
  const zone = zones.find((each) => each.code === code);
  const row = (department) => departmentButton(kiosk, department, queuesOf);
  return () => h("div", { class: "kiosk-view" }, bar(kiosk, t("请选择部门"), named(zone)),
    pagesOf(zone?.departments ?? [], { size: pageSize(kiosk), row, none: empty(t("没有找到。")) }));
}

function itemButton(kiosk, item, departmentName = "") {
  return h("button", { type: "button", class: "choice item", onclick: () => kiosk.go(`item/${item.code}`) },
    h("span", { class: "choice-text" },
      h("span", { class: "choice-name clamp" }, named(item)),
      h("span", { class: "choice-tags" },
        departmentName && h("span", { class: "tag brand-tag" }, departmentName),
        h("span", { class: item.time_limit_days === 0 ? "tag good" : "tag" }, timeLimit(item.time_limit_days)),
        h("span", { class: "tag number" }, item.code))),
    icon("forward"));
}

export async function chooseItem(kiosk, code) {
  const [departments, queuesOf, items] = await Promise.all([departmentsByCode(), queuesByDepartment(), list("items", { department: code, state: "active", limit: 100 })]);
  const own = queuesOf(code);
  let queue = null;
  const chip = (each) =>
    h("button", { type: "button", class: "chip", "aria-pressed": String(each === queue), onclick: () => {
      queue = each;
      kiosk.paint();
    } }, each ? named(each) : t("全部事项"));
  return () => h("div", { class: "kiosk-view" },
    bar(kiosk, named(departments.get(code)), t("共 {count} 个事项，请选择", { count: items.length })),
    own.length > 1 && h("div", { class: "chips", role: "group", "aria-label": t("业务") }, [null, ...own].map(chip)),
    pagesOf(items.filter((item) => !queue || item.queue === queue.code), {
      size: pageSize(kiosk), row: (item) => itemButton(kiosk, item), none: empty(t("该部门现在没有可以取号的事项")), key: queue?.code,
    }));
}

export async function search(kiosk) {
  const names = await departmentsByCode();
  const hint = empty(t("请输入要办的事"), t("可以输入汉字、拼音、拼音首字母或事项编号，如“qysl”。"), "search");
  let typed = "";
  let results = hint;
  let planned = null;
  let asked = 0;

  const find = async () => {
    const text = typed.trim();
    const own = (asked += 1);
    const tell = (what) => {
      if (own !== asked) return;
      results = what;
      kiosk.paint();
    };
    if (!text) return tell(hint);
    try {
      const { items } = await get("items", { q: text, state: "active", limit: SEARCH_LIMIT });
      return tell(h(Pages, {
        rows: items,
        size: searchPageSize(kiosk),
        row: (item) => itemButton(kiosk, item, named(names.get(item.department))),
        none: empty(t("没有找到“{text}”", { text }), t("换一个说法试试，或返回按部门选择。"), "search"),
        key: own,
      }));
    } catch (error) {
      return tell(failed(error, find));
    }
  };
  const type = (text) => {
    typed = text;
    kiosk.paint();
    clearTimeout(planned);
    planned = setTimeout(find, SEARCH_PAUSE_MS);
  };

  return () => h("div", { class: "kiosk-view search-view" },
    barAround(kiosk, [h("h1", { class: "visually-hidden" }, t("搜索事项")), h("div", { class: "search-box" }, icon("search"),
      h("input", {
        class: "input search-input", type: "search", inputmode: "none", autocomplete: "off", spellcheck: false, maxlength: 60,
        "aria-label": t("搜索事项"), placeholder: t("例如：qysl、营业执照"), "data-focus": true,
        value: typed, oninput: ({ target }) => type(target.value),
      }))]),
    h("div", { class: "kiosk-list search-results", "aria-live": "polite" }, results), keyboard(typed, type));
}
