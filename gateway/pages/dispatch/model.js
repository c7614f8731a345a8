/* A day as the dispatcher's views show it: orders, crews and a plan put together. */
import { get, list } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { departmentsByCode } from "../shared/hall/directory.js";
import { named, t } from "../shared/words/i18n.js";

const PLANNABLE = ["screened", "scheduled", "assigned"];
const BEGUN = ["en_route", "on_site", "done", "failed_visit"];
const HOUR_MS = 3_600_000;
const items = new Map();

async function knowItems(codes) {
  const unknown = [...new Set(codes)].filter((code) => !items.has(code));
  const found = await Promise.all(unknown.map((code) => get(`items/${encodeURIComponent(code)}`).catch(() => ({ code, name: code }))));
  for (const item of found) items.set(item.code, item);
}

export const itemName = (code) => named(items.get(code)) || code;

/** Ask for a date's orders, crews and plans, today also for what is left over; `chosen` is the plan to look at, the newest
 * when there is no such. */
export async function loadDay(date, chosen = null) {
  const [orders, overdue, crews, plans, departments] = await Promise.all([
    list("onsite-orders", { date, limit: 500 }),
    date === today() ? list("onsite-orders/overdue", { limit: 500 }) : [],
    list("crews", { date, limit: 500 }),
    get("dispatch-plans", { date, limit: 50 }),
    departmentsByCode(),
  ]);
  const info = plans.items.find(({ id }) => id === chosen) ?? plans.items[0] ?? null;
  const [plan] = await Promise.all([info && get(`dispatch-plans/${info.id}`), knowItems([...orders, ...overdue].map(({ item }) => item))]);
  return dayOf({ date, orders, overdue, crews, plans: plans.items, departments, plan });
}

/** The same day with another plan in view. */
export const withPlan = (day, plan) => dayOf({ ...day, plan });

function dayOf(day) {
  const byId = new Map(day.orders.map((order) => [order.id, order]));
  const crewBy = new Map(day.crews.map((crew) => [crew.code, crew]));
  const labelOf = (id) => (byId.has(id) ? `${byId.get(id).reference} ${byId.get(id).name ?? ""}`.trim() : t("不明工单"));
  const over = new Set(day.overdue.map(({ id }) => id));
  const full = { ...day, byId, crewBy, labelOf, over, toScreen: day.orders.filter(({ id, state }) => state === "requested" && !over.has(id)), crewName: (code) => named(crewBy.get(code)) || code };
  return { ...full, lanes: lanesOf(full), waiting: waitingOf(full) };
}

export const canDo = (crew, order) => crew.skills.departments.includes(order.department) || crew.skills.items.includes(order.item);

const isFuture = ({ state }) => PLANNABLE.includes(state);

/** The crews in their order, those with something to do first; `idle` ones neither drive nor could. */
function lanesOf(day) {
  const routes = new Map((day.plan?.routes ?? []).map((route) => [route.crew, route]));
  const wanted = day.orders.filter(isFuture);
  const lanes = day.crews.map((crew) => laneOf(day, crew, routes.get(crew.code) ?? null, wanted));
  const shown = lanes.filter(({ stops, crew, idle }) => stops.length || crew.shift || !idle);
  return shown.sort((a, b) => a.idle - b.idle).map((lane, index) => ({ ...lane, index }));
}

function laneOf(day, crew, route, wanted) {
  const planned = (route?.stops ?? []).map((stop, place) => ({
    order: day.byId.get(stop.order) ?? null, id: stop.order, place, sets: Date.parse(stop.arrives_at) - (stop.travel_s ?? 0) * 1000,
    arrives: Date.parse(stop.arrives_at), starts: Date.parse(stop.starts_at), leaves: Date.parse(stop.leaves_at),
  }));
  const known = new Set(planned.map(({ id }) => id));
  const begun = day.orders.filter((order) => order.crew === crew.code && BEGUN.includes(order.state) && order.arrives_at && !known.has(order.id));
  const stops = [...begun.map(begunStop), ...planned].sort((a, b) => a.starts - b.starts);
  return { crew, route, stops: stops.map((stop, index) => ({ ...stop, number: index + 1 })), idle: !stops.length && !wanted.some((order) => canDo(crew, order)) };
}

function begunStop(order) {
  const starts = Date.parse(order.arrived_at ?? order.ended_at ?? order.arrives_at);
  const leaves = Date.parse(order.ended_at ?? order.leaves_at);
  return { order, id: order.id, place: null, sets: Date.parse(order.departed_at), arrives: starts, starts, leaves: Math.max(leaves, starts) };
}

/** Orders in no route, each with the reason that binds; "later" for one that came after the plan was made. */
function waitingOf(day) {
  const driven = new Set((day.plan?.routes ?? []).flatMap(({ stops }) => stops.map(({ order }) => order)));
  const reasons = new Map((day.plan?.unserved ?? []).map(({ order, reason }) => [order, reason]));
  return day.orders
    .filter((order) => isFuture(order) && !driven.has(order.id) && !day.over.has(order.id))
    .map((order) => ({ order, reason: reasons.get(order.id) ?? null }));
}

export const total = (plan) => ({
  stops: plan.routes.reduce((sum, { stops }) => sum + stops.length, 0),
  metres: plan.routes.reduce((sum, route) => sum + route.distance_m, 0),
  crews: plan.routes.filter(({ stops }) => stops.length).length,
});

/** Distance as the crow flies in kilometres; good enough to place points (a plane, not a sphere). */
export function apart(a, b) {
  const north = (b.lat - a.lat) * 111.2;
  const east = (b.lon - a.lon) * 111.2 * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.hypot(north, east);
}

/** From when until when a crew travels: to each stop, and home at last. */
export function travelsOf({ route, stops }) {
  const ways = stops.map(({ sets, arrives }) => ({ from: sets, to: arrives }));
  const planned = stops.filter(({ place }) => place !== null);
  if (!planned.length) return ways;
  return [...ways, { from: planned.at(-1).leaves, to: planned[0].sets + route.duration_s * 1000 }];
}

/** The whole hours that a day's shifts, windows and visits lie within, as `{from, to}` in milliseconds. */
export function hoursOf(lanes, orders) {
  const shifts = lanes.filter(({ crew }) => crew.shift).flatMap(({ crew }) => [Date.parse(crew.shift.from), Date.parse(crew.shift.to)]);
  const moments = [...shifts, ...lanes.flatMap((lane) => travelsOf(lane).flatMap(({ from, to }) => [from, to])),
    ...lanes.flatMap(({ stops }) => stops.flatMap(({ starts, leaves }) => [starts, leaves]))];
  const all = moments.length ? moments : orders.flatMap(({ window }) => [Date.parse(window.from), Date.parse(window.to)]);
  if (!all.length) return null;
  return { from: Math.floor(Math.min(...all) / HOUR_MS) * HOUR_MS, to: Math.ceil(Math.max(...all) / HOUR_MS) * HOUR_MS };
}
