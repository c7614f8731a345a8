/* What can be done about an anomaly in its state, each with a dialog. */
import { command } from "./api.js";
import { today } from "./clock.js";
import { askFor, longText } from "./deed.js";
import { h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { laterDay } from "./operator-words.js";

const DAYS_TO_EXPLAIN = 5;

const OWNER = { name: "owner", label: t("责任人（账号或部门代码）"), hint: t("负责查明原因并填写说明。"), missing: t("请填写责任人。"), control: () => h("input", { class: "input", name: "owner", maxlength: 64, required: true, autocomplete: "off" }) };
const DUE = { name: "due_on", label: t("期限"), missing: t("请填写期限。"), control: () => h("input", { class: "input", type: "date", name: "due_on", min: today(), value: laterDay(today(), DAYS_TO_EXPLAIN), required: true }) };

/** The deeds of the follow-up: from which states, the path's last part, and the fields of the body. */
const DEEDS = [
  { verb: "assign", from: ["detected"], icon: "person", text: t("分派"), done: t("已分派"), fields: [OWNER, DUE] },
  { verb: "explain", from: ["assigned"], icon: "document", text: t("填写说明"), done: t("说明已保存"), fields: [longText("text", t("说明"), { hint: t("为什么出现这样的变动？") })] },
  { verb: "confirm", from: ["explained"], icon: "check", text: t("确认属实"), done: t("已确认"), asks: t("说明成立，这是真实的变动？"), fields: [] },
  { verb: "dismiss", from: ["explained"], icon: "close", text: t("排除"), done: t("已排除"), fields: [longText("reason", t("排除理由"), { hint: t("为什么不算异常？") })] },
  { verb: "feed-back", from: ["confirmed", "dismissed"], icon: "message", text: t("反馈"), done: t("已反馈"), fields: [longText("result", t("反馈内容"), { hint: t("反馈给有关部门的内容，会写进季度报告。") })] },
];

const WRONG = { owner: t("没有这样的账号或部门。"), due_on: t("期限不能早于今天。") };

const ask = (anomaly, { verb, text, done, asks, fields }, changed) =>
  askFor({
    title: text, asks, fields, done, changed, wrong: WRONG,
    send: (body) => command(`anomalies/${encodeURIComponent(anomaly.id)}/${verb}`, body),
  });

/** The buttons of what can be done now. */
export const deedsOf = (anomaly, changed) =>
  DEEDS.filter(({ from }) => from.includes(anomaly.state)).map((deed, index) =>
    h("button", { type: "button", class: index ? "button" : "button primary", dataset: { deed: deed.verb }, onclick: () => ask(anomaly, deed, changed) }, icon(deed.icon), deed.text));
