/* The steps of a procedure as a graph: cards in columns, and lines between them drawn from where the cards stand. */
import { Component, createRef } from "../shared/vendor/preact.js";
import { h, show } from "../shared/shell/view.js";
import { layOut } from "./layout.js";

const HEAD = 5;

/** A curve that leaves and arrives level. */
const curve = (x1, y1, x2, y2) => `C ${(x1 + x2) / 2} ${y1}, ${(x1 + x2) / 2} ${y2}, ${x2} ${y2}`;

/** The way from the right of one box by others to the left of the last. */
function pathOf([first, ...others]) {
  const last = others.pop();
  let [x, y] = [first.right, first.middle];
  let path = `M ${x} ${y} `;
  for (const { left, right, middle } of others) {
    path += `${curve(x, y, left, middle)} L ${right} ${middle} `;
    [x, y] = [right, middle];
  }
  return `${path}${curve(x, y, last.left - HEAD, last.middle)}`;
}

const headOf = ({ left, middle }) => `M ${left - HEAD * 2} ${middle - HEAD} L ${left - 1} ${middle} L ${left - HEAD * 2} ${middle + HEAD} z`;

/** The graph of `steps` ({step, after}): `card(step)` describes what stands for one, `isDone(step)` says that lines from it no longer
 * hold up. The lines follow the cards when these change their size. */
export class Graph extends Component {
  #field = createRef();
  #watch = new ResizeObserver(() => this.#draw());

  componentDidMount() {
    this.componentDidUpdate();
  }

  componentDidUpdate() {
    this.#watch.disconnect();
    for (const each of [this.#field.current, ...this.#field.current.querySelectorAll("[data-box]")]) this.#watch.observe(each);
  }

  componentWillUnmount() {
    this.#watch.disconnect();
  }

  #draw() {
    const { steps, isDone = () => false } = this.props;
    const field = this.#field.current;
    const ground = field.getBoundingClientRect();
    const boxOf = (name) => {
      const { left, right, top, bottom } = field.querySelector(`[data-box="${CSS.escape(name)}"]`).getBoundingClientRect();
      return { left: left - ground.left, right: right - ground.left, middle: (top + bottom) / 2 - ground.top };
    };
    show(field.querySelector(".joint-lines"), layOut(steps).lines.map(({ from, to, via }) => {
      const way = [from, ...via.map(({ name }) => name), to].map(boxOf);
      const state = isDone(steps.find(({ step }) => step === from)) ? "done" : "open";
      return [h("path", { class: `joint-line ${state}`, d: pathOf(way) }), h("path", { class: `joint-arrow ${state}`, d: headOf(way.at(-1)) })];
    }));
  }

  render({ label, steps, card }) {
    const { columns, places } = layOut(steps);
    const at = ({ column, row }) => ({ "--column": column + 1, "--row": row * 2 + 1 });
    const placeOf = (step) => places.find(({ name }) => name === step);
    return h("div", { class: "joint-graph", tabindex: "0", role: "region", "aria-label": label },
      h("div", { class: "joint-field", style: { "--columns": columns }, ref: this.#field },
        h("svg", { class: "joint-lines", "aria-hidden": "true" }),
        h("ol", { class: "joint-steps" }, steps.map((each) => h("li", { class: "joint-place", "data-box": each.step, key: each.step, style: at(placeOf(each.step)) }, card(each)))),
        places.filter(({ name }) => !steps.some(({ step }) => step === name)).map((place) => h("div", { class: "joint-via", "data-box": place.name, key: place.name, style: at(place) }))));
  }
}
