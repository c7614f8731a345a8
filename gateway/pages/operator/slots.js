/* Free places at a glance: days across, times down; arrow keys walk (a grid, WAI-ARIA 1.2). */
import { get } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { h, icon } from "../shared/shell/view.js";
import { isoDayOf, timeOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { laterDay, shortDayOf, weekdayOf } from "../shared/words/days.js";
import { problemWords } from "./words.js";
import { empty, failed, loading } from "../shared/shell/states.js";

const DAYS = 14;
const LAST_PART = 1; /* slots are made four weeks ahead */

const NO_GRID = { days: [], times: [], slots: new Map() };

/* The last place, or a quarter of them: say so before somebody else takes it. */
const isFew = ({ free, capacity }) => free === 1 || free * 4 <= capacity;
const keyOf = (slot) => `${isoDayOf(slot.starts_at)} ${timeOf(slot.starts_at)}`;
const monday = (day) => laterDay(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));

/** The slots' part: `onChoose(slot)` follows the arrow keys, `onTake(slot)` is Enter, `onNone()` says that all is full; `paint()` shows all again. */
export function slotPart({ onChoose, onTake, onNone, paint }) {
  const hint = empty(t("选定事项后显示号源"), t("先输入来电号码，再查找事项。"), "calendar");
  let wanted = null; /* {item, channel} */
  let part = 0;
  let asked = 0;
  let grid = NO_GRID;
  let place = [0, 0];
  let instead = hint; /* what is shown in place of the grid */

  const dates = () => {
    const from = laterDay(today(), part * DAYS);
    return { from, to: laterDay(from, DAYS - 1) };
  };
  const at = ([down, across]) => grid.slots.get(`${grid.days[across]} ${grid.times[down]}`) ?? null;
  const cellAt = ([down, across]) => document.querySelector(`[data-down="${down}"][data-across="${across}"]`);
  const focusInstead = () => document.querySelector(".slot-body [data-focus]")?.focus();

  function cell(down, across) {
    const day = grid.days[across];
    const slot = at([down, across]);
    const name = `${shortDayOf(day)} ${weekdayOf(day)} ${grid.times[down]}`;
    const words = !slot ? t("不开放") : slot.free ? t("余 {count}", { count: slot.free }) : t("已满");
    const tone = !slot ? "none" : slot.free === 0 ? "full" : isFew(slot) ? "few" : "free";
    const weekStarts = across > 0 && monday(day) !== monday(grid.days[across - 1]);
    const isPlace = down === place[0] && across === place[1];
    return h("td", { class: `slot slot-${tone}${weekStarts ? " week-starts" : ""}`, role: "gridcell", tabindex: isPlace ? "0" : "-1", "aria-label": `${name} ${words}`, "aria-selected": String(isPlace), "aria-disabled": slot?.free ? null : "true", "data-down": down, "data-across": across, onclick: () => walk([down, across], { focus: true }) },
      !slot ? "·" : slot.free || t("满"));
  }

  function head(day, across) {
    const weekStarts = across > 0 && monday(day) !== monday(grid.days[across - 1]);
    return h("th", { scope: "col", role: "columnheader", class: weekStarts ? "week-starts" : null }, h("span", { class: "number" }, shortDayOf(day)), h("span", {}, weekdayOf(day)));
  }

  /* A table of its own for each answer, so that its cell is told again when it gets the focus. */
  const gridView = ({ days, times }) =>
    h("table", { class: "slots", key: grid, role: "grid", "aria-label": t("号源：行为时间，列为日期") },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, h("td", {}), days.map(head))),
      h("tbody", { role: "rowgroup" }, times.map((time, down) =>
        h("tr", { role: "row" }, h("th", { scope: "row", role: "rowheader", class: "number" }, time), days.map((_, across) => cell(down, across))))));

  const turnButton = (step, name, text, key) =>
    h("button", { type: "button", class: "button small", disabled: !canTurn(step), "aria-label": text, "aria-keyshortcuts": key, onclick: () => turn(step) }, step < 0 && icon(name), h("kbd", {}, key), step > 0 && icon(name));

  function view() {
    const { from, to } = dates();
    return h("section", { class: "slot-part", "aria-label": t("号源") },
      h("div", { class: "slot-head" }, h("h2", { class: "part-title" }, icon("calendar"), t("号源"), h("kbd", {}, "F8")),
        h("span", { class: "quiet number", role: "status" }, wanted && `${shortDayOf(from)}–${shortDayOf(to)}`),
        turnButton(-1, "back", t("前两周"), "PageUp"), turnButton(1, "forward", t("后两周"), "PageDown"),
        h("span", { class: "legend" }, h("span", { class: "slot-free" }, t("有号")), h("span", { class: "slot-few" }, t("紧张")), h("span", { class: "slot-full" }, t("已满")))),
      h("div", { class: "slot-body", onkeydown: (event) => event.target.closest(".slots") && onKey(event) }, instead ?? gridView(grid)));
  }

  function showInstead(view) {
    instead = view;
    paint();
  }

  function walk(next, { focus = false } = {}) {
    place = next;
    paint();
    if (focus) cellAt(place)?.focus();
    onChoose(at(place));
  }

  /** Where the first free slot is; the first of all when every one is full. */
  function firstFree(slots) {
    const first = slots.find(({ free }) => free > 0) ?? slots[0];
    return [grid.times.indexOf(timeOf(first.starts_at)), grid.days.indexOf(isoDayOf(first.starts_at))];
  }

  async function look({ focus = false } = {}) {
    const own = (asked += 1);
    const { from, to } = dates();
    const inside = Boolean(document.activeElement.closest(".slot-body"));
    const had = focus || inside;
    if (!inside) instead = loading();
    paint();
    try {
      const { items: slots } = await get("slots", { item: wanted.item, channel: wanted.channel, from, to, limit: 500 });
      if (own !== asked) return;
      slots.sort((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at));
      paintFound(slots, had);
    } catch (error) {
      if (own !== asked) return;
      onChoose(null);
      const inWords = error.status === 409 || error.status === 422;
      showInstead(inWords ? empty(problemWords(error), "", "alert") : failed(error, () => look({ focus: true })));
      if (had) focusInstead();
    }
  }

  function paintFound(slots, focus) {
    if (!slots.length) {
      grid = NO_GRID;
      showInstead(empty(t("这两周没有号源"), t("按 F10 登记候补。"), "calendar"));
      onChoose(null);
      if (focus) document.querySelector(`.slot-head [aria-keyshortcuts=${canTurn(1) ? "PageDown" : "PageUp"}]`)?.focus();
      onNone();
      return;
    }
    const days = [...new Set(slots.map(({ starts_at: starts }) => isoDayOf(starts)))].sort();
    const times = [...new Set(slots.map(({ starts_at: starts }) => timeOf(starts)))].sort();
    grid = { days, times, slots: new Map(slots.map((slot) => [keyOf(slot), slot])) };
    instead = null;
    walk(firstFree(slots), { focus });
    if (!slots.some(({ free }) => free > 0)) onNone();
  }

  const canTurn = (step) => Boolean(wanted) && part + step >= 0 && part + step <= LAST_PART;

  function turn(step) {
    if (!canTurn(step)) return;
    part += step;
    look({ focus: true });
  }

  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const [down, across] = place;
    const [lastDown, lastAcross] = [grid.times.length - 1, grid.days.length - 1];
    const next = {
      ArrowUp: [Math.max(0, down - 1), across], ArrowDown: [Math.min(lastDown, down + 1), across],
      ArrowLeft: [down, Math.max(0, across - 1)], ArrowRight: [down, Math.min(lastAcross, across + 1)],
      Home: [down, 0], End: [down, lastAcross],
    }[event.key];
    if (next && grid.days.length) {
      event.preventDefault();
      walk(next, { focus: true });
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!event.repeat) onTake(at(place));
    } else if (event.key === "PageDown" || event.key === "PageUp") {
      event.preventDefault();
      turn(event.key === "PageDown" ? 1 : -1);
    }
  }

  return {
    view,
    load: (item, { channel = "phone" } = {}) => {
      wanted = { item: item.code, channel };
      part = 0;
      return look({ focus: true });
    },
    again: () => wanted && look(),
    focus: () => (cellAt(place) ? cellAt(place).focus() : focusInstead()),
    dates,
    clear: () => {
      asked += 1;
      wanted = null;
      part = 0;
      grid = NO_GRID;
      showInstead(hint);
    },
  };
}
