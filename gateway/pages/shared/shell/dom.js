/* Building elements without markup in strings, so that no text of the hall is ever read as HTML. */
const ICONS = new URL("./icons.svg", import.meta.url).href;
const SVG = "http://www.w3.org/2000/svg";

export const $ = (id) => document.getElementById(id);

function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "value") element.value = value;
  else if (name === "dataset") Object.assign(element.dataset, value);
  else element.setAttribute(name, value === true ? "" : value);
}

/** Make an element: attributes, `on…` listeners, and children (strings, elements, null, nested lists). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  element.append(...solid(children));
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  return element;
}

function solid(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** What somebody wrote, in its own direction: it never turns the line around it. */
export const apart = (text) => (text ? h("bdi", { dir: "auto" }, text) : text);

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${ICONS}#${name}`);
  svg.append(use);
  return svg;
}

export function show(container, ...children) {
  container.replaceChildren(...solid(children));
}

/** Move the focus to the first of these that exists, so that a new view is announced and keys go on working. */
export function focusOn(container, selector = "[data-focus]") {
  container.querySelector(selector)?.focus({ preventScroll: true });
}
