/* Fields with a place for what is wrong with them, and writing it there. */
import { h } from "./dom.js";

const errorOf = (name) => h("p", { class: "field-error", id: `${name}-error`, role: "alert", dataset: { errorOf: name } });

/** A labelled control; its `name` is that of the API's field, its `id` follows from it. */
export function field(label, control, { hint = "" } = {}) {
  const { name } = control;
  control.id ||= `field-${name}`;
  control.setAttribute("aria-describedby", `${name}-error`);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, hint && h("p", { class: "quiet field-hint" }, hint), errorOf(name));
}

/** Several controls that are one field. */
export const group = (label, name, controls) =>
  h("fieldset", { class: "field", "aria-describedby": `${name}-error` }, h("legend", { class: "label" }, label), h("div", { class: "group" }, controls), errorOf(name));

export const choice = (type, name, value, text, attributes = {}) =>
  h("label", { class: "choice-box" }, h("input", { type, name, value, ...attributes }), h("span", {}, text));

/** Write `{field: text}` at the fields of a form and clear the others; the first wrong field gets the focus. */
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
  form.querySelector('[aria-invalid="true"]')?.focus();
}
