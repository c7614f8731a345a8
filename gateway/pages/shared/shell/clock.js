/* The hall's clock and state: asked from the gateway, kept running here, asked again every minute. */
import { ApiError, get } from "../hall/api.js";
import { untilAnswered } from "../hall/connection.js";
import { clockTimeOf, dateOf, exactTimeOf, isoDayOf, isoTimeOf, timeOf, useZone } from "../words/format.js";
import { $, icon, show } from "./view.js";
import { named, t } from "../words/i18n.js";

const ASK_AGAIN_MS = 60_000;
const TICK_MS = 1_000;
const NOT_SET_UP = "hall_not_loaded";

let base = null;
let hall = null;
const listeners = [];

/** The hall's time in milliseconds; null before the gateway answered. */
export function hallNow() {
  return base ? base.shown + (performance.now() - base.asked) * base.speed : null;
}

/** The hall's date as `YYYY-MM-DD`; this machine's before the gateway answered. */
export const today = () => isoDayOf(hallNow() ?? Date.now());

/** Seconds of the hall's time since a moment, never below zero. */
export const secondsSince = (moment) => Math.max(0, (hallNow() - Date.parse(moment)) / 1000);

/** Seconds of the hall's time until a moment, never below zero. */
export const secondsUntil = (moment) => Math.max(0, (Date.parse(moment) - hallNow()) / 1000);

/** The closure of the whole hall that is on at its own time, of several the one that ends last. */
export const closureNow = ({ today }) =>
  (today?.closures ?? []).filter(({ starts_at, ends_at }) => Date.parse(starts_at) <= hallNow() && hallNow() < Date.parse(ends_at))
    .sort((one, other) => Date.parse(other.ends_at) - Date.parse(one.ends_at))[0];

/** Whether the hall is open at its own time: between opening and closing, not in a break, and not closed for a time. */
export function isOpen({ today }) {
  if (!today?.working || !today.opens || closureNow({ today })) return false;
  const now = isoTimeOf(hallNow()).slice(-5);
  const within = (from, to) => clockTimeOf(from) <= now && now < clockTimeOf(to);
  return within(today.opens, today.closes) && !(today.breaks ?? []).some(({ starts, ends }) => within(starts, ends));
}

/** Call `listener(hall)` with each answer about the hall. */
export function onHall(listener) {
  listeners.push(listener);
  if (hall) listener(hall);
}

async function ask() {
  const asked = performance.now();
  const answer = await get("hall", {}, { anonymous: true, patient: false }).catch(sayNotSetUp); /* how long one answer took tells the time */
  const midway = (asked + performance.now()) / 2; /* half of the round trip lies before the answer's moment */
  useZone(answer.time_zone);
  base = { shown: Date.parse(answer.now), asked: midway, speed: answer.clock?.speed ?? 1 };
  hall = answer;
  paintHall();
  tick();
  for (const listener of listeners) listener(hall);
}

/** A hall that nobody has named yet has no time either; where that is done is said on each page. */
function sayNotSetUp(error) {
  $("not-set-up").hidden = error.code !== NOT_SET_UP;
  throw error;
}

function paintHall() {
  $("not-set-up").hidden = true;
  for (const element of document.querySelectorAll("[data-hall-name]")) element.textContent = named(hall);
  $("clock-strip").hidden = hall.clock.mode === "real";
}

function stripText(now) {
  const speed = base.speed === 1 ? "" : t("（{speed} 倍速）", { speed: base.speed });
  return t("演示时钟：大厅时间 {date} {time}{speed}，非真实时间", { date: dateOf(now), time: timeOf(now), speed });
}

function tick() {
  const now = hallNow();
  if (now === null) return;
  for (const element of document.querySelectorAll("[data-clock-time]")) {
    element.textContent = "clockSeconds" in element.dataset ? exactTimeOf(now) : timeOf(now);
  }
  for (const element of document.querySelectorAll("[data-clock-date]")) element.textContent = dateOf(now);
  if (!$("clock-strip").hidden) show($("clock-strip"), icon("clock"), stripText(now));
}

/** Start the clock; resolves with the hall once it has answered, with null where it is not set up. A page that is not `patient`
 * goes on without an answer. */
export async function startClock({ patient = true } = {}) {
  setInterval(tick, TICK_MS);
  const again = () => ask().catch(() => null);
  const isAway = (error) => error instanceof ApiError && error.code !== NOT_SET_UP;
  const first = () => untilAnswered(ask, isAway).catch((error) => {
    if (error.code !== NOT_SET_UP) throw error;
  });
  await (patient ? first() : again());
  setInterval(again, ASK_AGAIN_MS);
  return hall;
}
