/* The day on a map of our own: a grid of kilometres, each crew's way in a colour and a line of its own, its stops numbered. */
import { h } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";
import { apart, itemName } from "./model.js";

const [WIDTH, HEIGHT, EDGE] = [960, 440, 44];
const STEPS_KM = [0.2, 0.5, 1, 2, 5, 10, 20, 50];
const LEAST_KM = 3;
const LINES = { colours: 5, dashes: 4 };

/** The classes that tell crews apart: twenty pairs of a colour and a line before one comes again. */
export const styleOf = (index) => `crew-colour-${index % LINES.colours} crew-line-${index % LINES.dashes}`;

/** A short line as a crew is drawn, for legends. */
export const swatch = (index) =>
  h("svg", { class: `swatch ${styleOf(index)}`, viewBox: "0 0 36 12", "aria-hidden": "true" }, h("path", { class: "crew-way", d: "M2 6H34" }));

/** How places become points: the middle of all of them in the middle, north up, the same scale both ways. */
function projection(places) {
  const [lats, lons] = [places.map(({ lat }) => lat), places.map(({ lon }) => lon)];
  const middle = { lat: (Math.min(...lats) + Math.max(...lats)) / 2, lon: (Math.min(...lons) + Math.max(...lons)) / 2 };
  const tall = Math.max(LEAST_KM, apart({ lat: Math.min(...lats), lon: middle.lon }, { lat: Math.max(...lats), lon: middle.lon }));
  const wide = Math.max(LEAST_KM, apart({ lat: middle.lat, lon: Math.min(...lons) }, { lat: middle.lat, lon: Math.max(...lons) }));
  const perKm = Math.min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / tall);
  const point = ({ lat, lon }) => ({
    x: WIDTH / 2 + Math.sign(lon - middle.lon) * apart({ lat: middle.lat, lon: middle.lon }, { lat: middle.lat, lon }) * perKm,
    y: HEIGHT / 2 - Math.sign(lat - middle.lat) * apart(middle, { lat, lon: middle.lon }) * perKm,
  });
  return { perKm, point };
}

function grid(perKm) {
  const step = STEPS_KM.find((km) => km * perKm >= 70) ?? STEPS_KM.at(-1);
  const gap = step * perKm;
  const lines = [];
  for (let x = (WIDTH / 2) % gap; x < WIDTH; x += gap) lines.push(`M${x.toFixed(1)} 0V${HEIGHT}`);
  for (let y = (HEIGHT / 2) % gap; y < HEIGHT; y += gap) lines.push(`M0 ${y.toFixed(1)}H${WIDTH}`);
  const [x, y] = [20, HEIGHT - 18];
  return [
    h("path", { class: "map-grid", d: lines.join("") }),
    h("path", { class: "map-scale", d: `M${x} ${y - 6}V${y}H${x + gap}V${y - 6}` }),
    h("text", { class: "map-text", x: x + gap + 8, y: y + 2 }, t("{km} 公里", { km: step })),
    h("path", { class: "map-scale", d: `M${WIDTH - 26} 48V16M${WIDTH - 33} 25L${WIDTH - 26} 16L${WIDTH - 19} 25` }),
    h("text", { class: "map-text", x: WIDTH - 26, y: 64, "text-anchor": "middle" }, t("北")),
  ];
}

/** Points that would hide each other are set side by side. */
function spread(marks) {
  const taken = [];
  for (const mark of marks) {
    while (taken.some(({ x, y }) => Math.hypot(x - mark.x, y - mark.y) < 18)) mark.x += 19;
    taken.push(mark);
  }
}

const titled = (text, ...children) => [h("title", {}, text), children];

function stopMark({ lane, stop, x, y }, onChoose) {
  const text = `${named(lane.crew)} ${stop.number} · ${stop.order.reference} · ${itemName(stop.order.item)}`;
  return h("g", { class: `map-stop ${styleOf(lane.index)}`, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, key: stop.id, onclick: () => onChoose(stop.id) },
    titled(text, h("circle", { r: 11 }), h("text", { class: "map-number", "text-anchor": "middle", dy: "0.36em" }, String(stop.number))));
}

function waitingMark({ order, x, y }, onChoose) {
  return h("g", { class: "map-waiting", transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, key: order.id, onclick: () => onChoose(order.id) },
    titled(`${order.reference} · ${itemName(order.item)}`, h("path", { d: "M0-11L11 0L0 11L-11 0Z" }), h("text", { class: "map-number", "text-anchor": "middle", dy: "0.36em" }, "?")));
}

function way(lane, point) {
  const stops = lane.stops.filter(({ order }) => order?.location);
  if (!stops.length) return null;
  const points = [lane.crew.start, ...stops.map(({ order }) => order.location), lane.crew.start].map(point);
  return h("path", { class: `crew-way ${styleOf(lane.index)}`, d: points.map(({ x, y }, index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("") });
}

const startMark = ({ x, y }) =>
  h("g", { class: "map-start", transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` }, titled(t("出发地"), h("rect", { x: -9, y: -9, width: 18, height: 18, rx: 3 }), h("path", { d: "M-5 1L0-5L5 1M-3 0V5H3V0" })));

function legend(lanes, waiting) {
  return h("ul", { class: "map-legend" },
    lanes.map((lane) => h("li", {}, swatch(lane.index), named(lane.crew))),
    h("li", {}, h("span", { class: "legend-start", "aria-hidden": "true" }), t("出发地")),
    waiting.length > 0 && h("li", {}, h("span", { class: "legend-waiting", "aria-hidden": "true" }), t("未排入的工单")));
}

/** Draw a day; `onChoose(order id)` is called for a stop that is pressed. What it shows, the time line says in text. */
export function mapOf(day, onChoose) {
  const lanes = day.lanes.filter(({ stops }) => stops.length);
  const stops = lanes.flatMap((lane) => lane.stops.filter(({ order }) => order?.location).map((stop) => ({ lane, stop })));
  const waiting = day.waiting.filter(({ order }) => order.location);
  const places = [...stops.map(({ stop }) => stop.order.location), ...waiting.map(({ order }) => order.location)];
  if (!places.length) return null;
  const starts = (lanes.length ? lanes : day.lanes.slice(0, 1)).map(({ crew }) => crew.start);
  const { perKm, point } = projection([...places, ...starts]);
  const unique = [...new Map(starts.map((start) => [`${start.lat} ${start.lon}`, point(start)])).values()];
  const marks = stops.map((each) => ({ ...each, ...point(each.stop.order.location) }));
  const open = waiting.map(({ order }) => ({ order, ...point(order.location) }));
  spread([...unique, ...marks, ...open]);
  const label = t("地图：{crews} 个小组的路线，{stops} 个上门点，{waiting} 个未排入。文字见时间表。", { crews: lanes.length, stops: stops.length, waiting: waiting.length });
  return h("figure", { class: "map" },
    h("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label }, grid(perKm),
      lanes.map((lane) => way(lane, point)), unique.map(startMark),
      open.map((mark) => waitingMark(mark, onChoose)), marks.map((mark) => stopMark(mark, onChoose))),
    legend(lanes, waiting));
}
