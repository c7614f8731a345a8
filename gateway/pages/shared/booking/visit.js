/* Parts of the pages visitors hold in their hand: steps, facts and a countdown by the hall's clock. */
import { hallNow } from "../shell/clock.js";
import { h, icon } from "../shell/view.js";
import { Component } from "../vendor/preact.js";

const TICK_MS = 1_000;

/** The steps of a way with the present one marked; all are ticked when it is `done`. */
export function stepList(names, at, { label, done = false }) {
  return h("ol", { class: "steps card", "aria-label": label }, names.map((name, index) => {
    const ticked = done || index < at;
    return h("li", { class: ticked ? "done" : index === at ? "now" : "", "aria-current": index === at ? "step" : null },
      h("span", { class: "step-dot" }, ticked ? icon("check") : index + 1), name);
  }));
}

/** Names and contents as a list; a fact without content is left out. */
export function factList(facts) {
  return h("dl", { class: "fact-list card" },
    facts.filter(([, content]) => content).map(([name, content]) => h("div", {}, h("dt", {}, name), h("dd", {}, content))));
}

/** What `children(seconds)` describes, each second until a moment of the hall's clock; then `over()` is called once. */
export class Countdown extends Component {
  #timer = null;

  #left = () => Math.ceil((Date.parse(this.props.until) - hallNow()) / 1000);

  #tick = () => {
    if (this.#left() > 0) return this.forceUpdate();
    clearInterval(this.#timer);
    return this.props.over();
  };

  componentDidMount() {
    this.#timer = setInterval(this.#tick, TICK_MS);
    this.#tick();
  }

  componentWillUnmount() {
    clearInterval(this.#timer);
  }

  render({ children }) {
    return children(Math.max(0, this.#left()));
  }
}
