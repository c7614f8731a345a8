/* The request for a visit of one item: where, when, and whom to visit, proved by a one-time code. */
import { ApiError, get } from "../shared/hall/api.js";
import { aboutItem, materialsOf } from "../shared/booking/facts.js";
import { codeError, fieldErrorsOf, nameError, nameField, phoneField, proofPart } from "../shared/booking/details.js";
import { booking, change } from "../shared/booking/draft.js";
import { isProved, once, prove } from "../shared/booking/commands.js";
import { heading } from "../shared/booking/item.js";
import { $, h, icon } from "../shared/shell/view.js";
import { group } from "../shared/form/controls.js";
import { field, phoneError, tellErrors, whileBusy } from "../shared/form/form.js";
import { language, named, page, t } from "../shared/words/i18n.js";
import { refusalText } from "../shared/words/visiting.js";
import { firstTime, openDays, timeChoice } from "./time.js";
import { PlaceMap } from "./place-map.js";

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
  if (!about.department?.offers_three_services) return () => notOffered(about);
  const days = openDays((await get("onsite-days", { item: code })).items);
  let refused = null;
  let time = null;
  const tell = (notice) => {
    refused = notice;
    way.paint();
  };
  const mark = (place) => {
    note({ place });
    $("location-error").textContent = "";
  };
  const choose = (chosen) => {
    time = chosen;
    note({ time });
  };
  const oninput = ({ currentTarget: { elements } }) => {
    const [name, phone, address] = ["name", "phone", "address"].map((each) => elements[each].value.trim());
    change({ name, phone });
    note({ address });
    way.paint();
  };
  const onsubmit = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    whileBusy(form.querySelector("[type=submit]"), () => submit(way, code, form, tell));
  };
  choose(firstTime(days, wish().time));
  return () => h("div", { class: "step-view" }, heading(t("申请上门服务")), h("p", { class: "step-item" }, named(about.item)),
    h("form", { class: "step-form", novalidate: true, oninput, onsubmit },
      field(t("上门地址"), h("input", { class: "input", required: true, name: "address", autocomplete: "street-address", maxlength: 200, defaultValue: wish().address }), { hint: t("例如：福田区福中三路12号3栋502") }),
      group(t("在图上标出地点"), "location", h(PlaceMap, { hall: { lat, lon }, place: wish().place, choose: mark })),
      timeChoice(days, time, (chosen) => {
        choose(chosen);
        way.paint();
      }),
      nameField(), phoneField(t("上门前会发短信、打电话到这个号码")), proofPart(),
      h("p", { class: "quiet privacy" }, t("姓名、手机号和地址只用于这次上门，加密保存，办理 90 天后删除。")),
      h("div", { class: "refused", tabindex: "-1" }, refused),
      h("button", { type: "submit", class: "button primary large", id: "send" }, icon("check"), t("申请上门"))),
    materialsOf(about, { atHome: true }));
}

async function submit(way, item, form, tell) {
  const { phone } = booking();
  const code = form.elements.code?.value.trim();
  tell(null);
  const faults = faultsOf(code);
  if (!tellErrors(form, faults)) return;
  if (faults.location) return form.querySelector(".map-board").focus();
  try {
    if (!isProved(phone)) await prove(phone, code);
    await way.done(await once("onsite-orders", orderOf(item, way.hall.now.slice(-6))));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refuse(form, tell, error);
  }
}

function refuse(form, tell, error) {
  const errors = fieldErrorsOf(error);
  if (["window_invalid", "nobody_then"].includes(error.code)) errors.window = refusalText(error);
  if (Object.keys(errors).length) return tellErrors(form, errors);
  if (error.status === 401 || error.code === "not_your_phone") change({ proved: null }); /* asks for a code again */
  tell(h("div", { class: "notice warn", role: "alert" }, icon("alert"), h("p", {}, refusalText(error))));
  return form.querySelector(".refused").focus();
}

const notOffered = (about) =>
  h("div", { class: "step-view" }, heading(named(about.item)),
    h("div", { class: "notice warn", role: "status" }, icon("kiosk"),
      h("div", {}, h("p", {}, h("strong", {}, t("这个事项不提供上门服务"))), h("p", {}, t("请在办公时间到大厅，在取号机上选择这个事项取号。")))));
