/* Dates, tables, what is chosen above them, and views that load by themselves, for managers. */
import { h, show } from "../shell/view.js";
import { t } from "../words/i18n.js";
import { dateInput, select, tool } from "./controls.js";
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

/** What is chosen above a list, by name, and the controls for it; `changed()` hears of another choice. */
export function filters(wanted, changed) {
  const take = (name) => (value) => {
    wanted[name] = value;
    changed();
  };
  return {
    choice: (name, label, options, id = name) => tool(label, select(id, options, wanted[name], take(name))),
    day: (name, label) => tool(label, dateInput(name, wanted[name], { id: name, onchange: ({ target }) => take(name)(target.value) })),
  };
}

/** What a view asks for, also again: `found()` is what `ask()` resolved with last, `view()` what `describe` makes of it, and
 * `paint()` shows that. */
export function loads(ask, describe, paint, found = null) {
  let turn = 0;
  let left = false;
  let instead = loading();

  async function load({ anew = true } = {}) {
    if (left) return;
    const own = (turn += 1);
    const isStale = () => left || own !== turn;
    if (anew) {
      instead = loading();
      paint();
    }
    try {
      const answer = await ask();
      if (isStale()) return;
      [found, instead] = [answer, null];
    } catch (error) {
      if (isStale() || error.status === 401) return;
      instead = failed(error, load);
    }
    paint();
  }

  return { load, found: () => found, view: () => instead ?? describe(found), stop: () => { left = true; } };
}

/** The same, shown in a `place` of its own. */
export function loadsInto(place, ask, describe) {
  const own = loads(ask, describe, () => show(place, own.view()));
  return own;
}

/** Begin a view of `panel` once `ask()` has resolved with what `begin(found)` needs, which returns how to stop. */
export function onceKnown(panel, ask, begin) {
  let leave = null;
  let left = false;
  async function open() {
    show(panel, loading());
    try {
      const found = await ask();
      if (!left) leave = begin(found);
    } catch (error) {
      if (!left && error.status !== 401) show(panel, failed(error, open));
    }
  }
  open();
  return () => {
    left = true;
    leave?.();
  };
}
