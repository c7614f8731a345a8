/* The request for a visit of one item: where, when, and whom to visit, proved by a one-time code. */
import { ApiError, get } from "../shared/hall/api.js";
import { aboutItem, materialsOf } from "../shared/booking/facts.js";
import { codeError, fieldErrorsOf, nameError, nameField, phoneField, proofPart } from "../shared/booking/details.js";
import { booking, change } from "../shared/booking/draft.js";
import { isProved, once, prove } from "../shared/booking/hold.js";
import { heading } from "../shared/booking/item.js";
import { h, icon, show } from "../shared/shell/dom.js";
import { field, group, input, phoneError, tellErrors, whileBusy } from "../shared/form/form.js";
import { language, named, page, t } from "../shared/words/i18n.js";
import { refusalText } from "../shared/words/visiting.js";
import { timeChoice } from "./time.js";
import { placeMap } from "./place-map.js";

const ADDRESS_LEAST = 4;
const [lat, lon] = page.centre;

const wish = () => booking().visit ?? { address: "", place: null, time: null };
const note = (part) => change({ visit: { ...wish(), ...part } });

function faultsOf(code) {
  const { name, phone } = booking();
  const { address, place, time } = wish();
  return {
    address: address.length < ADDRESS_LEAST ? t("请填写详细地址，到门牌号。") : "",
    location: place ? "" : t("请在图上标出地点。"),
    window: time ? "" : t("请选日期。"),
    name: nameError(name),
    phone: phoneError(phone),
    ...(isProved(phone) ? {} : { code: codeError(code) }),
  };
}

function orderOf(item, offset) {
  const { name, phone } = booking();
  const { address, place, time: { day, from, to } } = wish();
  const moment = (time) => `${day}T${time}:00${offset}`;
  return { item, name, phone, address, location: place, window: { from: moment(from), to: moment(to) }, language };
}

/** The form, or where else the item is done when nobody comes for it. */
export async function askVisit(way, code) {
  const about = await aboutItem(code);
  if (!about.department?.offers_three_services) return notOffered(about);
  const days = (await get("onsite-days", { item: code })).items;
  const refused = h("div", { class: "refused", tabindex: "-1" });
  const send = h("button", { type: "submit", class: "button primary large", id: "send" }, icon("check"), t("申请上门"));
  const form = h("form", { class: "step-form", novalidate: true });
  const proof = proofPart(form);
  const mark = (place) => {
    note({ place });
    map.querySelector(".field-error").textContent = "";
  };
  const map = group(t("在图上标出地点"), "location", placeMap({ hall: { lat, lon }, place: wish().place, choose: mark }));
  form.append(
    field(t("上门地址"), input({ name: "address", autocomplete: "street-address", maxlength: 200, value: wish().address }), { hint: t("例如：福田区福中三路12号3栋502") }),
    map,
    ...timeChoice(days, wish().time, (time) => note({ time })),
    nameField(), phoneField(t("上门前会发短信、打电话到这个号码")), proof.element,
    h("p", { class: "quiet privacy" }, t("姓名、手机号和地址只用于这次上门，加密保存，办理 90 天后删除。")),
    refused, send);
  proof.paint();
  form.addEventListener("input", () => {
    const [name, phone, address] = ["name", "phone", "address"].map((each) => form.elements[each].value.trim());
    change({ name, phone });
    note({ address });
    proof.paint();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(send, () => submit(way, code, form, refused));
  });
  return h("div", { class: "step-view" }, heading(t("申请上门服务")), h("p", { class: "step-item" }, named(about.item)), form, materialsOf(about, { atHome: true }));
}

async function submit(way, item, form, refused) {
  const { phone } = booking();
  const code = form.elements.code?.value.trim();
  show(refused);
  const faults = faultsOf(code);
  if (!tellErrors(form, faults)) return;
  if (faults.location) return form.querySelector(".map-board").focus();
  try {
    if (!isProved(phone)) await prove(phone, code);
    await way.done(await once("onsite-orders", orderOf(item, way.hall.now.slice(-6))));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refuse(form, refused, error);
  }
}

function refuse(form, refused, error) {
  const errors = fieldErrorsOf(error);
  if (["window_invalid", "nobody_then"].includes(error.code)) errors.window = refusalText(error);
  if (Object.keys(errors).length) return tellErrors(form, errors);
  if (error.status === 401 || error.code === "not_your_phone") {
    change({ proved: null });
    form.dispatchEvent(new Event("input")); /* asks for a code again */
  }
  show(refused, h("div", { class: "notice warn", role: "alert" }, icon("alert"), h("p", {}, refusalText(error))));
  return refused.focus();
}

const notOffered = (about) =>
  h("div", { class: "step-view" }, heading(named(about.item)),
    h("div", { class: "notice warn", role: "status" }, icon("kiosk"),
      h("div", {}, h("p", {}, h("strong", {}, t("这个事项不提供上门服务"))), h("p", {}, t("请在办公时间到大厅，在取号机上选择这个事项取号。")))));
