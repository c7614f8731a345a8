/* When staff may come: a day of the coming weeks and a stretch of its opening hours. */
import { hallNow } from "./clock.js";
import { h, show } from "./dom.js";
import { group } from "./form.js";
import { clockTimeOf, isoTimeOf, monthDayOf, weekdayOf } from "./format.js";
import { t } from "./i18n.js";
import { DAYS_AHEAD, dayFromNow } from "./slot-chooser.js";

const DAY_MS = 86_400_000;
const SOONEST_MS = 31 * 60_000;
const HALF_HOURS = Array.from({ length: 48 }, (_, nth) => `${String(Math.floor(nth / 2)).padStart(2, "0")}:${nth % 2 ? "30" : "00"}`);
const NOON = "12:00";
const AFTERNOON = "14:00";

const weekdayNumber = (day) => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

/** The days on which the hall works, with the half hours from opening to closing. */
function openDays(hall) {
  const byWeekday = new Map(hall.hours.filter(({ department }) => !department).map((row) => [row.weekday, row]));
  const soonest = isoTimeOf(hallNow() + SOONEST_MS).split(" ");
  return Array.from({ length: DAYS_AHEAD + 1 }, (_, ahead) => ({ day: dayFromNow(ahead), moment: hallNow() + ahead * DAY_MS }))
    .filter(({ day }) => byWeekday.has(weekdayNumber(day)))
    .map(({ day, moment }) => {
      const { opens, closes } = byWeekday.get(weekdayNumber(day));
      const from = day === soonest[0] && soonest[1] > clockTimeOf(opens) ? soonest[1] : clockTimeOf(opens);
      return { day, moment, times: HALF_HOURS.filter((time) => time >= from && time <= clockTimeOf(closes)) };
    })
    .filter(({ times }) => times.length > 1);
}

const dayOption = ({ day, moment }, checked, choose) =>
  h("label", { class: "day" },
    h("input", { type: "radio", name: "day", value: day, checked, class: "visually-hidden", onchange: choose }),
    h("span", { class: "day-weekday" }, weekdayOf(moment)),
    h("span", { class: "day-date number" }, monthDayOf(moment)));

const timeSelect = (name, label) => h("select", { class: "input", name, id: name, "aria-label": label });

/** Make the choice; `wish` is what was chosen before, `choose({day, from, to})` hears of each change. */
export function timeChoice(hall, wish, choose) {
  const days = openDays(hall);
  const [from, to] = [timeSelect("from", t("最早")), timeSelect("to", t("最晚"))];
  let chosen = days.find(({ day }) => day === wish?.day) ?? days[1] ?? days[0];

  function fill(start, end) {
    const { times } = chosen;
    const option = (value) => h("option", { value }, value);
    show(from, times.slice(0, -1).map(option));
    show(to, times.slice(1).map(option));
    from.value = times.includes(start) ? start : times[0];
    to.value = times.includes(end) && end > from.value ? end : times.at(-1);
    tell();
  }

  const tell = () => choose({ day: chosen.day, from: from.value, to: to.value });
  const quick = (text, start, end) => h("button", { type: "button", class: "button", onclick: () => fill(start, end) }, text);
  const strip = h("div", { class: "days" }, days.map((each) => dayOption(each, each === chosen, () => {
    chosen = each;
    fill(from.value, to.value);
  })));
  from.addEventListener("change", tell);
  to.addEventListener("change", tell);
  fill(wish?.from ?? "", wish?.to ?? NOON);
  return [
    h("fieldset", { class: "slot-chooser" }, h("legend", { class: "label" }, t("哪一天")), strip),
    group(t("什么时间在"), "window", [
      h("div", { class: "window-times" }, from, h("span", { "aria-hidden": "true" }, "–"), to),
      h("div", { class: "ways-on" }, quick(t("上午"), "", NOON), quick(t("下午"), AFTERNOON, ""), quick(t("全天"), "", "")),
    ]),
  ];
}
