/* Who comes, or is visited: name and phone, proved by a one-time code. */
import { Component, Fragment } from "../vendor/preact.js";
import { ApiError } from "../hall/api.js";
import { waitText } from "../words/booking.js";
import { booking, change } from "./draft.js";
import { isProved, sendCode } from "./commands.js";
import { h, icon } from "../shell/view.js";
import { LONGEST_PHONE, field, phoneError, tellErrors, whileBusy } from "../form/form.js";
import { t } from "../words/i18n.js";
import { problemTitle } from "../words/codes.js";

const RESEND_S = 60;
const CODE = /^[0-9]{6}$/;

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
