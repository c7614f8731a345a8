/* Elements made at once, for the pages whose views do not describe them yet; see view.js. */
import { isValidElement } from "../vendor/preact.js";
import { $, apart as apartView, focusOn, icon as iconView, made, put } from "./view.js";

export { $, focusOn };

function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "value") element.value = value;
  else if (name === "dataset") Object.assign(element.dataset, value);
  else element.setAttribute(name, value === true ? "" : value);
}

/** Make an element: attributes, `on…` listeners, and children (strings, elements, views, null, nested lists). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  element.append(...solid(children));
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  return element;
}

function solid(children) {
  const given = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  return given.map((child) => (isValidElement(child) ? made(child) : child));
}

export const apart = (text) => (text ? made(apartView(text)) : text);

export const icon = (name) => made(iconView(name));

export const show = (container, ...children) => put(container, ...solid(children));
