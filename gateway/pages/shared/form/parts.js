/* Dates, tables, and a view that loads by itself, for the views of managers. */
import { h, show } from "../shell/view.js";
import { t } from "../words/i18n.js";
import { dateInput } from "./controls.js";
import { failed, loading } from "../shell/states.js";

export const dayField = (name, label, value, { hint = "", min = null, max = null } = {}) =>
  ({ name, label, hint, missing: t("请填日期。"), control: () => dateInput(name, value, { min, max, required: true }) });

/** A table in a card: `heads` are texts, or [text, class]. */
export const tableCard = (caption, heads, rows) =>
  h("div", { class: "card table-wrap", tabindex: "0", role: "region", "aria-label": caption }, h("table", { class: "table" },
    h("caption", { class: "visually-hidden" }, caption),
    h("thead", {}, h("tr", {}, heads.map((head) => {
      const [text, name = null] = [head].flat();
      return h("th", { scope: "col", class: name }, text);
    }))),
    h("tbody", {}, rows)));

/** Load and show a view in `place`, also again; `ask()` resolves with what `paint(found)` makes the content of. */
export function loadsInto(place, ask, paint) {
  let turn = 0;
  async function load({ anew = true } = {}) {
    const own = (turn += 1);
    if (anew) show(place, loading());
    try {
      const found = await ask();
      if (own === turn) show(place, paint(found));
    } catch (error) {
      if (own === turn && error.status !== 401) show(place, failed(error, load));
    }
  }
  return { load, stop: () => (turn += 1) };
}
