/* Painting a view anew while somebody works in it. */
import { show } from "../shared/shell/view.js";

/** Show `content` in `panel`. When the element with the focus is gone, the one named by the nearest `data-place` around it gets it. */
export function showAnew(panel, ...content) {
  const focused = panel.contains(document.activeElement) ? document.activeElement : null;
  const next = focused?.closest("[data-place]")?.dataset.place;
  show(panel, ...content);
  if (!focused || focused.isConnected) return;
  (document.getElementById(next) ?? panel.querySelector("[data-focus]"))?.focus({ preventScroll: true });
}
