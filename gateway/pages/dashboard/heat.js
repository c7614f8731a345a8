/* When the hall is busy: a table of hours and weekdays whose cells are the darker the more happened. */
import { cardHead, exportButtons } from "../shared/charts/card.js";
import { saveColoured } from "../shared/charts/export.js";
import { MEASURES } from "./choice.js";
import { h } from "../shared/shell/view.js";
import { count } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { WEEKDAYS } from "../shared/form/choices.js";
import { empty } from "../shared/shell/states.js";

const LEVELS = 6;
const hourWords = (hour) => `${String(hour).padStart(2, "0")}:00`;

const levelOf = (value, most) => (value ? Math.max(1, Math.ceil((value / most) * LEVELS)) : 0);

function legend() {
  const steps = Array.from({ length: LEVELS }, (_, index) => h("span", { class: `heat-step heat-${index + 1}` }));
  return h("span", { class: "heat-legend", "aria-hidden": "true" }, t("少"), steps, t("多"));
}

function heatTable(rows, { measure, title }) {
  const found = new Map(rows.map((row) => [`${row.weekday}-${Number(row.hour)}`, row[measure]]));
  const hours = rows.map(({ hour }) => Number(hour));
  const first = Math.min(...hours);
  const all = Array.from({ length: Math.max(...hours) - first + 1 }, (_, index) => first + index);
  const weekdays = Object.keys(WEEKDAYS).filter((day) => Number(day) <= 5 || rows.some(({ weekday }) => weekday === Number(day)));
  const most = Math.max(...found.values());
  const cell = (day, hour) => {
    const value = found.get(`${day}-${hour}`) ?? 0;
    return h("td", { class: `heat-${levelOf(value, most)} number` }, count(value));
  };
  return h("table", { class: "heat" },
    h("caption", { class: "visually-hidden" }, title),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("时段")), weekdays.map((day) => h("th", { scope: "col" }, WEEKDAYS[day])))),
    h("tbody", {}, all.map((hour) => h("tr", {}, h("th", { scope: "row", class: "number" }, hourWords(hour)), weekdays.map((day) => cell(day, hour))))));
}

/** The busiest hour in words. */
function busiest(rows, measure) {
  const top = rows.reduce((most, row) => (row[measure] > most[measure] ? row : most));
  return t("最忙：{weekday} {hour}，{count}", { weekday: WEEKDAYS[top.weekday], hour: hourWords(Number(top.hour)), count: count(top[measure]) });
}

/** The card of `GET /statistics/heatmap`. */
export function heatCard(choice, rows) {
  const title = t("{measure}的时段分布", { measure: MEASURES[choice.measure] });
  const some = rows.some((row) => row[choice.measure] > 0);
  const hint = some ? busiest(rows, choice.measure) : "";
  return h("section", { class: "card chart-card card-heat", "aria-labelledby": "title-heat" },
    cardHead({ id: "heat", title, hint }, some && [legend(), exportButtons(title, (table) => saveColoured({ title, hint }, table))]),
    some ? h("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-label": title }, heatTable(rows, { ...choice, title })) : empty(t("这段时间没有业务"), "", "chart"));
}
