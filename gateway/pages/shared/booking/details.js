/* Third step of a booking: who comes, proved by a one-time code. */
import { ApiError } from "../hall/api.js";
import { aboutItem } from "./facts.js";
import { refusalOf, waitText } from "../words/booking.js";
import { booking, change } from "./draft.js";
import { hold, isProved, prove, sendCode } from "./hold.js";
import { h, icon, show } from "../shell/dom.js";
import { LONGEST_PHONE, field, input, phoneError, tellErrors, whileBusy } from "../form/form.js";
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

/** The button that sends a code, and how long until it may be sent again. */
function codeButton(form, said) {
  const button = h("button", { type: "button", class: "button", id: "send-code" });
  let freeAt = booking().codeSentAt + RESEND_S * 1000;
  const paint = () => {
    const left = Math.ceil((freeAt - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? t("{seconds} 秒后可重发", { seconds: left }) : t("获取验证码");
    if (left > 0) setTimeout(paint, 1000);
  };
  const wait = (seconds) => {
    freeAt = Date.now() + seconds * 1000;
    paint();
  };
  button.addEventListener("click", async () => {
    const phone = form.elements.phone.value.trim();
    if (!tellErrors(form, { phone: phoneError(phone) })) return;
    try {
      const { demo_code: demo } = await whileBusy(button, () => sendCode(phone));
      show(said, icon("check"), demo
        ? t("演示环境不发短信，验证码是 {code}。", { code: demo })
        : t("验证码已发送到 {phone}，5 分钟内有效。", { phone }));
      wait(RESEND_S);
      form.elements.code.focus();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const errors = fieldErrorsOf(error);
      tellErrors(form, errors.phone ? errors : { phone: waitText(error) || problemTitle(error) });
      if (error.retryAfter) wait(error.retryAfter);
    }
  });
  paint();
  return button;
}

function codePart(form) {
  const said = h("p", { class: "code-said", role: "status" });
  return h("div", { class: "code-part" },
    field(t("验证码"), input({ id: "code", name: "code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 6 }), { beside: codeButton(form, said) }),
    said);
}

const provedNote = () => h("p", { class: "notice good" }, icon("check"), t("手机号已验证，不用再输验证码。"));

/** The code of a form's phone, or that none is needed; `paint()` looks again whether the number is proved. */
export function proofPart(form) {
  const element = h("div", { id: "proof" });
  const paint = () => {
    const proved = isProved(form.elements.phone.value.trim());
    if (element.dataset.proved !== String(proved)) show(element, proved ? provedNote() : codePart(form));
    element.dataset.proved = String(proved);
  };
  return { element, paint };
}

export const nameField = () =>
  field(t("姓名"), input({ id: "name", name: "name", autocomplete: "name", maxlength: 60, value: booking().name }));

export const phoneField = (hint) =>
  field(t("手机号"), input({ id: "phone", name: "phone", type: "tel", inputmode: "tel", autocomplete: "tel", maxlength: LONGEST_PHONE, value: booking().phone }), { hint });

/** Name, phone and code; on to the check once the place is held. */
export async function askDetails(way) {
  const draft = booking();
  const about = await aboutItem(draft.item);
  const refused = h("div", { class: "refused", tabindex: "-1" });
  const next = h("button", { type: "submit", class: "button primary large" }, t("下一步"), icon("forward"));
  const form = h("form", { class: "step-form", novalidate: true });
  const proof = proofPart(form);
  form.append(nameField(), phoneField(t("预约的变动会发短信到这个号码")), proof.element,
    h("p", { class: "quiet privacy" }, t("姓名和手机号只用于这次预约，加密保存，办理 90 天后删除。")),
    next);
  proof.paint();
  form.addEventListener("input", () => {
    change({ name: form.elements.name.value.trim(), phone: form.elements.phone.value.trim() });
    proof.paint();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(next, () => submit(way, form, refused));
  });
  return h("div", { class: "step-view" },
    h("h1", { class: "step-title", tabindex: "-1", "data-focus": true }, t("填写信息")),
    h("div", { class: "card chosen" },
      h("p", { class: "chosen-item" }, named(about.item)),
      h("p", { class: "chosen-when" }, icon("calendar"), draft.wish ? t("候补：{from} 至 {to}", { from: dayOf(draft.wish.from), to: dayOf(draft.wish.to) }) : whenOf(draft.slot))),
    refused, form);
}

async function submit(way, form, refused) {
  const { name, phone } = booking();
  const code = form.elements.code?.value.trim();
  const errors = { name: nameError(name), phone: phoneError(phone), ...(isProved(phone) ? {} : { code: codeError(code) }) };
  show(refused);
  if (!tellErrors(form, errors)) return;
  try {
    if (!isProved(phone)) await prove(phone, code);
    if (!booking().wish) await hold();
    way.go("check");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    await refuse(way, form, refused, error);
  }
}

async function refuse(way, form, refused, error) {
  const errors = fieldErrorsOf(error);
  if (Object.keys(errors).length) return tellErrors(form, errors);
  if (error.status === 401 || error.code === "not_your_phone") {
    change({ proved: null });
    form.dispatchEvent(new Event("input")); /* asks for a code again */
  }
  const again = (slot) => {
    change({ slot });
    whileBusy(form.querySelector("[type=submit]"), () => submit(way, form, refused));
  };
  show(refused, await refusalNotice(way, error, again));
  return refused.focus();
}

/** Why there is no place, with the ways on: the nearest free times, another time or item, one's appointments. */
export async function refusalNotice(way, error, choose) {
  const { title, text } = refusalOf(error);
  const { item, slot } = booking();
  const offers = PICK_ANOTHER.has(error.code) ? nearestFree(await slotsOf(item).catch(() => []), slot.starts_at, { besides: slot.id }) : [];
  const link = (to, words) => h("a", { class: "button", href: to }, words);
  return h("div", { class: "notice warn refusal-notice", role: "alert" }, icon("alert"),
    h("div", {}, h("p", {}, h("strong", {}, title)), text && h("p", {}, text),
      offers.length > 0 && [h("p", { class: "nearest" }, t("最近还有空位的时间：")), slotButtons(offers, choose)],
      h("p", { class: "ways-on" },
        (PICK_ANOTHER.has(error.code) || error.code === "limit_reached") && link("#/time", t("另选时间")),
        error.code === "slot_full" && link("#/waitlist", t("登记候补")),
        error.code === "limit_reached" && link("/appointment", t("查询我的预约")),
        ["not_bookable", "unknown_item"].includes(error.code) && link("#/", t("选择其他事项")),
        error.unanswered && h("span", { class: "quiet" }, t("请再按一次“下一步”，不会重复预约。")))));
}
