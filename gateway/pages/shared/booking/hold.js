/* The commands of a booking: prove the phone, hold a place, wait for one, confirm. */
import { command, get, post } from "../hall/api.js";
import { answered, booking, change, forget, keyFor } from "./draft.js";
import { hallNow } from "../shell/clock.js";
import { untilBack } from "../form/form.js";
import { language } from "../words/i18n.js";
import { openSession } from "../shell/session.js";

const session = openSession("hall-visitor", { storage: sessionStorage, expired: () => change({ proved: null }) });

/** Send a one-time code to a phone. */
export async function sendCode(phone) {
  const answer = await post("auth/otp", { phone }, { anonymous: true });
  change({ codeSentAt: Date.now(), phone, challenge: answer.challenge });
  return answer;
}

/** Sign in as the phone's holder. */
export async function prove(phone, otp) {
  const { challenge } = booking();
  session.keep(await post("auth/token", { phone, otp, ...(challenge ? { challenge } : {}) }, { anonymous: true }));
  change({ proved: phone });
}

export const isProved = (phone) => booking().proved === phone && session.token() !== null;

/** Forget what was typed and who was proved here, and show what came of it at `path`. */
export function finish(path) {
  forget();
  session.forget();
  location.replace(path);
  return untilBack();
}

/** Send a command that a repeat carries out once; a refusal, too, is an answer. */
export async function once(path, body = undefined, { token } = {}) {
  try {
    const answer = await command(path, body, { key: keyFor(path, body), token });
    answered();
    return answer;
  } catch (error) {
    if (!error.unanswered) answered();
    throw error;
  }
}

const person = () => ({ name: booking().name, phone: booking().phone, language });
const addressOf = ({ id }) => `appointments/${encodeURIComponent(id)}`;
const holdsWhatIsWanted = ({ held, slot, item, name, phone }) =>
  held && JSON.stringify(held.of) === JSON.stringify([slot.id, item, name, phone]) && Date.parse(held.held_until) > hallNow();

/** Hold the chosen place, unless it is held already; a place held before is given back. */
export async function hold() {
  if (holdsWhatIsWanted(booking())) return;
  await release();
  const { slot, item, name, phone } = booking();
  const { id, token, held_until } = await once("appointments", { slot: slot.id, item, ...person(), channel: "web" });
  change({ held: { id, token, held_until, slot, of: [slot.id, item, name, phone] } });
}

async function release() {
  const { held } = booking();
  if (!held) return;
  const { state } = await get(addressOf(held), {}, { token: held.token });
  if (state === "held") await once(`${addressOf(held)}/cancel`, undefined, { token: held.token });
  change({ held: null });
}

export const lookAtHeld = () => get(addressOf(booking().held), {}, { token: booking().held.token });

/** Book the held place. Whoever confirmed it already, here or elsewhere, has it. */
export async function confirm() {
  const { held } = booking();
  try {
    return await once(`${addressOf(held)}/confirm`, undefined, { token: held.token });
  } catch (error) {
    const now = error.code === "illegal_transition" ? await get(addressOf(held), {}, { token: held.token }) : null;
    if (now?.state !== "booked") throw error;
    return now;
  }
}

/** Go on the waitlist; a place that is held meanwhile is given back. */
export async function joinWaitlist() {
  await release();
  return once("waitlist", { item: booking().item, ...booking().wish, ...person() });
}
