/* Server-sent events over fetch. The browser's own EventSource hides heartbeat comments, and without them a page
   cannot tell a quiet stream from a dead one; otherwise this behaves as EventSource does, `Last-Event-ID` included. */
import { rest } from "./connection.js";

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/** Split the text of a stream into events (WHATWG HTML, 9.2.6). */
function parser(onEvent, onRetry = () => {}) {
  let rest = "";
  let event = { data: [] };
  const field = (name, value) => {
    if (name === "data") event.data.push(value);
    else if (name === "id") event.id = value;
    else if (name === "event") event.type = value;
    else if (name === "retry" && /^\d+$/.test(value)) onRetry(Number(value));
  };
  const line = (text) => {
    if (text === "") {
      if (event.data.length) onEvent({ ...event, data: event.data.join("\n") });
      event = { data: [] };
    } else if (!text.startsWith(":")) {
      const colon = text.indexOf(":");
      const name = colon < 0 ? text : text.slice(0, colon);
      field(name, colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, ""));
    }
  };
  return (chunk) => {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    lines.forEach(line);
  };
}

/** Follow a stream for as long as the page lives.
 *
 * `onEvent(data)` gets each event's data as JSON, `onAlive()` is called with every piece that arrives, `onLost(status)`
 * when the stream ended or could not be opened (status 0 when there was no answer). A stream that is silent for
 * `silenceMs` is given up and opened again. `headers()` gives what is sent beside the usual, a token for example.
 */
export function follow(path, { onEvent, onAlive = () => {}, onLost = () => {}, silenceMs = 15_000, headers = () => ({}) }) {
  let lastId = null;
  let retry = FIRST_RETRY_MS;
  let wait = FIRST_RETRY_MS;
  let controller = null;
  let closed = false;
  let silence = null;

  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => controller?.abort(), silenceMs);
    onAlive();
  };

  const read = async () => {
    controller = new AbortController();
    silence = setTimeout(() => controller.abort(), silenceMs);
    const sent = { ...headers(), Accept: "text/event-stream", ...(lastId === null ? {} : { "Last-Event-ID": lastId }) };
    const response = await fetch(path, { headers: sent, signal: controller.signal, cache: "no-store" });
    if (!response.ok) return response.status;
    wait = retry;
    const take = parser(
      (event) => {
        lastId = event.id ?? lastId;
        onEvent(JSON.parse(event.data));
      },
      (ms) => (retry = wait = ms),
    );
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    heard();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      heard();
      take(piece.value);
    }
    return response.status;
  };

  const run = async () => {
    while (!closed) {
      const status = await read().catch(() => 0);
      clearTimeout(silence);
      if (closed) return;
      onLost(status);
      await rest(wait);
      wait = Math.min(wait * 2, LONGEST_RETRY_MS);
    }
  };

  run();
  return () => {
    closed = true;
    clearTimeout(silence);
    controller?.abort();
  };
}
