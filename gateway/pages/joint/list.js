/* The joint cases in a list, each with how far its steps are; arrow keys move through them. */
import { h, icon } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";
import { CASE_STATES, doneOf, isDone, lateOf, STEP_STATES } from "./words.js";
import { empty } from "../shared/shell/states.js";

/** A bar with a segment for each step; what it shows stands beside it in words. */
export function progress(joint) {
  const [done, all] = [doneOf(joint), joint.steps.length];
  return h("span", { class: "joint-progress" },
    h("span", { class: "joint-segments", "aria-hidden": "true" }, joint.steps.map(({ state, late }) => h("span", { class: `joint-segment ${state}${late ? " late" : ""}`, title: STEP_STATES[state].text }))),
    h("span", { class: "number" }, h("span", { class: "visually-hidden" }, t("已完成 {done} 个环节，共 {all} 个", { done, all })), h("span", { "aria-hidden": "true" }, `${done}/${all}`)));
}

function entry(joint, { chosen, open, names }) {
  const late = lateOf(joint);
  const held = joint.state === "open" && joint.steps.every(isDone);
  return h("li", { key: joint.number }, h("button", { type: "button", class: "joint-entry", "data-joint": joint.number, "aria-current": joint.number === chosen ? "true" : null, onclick: () => open(joint.number) },
    h("strong", { class: "joint-entry-title" }, joint.project),
    h("span", { class: "quiet" }, h("span", { class: "number" }, joint.number), ` · ${names.procedureName(joint.procedure)}`),
    h("span", { class: "quiet" }, t("牵头：{department}", { department: names.departmentName(joint.lead) })),
    progress(joint),
    (late > 0 || held || joint.state !== "open") && h("span", { class: "stage-tags" },
      joint.state !== "open" && h("span", { class: `tag ${CASE_STATES[joint.state].tone}` }, CASE_STATES[joint.state].text),
      late > 0 && h("span", { class: "tag bad" }, icon("alert"), t("{count} 个环节逾期", { count: late })),
      held && h("span", { class: "tag good" }, icon("check"), t("可办结全件")))));
}

/** Move with the arrow keys, Home and End. */
function onKey(event) {
  const all = [...event.currentTarget.querySelectorAll(".joint-entry")];
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  all[Math.max(0, Math.min(all.length - 1, to))].focus();
}

/** Make the list; those with late steps stand first. */
export function jointList(rows, options) {
  if (!rows.length) return empty(t("没有这样的项目"), t("换一个状态或部门看看，或发起协同办理。"), "joint");
  const sorted = [...rows].sort((one, other) => lateOf(other) - lateOf(one));
  return h("ul", { class: "joint-list", "aria-label": t("协同项目"), onkeydown: onKey }, sorted.map((joint) => entry(joint, options)));
}
