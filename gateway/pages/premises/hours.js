/* Opening hours: of the hall, and of departments that have others. */
import { command, get } from "../shared/hall/api.js";
import { departments } from "../shared/hall/directory.js";
import { effectsFirst } from "../shared/hall/effects.js";
import { departmentOptions, WEEKDAYS } from "../shared/form/choices.js";
import { button, choice, group } from "../shared/form/controls.js";
import { field, tellErrors } from "../shared/form/form.js";
import { loadsInto, tableCard } from "../shared/form/parts.js";
import { openDialog } from "../shared/shell/dialog.js";
import { toast, toastProblem } from "../shared/shell/toast.js";
import { h } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";

const TIMES = { opens: t("开门"), closes: t("关门"), break_starts: t("午休开始"), break_ends: t("午休结束") };
const WRONG = t("时间须依次：开门、午休、关门。");
const MISSING = t("请至少选一天。");

const time = (name, value) => field(TIMES[name], h("input", { class: "input number", type: "time", name, defaultValue: value }));

/** Ask for the hours of some weekdays; who is touched is said before they are sent. */
function askHours(offices, changed) {
  let tell = null;

  async function submit(form) {
    const weekdays = [...form.querySelectorAll("[name=weekdays]:checked")].map(({ value }) => Number(value));
    const closed = form.elements.closed.checked;
    const times = Object.fromEntries(Object.keys(TIMES).map((name) => [name, form.elements[name].value]).filter(([, value]) => !closed && value));
    const edges = ["opens", "break_starts", "break_ends", "closes"].map((name) => times[name]).filter(Boolean);
    const inOrder = closed || (times.opens && times.closes && edges.length % 2 === 0 && edges.every((each, nth) => !nth || edges[nth - 1] < each));
    if (!tellErrors(form, { ...(!weekdays.length && { weekdays: MISSING }), ...(!inOrder && { closes: WRONG }) })) return false;
    const department = form.elements.department.value || null;
    tell ??= effectsFirst(form.querySelector(".premises-effects"), "hours");
    if (await tell({ weekdays: weekdays.join(","), ...(department && { department }), ...times })) return false;
    try {
      await command("hours", { department, weekdays, ...times });
    } catch (error) {
      toastProblem(error);
      return false;
    }
    toast(t("已修改"));
    return changed();
  }

  openDialog({
    title: t("修改开放时间"), submitText: t("保存"), submit,
    body: [
      field(t("适用"), h("select", { class: "input", name: "department", autofocus: true }, departmentOptions(offices, { all: t("全大厅") }))),
      group(t("星期"), "weekdays", Object.entries(WEEKDAYS).map(([day, text]) => choice("checkbox", "weekdays", day, text))),
      h("div", { class: "field-row" }, time("opens", "09:00"), time("closes", "17:00")),
      h("div", { class: "field-row" }, time("break_starts", ""), time("break_ends", "")),
      h("div", { class: "group" }, choice("checkbox", "closed", "yes", t("这几天没有自己的时间：单位随大厅，大厅不开放"))),
      h("div", { class: "premises-effects" }),
    ],
  });
}

/** Show the opening hours in `panel`. */
export function hoursView(panel) {
  const changed = () => view.load({ anew: false });

  const view = loadsInto(panel, () => Promise.all([get("hall"), departments()]), ([{ hours }, offices]) => {
    const names = new Map(offices.map((each) => [each.code, named(each)]));
    const rows = [...hours].sort((one, other) => (one.department ?? "").localeCompare(other.department ?? "") || one.weekday - other.weekday);
    return [
      h("div", { class: "tools" }, button("clock", t("修改开放时间"), () => askHours(offices, changed), { primary: true, small: false, id: "change-hours" })),
      tableCard(t("开放时间"), [t("适用"), t("星期"), t("开放时间"), t("午休")], rows.map((each) => h("tr", { key: `${each.department ?? ""}-${each.weekday}`, "data-weekday": each.weekday, "data-department": each.department ?? "" },
        h("th", { scope: "row" }, each.department ? names.get(each.department) ?? each.department : t("全大厅")),
        h("td", {}, WEEKDAYS[each.weekday]),
        h("td", { class: "number" }, `${each.opens}–${each.closes}`),
        h("td", { class: "number" }, each.breaks.map(({ starts, ends }) => `${starts}–${ends}`).join("、") || "–")))),
    ];
  });

  view.load();
  return view.stop;
}
