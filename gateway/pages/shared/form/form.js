/* Fields with a place for what is wrong with them, writing it there, and buttons that are pressed once. */
import { cloneElement } from "../vendor/preact.js";
import { h } from "../shell/view.js";
import { problemTitle } from "../words/codes.js";
import { t } from "../words/i18n.js";

export const LONGEST_PHONE = 40;
const EXTENSION = /[\s,;]*(转|分机|ext\.?|x|#|\*)\s*\d{1,6}$/i;
const DIGITS = /^\+?\d{5,20}$/;

/** A phone number as typed or pasted, without wide and hidden characters. */
export const plainPhone = (text) => text.normalize("NFKC").replace(/[\p{Cf}\p{M}]/gu, "").replace(/^tel:/i, "").trim();

/** The digits of a phone number without its extension, a plus before them where there is one. */
export const phoneDigits = (text) => plainPhone(text).replace(EXTENSION, "").replace(/[^\p{L}\d+,;:]/gu, "");

/** What is wrong with a phone number as typed; empty when nothing is. Whether there is such a number, the hall says. */
export const phoneError = (phone) => (DIGITS.test(phoneDigits(phone)) ? "" : t("请填写正确的手机号。"));

export const input = (attributes) => h("input", { class: "input", required: true, ...attributes });

/** A labelled control; its `name` is that of the API's field. `beside` stands at its right. */
export function field(label, control, { hint = "", beside = null } = {}) {
  const { name, id = `field-${name}` } = control.props;
  const given = cloneElement(control, { id, "aria-describedby": `${name}-error${hint ? ` ${name}-hint` : ""}` });
  return h("div", { class: "field" },
    h("label", { for: id }, label),
    beside ? h("div", { class: "field-row" }, given, beside) : given,
    hint && h("p", { class: "quiet field-hint", id: `${name}-hint` }, hint),
    h("p", { class: "field-error", id: `${name}-error`, role: "alert", "data-error-of": name }));
}

/** Write `{field: text}` at the fields of a form and clear the others; the first wrong one gets the focus. True when none is. */
export function tellErrors(form, errors) {
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  for (const place of form.querySelectorAll("[data-error-of]")) {
    const { errorOf: name } = place.dataset;
    const text = errors[name] ?? "";
    if (place.textContent !== text) place.textContent = text;
    if (!text) continue;
    const named = [...form.querySelectorAll(`[name="${name}"]`)];
    const controls = named.length ? named : place.parentElement.querySelectorAll("input");
    for (const control of controls) control.setAttribute("aria-invalid", "true");
  }
  const wrong = form.querySelector('[aria-invalid="true"]');
  wrong?.focus();
  return wrong === null;
}

/** Say at a form's fields what the hall refuses, in the words of `wrong` by its code or the field's name. False where it is about
 * none of them. */
export function tellAtFields(form, error, wrong) {
  const names = Object.keys(error.errors ?? {}).filter((name) => form.querySelector(`[data-error-of="${CSS.escape(name)}"]`));
  const words = (name) => (error.code === "personal_data" ? problemTitle(error) : wrong[error.code] ?? wrong[name] ?? t("填写的内容有误。"));
  tellErrors(form, Object.fromEntries(names.map((name) => [name, words(name)])));
  return names.length > 0;
}

/** Wait until this page, which is being left, is shown again: what was pressed to leave it stays busy until then. */
export const untilBack = () => new Promise((back) => {
  window.addEventListener("pageshow", ({ persisted }) => persisted && back());
});

/** Keep a form's button from being pressed again while its command is under way. */
export async function whileBusy(button, work) {
  if (button.disabled) return undefined;
  button.disabled = true;
  button.classList.add("busy");
  try {
    return await work();
  } finally {
    button.disabled = false;
    button.classList.remove("busy");
  }
}
