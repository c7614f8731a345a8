/* What can be done about an anomaly in its state, each with a dialog. */
import { command, list } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { askFor, longText } from "../shared/form/deed.js";
import { personWords } from "../shared/form/people.js";
import { peopleByAccount } from "../shared/hall/people.js";
import { h, icon } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";
import { laterDay } from "../shared/words/days.js";
import { may } from "../shared/shell/staff.js";
import { toastProblem } from "../shared/shell/toast.js";

const DAYS_TO_EXPLAIN = 5;

/** A choice of who explains it: the department it concerns first, then its accounts and the hall's, then the others. */
async function ownerField({ department }) {
  const [owners, known] = await Promise.all([list("anomalies/owners", { department, limit: 500 }), peopleByAccount()]);
  const option = ({ kind, code, ...names }) => h("option", { value: code }, kind === "account" && known.has(code) ? personWords(known.get(code)) : named(names));
  const group = (label, rows) => rows.length > 0 && h("optgroup", { label }, rows.map(option));
  const accounts = owners.filter(({ kind }) => kind === "account");
  const offices = owners.filter(({ kind }) => kind === "department");
  const control = () => {
    const own = offices.filter(({ code }) => code === department);
    return h("select", { class: "input", name: "owner", required: true, value: own[0]?.code ?? "" },
      h("option", { value: "" }, t("请选择")), own.map(option),
      group(t("该部门人员"), accounts.filter((each) => each.department)), group(t("大厅人员"), accounts.filter((each) => !each.department)),
      group(t("其他部门"), offices.filter(({ code }) => code !== department)));
  };
  return { name: "owner", label: t("责任部门或责任人"), hint: t("负责查明原因并填写说明。"), missing: t("请选择责任部门或责任人。"), control };
}

const DUE = { name: "due_on", label: t("期限"), missing: t("请填写期限。"), control: () => h("input", { class: "input", type: "date", name: "due_on", min: today(), defaultValue: laterDay(today(), DAYS_TO_EXPLAIN), required: true }) };

/** The deeds of the follow-up: from which states, the path's last part, and the fields of the body. */
const DEEDS = [
  { verb: "assign", from: ["detected"], icon: "person", text: t("分派"), done: t("已分派"), fields: async (anomaly) => [await ownerField(anomaly), DUE] },
  { verb: "explain", from: ["assigned"], icon: "document", text: t("填写说明"), done: t("说明已保存"), fields: [longText("text", t("说明"), { hint: t("为什么出现这样的变动？") })] },
  { verb: "confirm", from: ["explained"], icon: "check", text: t("确认属实"), done: t("已确认"), asks: t("说明成立，这是真实的变动？"), fields: [] },
  { verb: "dismiss", from: ["explained"], icon: "close", text: t("排除"), done: t("已排除"), fields: [longText("reason", t("排除理由"), { hint: t("为什么不算异常？") })] },
  { verb: "feed-back", from: ["confirmed", "dismissed"], icon: "message", text: t("反馈"), done: t("已反馈"), fields: [longText("result", t("反馈内容"), { hint: t("反馈给有关部门的内容，会写进季度报告。") })] },
];

const WRONG = { owner: t("没有这样的账号或部门。"), due_on: t("期限不能早于今天。") };

async function ask(anomaly, { verb, text, done, asks, fields }, changed) {
  try {
    askFor({
      title: text, asks, done, changed, wrong: WRONG,
      fields: typeof fields === "function" ? await fields(anomaly) : fields,
      send: (body) => command(`anomalies/${encodeURIComponent(anomaly.id)}/${verb}`, body),
    });
  } catch (error) {
    toastProblem(error); /* who may be asked is not known */
  }
}

/** Analysts and managers may do all; the department's people explain what was given to them. */
const mayDo = ({ owner }, verb, me) =>
  may(me, "assign_anomaly") || (verb === "explain" && [me.department, me.username].includes(owner));

/** The buttons of what `me` can do now. */
export const deedsOf = (anomaly, changed, me) =>
  DEEDS.filter(({ verb, from }) => from.includes(anomaly.state) && mayDo(anomaly, verb, me)).map((deed, index) =>
    h("button", { type: "button", class: index ? "button" : "button primary", "data-deed": deed.verb, onclick: () => ask(anomaly, deed, changed) }, icon(deed.icon), deed.text));
