/* Overtime by person, to the minute. */
import { list } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { departmentsByCode } from "../shared/hall/directory.js";
import { h, show } from "../shared/shell/dom.js";
import { dayOf, timeOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { dateInput, departmentOptions, offering, tool } from "../shared/form/choices.js";
import { empty, failed, loading } from "../shared/shell/states.js";

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
export function overtimeView(panel) {
  const body = h("div", {});
  const select = h("select", { class: "input", id: "department", onchange: () => load() });
  const from = dateInput("from", `${today().slice(0, 8)}01`, { id: "from", onchange: () => load() });
  const to = dateInput("to", today(), { id: "to", onchange: () => load() });
  let names = new Map();
  let turn = 0;

  function paint(rows) {
    if (!rows.length) return show(body, empty(t("这些日子没有加班"), "", "person"));
    const head = [t("人员"), t("部门"), t("合计"), t("明细")];
    return show(body, h("div", { class: "card table-wrap", tabindex: "0", role: "region", "aria-label": t("加班时间") }, h("table", { class: "table" },
      h("caption", { class: "visually-hidden" }, t("加班时间")),
      h("thead", {}, h("tr", {}, head.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, byPerson(rows).map(([staff, own]) => h("tr", { dataset: { staff } },
        h("th", { scope: "row" }, staff), h("td", {}, named(names.get(own[0].department)) || own[0].department),
        h("td", { class: "number nowrap" }, hoursOf(sum(own))),
        h("td", {}, h("details", {}, h("summary", {}, t("{count} 次", { count: own.length })), h("ul", { class: "overtime" }, own.map(stretch))))))),
      h("tfoot", {}, h("tr", {}, h("th", { scope: "row", colspan: 2 }, t("合计")), h("td", { class: "number" }, hoursOf(sum(rows))), h("td", {}))))));
  }

  async function load() {
    const own = (turn += 1);
    show(body, loading());
    try {
      const rows = await list("overtime", { from: from.value, to: to.value, department: select.value, limit: 500 });
      if (own === turn) paint(rows);
    } catch (error) {
      if (own === turn && error.status !== 401) show(body, failed(error, load));
    }
  }

  async function open() {
    const own = turn;
    show(panel, loading());
    try {
      names = await departmentsByCode();
      const offered = await offering();
      if (own !== turn) return;
      show(select, departmentOptions(offered, { all: t("全部部门") }));
    } catch (error) {
      if (own === turn && error.status !== 401) show(panel, failed(error, open));
      return;
    }
    show(panel, h("div", { class: "tools" }, tool(t("部门"), select), tool(t("从"), from), tool(t("到"), to)), body);
    load();
  }

  open();
  return () => (turn += 1);
}
