/* The time line: a row for each crew, all on the same hours, with shift, windows, ways and visits. */
import { itemName, travelsOf, hoursOf } from "./model.js";
import { swatch, styleOf } from "./map.js";
import { kilometres, ORDER_STATES, stretchOf } from "./words.js";
import { apart, h, icon } from "../shared/shell/view.js";
import { timeOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";

const HOUR_MS = 3_600_000;
const BEGUN_ICONS = { en_route: "forward", on_site: "pin", done: "check", failed_visit: "alert" };

/** Where a stretch lies on the time line, as the style of what stands there. */
function at({ from, to }, hours) {
  const share = (moment) => ((moment - hours.from) / (hours.to - hours.from)) * 100;
  const left = Math.max(0, share(from));
  return { left: `${left}%`, width: `${Math.max(0, Math.min(100, share(to)) - left)}%` };
}

const span = (name, stretch, hours, attributes = {}) => h("span", { class: name, "aria-hidden": "true", style: at(stretch, hours), ...attributes });

const momentsOf = ({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) });

function visitText({ crew }, { number, order, id, arrives, starts, leaves }, day) {
  if (!order) return day.labelOf(id);
  return [
    t("{crew} 第 {number} 站", { crew: named(crew), number }), order.reference, order.name, itemName(order.item),
    t("约定 {window}", { window: stretchOf(order.window) }),
    arrives < starts ? t("{time} 到，等候至 {start}", { time: timeOf(arrives), start: timeOf(starts) }) : t("{time} 到", { time: timeOf(starts) }),
    t("{time} 离开", { time: timeOf(leaves) }), ORDER_STATES[order.state],
  ].filter(Boolean).join(" · ");
}

function visit(lane, stop, { day, hours, movable, onChoose }) {
  const begun = stop.place === null;
  const text = visitText(lane, stop, day);
  return h("button", {
    type: "button", class: `visit ${styleOf(lane.index)}`, id: `visit-${stop.id}`, "aria-label": text, title: text,
    "data-order": stop.id, "data-movable": String(movable && !begun), onclick: () => onChoose(stop.id),
    style: at({ from: stop.starts, to: stop.leaves }, hours),
  }, begun ? icon(BEGUN_ICONS[stop.order.state]) : h("span", { class: "visit-number number" }, stop.number),
  h("span", { class: "visit-name" }, apart(stop.order?.name)));
}

function track(lane, { day, hours, ...options }) {
  const { crew, stops } = lane;
  return h("div", { class: "track", "data-lane": crew.code },
    crew.shift && span("shift", momentsOf(crew.shift), hours),
    hourMarks(hours).map((moment) => span("hour-line", { from: moment, to: moment }, hours)),
    stops.filter(({ order }) => order).map((stop) => span(`promised ${styleOf(lane.index)}`, momentsOf(stop.order.window), hours, { "data-of": stop.id })),
    travelsOf(lane).map((way) => span(`travel ${styleOf(lane.index)}`, way, hours)),
    stops.map((stop) => stop.starts > stop.arrives && span("wait", { from: stop.arrives, to: stop.starts }, hours)),
    h("ol", { class: "visits", "aria-label": t("{crew}的上门顺序", { crew: named(crew) }) }, stops.map((stop) => h("li", { key: stop.id }, visit(lane, stop, { day, hours, ...options })))));
}

const hourMarks = ({ from, to }) => Array.from({ length: Math.round((to - from) / HOUR_MS) + 1 }, (_, index) => from + index * HOUR_MS);

function row(lane, options) {
  const { crew, route, stops } = lane;
  const facts = crew.shift
    ? [t("{count} 户", { count: stops.length }), route?.stops.length && kilometres(route.distance_m), stretchOf(crew.shift)]
    : [t("当天不出勤")];
  return h("li", { class: "lane", "data-crew": crew.code, key: crew.code },
    h("div", { class: "lane-head" }, h("h3", { class: "lane-name" }, named(crew)), stops.length > 0 && swatch(lane.index), h("p", { class: "quiet lane-facts number" }, facts.filter(Boolean).join(" · "))),
    track(lane, options));
}

const KEYS = [["key-window", t("约定时间")], ["key-travel", t("在途")], ["key-wait", t("门口等候")], ["key-visit", t("上门办理")], ["key-shift", t("出勤时间")]];

/** The time line of a day; `all` also shows crews that have nothing to do. `hours` tells where a point in it lies. */
export function linesOf(day, { all, movable, onChoose }) {
  const lanes = day.lanes.filter((lane) => all || !lane.idle);
  const hours = hoursOf(lanes, day.orders);
  if (!lanes.length || !hours) return { element: null, hours };
  const axis = h("div", { class: "axis", "aria-hidden": "true" }, h("div", { class: "axis-track" },
    hourMarks(hours).map((moment) => h("span", { class: "hour number", style: at({ from: moment, to: moment }, hours) }, timeOf(moment)))));
  const element = h("div", { class: "lines", role: "region", tabindex: "0", "aria-label": t("各小组时间表") },
    h("div", { class: "lines-inner" }, axis, h("ul", { class: "lanes" }, lanes.map((lane) => row(lane, { day, hours, movable, onChoose })))),
    h("ul", { class: "line-keys" }, KEYS.map(([name, text]) => h("li", {}, h("span", { class: `key-mark ${name}`, "aria-hidden": "true" }), text))));
  return { element, hours };
}
