/* Looking again when something happened in a zone: its board's stream is the sign, and a slow round without it. */
import { follow } from "./sse.js";

const NOT_MORE_OFTEN_MS = 3_000;
const WITHOUT_STREAM_MS = 10_000;

/** Call `look()` now and whenever the zone's board changes, at most every three seconds; while the stream is away,
 * every ten. Returns `{look, stop}`: `look()` asks at once, after a command of one's own. */
export function lookWhenChanged(zone, look, { pauseMs = NOT_MORE_OFTEN_MS, pollMs = WITHOUT_STREAM_MS } = {}) {
  let last = 0;
  let planned = null;
  let alive = false;

  const now = async () => {
    clearTimeout(planned);
    planned = null;
    last = Date.now();
    await look();
  };
  const soon = () => {
    planned ??= setTimeout(now, Math.max(0, last + pauseMs - Date.now()));
  };

  const stopStream = follow(`/api/v1/boards/${encodeURIComponent(zone)}/events`, {
    onEvent: soon,
    onAlive: () => (alive = true),
    onLost: () => (alive = false),
  });
  const poll = setInterval(() => alive || soon(), pollMs);
  const back = () => document.visibilityState === "visible" && soon();
  document.addEventListener("visibilitychange", back);

  return {
    look: now,
    stop: () => {
      stopStream();
      clearInterval(poll);
      clearTimeout(planned);
      document.removeEventListener("visibilitychange", back);
    },
  };
}
