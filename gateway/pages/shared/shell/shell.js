/* What every page does first. */
import { startClock } from "./clock.js";
import { keepPlaceOnLanguageChange } from "../words/i18n.js";

/** Start the clock and the language switch; resolves with the hall, for a page that is not `patient` perhaps with null. */
export function startShell(options) {
  keepPlaceOnLanguageChange();
  return startClock(options);
}
