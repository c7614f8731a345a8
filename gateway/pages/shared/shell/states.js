/* The three states every part of a page can be in besides its content. */
import { retryByItself } from "../hall/connection.js";
import { h, icon } from "./view.js";
import { t } from "../words/i18n.js";
import { problemTitle } from "../words/codes.js";

export const loading = () =>
  h("div", { class: "state", role: "status" }, h("div", { class: "spinner" }), h("p", {}, t("正在加载")));

export const empty = (title, text = "", name = "info") =>
  h("div", { class: "state" }, icon(name), h("p", { class: "state-title" }, title), text && h("p", {}, text));

const retried = new WeakSet();

/** What went wrong. With `retry` it may be tried again: by the button, and once by itself where the hall only did not answer and the
 * part has no round of its own (`byItself`). */
export function failed(error, retry, { byItself = true } = {}) {
  const waits = (part) => {
    if (!part || !retry || !byItself || !error.unanswered || retried.has(error)) return;
    retried.add(error);
    retryByItself(part, error, retry);
  };
  return h("div", { class: "state failed", role: "alert", key: error, ref: waits },
    icon(error.status === 0 ? "offline" : "alert"),
    h("p", { class: "state-title" }, problemTitle(error)),
    error.detail && h("p", {}, error.detail),
    retry && h("button", { type: "button", class: "button primary large", onclick: retry, "data-focus": true }, icon("repeat"), t("重试")));
}
