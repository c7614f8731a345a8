/* Several views of one page; the chosen one is kept after # in the address. */
import { $, h, icon, show } from "./view.js";

/** Show tabs of `[{id, text, icon, open(panel)}]` in `place`, below a `head`; `open` shows a view and may return how to leave it.
 * Returns how to leave them all. */
export function tabs(place, label, views, head = null) {
  let leave = null;
  let shown = null;
  let turn = 0;

  const tab = (view) =>
    h("button", { type: "button", class: "tab", role: "tab", id: `tab-${view.id}`, "aria-controls": "tab-panel", "aria-selected": String(view === shown), tabindex: view === shown ? 0 : -1, onclick: () => choose(view) },
      icon(view.icon), view.text);

  function choose(view) {
    leave?.();
    shown = view;
    turn += 1;
    history.replaceState(null, "", `#${view.id}`);
    show(place, head, h("div", { class: "tabbed" },
      h("div", { class: "tabs", role: "tablist", "aria-label": label, onkeydown: onKey }, views.map(tab)),
      h("div", { class: "tab-panel", role: "tabpanel", id: "tab-panel", tabindex: -1, "aria-labelledby": `tab-${view.id}`, key: turn }))); /* its view shows itself */
    /* On a phone the tabs are longer than the screen; the first time they are not on it yet. */
    requestAnimationFrame(() => $(`tab-${view.id}`)?.scrollIntoView({ inline: "center", block: "nearest" }));
    leave = view.open($("tab-panel")) ?? null;
  }

  function onKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = views.findIndex(({ id }) => `tab-${id}` === document.activeElement.id);
    const next = views.at((at + step) % views.length);
    $(`tab-${next.id}`).focus();
    choose(next);
  }

  /* A link to another view of the page itself. */
  const onHash = () => {
    const asked = views.find(({ id }) => `#${id}` === location.hash);
    if (asked && asked !== shown) choose(asked);
  };

  choose(views.find(({ id }) => `#${id}` === location.hash) ?? views[0]);
  addEventListener("hashchange", onHash);
  return () => {
    removeEventListener("hashchange", onHash);
    leave?.();
  };
}
