/* On a wall nobody chooses: the hall and its departments take turns, slowly, until somebody stops them. */
import { $, h, icon } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";

const EVERY_MS = 30_000;

/** Take turns among stops ({department, name}); `shown(stop)` shows one, `changed()` has the view painted anew. Who asked for less
 * motion begins them by hand. */
export function wallTurns({ shown, changed }) {
  let stops = [];
  let at = 0;
  let timer = null;

  function step(by) {
    at = (at + by + stops.length) % stops.length;
    shown(stops[at]);
    changed();
  }

  function turn() {
    if (timer) clearInterval(timer);
    timer = timer ? null : setInterval(() => step(1), EVERY_MS);
    changed();
  }

  function onKey(event) {
    const deed = { " ": turn, ArrowRight: () => step(1), ArrowLeft: () => step(-1) }[event.key];
    if (!deed || event.target.closest(event.key === " " ? "input, select, textarea, button:not(#wall-turns)" : "input, select, textarea")) return;
    event.preventDefault();
    deed();
  }

  function begin(found) {
    [stops, at] = [found.length > 1 ? found : [], 0];
    if (!stops.length) return;
    document.addEventListener("keydown", onKey);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) changed();
    else turn();
    $("wall-turns").focus({ preventScroll: true }); /* so that space stops them, and does not leave the wall */
  }

  function end() {
    document.removeEventListener("keydown", onKey);
    stops = [];
    if (timer) turn();
    else changed();
  }

  const view = () => stops.length > 0 && h("div", { class: "wall-turns", role: "group", "aria-label": t("轮播") },
    h("strong", { class: "wall-name" }, stops[at].name), h("span", { class: "number wall-place" }, `${at + 1} / ${stops.length}`),
    h("button", { type: "button", class: "button", id: "wall-turns", "aria-pressed": String(Boolean(timer)), onclick: turn }, icon(timer ? "pause" : "play"), timer ? t("停止轮播（空格）") : t("开始轮播（空格）")));

  return { view, begin, end };
}
