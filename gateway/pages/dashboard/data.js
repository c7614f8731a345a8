/* The figures of the dashboard, asked from the API once for all its parts, and summed up. */
import { get, list } from "../shared/hall/api.js";
import { periodsOf } from "../shared/charts/period.js";
import { daysIn, isWeekend, periodBefore, yearBefore } from "./choice.js";

const ROWS_AT_ONCE = 500;
const DAYS_OF_WAITS = 366; /* the API looks through no more */
const COUNTED = ["cases", "tickets", "served", "missed", "decided", "on_time"];

/** The origins that are services beyond the window, in the three kinds the hall reports. */
const SERVICES = { booked: ["phone", "web"], extended: ["extended"], on_site: ["on_site"] };

const counted = (row, key) => (key === "on_time" ? Math.round((row.on_time ?? 0) * row.decided) : row[key]);

/** Rows of volumes in one: every count, with `on_time` as a count too. */
export const sumOf = (rows) => Object.fromEntries(COUNTED.map((key) => [key, rows.reduce((sum, row) => sum + counted(row, key), 0)]));

export const rateOf = ({ decided, on_time: onTime }) => (decided ? onTime / decided : null);

/** By how much a figure grew, as a share of what it was; null where it was nothing. */
export const growth = (now, before) => (before ? (now - before) / before : null);

/** The periods that have something to be compared with: where the hall has no figures a year before, nothing is said. */
export const comparable = (periods, measure) => periods.filter(({ before }) => before[measure] > 0);

/** Whether each period with business can be compared. */
export const allComparable = (periods, measure) => periods.every(({ sums, before }) => !sums[measure] || before[measure] > 0);

const casesFrom = (rows, origins) => rows.filter(({ group }) => origins.includes(group)).reduce((sum, { cases }) => sum + cases, 0);

/** Cases of the three services among rows by origin: each, all, and their share. */
export function servicesOf(rows) {
  const each = Object.fromEntries(Object.entries(SERVICES).map(([service, origins]) => [service, casesFrom(rows, origins)]));
  const all = Object.values(each).reduce((sum, cases) => sum + cases, 0);
  const { cases } = sumOf(rows);
  return { ...each, all, share: cases ? all / cases : null };
}

function grouped(rows, key) {
  const groups = new Map();
  for (const row of rows) groups.set(row[key], [...(groups.get(row[key]) ?? []), row]);
  return groups;
}

/** Rows by origin as one entry a period, those of the year before beside it. Rest days without business are left out. */
export function periodsWith(choice, rows, rowsBefore) {
  const now = grouped(rows, "period");
  const then = grouped(rowsBefore, "period");
  const worked = (period) => choice.by !== "day" || now.has(period) || !isWeekend(period);
  return periodsOf(choice).filter(worked).map((period) => {
    const own = now.get(period) ?? [];
    const before = then.get(periodBefore(period, choice.by)) ?? [];
    return { period, sums: sumOf(own), services: servicesOf(own), before: sumOf(before) };
  });
}

/** Rows by department or item, whatever their year, as one entry a group. */
export function groupsWith(rows, rowsBefore) {
  const now = grouped(rows, "group");
  const then = grouped(rowsBefore, "group");
  return [...new Set([...now.keys(), ...then.keys()])].map((group) => {
    const own = now.get(group) ?? [];
    return { group, row: own[0] ?? then.get(group)[0], sums: sumOf(own), before: sumOf(then.get(group) ?? []) };
  });
}

/** The questions of a choice; each is asked at most once, whoever needs its answer. */
export function questionsOf(choice) {
  const kept = new Map();
  const once = (name, ask) => () => {
    if (!kept.has(name)) kept.set(name, ask());
    return kept.get(name);
  };
  const { from, to, department } = choice;
  const earlier = yearBefore(choice);
  const group = department ? "item" : "department";
  const volumes = (dates, by, of) => list("statistics/volumes", { ...dates, by, group: of, department, limit: ROWS_AT_ONCE });
  const overtime = async () => (await list("statistics/overtime", { from, to, group: "department", limit: ROWS_AT_ONCE })).filter((row) => !department || row.group === department);
  const waits = async () => {
    if (daysIn(choice) > DAYS_OF_WAITS) return null;
    const rows = await list("statistics/waits", { from, to, group: department ? "department" : "hour", limit: ROWS_AT_ONCE });
    return rows.filter((row) => !department || row.group === department);
  };
  return {
    today: once("today", () => get("statistics/overview")),
    origins: once("origins", () => volumes({ from, to }, choice.by, "origin")),
    originsBefore: once("originsBefore", async () => (choice.compare ? volumes(earlier, choice.by, "origin") : [])),
    groups: once("groups", () => volumes({ from, to }, "year", group)),
    groupsBefore: once("groupsBefore", async () => (choice.compare ? volumes(earlier, "year", group) : [])),
    heat: once("heat", () => list("statistics/heatmap", { from, to, department, limit: ROWS_AT_ONCE })),
    overtime: once("overtime", overtime),
    waits: once("waits", waits),
  };
}
