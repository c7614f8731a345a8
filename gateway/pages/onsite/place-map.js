/* A place on a plain grid of kilometres around the hall: set by a tap, by dragging the marker, by arrow keys or by the
 * phone's own position. */
import { h, icon } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";
import { Component, createRef } from "../shared/vendor/preact.js";

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

function gridLines() {
  const at = Array.from({ length: LINES + 1 }, (_, index) => (index * SIDE) / LINES);
  return at.flatMap((each) => [
    h("line", { x1: each, x2: each, y1: 0, y2: SIDE, class: "map-line" }),
    h("line", { y1: each, y2: each, x1: 0, x2: SIDE, class: "map-line" }),
  ]);
}

const marker = ({ x, y }) => h("g", { class: "map-marker", transform: `translate(${x} ${y})` },
  h("path", { d: "M0 0C-14 -18 -16 -24 -16 -30A16 16 0 1 1 16 -30C16 -24 14 -18 0 0Z" }), h("circle", { cy: -30, r: 6 }));

const hallMark = ({ x, y }) => h("g", { class: "map-hall", transform: `translate(${x} ${y})` },
  h("rect", { x: -8, y: -8, width: 16, height: 16, rx: 3 }), h("text", { y: 26 }, t("大厅")));

const position = () => new Promise((done, failed) => {
  if (!navigator.geolocation) return failed(new Error("no position"));
  return navigator.geolocation.getCurrentPosition(({ coords }) => done({ lat: coords.latitude, lon: coords.longitude }), failed, { enableHighAccuracy: true, timeout: 10_000 });
});

const inside = (value) => Math.min(SIDE, Math.max(0, value));
const isInSight = ({ x, y }) => x > 0 && x < SIDE && y > 0 && y < SIDE;

/** The map. `hall` is where it begins, `place` what is set first; `choose(place)` hears of each change. */
export class PlaceMap extends Component {
  state = { chosen: this.props.place, centre: this.props.place ?? this.props.hall, level: FIRST_SPAN, dragging: false, lost: false };
  #canvas = createRef();

  #kmPerUnit = () => SPANS_KM[this.state.level] / SIDE;

  #spot(where) {
    const { east, north } = offset(this.state.centre, where);
    return { x: SIDE / 2 + east / this.#kmPerUnit(), y: SIDE / 2 - north / this.#kmPerUnit() };
  }

  #placeAt = ({ x, y }) => moved(this.state.centre, { east: (x - SIDE / 2) * this.#kmPerUnit(), north: (SIDE / 2 - y) * this.#kmPerUnit() });

  /** The point of the grid under the pointer; the grid is a square in the middle of what may be wider. */
  #pointAt({ clientX, clientY }) {
    const { left, top, width, height } = this.#canvas.current.getBoundingClientRect();
    const side = Math.min(width, height);
    return { x: ((clientX - left - (width - side) / 2) / side) * SIDE, y: ((clientY - top - (height - side) / 2) / side) * SIDE };
  }

  #set(chosen, { centre = isInSight(this.#spot(chosen)) ? this.state.centre : chosen, level = this.state.level } = {}) {
    this.setState({ chosen, centre, level, lost: false });
    this.props.choose({ lat: Number(chosen.lat.toFixed(6)), lon: Number(chosen.lon.toFixed(6)) });
  }

  #zoom(step) {
    const level = Math.min(SPANS_KM.length - 1, Math.max(0, this.state.level + step));
    this.setState({ level, centre: this.state.chosen ?? this.props.hall, lost: false });
  }

  #locate = async () => {
    this.setState({ lost: false });
    try {
      const here = await position();
      this.#set(here, { centre: here, level: 1 });
    } catch {
      this.setState({ lost: true });
    }
  };

  #hold = (down) => {
    if (!down.target.closest(".map-marker")) return;
    down.preventDefault(); /* neither a scroll nor a selection begins here */
    down.currentTarget.focus({ preventScroll: true });
    this.#drag(down.currentTarget, down);
  };

  /** Let the marker follow a pointer; its point keeps the distance that the finger has to it. */
  #drag(board, down) {
    const [start, tip, until] = [this.#pointAt(down), this.#spot(this.state.chosen), new AbortController()];
    const swallow = (event) => event.stopPropagation();
    let last = null;
    const follow = (event) => {
      const { x, y } = this.#pointAt(event);
      last = this.#placeAt({ x: inside(tip.x + x - start.x), y: inside(tip.y + y - start.y) });
      this.setState({ chosen: last, lost: false });
    };
    const end = () => {
      until.abort();
      this.setState({ dragging: false });
      if (!last) return;
      addEventListener("click", swallow, { capture: true }); /* the end of a drag is no tap */
      setTimeout(() => removeEventListener("click", swallow, { capture: true }));
      this.#set(last);
    };
    const heard = { signal: until.signal };
    this.setState({ dragging: true });
    board.setPointerCapture(down.pointerId);
    board.addEventListener("pointermove", follow, heard);
    board.addEventListener("pointerup", end, heard);
    board.addEventListener("pointercancel", end, heard);
  }

  #press = (event) => {
    if (event.key === "+" || event.key === "-") return this.#zoom(event.key === "+" ? -1 : 1);
    const step = STEPS[event.key];
    if (!step && event.key !== "Enter") return undefined;
    event.preventDefault();
    const { chosen, centre, level } = this.state;
    if (!chosen) return this.#set(centre);
    const km = step ? SPANS_KM[level] / LINES / (event.shiftKey ? 1 : 4) : 0;
    return step && this.#set(moved(chosen, { east: step[0] * km, north: step[1] * km }));
  };

  #zoomButton = (step, label, sign, disabled) =>
    h("button", { type: "button", class: "button map-zoom", "aria-label": label, disabled, onclick: () => this.#zoom(step) }, sign);

  render({ hall }, { chosen, level, dragging, lost }) {
    return h("div", { class: "place-map" },
      h("div", {
        class: dragging ? "map-board dragging" : "map-board", tabindex: "0", role: "application", "aria-describedby": "map-said map-hint location-error",
        "aria-label": t("地图：上门的地点"), onclick: (event) => this.#set(this.#placeAt(this.#pointAt(event))), onpointerdown: this.#hold, onkeydown: this.#press,
      },
      h("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true", class: "map-canvas", ref: this.#canvas },
        gridLines(), hallMark(this.#spot(hall)), chosen && marker(this.#spot(chosen)))),
      h("div", { class: "map-bar" },
        this.#zoomButton(-1, t("放大地图"), "＋", level === 0), this.#zoomButton(1, t("缩小地图"), "－", level === SPANS_KM.length - 1),
        h("span", { class: "map-scale number" }, t("一格 {km} 公里", { km: SPANS_KM[level] / LINES })),
        h("button", { type: "button", class: "button map-locate", onclick: this.#locate }, icon("pin"), t("用手机定位"))),
      h("p", { class: "map-said", id: "map-said", role: "status" }, lost
        ? [icon("alert"), t("手机没有给出位置，请在图上点。")]
        : [icon("pin"), chosen ? fromHall(hall, chosen) : t("还没有标出地点")]),
      h("p", { class: "quiet field-hint", id: "map-hint" }, t("点一下标出地点，标记可以拖动。"),
        h("span", { class: "map-keys" }, t("键盘用方向键移动，加 Shift 走一格，＋ － 缩放。"))));
  }
}
