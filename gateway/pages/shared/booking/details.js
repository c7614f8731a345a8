/* Third step of a booking: who comes, proved by a one-time code. */
import { Component, Fragment } from "../vendor/preact.js";
import { ApiError } from "../hall/api.js";
import { aboutItem } from "./facts.js";
import { refusalOf, waitText } from "../words/booking.js";
import { booking, change } from "./draft.js";
import { hold, isProved, prove, sendCode } from "./hold.js";
import { h, icon } from "../shell/view.js";
import { LONGEST_PHONE, field, phoneError, tellErrors, whileBusy } from "../form/form.js";
import { dayOf, whenOf } from "../words/format.js";
import { named, t } from "../words/i18n.js";
import { nearestFree, slotButtons, slotsOf } from "./slots.js";
import { problemTitle } from "../words/codes.js";

const RESEND_S = 60;
const CODE = /^[0-9]{6}$/;
const PICK_ANOTHER = new Set(["slot_full", "slot_past"]);

export const nameError = (name) => (name ? "" : t("请填写姓名。"));
export const codeError = (code) => (CODE.test(code) ? "" : t("请填写短信里的六位数字。"));

/** What is wrong with the phone or code, by field; empty when the problem is another one. */
export function fieldErrorsOf(error) {
  if (error.status === 422 && error.errors?.phone) return { phone: phoneError("") };
  if (error.status === 422 && error.errors?.name) return { name: nameError("") };
  if (error.code === "invalid_credentials") return { code: t("验证码不正确或已过期，请核对或重新获取。") };
  return {};
}

/** Where a code is asked for and typed. */
class CodePart extends Component {
  state = { said: null, freeAt: booking().codeSentAt + RESEND_S * 1000 };
  #timer = null;

  componentDidMount() {
    this.#timer = setInterval(() => this.forceUpdate(), 1000);
  }

  componentWillUnmount() {
    clearInterval(this.#timer);
  }

  #wait(seconds) {
    this.setState({ freeAt: Date.now() + seconds * 1000 });
  }

