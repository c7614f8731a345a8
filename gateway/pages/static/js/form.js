/* Fields with their errors in words beside them. */
import { h } from "./dom.js";
import { t } from "./i18n.js";

const PHONE = /^\+?[0-9][0-9 -]{4,18}[0-9]$/;

/** What is wrong with a phone number as typed; empty when nothing is. */
export const phoneError = (phone) => (PHONE.test(phone) ? "" : t("请填写正确的手机号。"));

/** A field with label, hint and a place for its error; `beside` stands at its right. */
export function field(label, attributes, { hint = "", beside = null } = {}) {
  const { id } = attributes;
  const input = h("input", { class: "input", required: true, "aria-describedby": `${id}-error${hint ? ` ${id}-hint` : ""}`, ...attributes });
  return h("div", { class: "field" },
    h("label", { for: id }, label),
    hint && h("p", { class: "quiet field-hint", id: `${id}-hint` }, hint),
    beside ? h("div", { class: "field-row" }, input, beside) : input,
    h("p", { class: "field-error", id: `${id}-error`, role: "alert" }));
}

/** Say what is wrong with the fields of a form, by their ids; the first of them takes the focus. True when all are right. */
export function showErrors(form, errors) {
  for (const input of form.querySelectorAll(".input")) {
    const text = errors[input.id] ?? "";
    input.setAttribute("aria-invalid", String(text !== ""));
    form.querySelector(`#${input.id}-error`).textContent = text;
  }
  const wrong = Object.keys(errors).filter((id) => errors[id]);
  form.querySelector(`#${wrong[0]}`)?.focus();
  return wrong.length === 0;
}

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
