/* What can be done in a joint case, by whom, each with a dialog. */
import { command } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { askFor, longText } from "../shared/form/deed.js";
import { h } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";
import { laterDay } from "../shared/words/days.js";
import { may } from "../shared/shell/staff.js";
import { button } from "../shared/form/controls.js";
import { dayField } from "../shared/form/parts.js";

const DAYS_TO_FULFIL = 30;
const NO_NAMES = t("不要写姓名、电话、身份证号。");
const WRONG = { fulfil_by: t("不能早于今天。") };
const COMMITTABLE = ["waiting", "ready", "under_way"];

const pathOf = (joint, ...parts) => ["joint-cases", joint.number, ...parts].map(encodeURIComponent).join("/");
const line = (name, label, most, more = {}) =>
  ({ name, label, ...more, control: () => h("input", { class: "input", name, maxlength: most, autocomplete: "off", required: Boolean(more.missing) }) });

/** What may be left empty is not sent empty. */
const given = (body) => Object.fromEntries(Object.entries(body).filter(([, value]) => value));

/** What an account may do: `leads` for a lead department, `handsIn` and `commits` and `handles` by its part in the case. */
export function rightsOf(me) {
  const [isManager, isClerk] = [may(me, "define_joint_procedure"), may(me, "close_joint_case")];
  const isOf = (department) => isClerk && me.department === department;
  return {
    isManager,
    leads: (department) => isManager || isOf(department),
    closes: (joint) => isOf(joint.lead),
    handsIn: (joint) => isManager || joint.steps.some(({ department }) => isOf(department)),
    handles: (step) => isOf(step.department),
    commits: (joint, step) => isOf(step.department) && joint.preconditioned && step.department !== joint.lead && COMMITTABLE.includes(step.state),
  };
}

/** Open a joint case under one of these procedures; `opened(number)` hears which. */
export function askOpen(procedures, opened) {
  let answer = null;
  askFor({
    title: t("发起协同办理"), asks: t("环节和材料按所选流程生成，材料一次提交，各环节共享。"), submitText: t("发起"), done: t("已发起协同办理"),
    fields: [
      { name: "procedure", label: t("所用流程"), control: () => h("select", { class: "input", name: "procedure" }, procedures.map((each) => h("option", { value: each.code }, named(each)))) },
      line("project", t("项目名称"), 100, { hint: NO_NAMES, missing: t("请填写。") }),
      line("applicant_ref", t("申请人编号（可不填，不得填写证件号、电话）"), 64),
    ],
    send: async (body) => (answer = await command("joint-cases", given(body))),
    changed: () => opened(answer?.number),
  });
}

const askHandIn = (joint, material, changed) => askFor({
  title: t("接收材料"), asks: named(material), submitText: t("确认接收"), done: t("材料已接收，各环节不再收取"), changed,
  fields: [line("reference", t("存放编号（可不填）"), 64, { hint: NO_NAMES })],
  send: (body) => command(pathOf(joint, "materials", material.material, "hand-in"), given(body)),
});

/** The button that takes a material. */
export const handInButton = (joint, material, changed) =>
  button("check", t("接收"), () => askHandIn(joint, material, changed), { deed: "hand-in" });

/** The deeds of the step's own department on its case, by the case's state: the last part of the path and what is asked. */
const CASE_DEEDS = [
  { verb: "decide", from: ["accepted", "in_review"], icon: "check", text: t("办结本环节"), done: t("本环节已办结"), asks: t("办结后，只等本环节的后续环节即可受理。"), primary: true },
  { verb: "decide", deed: "refuse", from: ["accepted", "in_review"], icon: "close", text: t("不予许可"), done: t("已决定不予许可"), asks: t("不予许可也是办结。本环节退回，后续环节不能受理；可重新受理，或终止项目。"), field: t("不予许可的理由"), body: { outcome: "refused" }, danger: true },
  { verb: "resume", from: ["correction"], icon: "play", text: t("补正完成"), done: t("已继续办理"), asks: t("材料已补齐，办理期限继续计算。"), primary: true },
  { verb: "correction", from: ["accepted"], icon: "document", text: t("要求补正"), done: t("已要求补正"), field: t("需要补正的内容") },
  { verb: "reject", from: ["correction"], icon: "close", text: t("不予受理"), done: t("已不予受理"), field: t("原因"), danger: true },
];

function caseButton(step, { verb, deed = verb, icon, text, done, asks, field, body: fixed = {}, danger, primary }, changed) {
  const { number } = step.case;
  const open = () => askFor({
    title: text, asks, danger, done, changed,
    fields: field ? [longText("reason", field, { hint: NO_NAMES, most: 200, rows: 3 })] : [],
    send: (body) => command(`cases/${encodeURIComponent(number)}/${verb}`, field ? { ...fixed, ...body } : undefined),
  });
  return button(icon, text, open, { primary, small: false, deed, key: deed });
}

const askCommit = (joint, step, changed) => askFor({
  title: t("提交承诺"), asks: t("书面承诺视同本环节办结，请写明承诺事项和期限。"), submitText: t("提交承诺"), done: t("承诺已提交"), wrong: WRONG, changed,
  fields: [longText("text", t("承诺内容"), { hint: NO_NAMES, most: 500 }), dayField("fulfil_by", t("兑现期限"), laterDay(today(), DAYS_TO_FULFIL), { min: today() })],
  send: (body) => command(pathOf(joint, "steps", step.step, "commit"), body),
});

const askUrge = (joint, step, changed) => askFor({
  title: t("督办"), asks: t("督办意见留在本环节，各部门都能看到。"), submitText: t("发出督办"), done: t("已督办"), changed,
  fields: [longText("text", t("督办意见"), { hint: NO_NAMES, most: 500 })],
  send: (body) => command(pathOf(joint, "steps", step.step, "urge"), body),
});

/** The buttons of what an account may do with a step now. */
export function stepDeeds(joint, step, rights, changed) {
  const isOpen = joint.state === "open";
  return [
    step.case && rights.handles(step) && CASE_DEEDS.filter(({ from }) => from.includes(step.case.state)).map((deed) => caseButton(step, deed, changed)),
    isOpen && rights.commits(joint, step) && button("document", t("提交承诺"), () => askCommit(joint, step, changed), { small: false, deed: "commit" }),
    isOpen && rights.leads(joint.lead) && step.state !== "closed" && button("bell", t("督办"), () => askUrge(joint, step, changed), { small: false, deed: "urge" }),
  ].flat().filter(Boolean);
}

/** Close a joint case. */
export const askClose = (joint, changed) => askFor({
  title: t("办结全件"), asks: t("所有环节均已办结或承诺，办结后不能再改动。"), done: t("协同办理已办结"), changed,
  send: () => command(pathOf(joint, "close")),
});

/** End a joint case whose project is given up. */
export const askWithdraw = (joint, changed) => askFor({
  title: t("终止协同办理"), asks: t("项目不再办理；已受理的办件由各部门继续办理。"), submitText: t("终止"), danger: true, done: t("协同办理已终止"), changed,
  fields: [longText("reason", t("终止原因"), { hint: NO_NAMES, most: 200, rows: 3 })],
  send: (body) => command(pathOf(joint, "withdraw"), body),
});

/** Let no more projects begin under a procedure. */
export const askEndProcedure = (procedure, changed) => askFor({
  title: t("停用流程"), asks: t("停用后不能再按此流程发起，进行中的项目不受影响。"), submitText: t("停用"), danger: true, done: t("流程已停用"), changed,
  send: () => command(`joint-procedures/${encodeURIComponent(procedure.code)}/withdraw`),
});
