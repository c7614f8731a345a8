/* What cases of several departments, their steps and what may be wrong are called, and which steps hold a project up. */
import { hallNow } from "../shared/shell/clock.js";
import { h, icon } from "../shared/shell/view.js";
import { dayOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const CASE_STATES = {
  open: { text: t("进行中"), tone: "brand-tag" },
  closed: { text: t("全件办结"), tone: "good" },
  withdrawn: { text: t("已终止"), tone: "" },
};

/** The states of a step: each has its words and its sign, so that colour never stands alone. */
export const STEP_STATES = {
  waiting: { text: t("等待前置"), icon: "pause" },
  ready: { text: t("可受理"), icon: "play" },
  under_way: { text: t("正在办理"), icon: "case" },
  committed: { text: t("已承诺"), icon: "document" },
  closed: { text: t("已办结"), icon: "check" },
};

const DONE = ["committed", "closed"];
const HELD = ["ready", "under_way"];

export const isDone = (step) => DONE.includes(step.state);
export const doneOf = (joint) => joint.steps.filter(isDone).length;
export const lateOf = (joint) => joint.steps.filter(({ late }) => late).length;

/** The steps that can or do go on now and are not done: at their departments the project stands. */
export const heldAt = (joint) => (joint.state === "open" ? joint.steps.filter(({ state }) => HELD.includes(state)) : []);

/** The number a step has in the graph, the timeline and the materials. */
export const ordinalOf = (joint, code) => joint.steps.findIndex(({ step }) => step === code) + 1;

export const stateTag = (state) => h("span", { class: `tag stage-tag ${state}` }, icon(STEP_STATES[state].icon), STEP_STATES[state].text);
export const lateTag = () => h("span", { class: "tag bad" }, icon("alert"), t("逾期"));

/** "12 天", "3 小时", "5 分钟". */
export function stayWords(milliseconds) {
  if (milliseconds >= DAY) return t("{days} 天", { days: Math.floor(milliseconds / DAY) });
  if (milliseconds >= HOUR) return t("{hours} 小时", { hours: Math.floor(milliseconds / HOUR) });
  return t("{minutes} 分钟", { minutes: Math.max(1, Math.round(milliseconds / MINUTE)) });
}

const now = () => hallNow() ?? Date.now();

/** The moment until which the stays of a case are shown; a clock that is a little behind the hall's loses none of them. */
export const endOf = (joint) => (joint.ended_at ? Date.parse(joint.ended_at) : Math.max(now(), ...joint.steps.map(({ since }) => Date.parse(since))));

/** How long a step has been in its state. */
export const stayOf = (joint, step) => Math.max(0, endOf(joint) - Date.parse(step.since));

/** "3月20日前办结，按时": until when a step's case is due; empty while it has none. */
export function dueWords({ case: business }) {
  if (!business?.due_on) return "";
  const day = dayOf(business.due_on);
  if (business.on_time === true) return t("按时办结（应于 {day} 前）", { day });
  if (business.on_time === false) return t("超期办结（应于 {day} 前）", { day });
  return t("应于 {day} 前办结", { day });
}

/** What a case says of itself beyond its step's state. */
export const caseStateTag = (business) => {
  if (business?.state === "correction") return h("span", { class: "tag warn" }, icon("document"), t("补正中"));
  return null;
};
