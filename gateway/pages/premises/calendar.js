/* The hall's calendar: days off, and days that are worked though they are not as a rule. */
import { command, list } from "../shared/hall/api.js";
import { effectsFirst } from "../shared/hall/effects.js";
import { button, dateInput, select, tool } from "../shared/form/controls.js";
import { field, tellErrors } from "../shared/form/form.js";
import { loads, tableCard } from "../shared/form/parts.js";
import { today } from "../shared/shell/clock.js";
import { openDialog } from "../shared/shell/dialog.js";
import { empty } from "../shared/shell/states.js";
import { toast, toastProblem } from "../shared/shell/toast.js";
import { h, show } from "../shared/shell/view.js";
import { dayOf } from "../shared/words/format.js";
import { laterDay } from "../shared/words/days.js";
import { t } from "../shared/words/i18n.js";

const MOST_DAYS = 60;
const RULES = { off: t("放假"), worked: t("上班"), plain: t("恢复平常") };
const WORKING = { off: false, worked: true, plain: null };
const WRONG = { to: t("不早于第一天，最多六十天。"), name: t("请填写。") };

function daysOf(from, to) {
  const days = [];
  for (let day = from; day && day <= to && days.length < MOST_DAYS + 1; day = laterDay(day, 1)) days.push(day);
  return days;
}

/** Ask for days that are off or worked; who is touched by days off is said before they are sent. */
function askDays(changed) {
  let tell = null;

  async function submit(form) {
    const { from, to, rule, name } = form.elements;
    const days = daysOf(from.value, to.value);
    const isNamed = rule.value === "plain" || name.value.trim();
    if (!tellErrors(form, { ...((!days.length || days.length > MOST_DAYS) && { to: WRONG.to }), ...(!isNamed && { name: WRONG.name }) })) return false;
    if (rule.value === "off") {
      tell ??= effectsFirst(form.querySelector(".premises-effects"), "calendar");
      if (await tell({ from: from.value, to: to.value })) return false;
    }
    try {
      await command("calendar", { days, working: WORKING[rule.value], ...(isNamed && name.value.trim() && { name: name.value.trim() }) });
    } catch (error) {
      toastProblem(error);
      return false;
    }
    toast(t("已修改"));
    return changed(from.value.slice(0, 4));
  }

  openDialog({
    title: t("修改工作日历"), submitText: t("保存"), submit,
    body: [
      h("div", { class: "field-row" }, field(t("第一天"), dateInput("from", today(), { autofocus: true })), field(t("最后一天"), dateInput("to", today()))),
      field(t("这几天"), h("select", { class: "input", name: "rule" }, Object.entries(RULES).map(([value, words]) => h("option", { value }, words)))),
      field(t("名称"), h("input", { class: "input", name: "name", maxlength: 100, autocomplete: "off" }), { hint: t("例如：国庆节") }),
      h("div", { class: "premises-effects" }),
    ],
  });
}

/** Show the calendar in `panel`. */
export function calendarView(panel) {
  const now = Number(today().slice(0, 4));
  const years = [now - 1, now, now + 1, now + 2];
  let year = String(now);
  const choose = (chosen) => {
    year = chosen;
    found.load();
  };

  /** Take over what the state has published, in as many steps as it has names for its days. */
  async function takeOfficial() {
    try {
      const official = await list("calendar/official", { year, limit: 400 });
      const kinds = new Map(official.map(({ working, name }) => [`${working} ${name}`, { working, name }]));
      for (const { working, name } of kinds.values()) {
        await command("calendar", { working, name, days: official.filter((each) => each.working === working && each.name === name).map(({ day }) => day) });
      }
      toast(official.length ? t("已录入 {count} 天", { count: official.length }) : t("国家还没有公布 {year} 年的安排，或本系统还不知道。", { year }));
    } catch (error) {
      toastProblem(error);
    }
    found.load({ anew: false });
  }

  function describe(days) {
    return days.length
      ? tableCard(t("工作日历"), [t("日期"), t("这一天"), t("名称")], days.map((each) => h("tr", { key: each.day, "data-day": each.day },
        h("th", { scope: "row", class: "premises-days" }, dayOf(each.day)),
        h("td", {}, h("span", { class: `tag ${each.working ? "good" : "warn"}` }, each.working ? RULES.worked : RULES.off)),
        h("td", {}, each.name))))
      : [
        empty(t("{year} 年的安排还没有", { year }), t("国家公布后请录入：没有安排时，节假日会算作工作日。"), "calendar"),
        h("div", { class: "tools" }, button("document", t("录入国家公布的安排"), takeOfficial, { small: false, id: "official" })),
      ];
  }

  const paint = () => show(panel,
    h("div", { class: "tools" },
      tool(t("年份"), select("year", years.map((each) => h("option", { value: String(each) }, each)), year, choose)),
      button("calendar", t("修改工作日历"), () => askDays((shown) => (shown === year ? found.load({ anew: false }) : choose(shown))), { primary: true, small: false, id: "change-days" })),
    found.view());
  const found = loads(() => list("calendar", { year, limit: 400 }), describe, paint);
  found.load();
  return found.stop;
}
