/* One joint case: what it is, the graph of its steps, the chosen step, who held it up, and its materials. */
import { h, icon } from "../shared/shell/view.js";
import { inLine, whenWords } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { askClose, askWithdraw } from "./deeds.js";
import { Graph } from "./graph.js";
import { progress } from "./list.js";
import { materials } from "./materials.js";
import { stepCard, stepPanel } from "./step.js";
import { timeline } from "./timeline.js";
import { CASE_STATES, heldAt, isDone, lateOf, ordinalOf, stayOf, stayWords } from "./words.js";
import { button } from "../shared/form/controls.js";
import { Person } from "../shared/form/people.js";

const fact = (name, value) => value && h("div", {}, h("dt", {}, name), h("dd", {}, value));
const whenAndWho = (when, who) => [whenWords(when), who && h("span", { class: "joint-who" }, h(Person, { username: who }))];

/** The step that is shown before one is chosen: one of the own department that goes on, else where the project stands longest. */
export function firstStep(joint, rights) {
  const held = [...heldAt(joint)].sort((one, other) => stayOf(joint, other) - stayOf(joint, one));
  return (held.find(rights.handles) ?? held[0] ?? joint.steps.at(-1)).step;
}

/** Where the project stands now. */
function standing(joint, { nameOf, departmentName }) {
  const held = heldAt(joint);
  const late = lateOf(joint);
  if (joint.state !== "open") return null;
  if (!held.length) return h("p", { class: "notice good" }, icon("check"), t("各环节均已办结或承诺，牵头部门可以办结全件。"));
  return h("div", { class: late ? "notice bad" : "notice" }, icon(late ? "alert" : "clock"), h("div", {},
    h("p", { class: "joint-standing-title" }, late ? t("{count} 个环节逾期，项目停在：", { count: late }) : t("项目目前停在：")),
    h("ul", { class: "joint-held" }, held.map((step) => h("li", {},
      h("strong", {}, departmentName(step.department)), ` ${nameOf(step)} `, h("span", { class: "nowrap" }, t("已 {time}", { time: stayWords(stayOf(joint, step)) })))))));
}

/** The buttons of the whole: the lead's clerk closes, the lead's clerk or a manager withdraws. */
function deedsOf(joint, rights, changed) {
  if (joint.state !== "open") return null;
  const open = joint.steps.filter((step) => !isDone(step));
  const close = rights.closes(joint) && button("finish", t("办结全件"), () => askClose(joint, changed),
    { primary: true, small: false, deed: "close", disabled: open.length > 0, "aria-describedby": open.length ? "joint-still-open" : null });
  const withdraw = rights.leads(joint.lead) && button("close", t("终止"), () => askWithdraw(joint, changed), { danger: true, small: false, deed: "withdraw" });
  return (close || withdraw) && h("div", { class: "joint-head-deeds" }, h("div", { class: "row-deeds" }, close, withdraw),
    close && open.length > 0 && h("p", { class: "quiet", id: "joint-still-open" },
      t("尚有 {count} 个环节未办结：{steps}", { count: open.length, steps: inLine(open.map(({ step }) => ordinalOf(joint, step))) })));
}

function head(joint, { names, nameOf, departmentName, rights, changed }) {
  const state = CASE_STATES[joint.state];
  return h("section", { class: "card joint-card joint-head", "aria-labelledby": "joint-title" },
    h("div", { class: "joint-head-top" },
      h("div", { class: "joint-head-text" },
        h("p", { class: "stage-tags" },
          h("span", { class: `tag ${state.tone}`, id: "joint-state" }, state.text), h("span", { class: "tag number" }, joint.number),
          joint.preconditioned && h("span", { class: "tag stage-tag committed" }, icon("document"), t("告知承诺"))),
        h("h2", { class: "joint-title", id: "joint-title", tabindex: "-1", "data-focus": true }, joint.project)),
      deedsOf(joint, rights, changed)),
    progress(joint),
    h("dl", { class: "joint-head-facts" },
      fact(t("所用流程"), names.procedureName(joint.procedure)),
      fact(t("牵头部门"), departmentName(joint.lead)),
      fact(t("发起时间"), whenAndWho(joint.opened_at, joint.opened_by)),
      fact(t("办结方式"), joint.preconditioned ? t("协办部门书面承诺视同办结") : t("各环节逐一办结")),
      fact(t("申请人编号"), joint.applicant_ref),
      fact(joint.state === "closed" ? t("办结时间") : t("终止时间"), joint.ended_at && whenAndWho(joint.ended_at, joint.ended_by)),
      fact(t("终止原因"), joint.reason)),
    standing(joint, { nameOf, departmentName }));
}

/** Make the view of a joint case. `itemName` says what items are called, `chosen` which step is shown whole, `open(step)` shows
 * another, `changed()` hears that something was done. */
export function jointView(joint, { names, itemNames, rights, chosen, open, changed }) {
  const nameOf = (step) => itemNames.get(step.item) ?? step.item;
  const { departmentName } = names;
  const step = joint.steps.find((each) => each.step === chosen);
  return h("article", { class: "joint-view", "aria-labelledby": "joint-title" },
    head(joint, { names, nameOf, departmentName, rights, changed }),
    h("section", { class: "card joint-card", "aria-labelledby": "joint-graph-title" },
      h("div", { class: "joint-card-head" }, h("div", {},
        h("h3", { class: "joint-card-title", id: "joint-graph-title" }, t("环节关系")),
        h("p", { class: "quiet" }, t("前面的环节办结或承诺后，后面的环节才能受理；选一个环节查看和办理。")))),
      h(Graph, { label: t("环节关系"), steps: joint.steps, card: (each) => stepCard(joint, each, { nameOf, departmentName, chosen, open }), isDone }),
      stepPanel(joint, step, { nameOf, departmentName, rights, changed })),
    timeline(joint, { nameOf, departmentName, open }),
    materials(joint, { id: "case", nameOf, departmentName, rights, changed }));
}
