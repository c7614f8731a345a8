/* A part of a page that loads by itself: it is loading, shows its content, or says what went wrong and how to try again. */
import { cloneElement } from "../shared/vendor/preact.js";
import { cardHead } from "../shared/charts/card.js";
import { h, icon } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";
import { failed, loading } from "../shared/shell/states.js";
import { problemTitle } from "../shared/words/codes.js";

/** Make a part. `view()` describes it as it is now; `paint()` is called when that changes. */
export function part({ id, title, again, paint }) {
  let turn = 0;
  let card = null;
  let cardOf = null;
  let fault = null;

  const frame = (content) => h("section", { class: "card chart-card", "aria-labelledby": `title-${id}` }, cardHead({ id, title }), content);
  const waiting = () => cloneElement(loading(), { role: null }); /* many parts load at once: the page says so once */
  const stale = () => h("p", { class: "tag bad stale", role: "status" }, icon("alert"), problemTitle(fault), t("显示的是上一次的数据。"));

  function content() {
    if (card) return fault ? cloneElement(card, {}, stale(), card.props.children) : card;
    return frame(fault ? failed(fault, again, { byItself: false }) : waiting());
  }

  function change(made, error) {
    card = made;
    fault = error;
    paint();
  }

  /** Load it; `ask()` resolves with the card. What is on screen stays until the new is there, unless it is of another choice (`anew`);
   * it does not stay for what fails `of` another department. */
  async function load(ask, { anew, of }) {
    const own = (turn += 1);
    if (anew) change(null, null);
    try {
      const made = await ask();
      if (own !== turn) return;
      cardOf = of;
      change(made, null);
    } catch (error) {
      if (own === turn && error.status !== 401) change(cardOf === of ? card : null, error);
    }
  }

  return { view: () => h("div", { class: `part part-${id}`, key: id }, content()), load, stop: () => (turn += 1) };
}
