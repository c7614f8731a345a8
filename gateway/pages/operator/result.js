/* What was done, large enough to read out, and the message that goes out about it. */
import { get } from "../shared/hall/api.js";
import { h, icon } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";
import { MESSAGE_STATES, MESSAGE_TONES } from "../shared/words/sms.js";
import { groupsOf, timeWords } from "./words.js";

const LOOK_EVERY_MS = 700;
const LOOKS = 20;

const TITLES = {
  booked: t("预约成功"),
  rescheduled: t("改期成功"),
  confirmed: t("已确认"),
  cancelled: t("已取消"),
  waitlisted: t("已登记候补"),
};
const MESSAGE_OF = { booked: "booked", confirmed: "booked", rescheduled: "rescheduled", cancelled: "cancelled" };

function referenceOf({ reference }) {
  return h("p", { class: "reference number", role: "img", "aria-label": t("预约号 {letters}", { letters: [...reference].join(" ") }) },
    groupsOf(reference).map((group) => h("span", { class: "reference-group" }, [...group].map((letter) => h("span", { class: "reference-letter" }, letter)))));
}

const WARNINGS = {
  no_show_limit_near: t("请提醒来电人：再有一次未到，将暂停网上预约 30 天。"),
  cancellation_limit_near: t("请提醒来电人：再取消一次，将暂停网上预约 30 天。"),
};

/** The end of a call, with what is `told` of its message. Enter does nothing here, so that one pressed twice does not wipe it away. */
export const resultView = ({ deed, appointment, item, seconds, told }, onNext) =>
  h("section", { class: "card result", key: appointment, "aria-label": t("结果"), "data-deed": deed },
    h("h2", { class: "result-title", tabindex: "-1" }, icon(deed === "cancelled" ? "absent" : "finish"), TITLES[deed]),
    seconds !== null && h("p", { class: "quiet" }, t("本次通话 {seconds} 秒", { seconds })),
    h("p", { class: "small-title" }, deed === "cancelled" ? t("预约号") : t("预约号，请逐字念给来电人")),
    referenceOf(appointment),
    h("dl", { class: "plan" },
      h("div", { class: "plan-line" }, h("dt", {}, t("事项")), h("dd", {}, named(item))),
      h("div", { class: "plan-line" }, h("dt", {}, t("时间")), h("dd", {}, h("strong", { class: "plan-time number" }, timeWords(appointment))))),
    WARNINGS[appointment.warning] && h("p", { class: "notice warn" }, icon("alert"), WARNINGS[appointment.warning]),
    h("div", { class: "sent", role: "status" }, told),
    h("button", { type: "button", class: "button primary large", id: "next-call", onclick: onNext }, icon("headset"), t("下一个来电"), h("kbd", {}, "F2")));

/** Follow the message of an appointment from when it is made until it is sent or could not be; `tell(view)` is false once
 * something else is shown. */
export async function followMessage({ deed, appointment: { id } }, tell) {
  const kind = MESSAGE_OF[deed];
  if (!kind) return tell(h("p", { class: "quiet" }, t("有空位时自动发短信通知。")));
  let view = h("p", { class: "quiet" }, icon("message"), t("短信正在生成…"));
  let found = null;
  tell(view);
  for (let left = LOOKS; left > 0; left -= 1) {
    const { items } = await get("messages", { kind, limit: 30 }).catch(() => ({ items: [] }));
    found = items.find(({ cause }) => cause.includes(id)) ?? found;
    const isOver = found && found.state !== "due";
    if (found?.text || isOver) view = messageView(found);
    if (!tell(view) || isOver) return undefined;
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
  }
  return found?.text || tell(h("p", { class: "quiet" }, t("短信还没有发出，请稍后在短信页查看。")));
}

const messageView = ({ to, state, text }) => [
  h("p", { class: "sent-head" }, icon("message"), h("span", {}, t("短信 · {to}", { to: to ?? "—" })), h("span", { class: `tag ${MESSAGE_TONES[state] ?? ""}` }, MESSAGE_STATES[state] ?? state)),
  text && h("p", { class: "sent-text" }, text),
];
