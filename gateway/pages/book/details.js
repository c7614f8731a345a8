/* Third step of a booking: who comes, proved by a one-time code. */
import { ApiError } from "../shared/hall/api.js";
import { hold } from "./hold.js";
import { refusalOf } from "../shared/words/booking.js";
import { isProved, prove } from "../shared/booking/commands.js";
import { codeError, fieldErrorsOf, nameError, nameField, phoneField, proofPart } from "../shared/booking/details.js";
import { booking, change } from "../shared/booking/draft.js";
import { aboutItem } from "../shared/booking/facts.js";
import { nearestFree, slotButtons, slotsOf } from "../shared/booking/slots.js";
import { h, icon } from "../shared/shell/view.js";
import { phoneError, tellErrors, whileBusy } from "../shared/form/form.js";
import { dayOf, whenOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";

const PICK_ANOTHER = new Set(["slot_full", "slot_past"]);

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
