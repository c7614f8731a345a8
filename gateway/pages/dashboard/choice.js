/* What figures are shown of, as the address says it: from when to when, in what steps, of which department. */
import { periodWords } from "../shared/charts/period.js";
import { today } from "../shared/shell/clock.js";
import { laterDay } from "../shared/words/days.js";
import { monthDayOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";

const DAYS_IN_A_CHART = 400;
const WEEKS_OF_A_YEAR = 52;

const yearOf = (day) => Number(day.slice(0, 4));
const firstOfMonth = (day, monthsEarlier = 0) => new Date(Date.UTC(yearOf(day), Number(day.slice(5, 7)) - 1 - monthsEarlier, 1)).toISOString().slice(0, 10);

/** The ranges to choose from: their dates, and the steps that suit them. */
export const RANGES = {
  "30d": { text: t("近 30 天"), by: "day", dates: (end) => [laterDay(end, -29), end] },
  "12m": { text: t("近 12 个月"), by: "month", dates: (end) => [firstOfMonth(end, 11), end] },
  year: { text: t("今年"), by: "month", dates: (end) => [`${yearOf(end)}-01-01`, end] },
  last: { text: t("去年"), by: "month", dates: (end) => [`${yearOf(end) - 1}-01-01`, `${yearOf(end) - 1}-12-31`] },
  "5y": { text: t("近 5 年"), by: "quarter", dates: (end) => [`${yearOf(end) - 4}-01-01`, end] },
  own: { text: t("自选"), by: "month", dates: (end) => [firstOfMonth(end), end] },
};
export const STEPS = { day: t("按日"), month: t("按月"), quarter: t("按季"), year: t("按年") };
export const MEASURES = { cases: t("受理量"), tickets: t("取号量") };

const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text ?? "") && !Number.isNaN(Date.parse(text));

/** How many days a choice has. */
export const daysIn = ({ from, to }) => (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
const oneOf = (value, known, otherwise) => (value in known ? value : otherwise);

/** The steps that are possible between two dates: a chart of a thousand days shows nothing. */
export const stepsFor = ({ from, to }) => Object.keys(STEPS).filter((by) => by !== "day" || daysIn({ from, to }) <= DAYS_IN_A_CHART);

/** Read the choice from the address; whatever it says that cannot be is taken as not said. */
export function readChoice() {
  const query = new URLSearchParams(location.search);
  const range = oneOf(query.get("range"), RANGES, "12m");
  const [first, last] = RANGES[range].dates(today());
  const own = range === "own" && isDay(query.get("from")) && isDay(query.get("to")) && query.get("from") <= query.get("to");
  const [from, to] = own ? [query.get("from"), query.get("to")] : [first, last];
  const wanted = oneOf(query.get("by"), STEPS, RANGES[range].by);
  const by = stepsFor({ from, to }).includes(wanted) ? wanted : "month";
  return {
    range, from, to, by,
    measure: oneOf(query.get("measure"), MEASURES, "cases"),
    department: query.get("department") ?? "",
    compare: query.get("compare") !== "no",
  };
}

/** The same dates a year earlier; day by day 52 weeks earlier, so that Mondays stand against Mondays. */
export function yearBefore({ from, to, by }) {
  if (by === "day") return { from: laterDay(from, -7 * WEEKS_OF_A_YEAR), to: laterDay(to, -7 * WEEKS_OF_A_YEAR) };
  const earlier = (day) => `${yearOf(day) - 1}${day.slice(4)}`.replace(/-02-29$/, "-02-28");
  return { from: earlier(from), to: earlier(to) };
}

/** The period of the year before that stands against one. */
export const periodBefore = (period, by) => (by === "day" ? laterDay(period, -7 * WEEKS_OF_A_YEAR) : `${Number(period.slice(0, 4)) - 1}${period.slice(4)}`);

export const isWeekend = (day) => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());

/** A period for the axis of a chart: days without their year. */
export const shortPeriodWords = (period, by) => (by === "day" ? monthDayOf(`${period}T12:00:00Z`) : periodWords(period, by));
