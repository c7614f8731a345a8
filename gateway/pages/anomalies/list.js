/* The anomalies by state, those that are due first; arrow keys move through them. */
import { h, icon } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";
import { KINDS, STATES } from "../shared/words/anomaly.js";
import { dueWords, figuresWords, ownerWords, subjectWords, whenMoved } from "./words.js";
import { empty } from "../shared/shell/states.js";

const LAST = "9999";
const bySoonest = (one, other) => (one.due_on ?? LAST).localeCompare(other.due_on ?? LAST) || other.business_date.localeCompare(one.business_date);

function entry(anomaly, { chosen, open }) {
  const due = dueWords(anomaly);
  const rises = anomaly.direction === "rise";
  return h("li", { key: anomaly.id }, h("button", { type: "button", class: "anomaly", "data-id": anomaly.id, "aria-current": anomaly.id === chosen ? "true" : null, onclick: () => open(anomaly.id) },
    h("span", { class: `anomaly-way ${rises ? "up" : "down"}`, "aria-hidden": "true" }, rises ? "▲" : "▼"),
    h("span", { class: "anomaly-text" },
      h("strong", {}, subjectWords(anomaly)),
      h("span", { class: "quiet" }, `${KINDS[anomaly.subject_kind]} · ${whenMoved(anomaly)}`),
      h("span", {}, rises ? t("高于预期：") : t("低于预期："), figuresWords(anomaly)),
      (due || anomaly.owner) && h("span", { class: "anomaly-due" }, anomaly.owner && h("span", { class: "tag" }, icon("person"), ownerWords(anomaly)),
        due && h("span", { class: anomaly.overdue ? "tag bad" : "tag" }, icon("clock"), due)))));
}

/** Move with the arrow keys, Home and End. */
function onKey(event) {
  const all = [...event.currentTarget.querySelectorAll(".anomaly")];
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  all[Math.max(0, Math.min(all.length - 1, to))].focus();
}

/** The anomalies, a heading for each state that has some. */
export function anomalyGroups(rows, { chosen, open }) {
  if (!rows.length) return empty(t("没有这样的异常"), t("系统每晚核查各事项、部门和时段；发现异常变动时列在这里。"), "check");
  const groups = Object.keys(STATES).map((state) => [state, rows.filter((row) => row.state === state).sort(bySoonest)]).filter(([, found]) => found.length);
  return h("div", { class: "anomaly-groups", onkeydown: onKey }, groups.map(([state, found]) =>
    h("section", { key: state, "data-state": state, "aria-labelledby": `state-${state}` },
      h("h2", { class: "anomaly-state", id: `state-${state}` }, h("span", { class: `tag ${STATES[state].tone}` }, STATES[state].text), h("span", { class: "number quiet" }, found.length)),
      h("ul", { class: "anomaly-list" }, found.map((row) => entry(row, { chosen, open }))))));
}
