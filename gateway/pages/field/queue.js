/* What a crew did, kept in the phone until the service has answered: sent one by one, in the order it happened. */
import { ApiError, newKey, post } from "../shared/hall/api.js";

const PAUSE_MS = 5_000;
const EMPTY = { waiting: [], refused: [], last: 0 };
/* The state a visit has after an action. */
export const AFTER = { depart: "en_route", arrive: "on_site", complete: "done", fail: "failed_visit" };

const nameOf = (username) => `hall-field-queue-${username}`;
const readAll = (name) => ({ ...EMPTY, ...JSON.parse(localStorage.getItem(name) ?? "{}") });

/** How many actions of an account wait to be sent. */
export const waitingOf = (username) => readAll(nameOf(username)).waiting.length;

/** Open the actions of an account. `changed()` is called when they are others, `answered(order)` with the order that an
 * action has changed. */
export function openQueue(username, { changed, answered }) {
  const name = nameOf(username);
  let busy = false;
  let closed = false;
  let planned = null;

  const read = () => readAll(name);
  const write = (part) => localStorage.setItem(name, JSON.stringify({ ...read(), ...part }));
  const without = (rows, key) => rows.filter((row) => row.key !== key);

  /** Send the first action; false when nobody can tell whether it was carried out. */
  async function sendFirst() {
    const [first] = read().waiting;
    try {
      const order = await post(`onsite-orders/${encodeURIComponent(first.order)}/${first.verb}`, first.body, { key: first.key });
      answered(order);
      write({ waiting: without(read().waiting, first.key) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.unanswered || error.status === 401) return false;
      const { status, code, detail } = error;
      const { waiting, refused } = read();
      write({ waiting: without(waiting, first.key), refused: [...refused, { ...first, problem: { status, code, detail } }] });
    }
    changed();
    return true;
  }

  async function sendAll() {
    while (!closed && read().waiting.length && (await sendFirst())); /* one after another: the order counts */
  }

  /** Send what waits. Another tab with the same account waits for its turn; the keys make a repeat harmless. */
  async function flush() {
    if (busy || closed) return;
    busy = true;
    clearTimeout(planned);
    try {
      await (navigator.locks ? navigator.locks.request(name, sendAll) : sendAll());
    } finally {
      busy = false;
      if (!closed && read().waiting.length) planned = setTimeout(flush, PAUSE_MS);
    }
  }

  function add({ order, verb, body = {} }, at) {
    const { waiting, last } = read();
    const moment = Math.max(at, last); /* a clock that was set right must not turn the order round */
    const happened_at = new Date(moment).toISOString();
    write({ last: moment, waiting: [...waiting, { key: newKey(), order, verb, body: { ...body, happened_at } }] });
    changed();
    flush();
  }

  /** Forget a refused action. */
  function dismiss(key) {
    write({ refused: without(read().refused, key) });
    changed();
  }

  /** Send a refused action again, as it was. */
  function retry(key) {
    const { waiting, refused } = read();
    const { problem, ...action } = refused.find((row) => row.key === key);
    write({ waiting: [...waiting, action], refused: without(refused, key) });
    changed();
    flush();
  }

  addEventListener("online", flush);
  return {
    read, add, flush, dismiss, retry,
    close: () => {
      closed = true;
      clearTimeout(planned);
      removeEventListener("online", flush);
    },
  };
}
