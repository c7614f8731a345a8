/* What visitors and staff read of a closure. */
import { laterDay, shortDayOf, weekdayOf } from "./days.js";
import { dateOf, isoDayOf, timeOf } from "./format.js";
import { named, t } from "./i18n.js";

const MIDNIGHT = "00:00";

const dayWords = (day) => `${shortDayOf(day)} ${weekdayOf(day)}`;

/** That something is closed until a moment, and why. */
export const closureWords = (closure, until) =>
  t("临时停办至 {until}：{reason}", { until: `${dateOf(until)} ${timeOf(until)}`, reason: named(closure, "reason") });

/** From when to when, in whole days where it is. */
export function spanOf({ starts_at: starts, until, ends_at: announced, state }) {
  const ends = state === "called_off" ? announced : until;
  const [first, last] = [isoDayOf(starts), isoDayOf(ends)];
  if (timeOf(starts) === MIDNIGHT && timeOf(ends) === MIDNIGHT) {
    const whole = laterDay(last, -1);
    return whole === first ? t("{day} 全天", { day: dayWords(first) }) : t("{first} 至 {last} 全天", { first: dayWords(first), last: dayWords(whole) });
  }
  return `${dayWords(first)} ${timeOf(starts)}–${first === last ? "" : `${shortDayOf(last)} `}${timeOf(ends)}`;
}
