/* Several views of one page; the chosen one is kept after # in the address. */
import { h, icon } from "./dom.js";

/** Make tabs of `[{id, text, icon, open(panel)}]`; `open` shows a view and may return how to leave it. */
export function tabs(label, views) {
  let leave = null;
  let shown = null;
  const panel = h("div", { class: "tab-panel", role: "tabpanel", id: "tab-panel", tabindex: "-1" });
  const buttons = views.map((view) =>
    h("button", { type: "button", class: "tab", role: "tab", id: `tab-${view.id}`, "aria-controls": "tab-panel", onclick: () => choose(view) }, icon(view.icon), view.text));

  function choose(view) {
    leave?.();
    shown = view;
    history.replaceState(null, "", `#${view.id}`);
    views.forEach((each, index) => {
      buttons[index].setAttribute("aria-selected", String(each === view));
      buttons[index].tabIndex = each === view ? 0 : -1;
    });
    /* On a phone the tabs are longer than the screen; the first time they are not on it yet. */
    requestAnimationFrame(() => buttons[views.indexOf(view)].scrollIntoView({ inline: "center", block: "nearest" }));
    panel.setAttribute("aria-labelledby", `tab-${view.id}`);
    leave = view.open(panel) ?? null;
  }

  const onKey = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    buttons[next].focus();
    choose(views[next]);
  };

  /* A link to another view of the page itself. */
  const onHash = () => {
    const asked = views.find(({ id }) => `#${id}` === location.hash);
    if (asked && asked !== shown) choose(asked);
  };

  const element = h("div", { class: "tabbed" }, h("div", { class: "tabs", role: "tablist", "aria-label": label, onkeydown: onKey }, buttons), panel);
  choose(views.find(({ id }) => `#${id}` === location.hash) ?? views[0]);
  addEventListener("hashchange", onHash);
  const close = () => {
    removeEventListener("hashchange", onHash);
    leave?.();
  };
  return { element, close };
}
