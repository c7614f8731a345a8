/* A list that comes in parts: the first at once, each next one when somebody asks for it. */
import { get } from "../hall/api.js";
import { h, icon } from "../shell/view.js";
import { whileBusy } from "../form/form.js";
import { t } from "../words/i18n.js";
import { failed, loading } from "../shell/states.js";
import { toastProblem } from "../shell/toast.js";

const MOST = 200;

/** A list of `path` somewhere in `place`, which `paint()` shows with the list's `view()`. `query()` says which rows,
 * `describe(rows, {more, complete})` how they look: each has `data-row`, and `more` is the button for the next part or null. */
export function partsList(place, { path, size, query, describe, paint }) {
  let turn = 0;
  let rows = [];
  let next = null;
  let instead = null;

  const moreButton = () =>
    next && h("button", { type: "button", class: "button more-rows", onclick: (event) => whileBusy(event.currentTarget, add) }, icon("list"), t("显示更多"));

  function showInstead(what) {
    instead = what;
    paint();
  }

  async function add() {
    const own = turn;
    try {
      const answer = await get(path, { ...query(), limit: size, cursor: next });
      if (own !== turn) return;
      const first = rows.length;
      rows = [...rows, ...answer.items];
      next = answer.next;
      paint();
      place.querySelectorAll("[data-row]")[first]?.focus();
    } catch (error) {
      if (own === turn && error.status !== 401) toastProblem(error);
    }
  }

  /** Load it from its beginning, at least as many rows as were `shown` before. */
  async function load({ shown = 0 } = {}) {
    const own = (turn += 1);
    showInstead(loading());
    try {
      const answer = await get(path, { ...query(), limit: Math.min(MOST, Math.max(size, shown)) });
      if (own !== turn) return;
      rows = answer.items;
      next = answer.next;
      showInstead(null);
    } catch (error) {
      if (own === turn && error.status !== 401) showInstead(failed(error, () => load()));
    }
  }

  return {
    load,
    view: () => instead ?? describe(rows, { more: moreButton(), complete: !next }),
    count: () => rows.length,
    complete: () => !next,
    stop: () => (turn += 1),
  };
}
