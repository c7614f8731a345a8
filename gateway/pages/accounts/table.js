/* A table in a card. */
import { h } from "../shared/shell/view.js";

export const table = (caption, heads, rows) =>
  h("div", { class: "card table-wrap", tabindex: "0", role: "region", "aria-label": caption },
    h("table", { class: "table" },
      h("caption", { class: "visually-hidden" }, caption),
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, rows)));
