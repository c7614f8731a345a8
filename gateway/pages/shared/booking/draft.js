/* A booking under way, kept in this tab: a reload loses nothing, closing the tab everything. */
import { newKey } from "../hall/api.js";

const NAME = "hall-booking";
const EMPTY = { text: "", item: null, slot: null, wish: null, name: "", phone: "", proved: null, codeSentAt: 0, held: null, sent: null };

let draft = { ...EMPTY, ...JSON.parse(sessionStorage.getItem(NAME) ?? "{}") };

export const booking = () => draft;

export function change(part) {
  draft = { ...draft, ...part };
  sessionStorage.setItem(NAME, JSON.stringify(draft));
}

/** Choose an item; times chosen for another one are dropped. */
export function chooseItem(item) {
  if (item !== draft.item) change({ item, slot: null, wish: null });
}

export function forget() {
  draft = EMPTY;
  sessionStorage.removeItem(NAME);
}

/** The key to send a command with: the same until it is answered, also after a reload. */
export function keyFor(path, body) {
  const what = JSON.stringify([path, body]);
  if (draft.sent?.what !== what) change({ sent: { what, key: newKey() } });
  return draft.sent.key;
}

/** The command was answered: the next one is another. */
export const answered = () => change({ sent: null });
