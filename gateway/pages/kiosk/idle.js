/* Giving a kiosk back to the next visitor. */

const SIGNS_OF_LIFE = ["pointerdown", "keydown", "input", "touchstart"];

/** Call `onIdle()` after `afterMs` without a touch, and `onWarning(seconds)` each second of the last `warnMs`;
 * `onWarning(null)` when the visitor is back. */
export function watchIdle({ afterMs, warnMs, onWarning, onIdle }) {
  let last = Date.now();
  let warned = false;
  const alive = () => {
    last = Date.now();
    if (warned) onWarning(null);
    warned = false;
  };
  for (const sign of SIGNS_OF_LIFE) document.addEventListener(sign, alive, { capture: true, passive: true });
  setInterval(() => {
    const left = last + afterMs - Date.now();
    if (left <= 0) {
      alive();
      onIdle();
    } else if (left <= warnMs) {
      warned = true;
      onWarning(Math.ceil(left / 1000));
    }
  }, 500);
  return { restart: alive };
}
