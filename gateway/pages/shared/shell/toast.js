/* Short messages in the corner; the region they appear in is announced by screen readers. */
import { $, h, icon } from "./dom.js";
import { t } from "../words/i18n.js";
import { problemTitle } from "../words/codes.js";

const GOOD_MS = 5_000;
const BAD_MS = 12_000;

export function toast(title, detail = "", { bad = false } = {}) {
  const close = h("button", { type: "button", class: "toast-close", "aria-label": t("关闭") }, icon("close"));
  const message = h(
    "div",
    { class: bad ? "toast bad" : "toast" },
    icon(bad ? "alert" : "check"),
    h("div", { class: "toast-text" }, h("p", { class: "toast-title" }, title), detail && h("p", { class: "quiet" }, detail)),
    close,
  );
  close.addEventListener("click", () => message.remove());
  setTimeout(() => message.remove(), bad ? BAD_MS : GOOD_MS);
  $("toasts").append(message);
}

/** Tell what the API said against a command. */
export function toastProblem(error) {
  const fields = Object.entries(error.errors ?? {}).map(([field, messages]) => `${field}: ${[messages].flat().join(" ")}`);
  toast(problemTitle(error), [error.detail, ...fields].filter(Boolean).join(" "), { bad: true });
}
