/* Overtime by person, to the minute. */
import { list } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { departmentsByCode } from "../shared/hall/directory.js";
import { Person } from "../shared/form/people.js";
import { h, show } from "../shared/shell/view.js";
import { dayOf, timeOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { departmentOptions } from "../shared/form/choices.js";
import { offering } from "./parts.js";
import { filters, loads, onceKnown } from "../shared/form/parts.js";
import { empty } from "../shared/shell/states.js";

const hoursOf = (minutes) => t("{hours} 小时 {minutes} 分", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
const sum = (rows) => rows.reduce((total, { minutes }) => total + minutes, 0);

/** Rows of overtime by person, who has most first. */
function byPerson(rows) {
  const people = new Map();
  for (const each of rows) people.set(each.staff, [...(people.get(each.staff) ?? []), each]);
  return [...people].sort(([, one], [, other]) => sum(other) - sum(one));
}

const stretch = ({ business_date: day, starts_at: starts, ends_at: ends, minutes }) =>
  h("li", {}, h("span", {}, `${dayOf(day)} ${timeOf(starts)}–${timeOf(ends)}`), h("span", { class: "number" }, t("{minutes} 分钟", { minutes })));

/** Show the overtime in `panel`. */
export const overtimeView = (panel) => onceKnown(panel, () => Promise.all([departmentsByCode(), offering()]), ([names, offered]) => {
  const wanted = { department: "", from: `${today().slice(0, 8)}01`, to: today() };
  const { choice, day } = filters(wanted, () => found.load());

  function tableOf(rows) {
    if (!rows.length) return empty(t("这些日子没有加班"), "", "person");
    const head = [t("人员"), t("部门"), t("合计"), t("明细")];
    return h("div", { class: "card table-wrap", tabindex: "0", role: "region", "aria-label": t("加班时间") }, h("table", { class: "table" },
      h("caption", { class: "visually-hidden" }, t("加班时间")),
      h("thead", {}, h("tr", {}, head.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, byPerson(rows).map(([staff, own]) => h("tr", { key: staff, "data-staff": staff },
        h("th", { scope: "row" }, h(Person, { username: staff })), h("td", {}, named(names.get(own[0].department)) || own[0].department),
        h("td", { class: "number nowrap" }, hoursOf(sum(own))),
        h("td", {}, h("details", {}, h("summary", {}, t("{count} 次", { count: own.length })), h("ul", { class: "overtime" }, own.map(stretch))))))),
      h("tfoot", {}, h("tr", {}, h("th", { scope: "row", colspan: 2 }, t("合计")), h("td", { class: "number" }, hoursOf(sum(rows))), h("td", {})))));
  }

  const paint = () => show(panel,
    h("div", { class: "tools" }, choice("department", t("部门"), departmentOptions(offered, { all: t("全部部门") })), day("from", t("从")), day("to", t("到"))),
    h("div", {}, found.view()));

  const found = loads(() => list("overtime", { ...wanted, limit: 500 }), tableOf, paint);
  found.load();
  return found.stop;
});
