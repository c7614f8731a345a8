/* Dragging an order over the time line with a mouse or pen. Fingers and keys use the dialog. */
import { h, made } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";

const FAR_ENOUGH_PX = 6;
const EDGE_PX = 48;
const SCROLL_PX = 24;

/** The lane under a point, and the place in its route by time. */
function placeAt({ clientX, clientY }, order, { day, hours }) {
  const track = document.elementsFromPoint(clientX, clientY).map((each) => each.closest("[data-lane]")).find(Boolean);
  if (!track) return null;
  const box = track.getBoundingClientRect();
  const moment = hours.from + ((clientX - box.left) / box.width) * (hours.to - hours.from);
  const lane = day.lanes.find(({ crew }) => crew.code === track.dataset.lane);
  const others = lane.stops.filter(({ id, place }) => place !== null && id !== order);
  const before = others.filter(({ starts, leaves }) => (starts + leaves) / 2 < moment);
  return { track, place: { order, crew: lane.crew.code, position: before.length }, lane };
}

const isWhereItWas = ({ order, position }, lane) => lane.stops.filter(({ place }) => place !== null)[position]?.id === order;

/** Let what has `data-movable` in `root` be dragged. `context()` is `{day, hours, questions}` while that may be;
 * `onDrop(place, questions)` does it. */
export function draggable(root, { context, onDrop, onState }) {
  const start = (down) => {
    const handle = down.target.closest("[data-movable=true]");
    const now = context();
    if (!now || !handle || down.button !== 0 || down.pointerType === "touch") return;
    follow(handle, down, now);
  };

  function follow(handle, down, { day, hours, questions }) {
    const { order } = handle.dataset;
    const card = made(h("div", { class: "drag-card", role: "status" }));
    let under = null;
    let dragging = false;

    const mark = (found) => {
      for (const each of root.querySelectorAll("[data-feasible]")) delete each.dataset.feasible;
      if (found) found.track.dataset.feasible = "asking";
    };

    const say = async (found) => {
      card.textContent = t("正在核对");
      const answer = await questions.ask(found.place);
      if (under !== found || !dragging) return;
      found.track.dataset.feasible = String(answer.feasible);
      card.dataset.feasible = String(answer.feasible);
      card.textContent = answer.text;
    };

    const over = (event) => {
      const found = placeAt(event, order, { day, hours });
      if (found?.lane.crew.code === under?.lane.crew.code && found?.place.position === under?.place.position) return;
      under = found;
      delete card.dataset.feasible;
      mark(found);
      if (!found) card.textContent = t("拖到小组的时间表上");
      else if (isWhereItWas(found.place, found.lane)) card.textContent = t("原来的位置");
      else say(found);
    };

    const move = (event) => {
      if (!dragging && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < FAR_ENOUGH_PX) return;
      if (!dragging) begin();
      card.style.setProperty("left", `${Math.min(event.clientX + 14, innerWidth - 300)}px`);
      card.style.setProperty("top", `${event.clientY + 16}px`);
      if (event.clientY < EDGE_PX) scrollBy(0, -SCROLL_PX);
      if (event.clientY > innerHeight - EDGE_PX) scrollBy(0, SCROLL_PX);
      over(event);
    };

    const begin = () => {
      dragging = true;
      onState(true);
      handle.classList.add("dragged");
      document.body.append(card);
      addEventListener("click", swallow, { capture: true, once: true }); /* the end of a drag is no press */
    };

    const swallow = (event) => event.stopPropagation();

    const end = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", drop);
      removeEventListener("pointercancel", end);
      removeEventListener("keydown", escape, true);
      setTimeout(() => removeEventListener("click", swallow, { capture: true }));
      handle.classList.remove("dragged");
      mark(null);
      card.remove();
      if (dragging) onState(false);
      dragging = false;
    };

    const drop = () => {
      const found = dragging && under;
      end();
      if (found && !isWhereItWas(found.place, found.lane)) onDrop(found.place, questions);
    };

    const escape = (event) => event.key === "Escape" && end();

    down.preventDefault(); /* no text is marked meanwhile */
    handle.focus();
    addEventListener("pointermove", move);
    addEventListener("pointerup", drop);
    addEventListener("pointercancel", end);
    addEventListener("keydown", escape, true);
  }

  root.addEventListener("pointerdown", start);
}
