/* One step: as a card of the graph, and with all that is known of it and can be done. */
import { Person } from "../shared/form/people.js";
import { h, icon } from "../shared/shell/view.js";
import { dayOf, inLine, monthDayOf, whenWords } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { stepDeeds } from "./deeds.js";
import { caseStateTag, dueWords, lateTag, ordinalOf, stateTag, stayOf, stayWords } from "./words.js";

const shortDay = (day) => monthDayOf(`${day}T12:00:00Z`);
const ordinal = (number) => h("span", { class: "joint-ordinal number" }, number);
const small = (...content) => h("span", { class: "joint-step-line" }, ...content);

/** When the case of a step is due, or how it ended, in few words. */
function shortDue({ case: business }) {
  if (!business?.due_on) return "";
  if (business.on_time === true) return t("按时办结");
  if (business.on_time === false) return t("超期办结");
  return t("{day} 前办结", { day: shortDay(business.due_on) });
}

const urgedTag = (step) => step.urgings.length > 0 && h("span", { class: "tag warn" }, icon("bell"), t("督办 {count} 次", { count: step.urgings.length }));

/** The card of a step in the graph of a joint case; `open(code)` shows all of it. */
export function stepCard(joint, step, { nameOf, departmentName, chosen, open }) {
  const before = step.after.map((code) => joint.steps.find((each) => each.step === code));
  return h("button", { type: "button", class: `joint-step ${step.state}${step.late ? " late" : ""}`, "aria-current": chosen === step.step ? "true" : null, "data-step": step.step, "data-state": step.state, onclick: () => open(step.step) },
    h("span", { class: "joint-step-tags" }, ordinal(ordinalOf(joint, step.step)), stateTag(step.state)),
    h("strong", { class: "joint-step-name" }, nameOf(step)),
    small(h("span", { class: "joint-step-department" }, departmentName(step.department))),
    small(h("span", { class: "quiet" }, t("自 {day} 起", { day: monthDayOf(step.since) }))),
    step.case && small(h("span", { class: "number" }, step.case.number)),
    step.case && small(h("span", { class: step.late || step.case.on_time === false ? "joint-late" : "quiet" }, shortDue(step))),
    step.commitment && step.state === "committed" && small(h("span", { class: "quiet" }, t("承诺 {day} 前", { day: shortDay(step.commitment.fulfil_by) }))),
    step.waits_for.length > 0 && h("span", { class: "joint-step-waits" }, h("span", { class: "quiet" }, t("等待环节")), step.waits_for.map((code) => ordinal(ordinalOf(joint, code)))),
    before.length > 0 && h("span", { class: "joint-step-before" }, t("前置：{steps}", { steps: inLine(before.map(nameOf)) })),
    (step.late || step.urgings.length > 0 || caseStateTag(step.case)) && h("span", { class: "joint-step-tags" }, step.late && lateTag(), caseStateTag(step.case), urgedTag(step)));
}

const fact = (name, value) => value && [h("dt", {}, name), h("dd", {}, value)];

const said = (text, ...origin) => h("div", { class: "joint-said" }, h("p", { class: "joint-said-text" }, text), h("p", { class: "quiet" }, origin.filter(Boolean).map((each, index) => [index > 0 && " · ", each])));

const caseFact = (step) => step.case && h("span", { class: "joint-inline" },
  h("span", { class: "number" }, step.case.number), h("span", { class: step.late || step.case.on_time === false ? "joint-late" : null }, dueWords(step)), caseStateTag(step.case));

const commitmentFact = ({ commitment }) => commitment &&
  said(commitment.text, t("{day} 前兑现", { day: dayOf(commitment.fulfil_by) }), whenWords(commitment.made_at), commitment.made_by && h(Person, { username: commitment.made_by }));

function urgingsFact({ step, urgings }) {
  if (!urgings.length) return null;
  return h("details", { class: "joint-urgings", open: true, key: step }, h("summary", {}, t("共 {count} 次", { count: urgings.length })),
    h("ul", {}, urgings.map((each) => h("li", {}, said(each.text, whenWords(each.urged_at), each.urged_by && h(Person, { username: each.urged_by }))))));
}

/** All of the chosen step, with the buttons of what may be done. */
export function stepPanel(joint, step, { nameOf, departmentName, rights, changed }) {
  const namesOf = (codes) => inLine(codes.map((code) => `${ordinalOf(joint, code)} ${nameOf(joint.steps.find((each) => each.step === code))}`));
  const after = joint.steps.filter((each) => each.after.includes(step.step)).map((each) => each.step);
  const deeds = stepDeeds(joint, step, rights, changed);
  return h("section", { class: `joint-panel ${step.state}`, "aria-labelledby": "joint-panel-title", "data-place": "joint-panel-title", "data-panel": step.step, key: step.step },
    h("div", { class: "joint-panel-head" },
      h("h4", { class: "joint-panel-title", id: "joint-panel-title", tabindex: "-1" }, ordinal(ordinalOf(joint, step.step)), nameOf(step)),
      stateTag(step.state), step.late && lateTag(),
      deeds.length > 0 && h("div", { class: "joint-deeds" }, deeds)),
    h("dl", { class: "joint-facts" },
      fact(t("部门"), departmentName(step.department)),
      fact(t("当前状态"), t("自 {when} 起，已 {time}", { when: whenWords(step.since), time: stayWords(stayOf(joint, step)) })),
      fact(t("前置环节"), step.after.length ? namesOf(step.after) : t("无")),
      fact(t("还在等待"), step.waits_for.length > 0 && namesOf(step.waits_for)),
      fact(t("后续环节"), after.length > 0 && namesOf(after)),
      fact(t("本环节办件"), caseFact(step)),
      fact(t("需要补正的内容"), step.correction),
      fact(t("承诺"), commitmentFact(step)),
      fact(t("督办记录"), urgingsFact(step))));
}
