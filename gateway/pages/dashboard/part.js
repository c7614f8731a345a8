/* A part of a page that loads by itself: it is loading, shows its content, or says what went wrong and how to try again. */
import { cardHead } from "../shared/charts/card.js";
import { h, icon, show } from "../shared/shell/dom.js";
import { t } from "../shared/words/i18n.js";
import { failed, loading } from "../shared/shell/states.js";
import { problemTitle } from "../shared/words/codes.js";

/** Make a part. `ask()` resolves with {card, drawn}; `drawn` is called once the card is on the page. */
export function part({ id, title, again }) {
  const element = h("div", { class: `part part-${id}` });
  let turn = 0;
  let filled = false;

  const frame = (...content) => h("section", { class: "card chart-card", "aria-labelledby": `title-${id}` }, cardHead({ id, title }), content);

  function paint({ card, drawn }) {
    const kept = element.contains(document.activeElement) ? document.activeElement.dataset : {};
    show(element, card);
    drawn();
    filled = true;
    const focus = kept.keep ? `[data-keep="${kept.keep}"]` : kept.table && `[data-table="${kept.table}"]`;
    if (focus) element.querySelector(focus)?.focus({ preventScroll: true });
  }

  function tell(error) {
    if (!filled) return show(element, frame(failed(error, again, { byItself: false })));
    element.querySelector(".stale")?.remove();
    return element.querySelector(".chart-card")?.prepend(h("p", { class: "tag bad stale", role: "status" }, icon("alert"), problemTitle(error), t("显示的是上一次的数据。")));
  }

  /** Load it; what is on screen stays until the new is there, unless it is of another choice (`anew`). */
  async function load(ask, { anew }) {
    const own = (turn += 1);
    if (anew) {
      const wait = loading();
      wait.removeAttribute("role"); /* many parts load at once: the page says so once */
      filled = false;
      show(element, frame(wait));
    }
    try {
      const made = await ask();
      if (own === turn) paint(made);
    } catch (error) {
      if (own === turn && error.status !== 401) tell(error);
    }
  }

  return { element, load, stop: () => (turn += 1) };
}
