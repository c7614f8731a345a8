/* Short messages in the corner; the region they appear in is announced by screen readers. */
import { $, h, icon, show } from "./view.js";
import { t } from "../words/i18n.js";
import { problemTitle } from "../words/codes.js";

const GOOD_MS = 5_000;
const BAD_MS = 12_000;

let toasts = [];
let told = 0;

const message = ({ key, title, detail, bad }) =>
  h("div", { class: bad ? "toast bad" : "toast", key },
    icon(bad ? "alert" : "check"),
    h("div", { class: "toast-text" }, h("p", { class: "toast-title" }, title), detail && h("p", { class: "quiet" }, detail)),
    h("button", { type: "button", class: "toast-close", "aria-label": t("关闭"), onclick: () => drop(key) }, icon("close")));

const paint = () => show($("toasts"), toasts.map(message));

function drop(key) {
  toasts = toasts.filter((each) => each.key !== key);
  paint();
}

export function toast(title, detail = "", { bad = false } = {}) {
  const key = (told += 1);
  toasts = [...toasts, { key, title, detail, bad }];
  paint();
  setTimeout(() => drop(key), bad ? BAD_MS : GOOD_MS);
}

/** Tell what the API said against a command. */
export function toastProblem(error) {
  const fields = Object.entries(error.errors ?? {}).map(([field, messages]) => `${field}: ${[messages].flat().join(" ")}`);
  toast(problemTitle(error), [error.detail, ...fields].filter(Boolean).join(" "), { bad: true });
}
