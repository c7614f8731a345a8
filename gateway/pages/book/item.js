/* First step of a booking: which item. */
import { departmentsByCode, zonesWithDepartments } from "../shared/hall/directory.js";
import { booking, change, chooseItem } from "../shared/booking/draft.js";
import { aboutItem, materialsOf, placeOf } from "../shared/booking/facts.js";
import { heading, openItem } from "../shared/booking/item.js";
import { ItemFinder } from "../shared/booking/item-finder.js";
import { factList } from "../shared/booking/visit.js";
import { h, icon } from "../shared/shell/view.js";
import { empty } from "../shared/shell/states.js";
import { KINDS } from "../shared/words/codes.js";
import { timeLimit } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";

const bookableTag = (bookable) =>
  bookable
    ? h("span", { class: "tag good" }, icon("calendar"), t("可预约"))
    : h("span", { class: "tag" }, icon("kiosk"), t("现场取号"));

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
