/* Who works in the hall, by name: for whoever may ask; nobody for all others, who see accounts as they are. */
import { list } from "./api.js";

const AT_ONCE = 500;

let mayAsk = false;
let asked = null;

/** Say whether who is signed in may ask who there is; what another account has been told is forgotten. */
export function letAsk(may) {
  mayAsk = may;
  asked = null;
}

/** The people of the hall, or of the reader's department: {username, name, department}; asked once, nobody where it failed. */
export function people() {
  if (!mayAsk) return Promise.resolve([]);
  asked ??= list("people", { limit: AT_ONCE }).catch(() => {
    asked = null;
    return [];
  });
  return asked;
}

export const peopleByAccount = async () => new Map((await people()).map((each) => [each.username, each]));
