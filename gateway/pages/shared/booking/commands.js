/* What whoever books or asks for a visit sends: the proof of the phone, and commands that are carried out once. */
import { command, post } from "../hall/api.js";
import { answered, booking, change, forget, keyFor } from "./draft.js";
import { untilBack } from "../form/form.js";
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
