/* A list that comes in parts: the first at once, each next one when somebody asks for it. */
import { get } from "../hall/api.js";
import { h, icon, show } from "../shell/dom.js";
import { whileBusy } from "../form/form.js";
import { t } from "../words/i18n.js";
import { failed, loading } from "../shell/states.js";
import { toastProblem } from "../shell/toast.js";

const MOST = 200;

/** Make a list of `path` in `place`. `query()` says which rows, `paint(rows, {more, complete})` makes what is shown: each row
 * has `data-row`, and `more` is the button for the next part or null. */
export function partsList(place, { path, size, query, paint }) {
  let turn = 0;
  let rows = [];
  let next = null;

  const moreButton = () =>
    next && h("button", { type: "button", class: "button more-rows", onclick: (event) => whileBusy(event.currentTarget, add) }, icon("list"), t("显示更多"));

  const put = () => show(place, paint(rows, { more: moreButton(), complete: !next }));

  async function add() {
    const own = turn;
    try {
      const answer = await get(path, { ...query(), limit: size, cursor: next });
      if (own !== turn) return;
      const first = rows.length;
      rows = [...rows, ...answer.items];
      next = answer.next;
      put();
      place.querySelectorAll("[data-row]")[first]?.focus();
    } catch (error) {
      if (own === turn && error.status !== 401) toastProblem(error);
    }
  }

  /** Load it from its beginning, at least as many rows as were `shown` before; `anew`: nothing of what is shown holds any more. */
  async function load({ anew = true, shown = 0 } = {}) {
    const own = (turn += 1);
    if (anew) show(place, loading());
    try {
      const answer = await get(path, { ...query(), limit: Math.min(MOST, Math.max(size, shown)) });
      if (own !== turn) return;
      rows = answer.items;
      next = answer.next;
      put();
    } catch (error) {
      if (own === turn && error.status !== 401) show(place, failed(error, () => load()));
    }
  }

  return { load, count: () => rows.length, stop: () => (turn += 1) };
}
