/* How pages are shown. Views are functions that describe elements with `h`; `show` brings a place up to date with what they
   describe, so what stays keeps its focus, its scroll and what was typed. No text of the hall is ever read as HTML. */
import { Fragment, h, render } from "../vendor/preact.js";

export { h };

const ICONS = new URL("./icons.svg", import.meta.url).href;
const shown = new WeakSet();

export const $ = (id) => document.getElementById(id);

/** Bring a place up to date. Rows that move among others have a `key`. */
export function show(place, ...content) {
  if (!shown.has(place)) place.replaceChildren(); /* what the server wrote there */
  shown.add(place);
  render(h(Fragment, null, content), place);
}

/** The element that a view describes, for whoever places it by hand. */
export function made(view) {
  const place = document.createElement("div");
  render(view, place);
  return place.firstChild;
}

export const icon = (name) =>
  h("svg", { class: "icon", "aria-hidden": "true" }, h("use", { href: `${ICONS}#${name}` }));

/** What somebody wrote, in its own direction: it never turns the line around it. */
export const apart = (text) => (text ? h("bdi", { dir: "auto" }, text) : text);

/** Move the focus to the first of these that exists, so that a new view is announced and keys go on working. */
export function focusOn(place, selector = "[data-focus]") {
  place.querySelector(selector)?.focus({ preventScroll: true });
}
