/* What figures are shown of, kept in the address, and the periods between two dates. */
import { dayOf, monthOf } from "../words/format.js";
import { t } from "../words/i18n.js";
import { laterDay } from "../words/days.js";

/** Write a change of the choice into the address. */
export function choose(change) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(change)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  history.replaceState(null, "", `?${query}${location.hash}`);
}

/** The period a date lies in, as the API names it. */
function periodOf(day, by) {
  if (by === "quarter") return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
  return day.slice(0, { day: 10, month: 7, year: 4 }[by]);
}

/** Every period between two dates, those without business too. */
export function periodsOf({ from, to, by }) {
  const found = new Set();
  for (let day = from; day <= to; day = laterDay(day, 1)) found.add(periodOf(day, by));
  return [...found];
}

/** A period in words: "2026年3月2日", "2026年3月", "2026年第1季度", "2026年". */
export function periodWords(period, by) {
  if (by === "day") return dayOf(period);
  if (by === "month") return monthOf(period);
  const [year, quarter] = period.split("-Q");
  return by === "year" ? t("{year}年", { year }) : t("{year}年{quarter}季度", { year, quarter });
}
