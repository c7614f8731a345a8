/* When staff may come: a day on which a crew works and a stretch of the hours in which it is out. */
import { hallNow } from "../shared/shell/clock.js";
import { h, icon, show } from "../shared/shell/dom.js";
import { group } from "../shared/form/form.js";
import { isoTimeOf, monthDayOf, timeOf, weekdayOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";

const SOONEST_MS = 31 * 60_000;
const HALF_HOURS = Array.from({ length: 48 }, (_, nth) => `${String(Math.floor(nth / 2)).padStart(2, "0")}:${nth % 2 ? "30" : "00"}`);
const NOON = "12:00";
const AFTERNOON = "14:00";

/** The days that can be asked for, with the half hours in which crews are out. */
function openDays(days) {
  const [soonestDay, soonestTime] = isoTimeOf(hallNow() + SOONEST_MS).split(" ");
  return days
    .map(({ date, from, to }) => {
      const earliest = date === soonestDay && soonestTime > timeOf(from) ? soonestTime : timeOf(from);
      return { day: date, moment: Date.parse(from), times: HALF_HOURS.filter((time) => time >= earliest && time <= timeOf(to)) };
    })
    .filter(({ day, times }) => day >= soonestDay && times.length > 1);
}

const dayOption = ({ day, moment }, checked, choose) =>
  h("label", { class: "day" },
    h("input", { type: "radio", name: "day", value: day, checked, class: "visually-hidden", onchange: choose }),
    h("span", { class: "day-weekday" }, weekdayOf(moment)),
    h("span", { class: "day-date number" }, monthDayOf(moment)));

const timeSelect = (name, label) => h("select", { class: "input", name, id: name, "aria-label": label });

/** Make the choice among the API's days; `wish` is what was chosen before, `choose({day, from, to})` hears of each change. */
export function timeChoice(offered, wish, choose) {
  const days = openDays(offered);
  if (!days.length) {
    choose(null);
    return [group(t("哪一天"), "window", h("p", { class: "notice warn" }, icon("calendar"), h("span", {}, t("四周内没有可以上门的日子，请以后再来或到大厅办理。"))))];
  }
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
