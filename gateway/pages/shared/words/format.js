/* Times and durations as visitors read them, in the hall's zone. */
import { locale, t } from "./i18n.js";

let zone = "Asia/Shanghai";
let formats = {};

export function useZone(name) {
  zone = name;
  formats = {};
}

function format(name, options) {
  formats[name] ??= new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: "h23", ...options });
  return formats[name];
}

export const timeOf = (moment) => format("time", { hour: "2-digit", minute: "2-digit" }).format(new Date(moment));

export const exactTimeOf = (moment) =>
  format("exact", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(new Date(moment));

export const dateOf = (moment) =>
  format("date", { year: "numeric", month: "long", day: "numeric", weekday: "long" }).format(new Date(moment));

/** "3月2日", "周一" of a moment, for narrow places. */
export const monthDayOf = (moment) => format("monthDay", { month: "short", day: "numeric" }).format(new Date(moment));

export const weekdayOf = (moment) => format("weekday", { weekday: "short" }).format(new Date(moment));

/** "09:00–09:30", which no line break parts. */
export const timesOf = ({ starts_at: starts, ends_at: ends }) => `${timeOf(starts)}\u2060–\u2060${timeOf(ends)}`;

/** "2026年3月2日星期一 09:00–09:30": from when to when an appointment is. */
export const whenOf = (slot) => `${dateOf(slot.starts_at)} ${timesOf(slot)}`;

/** A date `YYYY-MM-DD`, which is the hall's own and needs no zone. */
export const dayOf = (day) =>
  new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));

/** The hall's date of a moment as `YYYY-MM-DD`. */
export const isoDayOf = (moment) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" }).format(new Date(moment));

export const isoTimeOf = (moment) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(new Date(moment));

/** A time of day from the API: "09:00:00" as it stands, a moment in the hall's zone. */
export const clockTimeOf = (value) => (/^\d\d:\d\d/.test(value) ? value.slice(0, 5) : timeOf(value));

export function minutes(seconds) {
  return Math.max(1, Math.round(seconds / 60));
}

/** "6–12 分钟" from an estimate; empty when there is none. */
function waitRange(estimate) {
  if (!estimate) return "";
  const from = minutes(estimate.p50_s);
  const to = minutes(estimate.p90_s);
  if (estimate.p90_s < 60) return t("不到 1 分钟");
  return from === to ? t("约 {minutes} 分钟", { minutes: to }) : t("{from}–{to} 分钟", { from, to });
}

/** What a visitor who waits is told of the wait. */
export function waitOf({ estimate, windows_open: open }) {
  return open === 0 ? t("暂无窗口") : waitRange(estimate) || t("暂时无法预计");
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "—";
  if (seconds < 60) return t("{seconds} 秒", { seconds: Math.round(seconds) });
  return t("{minutes} 分钟", { minutes: minutes(seconds) });
}

/** "03:25", "1:03:25": a running stopwatch. */
export function stopwatch(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${parts.join(":")}` : parts.join(":");
}

/** "9 分 5 秒": what is left of a time, which nobody takes for a time of day. */
export function leftWords(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return t("{minutes} 分 {seconds} 秒", { minutes: Math.floor(whole / 60), seconds: whole % 60 });
}

export const count = (value) =>
  value === null || value === undefined ? "—" : new Intl.NumberFormat(locale).format(value);

export const share = (value, digits = 1) =>
  value === null || value === undefined
    ? "—"
    : new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: digits }).format(value);

export function timeLimit(days) {
  if (days === 0) return t("当场办结");
  return t("{days} 个工作日", { days });
}

/** "2026年3月" of a month `YYYY-MM`. */
export const monthOf = (month) =>
  new Intl.DateTimeFormat(locale, { year: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${month}-01T00:00:00Z`));

/** "+3.2%": by how much something grew. */
export const signedShare = (value) =>
  value === null || value === undefined
    ? "—"
    : new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(value);

/** Hours to a tenth, of minutes. */
export const hours = (minutes) => new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(minutes / 60);

/** "2026年3月2日 09:05": a moment in the hall's zone. */
export const whenWords = (moment) =>
  format("moment", { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(new Date(moment));

/** Several names in a line. */
export const inLine = (names) => names.join(t("、"));
