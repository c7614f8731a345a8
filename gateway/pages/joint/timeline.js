/* Who held a project up, and how long: a row for each step, its stays as bars on one scale from the opening until now. */
import { h } from "../shared/shell/view.js";
import { monthDayOf, timeOf, whenWords } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { DAY, dueWords, endOf, heldAt, lateTag, ordinalOf, STEP_STATES, stateTag, stayOf, stayWords } from "./words.js";

const HOUR = DAY / 24;
const TICKS = [HOUR / 60, HOUR / 12, HOUR / 4, HOUR, 3 * HOUR, 6 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 180 * DAY];
const MOST_TICKS = 7;
const SHORTEST = 1_000;
const BEYOND = 0.06; /* so that today's line does not stand at the very edge */
const ROOM_OF_NOW = 12; /* per cent of the scale that its name takes */

/** From when to when the rows reach, and how a moment becomes a share of it. */
function scaleOf(joint) {
  const from = Date.parse(joint.opened_at);
  const until = Math.max(endOf(joint), from + SHORTEST);
  const to = until + (until - from) * BEYOND;
  return { from, until, to, percent: (moment) => (Math.max(0, Math.min(1, (moment - from) / (to - from))) * 100) };
}

/** Where a stretch, or a moment, stands on the scale, as a style. */
const at = ({ percent }, from, to = from) => ({ left: `${percent(from)}%`, ...(to > from && { width: `${percent(to) - percent(from)}%` }) });

/** The moments that the scale names: whole steps after the opening, but not where today is named. */
function ticks(scale) {
  const every = TICKS.find((each) => (scale.until - scale.from) / each <= MOST_TICKS) ?? TICKS.at(-1);
  const found = [];
  for (let moment = scale.from; scale.percent(moment) < scale.percent(scale.until) - ROOM_OF_NOW; moment += every) found.push(moment);
  const words = every < DAY ? timeOf : monthDayOf;
  return found.map((moment) => h("span", { class: "joint-tick", style: at(scale, moment) }, words(moment)));
}

/** A stay in words: "正在办理：2026年3月2日 09:05 至 现在", until now while it lasts. */
function stayText(joint, { state, entered_at: from, left_at: left }) {
  const until = left ?? joint.ended_at;
  const to = until ? whenWords(until) : t("现在");
  return t("{state}：{from} 至 {to}", { state: STEP_STATES[state].text, from: whenWords(from), to });
}

/** The day a case is due, or a commitment to be fulfilled, where the scale reaches it. */
function dueMark(step, scale) {
  const day = step.case?.due_on ?? step.commitment?.fulfil_by;
  const moment = day ? Date.parse(`${day}T23:59:59Z`) : Number.POSITIVE_INFINITY;
  return moment <= scale.to && h("span", { class: "joint-due", title: dueWords(step), style: at(scale, moment) });
}

function row(joint, step, { scale, nameOf, departmentName, held, open }) {
  const stays = step.history.map((stay) => ({ ...stay, from: Date.parse(stay.entered_at), to: stay.left_at ? Date.parse(stay.left_at) : endOf(joint) }));
  return h("li", { class: held ? "joint-row held" : "joint-row", "data-row": step.step },
    h("span", { class: "joint-row-name" },
      h("span", { class: "joint-ordinal number" }, ordinalOf(joint, step.step)),
      h("span", { class: "joint-row-text" },
        h("button", { type: "button", class: "joint-row-open", onclick: () => open(step.step) }, nameOf(step)),
        h("span", { class: "quiet" }, departmentName(step.department)))),
    h("span", { class: "joint-track", "aria-hidden": "true" },
      stays.map((stay) => h("span", { class: `joint-bar ${stay.state}`, title: stayText(joint, stay), style: at(scale, stay.from, Math.max(stay.to, stay.from + 1)) })),
      dueMark(step, scale),
      h("span", { class: "joint-now", style: at(scale, endOf(joint)) })),
    h("span", { class: "visually-hidden" }, stays.map((stay) => h("span", {}, stayText(joint, stay), " "))),
    h("span", { class: "joint-row-stay" }, stateTag(step.state), step.late && lateTag(),
      step.state !== "closed" && h("span", { class: "number" }, stayWords(stayOf(joint, step)))));
}

/** What the colours mean. */
const legend = () => h("ul", { class: "joint-legend" },
  Object.entries(STEP_STATES).map(([state, { text }]) => h("li", {}, h("span", { class: `joint-swatch ${state}`, "aria-hidden": "true" }), text)),
  h("li", {}, h("span", { class: "joint-due-swatch", "aria-hidden": "true" }), t("期限")));

/** Make the card of the timeline. */
export function timeline(joint, { nameOf, departmentName, open }) {
  const scale = scaleOf(joint);
  const held = heldAt(joint);
  const [longest] = [...held].sort((one, other) => stayOf(joint, other) - stayOf(joint, one));
  return h("section", { class: "card joint-card", "aria-labelledby": "joint-timeline-title" },
    h("div", { class: "joint-card-head" },
      h("div", {},
        h("h3", { class: "joint-card-title", id: "joint-timeline-title" }, t("办理进程")),
        h("p", { class: "quiet" }, longest
          ? t("停留最久：{department} · {item}，已 {time}", { department: departmentName(longest.department), item: nameOf(longest), time: stayWords(stayOf(joint, longest)) })
          : t("没有环节在等候或办理"))),
      legend()),
    h("div", { class: "joint-axis-row", "aria-hidden": "true" }, h("span", { class: "joint-axis" }, ticks(scale), h("span", { class: "joint-now-name", style: at(scale, endOf(joint)) }, joint.ended_at ? t("结束") : t("现在")))),
    h("ol", { class: "joint-rows" }, joint.steps.map((step) => row(joint, step, { scale, nameOf, departmentName, held: held.includes(step), open }))));
}
