/* What every page does first. */
import { startClock } from "./clock.js";
import { keepPlaceOnLanguageChange } from "./i18n.js";

/** Start the clock and the language switch; resolves with the hall, or null while the gateway is away. */
export function startShell() {
  keepPlaceOnLanguageChange();
  return startClock();
}
