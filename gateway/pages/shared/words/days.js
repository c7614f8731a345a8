/* Dates `YYYY-MM-DD`, which are the hall's own and need no zone. */
import { locale } from "./i18n.js";

const weekdays = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
const shortDays = new Intl.DateTimeFormat(locale, { month: "numeric", day: "numeric", timeZone: "UTC" });
const midnight = (day) => new Date(`${day}T00:00:00Z`);

export const weekdayOf = (day) => weekdays.format(midnight(day));
export const shortDayOf = (day) => shortDays.format(midnight(day));
export const laterDay = (day, count) => new Date(midnight(day).getTime() + count * 86_400_000).toISOString().slice(0, 10);
