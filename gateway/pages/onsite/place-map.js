/* A place on a plain grid of kilometres around the hall: set by a tap, by dragging the marker, by arrow keys or by the
 * phone's own position. */
import { h, icon, show } from "../shared/shell/dom.js";
import { t } from "../shared/words/i18n.js";

const SVG = "http://www.w3.org/2000/svg";
const SIDE = 400;
const SPANS_KM = [1, 2, 4, 10, 20, 40, 80];
const FIRST_SPAN = 4;
const LINES = 8;
/* Kilometres in a degree of latitude, and of longitude on the equator (WGS 84). */
const LAT_KM = 110.57;
const LON_KM = 111.32;
const STEPS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const DIRECTIONS = [t("北"), t("东北"), t("东"), t("东南"), t("南"), t("西南"), t("西"), t("西北")];

const lonKm = (lat) => LON_KM * Math.cos((lat * Math.PI) / 180);

/** How far east and north of a place another lies, in kilometres. */
const offset = (from, to) => ({ east: (to.lon - from.lon) * lonKm(from.lat), north: (to.lat - from.lat) * LAT_KM });

const moved = ({ lat, lon }, { east, north }) => ({
  lat: Math.min(85, Math.max(-85, lat + north / LAT_KM)),
  lon: Math.min(180, Math.max(-180, lon + east / lonKm(lat))),
});

/** "大厅东北 3.2 公里" */
function fromHall(hall, place) {
  const { east, north } = offset(hall, place);
  const km = Math.hypot(east, north);
  if (km < 0.05) return t("在大厅");
  const turn = (Math.round(Math.atan2(east, north) / (Math.PI / 4)) + 8) % 8;
  return t("大厅{direction} {km} 公里", { direction: DIRECTIONS[turn], km: km.toFixed(1) });
}

