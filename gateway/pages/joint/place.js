/* Painting a view anew while somebody works in it: the focus, what is unfolded and what is scrolled stay. */
import { show } from "../shared/shell/dom.js";

const byKey = (container, key) => key && container.querySelector(`[data-keep="${CSS.escape(key)}"]`);

/** Show `content` in `container`. Elements with the same `data-keep` are the same; when the one with the focus is gone, what
 * is named by the nearest `data-place` around it gets it. */
export function showAnew(container, ...content) {
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const key = focused?.dataset.keep ?? null;
  const place = focused?.closest("[data-place]")?.dataset.place ?? null;
  const unfolded = [...container.querySelectorAll("details[open][data-keep]")].map((each) => each.dataset.keep);
  const scrolled = [...container.querySelectorAll("[data-keep]")].filter((each) => each.scrollLeft).map((each) => [each.dataset.keep, each.scrollLeft]);
  show(container, ...content);
  for (const each of unfolded) byKey(container, each)?.setAttribute("open", "");
  for (const [each, left] of scrolled) byKey(container, each)?.scrollTo({ left });
  if (!focused) return;
  const next = byKey(container, key) ?? byKey(container, place) ?? container.querySelector("[data-focus]");
  next?.focus({ preventScroll: true });
}
