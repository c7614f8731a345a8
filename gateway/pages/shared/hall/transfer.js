/* Files from the API and to it, with how far they are. */
import { addressOf, ApiError, get, headersOf, newKey, problemFrom, refused, respond, withQuery } from "./api.js";

const DOWNLOAD_MS = 90_000;
const LOOK_EVERY_MS = 1_500;
const ACCEPTED = 202;
const FORGET_AFTER_MS = 60_000;

/** The file name of a Content-Disposition header, in full when it tells it so (RFC 8187). */
function nameOf(header, otherwise) {
  const full = /filename\*=UTF-8''([^;]+)/i.exec(header ?? "");
  if (full) return decodeURIComponent(full[1]);
  return /filename="([^"]+)"/i.exec(header ?? "")?.[1] ?? otherwise;
}

async function bodyOf(response, told) {
  const total = Number(response.headers.get("Content-Length")) || null;
  const reader = response.body.getReader();
  const pieces = [];
  let received = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    pieces.push(value);
    received += value.length;
    told(received, total);
  }
  return new Blob(pieces, { type: response.headers.get("Content-Type") });
}

/** Let the browser save what was made or fetched. */
export function saveFile(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), FORGET_AFTER_MS);
}

const pause = () => new Promise((done) => { setTimeout(done, LOOK_EVERY_MS); });

/** Wait for a file that is made beside the service, and give where it is. */
async function whenMade(asked, place, making) {
  let made = asked;
  while (made.state !== "done") {
    if (made.state === "failed") throw new ApiError({ status: 503, code: "renderer_failed", detail: "" });
    making(made);
    await pause();
    made = await get(place);
  }
  return made.file;
}

/**
 * Download a file with the session's token, or a holder's, and let the browser save it; `told(received, total)` hears how
 * far it is. Of a file that has to be made first `making(document)` hears how far that is.
 */
export async function download(path, query, { name, token, told = () => {}, making = () => {} }) {
  let response = await respond(withQuery(path, query), { method: "GET", timeout: DOWNLOAD_MS, token });
  if (response.status === ACCEPTED) {
    const file = await whenMade(await response.json(), response.headers.get("Location"), making);
    response = await respond(file, { method: "GET", timeout: DOWNLOAD_MS, token });
  }
  try {
    saveFile(await bodyOf(response, told), nameOf(response.headers.get("Content-Disposition"), name));
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError({ status: 0, code: "offline", detail: "" });
  }
}

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};

/** Upload a file as the form's field `file`, with further `fields`; `told(sent, total)` hears how far it is. */
export function upload(path, file, { fields = {}, told }) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  return new Promise((done, fail) => {
    const call = new XMLHttpRequest(); /* fetch does not tell how much of a body is sent */
    call.open("POST", addressOf(path));
    for (const [name, value] of Object.entries(headersOf({ key: newKey() }))) call.setRequestHeader(name, value);
    call.upload.addEventListener("progress", ({ loaded, total }) => told(loaded, total));
    call.addEventListener("error", () => fail(new ApiError({ status: 0, code: "offline", detail: "" })));
    call.addEventListener("load", () => {
      const body = parsed(call.responseText);
      if (call.status < 300) done(body);
      else fail(problemFrom(call.status, body, call.getResponseHeader("Retry-After")));
    });
    call.send(form);
  }).catch((error) => refused(error));
}
