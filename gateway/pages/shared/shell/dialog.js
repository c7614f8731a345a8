/* Modal dialogs: the browser's own element keeps the focus inside and closes on Escape. */
import { h, icon } from "./dom.js";
import { t } from "../words/i18n.js";

/** Open a dialog. `submit(form)` may return a promise; the dialog closes when it resolves to anything but false. */
export function openDialog({ title, body, submitText, submit, danger = false, cancelText = t("取消") }) {
  const opener = document.activeElement;
  const send = h("button", { type: "submit", class: `button ${danger ? "danger" : "primary"}` }, submitText);
  const form = h(
    "form",
    { class: "dialog-form", novalidate: true },
    h("div", { class: "dialog-head" },
      h("h2", { class: "dialog-title", id: "dialog-title" }, title),
      h("button", { type: "button", class: "icon-button", "aria-label": t("关闭"), onclick: () => dialog.close() }, icon("close"))),
    h("div", { class: "dialog-body" }, body),
    submit && h("div", { class: "dialog-actions" },
      h("button", { type: "button", class: "button", onclick: () => dialog.close() }, cancelText), send),
  );
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title" }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    const done = await submit?.(form);
    send.disabled = false;
    if (done !== false) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener?.isConnected) opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector("[autofocus]")?.focus();
  return dialog;
}
