/* The steps of a procedure as a graph: cards in columns, and lines between them drawn from where the cards stand. */
import { h } from "../shared/shell/dom.js";
import { layOut } from "./layout.js";

const SVG = "http://www.w3.org/2000/svg";
const HEAD = 5;

function drawn(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

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

/** Make the graph of `steps` ({step, after}): `card(step)` makes what stands for one, `isDone(step)` says that lines from it
 * no longer hold up. The lines follow the cards when these change their size. */
export function graph(label, steps, { card, isDone = () => false }) {
  const { columns, places, lines } = layOut(steps);
  const byCode = new Map(steps.map((each) => [each.step, each]));
  const boxes = new Map(places.map(({ name, column, row }) => {
    const box = h(byCode.has(name) ? "li" : "div", { class: byCode.has(name) ? "joint-place" : "joint-via" }, byCode.has(name) && card(byCode.get(name)));
    box.style.setProperty("--column", column + 1);
    box.style.setProperty("--row", row * 2 + 1);
    return [name, box];
  }));
  const canvas = drawn("svg", { class: "joint-lines", "aria-hidden": "true" });
  const field = h("div", { class: "joint-field" }, canvas,
    h("ol", { class: "joint-steps" }, steps.map(({ step }) => boxes.get(step))),
    places.filter(({ name }) => !byCode.has(name)).map(({ name }) => boxes.get(name)));
  field.style.setProperty("--columns", columns);

  function draw() {
    const ground = field.getBoundingClientRect();
    const boxOf = (name) => {
      const { left, right, top, bottom } = boxes.get(name).getBoundingClientRect();
      return { left: left - ground.left, right: right - ground.left, middle: (top + bottom) / 2 - ground.top };
    };
    canvas.replaceChildren(...lines.flatMap(({ from, to, via }) => {
      const way = [from, ...via.map(({ name }) => name), to].map(boxOf);
      const state = isDone(byCode.get(from)) ? "done" : "open";
      return [drawn("path", { class: `joint-line ${state}`, d: pathOf(way) }), drawn("path", { class: `joint-arrow ${state}`, d: headOf(way.at(-1)) })];
    }));
  }

  const watch = new ResizeObserver(draw);
  for (const each of [field, ...boxes.values()]) watch.observe(each);
  return h("div", { class: "joint-graph", tabindex: "0", role: "region", "aria-label": label }, field);
}
