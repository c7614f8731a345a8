/* The commands of a booking: hold a place, wait for one, confirm. */
import { get } from "../shared/hall/api.js";
import { once } from "../shared/booking/commands.js";
import { booking, change } from "../shared/booking/draft.js";
import { hallNow } from "../shared/shell/clock.js";
import { language } from "../shared/words/i18n.js";

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
