/* Looking again when something happened in a zone: its board's stream is the sign, and a slow round without it. */
import { follow } from "../shared/hall/sse.js";

const NOT_MORE_OFTEN_MS = 3_000;
const WITHOUT_STREAM_MS = 10_000;

/** Call `look()` whenever the zone's board changes, at most every three seconds; while the stream is away, every ten.
 *
 * Returns `{stop}`.
 */
export function lookWhenChanged(zone, look) {
  let last = 0;
  let planned = null;
  let alive = false;

  const now = () => {
    planned = null;
    last = Date.now();
    look();
  };
  const soon = () => {
    planned ??= setTimeout(now, Math.max(0, last + NOT_MORE_OFTEN_MS - Date.now()));
  };

  const stopStream = follow(`/api/v1/boards/${encodeURIComponent(zone)}/events?every=${NOT_MORE_OFTEN_MS / 1_000}`, {
    onEvent: soon,
    onAlive: () => (alive = true),
    onLost: () => (alive = false),
  });
  const poll = setInterval(() => alive || soon(), WITHOUT_STREAM_MS);
  /* A page that was hidden may have missed things. */
  const back = () => document.visibilityState === "visible" && soon();
  document.addEventListener("visibilitychange", back);

  return {
    stop: () => {
      stopStream();
      clearInterval(poll);
      clearTimeout(planned);
      document.removeEventListener("visibilitychange", back);
    },
  };
}