  #send = async ({ currentTarget: button }) => {
    const { form } = button;
    const phone = form.elements.phone.value.trim();
    if (!tellErrors(form, { phone: phoneError(phone) })) return;
    try {
      const { demo_code: demo } = await whileBusy(button, () => sendCode(phone));
      const text = demo ? t("演示环境不发短信，验证码是 {code}。", { code: demo }) : t("验证码已发送到 {phone}，5 分钟内有效。", { phone });
      this.setState({ said: h(Fragment, { key: Date.now() }, icon("check"), text) }); /* said again when it is the same */
      this.#wait(RESEND_S);
      form.elements.code.focus();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const errors = fieldErrorsOf(error);
      tellErrors(form, errors.phone ? errors : { phone: waitText(error) || problemTitle(error) });
      if (error.retryAfter) this.#wait(error.retryAfter);
    }
  };

  render(_, { said, freeAt }) {
    const left = Math.ceil((freeAt - Date.now()) / 1000);
    const button = h("button", { type: "button", class: "button", id: "send-code", disabled: left > 0, onclick: this.#send },
      left > 0 ? t("{seconds} 秒后可重发", { seconds: left }) : t("获取验证码"));
    return h("div", { class: "code-part" },
      field(t("验证码"), h("input", { class: "input", required: true, id: "code", name: "code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 6 }), { beside: button }),
      h("p", { class: "code-said", role: "status" }, said));
  }
}

/** The code of the booking's phone, or that none is needed. */
export const proofPart = () => h("div", { id: "proof" }, isProved(booking().phone)
  ? h("p", { class: "notice good" }, icon("check"), t("手机号已验证，不用再输验证码。"))
  : h(CodePart));

export const nameField = () =>
  field(t("姓名"), h("input", { class: "input", required: true, id: "name", name: "name", autocomplete: "name", maxlength: 60, defaultValue: booking().name }));

export const phoneField = (hint) =>
  field(t("手机号"), h("input", { class: "input", required: true, id: "phone", name: "phone", type: "tel", inputmode: "tel", autocomplete: "tel", maxlength: LONGEST_PHONE, defaultValue: booking().phone }), { hint });

/** Name, phone and code; on to the check once the place is held. */
export async function askDetails(way) {
  const { item, slot, wish } = booking();
  const about = await aboutItem(item);
  let refused = null;
  const tell = (notice) => {
    refused = notice;
    way.paint();
  };
  const oninput = ({ currentTarget: { elements } }) => {
    change({ name: elements.name.value.trim(), phone: elements.phone.value.trim() });
    way.paint();
  };
  const onsubmit = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    whileBusy(form.querySelector("[type=submit]"), () => submit(way, form, tell));
  };
  return () => h("div", { class: "step-view" },
    h("h1", { class: "step-title", tabindex: "-1", "data-focus": true }, t("填写信息")),
    h("div", { class: "card chosen" },
      h("p", { class: "chosen-item" }, named(about.item)),
      h("p", { class: "chosen-when" }, icon("calendar"), wish ? t("候补：{from} 至 {to}", { from: dayOf(wish.from), to: dayOf(wish.to) }) : whenOf(slot))),
    h("div", { class: "refused", tabindex: "-1" }, refused),
    h("form", { class: "step-form", novalidate: true, oninput, onsubmit },
      nameField(), phoneField(t("预约的变动会发短信到这个号码")), proofPart(),
      h("p", { class: "quiet privacy" }, t("姓名和手机号只用于这次预约，加密保存，办理 90 天后删除。")),
      h("button", { type: "submit", class: "button primary large" }, t("下一步"), icon("forward"))));
}

async function submit(way, form, tell) {
  const { name, phone } = booking();
  const code = form.elements.code?.value.trim();
  const errors = { name: nameError(name), phone: phoneError(phone), ...(isProved(phone) ? {} : { code: codeError(code) }) };
  tell(null);
  if (!tellErrors(form, errors)) return;
  try {
    if (!isProved(phone)) await prove(phone, code);
    if (!booking().wish) await hold();
    way.go("check");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    await refuse(way, form, tell, error);
  }
}

async function refuse(way, form, tell, error) {
  const errors = fieldErrorsOf(error);
  if (Object.keys(errors).length) return tellErrors(form, errors);
  if (error.status === 401 || error.code === "not_your_phone") change({ proved: null }); /* asks for a code again */
  tell(await refusalNotice(way, error, (slot) => {
    change({ slot });
    form.requestSubmit();
  }));
  return form.parentElement.querySelector(".refused").focus();
}

/** Why there is no place, with the ways on: the nearest free times, another time or item, one's appointments. */
export async function refusalNotice(way, error, choose) {
  const { title, text } = refusalOf(error);
  const { item, slot } = booking();
  const offers = PICK_ANOTHER.has(error.code) ? nearestFree(await slotsOf(item).catch(() => []), slot.starts_at, { besides: slot.id }) : [];
  const link = (to, words) => h("a", { class: "button", href: to }, words);
  return h("div", { class: "notice warn refusal-notice", role: "alert", key: error }, icon("alert"),
    h("div", {}, h("p", {}, h("strong", {}, title)), text && h("p", {}, text),
      offers.length > 0 && [h("p", { class: "nearest" }, t("最近还有空位的时间：")), slotButtons(offers, choose)],
      h("p", { class: "ways-on" },
        (PICK_ANOTHER.has(error.code) || error.code === "limit_reached") && link("#/time", t("另选时间")),
        error.code === "slot_full" && link("#/waitlist", t("登记候补")),
        error.code === "limit_reached" && link("/appointment", t("查询我的预约")),
        ["not_bookable", "unknown_item"].includes(error.code) && link("#/", t("选择其他事项")),
        error.unanswered && h("span", { class: "quiet" }, t("请再按一次“下一步”，不会重复预约。")))));
}