function shape(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function gridLines() {
  const at = Array.from({ length: LINES + 1 }, (_, index) => (index * SIDE) / LINES);
  return at.flatMap((each) => [
    shape("line", { x1: each, x2: each, y1: 0, y2: SIDE, class: "map-line" }),
    shape("line", { y1: each, y2: each, x1: 0, x2: SIDE, class: "map-line" }),
  ]);
}

const marker = ({ x, y }) => shape("g", { class: "map-marker", transform: `translate(${x} ${y})` },
  shape("path", { d: "M0 0C-14 -18 -16 -24 -16 -30A16 16 0 1 1 16 -30C16 -24 14 -18 0 0Z" }), shape("circle", { cy: -30, r: 6 }));

const hallMark = ({ x, y }) => shape("g", { class: "map-hall", transform: `translate(${x} ${y})` },
  shape("rect", { x: -8, y: -8, width: 16, height: 16, rx: 3 }), shape("text", { y: 26 }, t("大厅")));

const position = () => new Promise((done, failed) => {
  if (!navigator.geolocation) return failed(new Error("no position"));
  return navigator.geolocation.getCurrentPosition(({ coords }) => done({ lat: coords.latitude, lon: coords.longitude }), failed, { enableHighAccuracy: true, timeout: 10_000 });
});

/** Make the map. `hall` is where it begins, `place` what is set already; `choose(place)` hears of each change. */
export function placeMap({ hall, place = null, choose }) {
  let chosen = place;
  let level = FIRST_SPAN;
  let centre = place ?? hall;
  const canvas = shape("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true", class: "map-canvas" });
  const board = h("div", {
    class: "map-board", tabindex: "0", role: "application", "aria-describedby": "map-said map-hint location-error", "aria-label": t("地图：上门的地点"),
  }, canvas);
  const said = h("p", { class: "map-said", id: "map-said", role: "status" });
  const scale = h("span", { class: "map-scale number" });
  const [nearer, farther] = [-1, 1].map((step) =>
    h("button", { type: "button", class: "button map-zoom", "aria-label": step < 0 ? t("放大地图") : t("缩小地图"), onclick: () => zoom(step) }, step < 0 ? "＋" : "－"));

  const kmPerUnit = () => SPANS_KM[level] / SIDE;
  const spot = (where) => {
    const { east, north } = offset(centre, where);
    return { x: SIDE / 2 + east / kmPerUnit(), y: SIDE / 2 - north / kmPerUnit() };
  };
  const isInSight = ({ x, y }) => x > 0 && x < SIDE && y > 0 && y < SIDE;

  function paint() {
    canvas.replaceChildren(...gridLines(), hallMark(spot(hall)), ...(chosen ? [marker(spot(chosen))] : []));
    scale.textContent = t("一格 {km} 公里", { km: SPANS_KM[level] / LINES });
    nearer.disabled = level === 0;
    farther.disabled = level === SPANS_KM.length - 1;
    show(said, icon("pin"), chosen ? fromHall(hall, chosen) : t("还没有标出地点"));
  }

  function set(where) {
    chosen = where;
    if (!isInSight(spot(chosen))) centre = chosen;
    paint();
    choose({ lat: Number(chosen.lat.toFixed(6)), lon: Number(chosen.lon.toFixed(6)) });
  }

  function zoom(step) {
    level = Math.min(SPANS_KM.length - 1, Math.max(0, level + step));
    centre = chosen ?? hall;
    paint();
  }

  async function locate() {
    try {
      const here = await position();
      level = 1;
      centre = here;
      set(here);
    } catch {
      show(said, icon("alert"), t("手机没有给出位置，请在图上点。"));
    }
  }

  /** The point of the grid under the pointer; the grid is a square in the middle of what may be wider. */
  function pointAt({ clientX, clientY }) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const side = Math.min(width, height);
    return { x: ((clientX - left - (width - side) / 2) / side) * SIDE, y: ((clientY - top - (height - side) / 2) / side) * SIDE };
  }

  const placeAt = ({ x, y }) => moved(centre, { east: (x - SIDE / 2) * kmPerUnit(), north: (SIDE / 2 - y) * kmPerUnit() });
  const inside = (value) => Math.min(SIDE, Math.max(0, value));

  board.addEventListener("click", (event) => set(placeAt(pointAt(event))));
  board.addEventListener("pointerdown", (down) => {
    if (!down.target.closest(".map-marker")) return;
    down.preventDefault(); /* neither a scroll nor a selection begins here */
    board.focus({ preventScroll: true });
    drag(down);
  });

  /** Let the marker follow a pointer; its point keeps the distance that the finger has to it. */
  function drag(down) {
    const [start, tip, until] = [pointAt(down), spot(chosen), new AbortController()];
    const swallow = (event) => event.stopPropagation();
    let last = null;
    const follow = (event) => {
      const { x, y } = pointAt(event);
      last = placeAt({ x: inside(tip.x + x - start.x), y: inside(tip.y + y - start.y) });
      chosen = last;
      paint();
    };
    const end = () => {
      until.abort();
      board.classList.remove("dragging");
      if (!last) return;
      addEventListener("click", swallow, { capture: true }); /* the end of a drag is no tap */
      setTimeout(() => removeEventListener("click", swallow, { capture: true }));
      set(last);
    };
    const heard = { signal: until.signal };
    board.classList.add("dragging");
    board.setPointerCapture(down.pointerId);
    board.addEventListener("pointermove", follow, heard);
    board.addEventListener("pointerup", end, heard);
    board.addEventListener("pointercancel", end, heard);
  }

  board.addEventListener("keydown", (event) => {
    if (event.key === "+" || event.key === "-") return zoom(event.key === "+" ? -1 : 1);
    const step = STEPS[event.key];
    if (!step && event.key !== "Enter") return undefined;
    event.preventDefault();
    if (!chosen) return set(centre);
    const km = step ? SPANS_KM[level] / LINES / (event.shiftKey ? 1 : 4) : 0;
    return step && set(moved(chosen, { east: step[0] * km, north: step[1] * km }));
  });
  paint();
  return h("div", { class: "place-map" }, board,
    h("div", { class: "map-bar" }, nearer, farther, scale,
      h("button", { type: "button", class: "button map-locate", onclick: locate }, icon("pin"), t("用手机定位"))),
    said,
    h("p", { class: "quiet field-hint", id: "map-hint" }, t("点一下标出地点，标记可以拖动。"),
      h("span", { class: "map-keys" }, t("键盘用方向键移动，加 Shift 走一格，＋ － 缩放。"))));
}
