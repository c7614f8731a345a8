/* Modal dialogs: the browser's own element keeps the focus inside and closes on Escape. */
import { h, icon, made, show } from "./view.js";
import { t } from "../words/i18n.js";

/** Open a dialog and return it. `body` is its content, or a function that describes it: then `dialog.paint()` brings it up to date.
 * `submit(form)` may return a promise; the dialog closes when it resolves to anything but false. */
export function openDialog({ title, body, submitText, submit, danger = false, cancelText = t("取消") }) {
  const opener = document.activeElement;
  const close = () => dialog.close();
  const onsubmit = async (event) => {
    event.preventDefault();
    const send = form.querySelector("[type=submit]");
    send.disabled = true;
    try {
      if ((await submit?.(form)) !== false) close();
    } finally {
      send.disabled = false;
    }
  };
  const dialog = made(h("dialog", { class: "dialog", "aria-labelledby": "dialog-title" },
    h("form", { class: "dialog-form", novalidate: true, onsubmit },
      h("div", { class: "dialog-head" },
        h("h2", { class: "dialog-title", id: "dialog-title" }, title),
        h("button", { type: "button", class: "icon-button", "aria-label": t("关闭"), onclick: close }, icon("close"))),
      h("div", { class: "dialog-body" }),
      submit && h("div", { class: "dialog-actions" },
        h("button", { type: "button", class: "button", onclick: close }, cancelText),
        h("button", { type: "submit", class: `button ${danger ? "danger" : "primary"}` }, submitText)))));
  const form = dialog.firstChild;
  const place = form.querySelector(".dialog-body");
  dialog.paint = () => show(place, typeof body === "function" ? body() : body);
  dialog.paint();
  dialog.addEventListener("close", () => {
    const { activeElement } = document;
    const left = activeElement !== document.body && !dialog.contains(activeElement); /* for something else, before this event came */
    dialog.remove();
    if (!left && opener?.isConnected) opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector("[autofocus]")?.focus();
  return dialog;
}
