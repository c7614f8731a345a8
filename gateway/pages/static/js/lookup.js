/* Finding one's appointment by its reference and phone. */
import { ApiError, post } from "./api.js";
import { waitText } from "./appointment-words.js";
import { $, focusOn, h, icon, show } from "./dom.js";
import { field, input, phoneError, tellErrors, whileBusy } from "./form.js";
import { t } from "./i18n.js";
import { startShell } from "./shell.js";
import { problemTitle } from "./words.js";

const REFERENCE = /^[0-9A-Za-z]{8}$/;

const main = $("main");
const send = h("button", { type: "submit", class: "button primary large" }, icon("search"), t("查询"));
const problem = h("p", { class: "notice bad", role: "alert", hidden: true });
const form = h("form", { class: "book-form", novalidate: true },
  field(t("预约号"), input({ id: "reference", name: "reference", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 20 }),
    { hint: t("在短信里，8 位字母和数字") }),
  field(t("手机号"), input({ id: "phone", name: "phone", type: "tel", inputmode: "tel", autocomplete: "tel", maxlength: 20 }), { hint: t("预约时填写的号码") }),
  problem, send);

function tell(text) {
  problem.hidden = !text;
  show(problem, text && icon("alert"), text);
}

function textOf(error) {
  if (error.status === 404 || error.status === 422) return t("没有找到这个预约。请核对预约号和预约时填写的手机号。");
  return [problemTitle(error), waitText(error)].filter(Boolean).join(" ");
}

async function find() {
  const reference = form.elements.reference.value.replace(/[\s-]/g, "").toUpperCase();
  const phone = form.elements.phone.value.trim();
  tell("");
  const right = tellErrors(form, {
    reference: REFERENCE.test(reference) ? "" : t("预约号是 8 位字母和数字。"),
    phone: phoneError(phone),
  });
  if (!right) return;
  try {
    const { id } = await post("appointments/lookup", { reference, phone }, { anonymous: true });
    location.assign(`/appointment/${encodeURIComponent(id)}`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    tell(textOf(error));
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  whileBusy(send, find);
});
startShell();
show(main, h("div", { class: "book" }, h("div", { class: "book-view" },
  h("h1", { class: "book-title", tabindex: "-1", "data-focus": true }, t("查询我的预约")),
  h("p", { class: "quiet" }, t("查看、改约或取消。")),
  form,
  h("p", { class: "book-manage" }, h("a", { href: "/book" }, t("还没有预约？去预约"))))));
focusOn(main);
