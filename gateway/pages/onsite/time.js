/* When staff may come: a day on which a crew works and a stretch of the hours in which it is out. */
import { hallNow } from "../shared/shell/clock.js";
import { h, icon } from "../shared/shell/view.js";
import { group } from "../shared/form/controls.js";
import { isoTimeOf, monthDayOf, timeOf, weekdayOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";

const SOONEST_MS = 31 * 60_000;
const HALF_HOURS = Array.from({ length: 48 }, (_, nth) => `${String(Math.floor(nth / 2)).padStart(2, "0")}:${nth % 2 ? "30" : "00"}`);
const NOON = "12:00";
const AFTERNOON = "14:00";

/** The days that can be asked for, with the half hours in which crews are out. */
export function openDays(days) {
  const [soonestDay, soonestTime] = isoTimeOf(hallNow() + SOONEST_MS).split(" ");
  return days
    .map(({ date, from, to }) => {
      const earliest = date === soonestDay && soonestTime > timeOf(from) ? soonestTime : timeOf(from);
      return { day: date, moment: Date.parse(from), times: HALF_HOURS.filter((time) => time >= earliest && time <= timeOf(to)) };
    })
    .filter(({ day, times }) => day >= soonestDay && times.length > 1);
}

/** A stretch of a day's times as near to this one as there is. */
function stretch({ day, times }, start, end) {
  const from = times.slice(0, -1).includes(start) ? start : times[0];
  return { day, from, to: times.includes(end) && end > from ? end : times.at(-1) };
}

/** What is chosen first among `days`, as far as it can be what was chosen before; null without days. */
export function firstTime(days, before) {
  const chosen = days.find(({ day }) => day === before?.day) ?? days[1] ?? days[0];
  return chosen ? stretch(chosen, before?.from ?? "", before?.to ?? NOON) : null;
}

/* They hear of `input` before the form does. */
const dayOption = ({ day, moment }, checked, choose) =>
  h("label", { class: "day", key: day },
    h("input", { type: "radio", name: "day", value: day, checked, class: "visually-hidden", oninput: choose }),
    h("span", { class: "day-weekday" }, weekdayOf(moment)),
    h("span", { class: "day-date number" }, monthDayOf(moment)));

const timeSelect = (name, label, times, value, choose) =>
  h("select", { class: "input", name, id: name, "aria-label": label, value, oninput: ({ target }) => choose({ [name]: target.value }) },
    times.map((time) => h("option", { value: time, key: time }, time)));

/** The choice among days, with `time` chosen; `choose({day, from, to})` hears of each change. */
export function timeChoice(days, time, choose) {
  if (!time) return group(t("哪一天"), "window", h("p", { class: "notice warn" }, icon("calendar"), h("span", {}, t("四周内没有可以上门的日子，请以后再来或到大厅办理。"))));
  const { day, from, to } = time;
  const chosen = days.find((each) => each.day === day);
  const part = (changed) => choose({ ...time, ...changed });
  const quick = (text, start, end) => h("button", { type: "button", class: "button", onclick: () => choose(stretch(chosen, start, end)) }, text);
  return [
    h("fieldset", { class: "slot-chooser" }, h("legend", { class: "label" }, t("哪一天")),
      h("div", { class: "days" }, days.map((each) => dayOption(each, each === chosen, () => choose(stretch(each, from, to)))))),
    group(t("什么时间在"), "window", [
      h("div", { class: "window-times" },
        timeSelect("from", t("最早"), chosen.times.slice(0, -1), from, part), h("span", { "aria-hidden": "true" }, "–"),
        timeSelect("to", t("最晚"), chosen.times.slice(1), to, part)),
      h("div", { class: "ways-on" }, quick(t("上午"), "", NOON), quick(t("下午"), AFTERNOON, ""), quick(t("全天"), "", "")),
    ]),
  ];
}
