/* Looking again when something happened in a zone: its board's stream is the sign, and a slow round without it. */
import { follow } from "./sse.js";

const NOT_MORE_OFTEN_MS = 3_000;
const WITHOUT_STREAM_MS = 10_000;

/** Call `look()` whenever the zone's board changes, at most every three seconds; while the stream is away, every ten.
 *
 * `concerns(board)` gives the part of the board that matters: a change elsewhere is no reason to look. `pauseMs()` says
 * how long after the last look the next may be. A page that was hidden and a stream that was away have missed things
 * and do not wait for it. `netMs` after the last look comes another, whatever the board shows. The stream is asked to
 * tell of changes every `everyS` seconds at most.
 *
 * Returns `{look, stop}`: `look()` asks at once.
 */
export function lookWhenChanged(
  zone, look, { concerns = null, pauseMs = () => NOT_MORE_OFTEN_MS, netMs = Infinity, everyS = NOT_MORE_OFTEN_MS / 1_000 } = {},
) {
  let last = 0;
  let due = Infinity;
  let planned = null;
  let alive = false;
  let known = null;

  const now = async () => {
    clearTimeout(planned);
    due = Infinity;
    last = Date.now();
    await look();
  };
  const soon = (pause) => {
    clearTimeout(planned);
    due = Math.min(due, last + pause);
    planned = setTimeout(now, Math.max(0, due - Date.now()));
  };
  const heard = (board) => {
    const before = known;
    known = concerns ? JSON.stringify(concerns(board)) : "";
    if (before === null) soon(NOT_MORE_OFTEN_MS);
    else if (!concerns || known !== before) soon(pauseMs());
  };
  const lost = () => {
    alive = false;
    known = null;
  };

  const stopStream = follow(`/api/v1/boards/${encodeURIComponent(zone)}/events?every=${everyS}`, {
    onEvent: heard,
    onAlive: () => (alive = true),
    onLost: lost,
  });
  const poll = setInterval(() => (alive && Date.now() - last < netMs) || soon(pauseMs()), WITHOUT_STREAM_MS);
  const back = () => document.visibilityState === "visible" && soon(NOT_MORE_OFTEN_MS);
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
