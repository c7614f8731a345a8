/* The hall's time on a phone that may have no connection: as the hall said it last, kept running by the phone's own clock. */
import { hallNow, onHall } from "../shared/shell/clock.js";
import { useZone } from "../shared/words/format.js";

const NAME = "hall-field-clock";
const kept = () => JSON.parse(localStorage.getItem(NAME) ?? "null");

onHall(({ clock, time_zone: zone }) => {
  localStorage.setItem(NAME, JSON.stringify({ shown: hallNow(), device: Date.now(), speed: clock.speed ?? 1, zone }));
});

/** The hall's time in milliseconds. */
export function fieldNow() {
  const last = kept();
  if (last === null) return hallNow() ?? Date.now();
  return hallNow() ?? last.shown + (Date.now() - last.device) * last.speed;
}

/** Read times in the zone the hall said last, until it says it again. */
export function useKeptZone() {
  const last = kept();
  if (last?.zone) useZone(last.zone);
}
