/* First step of a booking: which item. */
import { list } from "../hall/api.js";
import { aboutItem, materialsOf, placeOf } from "./facts.js";
import { booking, change, chooseItem } from "./draft.js";
import { departmentsByCode, zonesWithDepartments } from "../hall/directory.js";
import { h, icon } from "../shell/view.js";
import { timeLimit } from "../words/format.js";
import { named, t } from "../words/i18n.js";
import { itemButton, ItemFinder } from "./item-finder.js";
import { empty } from "../shell/states.js";
import { factList } from "./visit.js";
import { KINDS } from "../words/codes.js";

export const heading = (text) => h("h1", { class: "step-title", tabindex: "-1", "data-focus": true }, text);

const bookableTag = (bookable) =>
  bookable
    ? h("span", { class: "tag good" }, icon("calendar"), t("可预约"))
    : h("span", { class: "tag" }, icon("kiosk"), t("现场取号"));

const openItem = (way) => (item) => way.go(`item/${item.code}`);

function departmentRow(way, department) {
  return h("li", {}, h("button", { type: "button", class: "department-row", onclick: () => way.go(`department/${department.code}`) },
    h("span", {}, named(department)), bookableTag(department.offers_three_services), icon("forward")));
}

function zoneTree(way, zones) {
  if (!zones.length) return empty(t("还没有可以办理的事项"), t("请先装载大厅资料。"));
  const bookableFirst = (departments) => [...departments].sort((one, other) => other.offers_three_services - one.offers_three_services);
  return h("section", { class: "zone-choice", "aria-labelledby": "tree-title" },
    h("h2", { class: "step-subtitle", id: "tree-title" }, t("或按部门选择")),
    zones.map((zone) =>
      h("details", { class: "zone-fold card" },
        h("summary", {}, h("span", { class: "zone-code number", "aria-hidden": "true" }, zone.code), h("span", {}, named(zone))),
        h("ul", {}, bookableFirst(zone.departments).map((department) => departmentRow(way, department))))));
}

/** The search and, while nothing is searched, the departments by zone. */
export async function findItem(way) {
  const [zones, departments] = await Promise.all([zonesWithDepartments(), departmentsByCode()]);
  return () => h("div", { class: "step-view" },
    heading(t("您要预约办理什么？")),
    h("p", { class: "quiet" }, t("输入名称、拼音、拼音首字母或编号")),
    h(ItemFinder, {
      choose: openItem(way),
      note: ({ department }) => bookableTag(departments.get(department)?.offers_three_services),
      idle: () => zoneTree(way, zones),
      text: booking().text,
      typed: (text) => change({ text }),
    }),
    h("p", { class: "step-manage" }, h("a", { href: "/appointment" }, t("已经预约？查询、改约或取消"))));
}

export async function listDepartment(way, code) {
  const [departments, items] = await Promise.all([departmentsByCode(), list("items", { department: code, state: "active", limit: 100 })]);
  const department = departments.get(code);
  return () => h("div", { class: "step-view" },
    heading(named(department) || t("没有找到。")),
    h("p", { class: "quiet" }, t("共 {count} 个事项，请选择", { count: items.length })),
    items.length
      ? h("ul", { class: "item-choices" }, items.map((item) => h("li", {}, itemButton(item, { choose: openItem(way) }))))
      : empty(t("没有找到。")));
}

const kioskNote = () =>
  h("div", { class: "notice warn", role: "status" }, icon("kiosk"),
    h("div", {}, h("p", {}, h("strong", {}, t("这个事项不用预约"))),
      h("p", {}, t("请在办公时间到大厅，在取号机上选择这个事项取号。"))));

/** One item with its guide; from here to its times, or to the kiosk. */
export async function showItem(way, code) {
  const about = await aboutItem(code);
  const { item, department } = about;
  const guide = named(item, "guide");
  const start = () => {
    chooseItem(item.code);
    way.go("time");
  };
  return () => h("div", { class: "step-view" },
    heading(named(item)),
    department?.offers_three_services
      ? h("button", { type: "button", class: "button primary large", onclick: start }, icon("calendar"), t("选择预约时间"))
      : kioskNote(),
    factList([
      [t("办理单位"), named(department)],
      [t("办理地点"), placeOf(about)],
      [t("办理时限"), timeLimit(item.time_limit_days)],
      [t("事项类型"), KINDS[item.kind] ?? item.kind],
    ]),
    materialsOf(about),
    guide && h("section", { class: "card bring" }, h("h2", { class: "bring-title" }, icon("info"), t("办事指南")), h("p", {}, guide)));
}
