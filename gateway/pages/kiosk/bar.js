/* The bar over a kiosk's view: back, what this is, home. */
import { h, icon } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";

export const barAround = (kiosk, middle) =>
  h("div", { class: "kiosk-bar" },
    h("button", { type: "button", class: "button large", onclick: kiosk.back }, icon("back"), t("返回")),
    h("div", { class: "kiosk-bar-text" }, middle),
    h("button", { type: "button", class: "button large", onclick: kiosk.home }, icon("home"), t("首页")));

export const bar = (kiosk, title, subtitle = "") =>
  barAround(kiosk, [
    h("h1", { class: "kiosk-title", tabindex: "-1", "data-focus": true }, title),
    subtitle && h("p", { class: "quiet" }, subtitle),
  ]);
