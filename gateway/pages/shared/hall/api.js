/* The public API: timeouts, tokens, idempotency keys and problem+json in one place. */
import { untilAnswered } from "./connection.js";
import { language } from "../words/i18n.js";

const BASE = "/api/v1";
const TIMEOUT_MS = 10_000;
const PAGES_AT_MOST = 50;
const REMEMBERED = 2_000;
const UNANSWERED = [0, 429, 502, 503, 504];

/** An answer that is not the one asked for; `status` 0 when none came. */
export class ApiError extends Error {
  constructor({ status, code, detail, errors, problem = {}, retryAfter = null }) {
    super(detail);
    Object.assign(this, { status, code, detail, errors, problem, retryAfter });
  }

  /** True when nobody can tell whether the command was carried out: ask again with the same key. */
  get unanswered() {
    return UNANSWERED.includes(this.status);
  }

  /** True when not the hall says so but the network, or a proxy on the way. */
  get lost() {
    return this.unanswered && !this.problem.code;
  }
}

let session = { token: () => null, expired: () => {} };

/** Send this session's token from now on; `expired` is called when the gateway no longer takes it. */
export function useSession(chosen) {
  session = chosen;
}

/** A key for one command: asking again with it changes nothing twice. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); /* randomUUID is missing on plain http in a local net */
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The error that an answer of this status with this problem+json is. */
export const problemFrom = (status, body, retryAfter) =>
  new ApiError({
    status,
    code: body.code ?? `http_${status}`,
    detail: body.detail ?? body.title ?? "",
    errors: body.errors,
    problem: body,
    retryAfter: Number(retryAfter) || null,
  });

const problemOf = async (response) => problemFrom(response.status, await response.json().catch(() => ({})), response.headers.get("Retry-After"));

/** The headers of a request of this session; `token` is a holder's. */
export function headersOf({ body, key, anonymous, token }) {
  const headers = { Accept: "application/json, application/problem+json", "Accept-Language": language };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  if (token) headers["X-Holder-Token"] = token;
  if (!anonymous && session.token()) headers.Authorization = `Bearer ${session.token()}`;
  return headers;
}

/** The address of an API path; one that begins with / is taken as it stands. */
export const addressOf = (path) => (path.startsWith("/") ? path : `${BASE}/${path}`);

/** An answer that breaks off, or is the page of somebody on the way, is none. */
function cutOff(error) {
  throw new ApiError({ status: 0, code: error.name === "TimeoutError" ? "timeout" : "offline", detail: "" });
}

function answerTo(path, { method, body, key, anonymous, token, timeout }) {
  return fetch(addressOf(path), {
    method,
    headers: headersOf({ body, key, anonymous, token }),
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(timeout),
    cache: "no-store",
  }).catch(cutOff);
}

/** Throw what went wrong; a session that is no longer taken is told so. */
export function refused(problem, { anonymous = false } = {}) {
  if (problem.status === 401 && !anonymous) session.expired();
  throw problem;
}

/** Ask and return the answer as it came, for what is no JSON. */
export async function respond(path, options) {
  const response = await answerTo(path, { timeout: TIMEOUT_MS, ...options });
  return response.ok ? response : refused(await problemOf(response), options);
}

async function request(path, options) {
  const response = await respond(path, options);
  return response.status === 204 ? null : response.json().catch(cutOff);
}

export function withQuery(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

const answered = new Set();
const asking = new Map();
let patient = true;

/** A page that has something to show without the hall hears at once that a question was lost. */
export function hearOfLosses() {
  patient = false;
}

async function askFirst(address, ask) {
  try {
    return await untilAnswered(ask);
  } finally {
    asking.delete(address);
    if (answered.size >= REMEMBERED) answered.clear();
    answered.add(address);
  }
}

/** Ask a question. What this page has not had an answer to before is asked until the hall answers; who asks once more has
 * something to show and its own way of asking again, so a loss is told at once, as it is with `patient: false`. */
export function get(path, query = {}, { patient: wanted = true, ...options } = {}) {
  const address = withQuery(path, query);
  const ask = () => request(address, { method: "GET", ...options });
  if (!patient || !wanted || answered.has(address)) return ask();
  if (!asking.has(address)) asking.set(address, askFirst(address, ask));
  return asking.get(address);
}

/** Send a command. Give the `key` of an earlier attempt to repeat that attempt. */
export function post(path, body = undefined, { key = newKey(), ...options } = {}) {
  return request(path, { method: "POST", body: body ?? {}, key, ...options });
}

export const put = (path, body) => post(path, body, { method: "PUT" });
export const patch = (path, body) => post(path, body, { method: "PATCH" });

/** Every row of a list, page after page. */
export async function list(path, query = {}) {
  const rows = [];
  let cursor = null;
  for (let pages = 0; pages < PAGES_AT_MOST; pages += 1) {
    const answer = await get(path, { ...query, cursor });
    rows.push(...answer.items);
    cursor = answer.next;
    if (!cursor) break;
  }
  return rows;
}

const kept = new Map();

/** A list that does not change while a page is open (departments, zones, queues): asked once. */
export function listOnce(path, query = {}) {
  const address = withQuery(path, query);
  if (!kept.has(address)) {
    const asked = list(path, query);
    asked.catch(() => kept.delete(address));
    kept.set(address, asked);
  }
  return kept.get(address);
}

const REPEATS = 2;
const REPEAT_AFTER_MS = 800;

/** Send a command and, when no answer came, the same command again: with one key it is carried out once. */
export async function command(path, body, { key = newKey(), ...options } = {}) {
  for (let left = REPEATS; ; left -= 1) {
    try {
      return await post(path, body, { key, ...options });
    } catch (error) {
      if (!error.unanswered || left === 0) throw error;
      await new Promise((done) => setTimeout(done, REPEAT_AFTER_MS));
    }
  }
}
