/* Choosing a time: the days as a strip, the times of a day with the places left in words and as a shape. */
import { list } from "../hall/api.js";
import { hallNow } from "../shell/clock.js";
import { Component, createRef } from "../vendor/preact.js";
import { h, icon } from "../shell/view.js";
import { isoDayOf, monthDayOf, timeOf, timesOf, weekdayOf, whenOf } from "../words/format.js";
import { t } from "../words/i18n.js";

export const DAYS_AHEAD = 27;
const DAY_MS = 86_400_000;
const FEW = 2;
const NOON = "12:00";

/** The hall's date so many days from now, as `YYYY-MM-DD`. */
export const dayFromNow = (days) => isoDayOf(hallNow() + days * DAY_MS);

/** The slots of an item in the four weeks for which there are any. */
export const slotsOf = (item, channel = "web") =>
  list("slots", { item, channel, from: dayFromNow(0), to: dayFromNow(DAYS_AHEAD) });

/** The free slots nearest to a moment, in their order. */
export function nearestFree(slots, moment, { most = 3, besides = null } = {}) {
  const distance = (slot) => Math.abs(Date.parse(slot.starts_at) - Date.parse(moment));
  return slots
    .filter((slot) => slot.free > 0 && slot.id !== besides)
    .sort((one, other) => distance(one) - distance(other))
    .slice(0, most)
    .sort((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at));
}

/** Slots as buttons with their whole date, for a few of different days. */
export const slotButtons = (slots, choose) =>
  h("ul", { class: "slot-offers" }, slots.map((slot) =>
    h("li", {}, h("button", { type: "button", class: "button slot-offer", onclick: () => choose(slot) }, icon("calendar"), whenOf(slot)))));

function byDay(slots) {
  const days = new Map();
  for (const slot of slots) {
    const day = isoDayOf(slot.starts_at);
    days.set(day, [...(days.get(day) ?? []), slot]);
  }
  return [...days].map(([day, own]) => ({ day, slots: own, free: own.reduce((sum, slot) => sum + slot.free, 0) }));
}

const shape = (free) => icon(free > FEW ? "places-many" : free > 0 ? "places-few" : "places-none");
const level = (free) => (free > FEW ? "many" : free > 0 ? "few" : "none");
const left = (free) => (free > 0 ? t("余 {count}", { count: free }) : t("约满"));

function dayOption({ day, slots, free }, chosen, choose) {
  const [first] = slots;
  return h("label", { class: "day", "data-level": level(free) },
    h("input", { type: "radio", name: "day", value: day, checked: chosen, class: "visually-hidden", onchange: () => choose(day) }),
    h("span", { class: "day-weekday" }, weekdayOf(first.starts_at)),
    h("span", { class: "day-date number" }, monthDayOf(first.starts_at)),
    h("span", { class: "places" }, shape(free), left(free)));
}

function timeOption(slot, { chosen, choose, wait }) {
  const full = slot.free < 1;
  return h("button", {
    type: "button", class: "time", key: slot.id, "data-level": level(slot.free), "data-slot": slot.id, disabled: full && !wait,
    "aria-pressed": full ? null : String(slot.id === chosen), onclick: () => (full ? wait(isoDayOf(slot.starts_at)) : choose(slot)),
  },
  h("span", { class: "time-range number" }, timesOf(slot)),
  h("span", { class: "places" }, shape(slot.free), full && wait ? t("约满 · 候补") : left(slot.free)));
}

function timesOfDay({ slots }, options) {
  const half = (title, own) => own.length > 0 && h("section", { class: "half-day" },
    h("h3", { class: "half-day-title" }, title), h("div", { class: "times" }, own.map((slot) => timeOption(slot, options))));
  const morning = (slot) => timeOf(slot.starts_at) < NOON;
  return [half(t("上午"), slots.filter(morning)), half(t("下午"), slots.filter((slot) => !morning(slot)))];
}

class SlotChooser extends Component {
  #days = byDay(this.props.slots);
  #strip = createRef();
  state = { day: this.#begin().day, marked: this.props.chosen };

  #begin() {
    const { chosen } = this.props;
    return this.#days.find(({ slots }) => slots.some(({ id }) => id === chosen)) ?? this.#days.find(({ free }) => free > 0) ?? this.#days[0];
  }

  /* The chosen day of a long strip is in sight once the strip is. */
  componentDidMount() {
    requestAnimationFrame(() => this.#strip.current?.querySelector(":has(> :checked)")?.scrollIntoView({ block: "nearest", inline: "center" }));
  }

  render({ choose, wait }, { day, marked }) {
    const open = (other) => this.setState({ day: other });
    const take = (slot) => {
      this.setState({ marked: slot.id });
      choose(slot);
    };
    return h("div", { class: "slot-chooser" },
      h("fieldset", {}, h("legend", { class: "slot-legend" }, t("日期")),
        h("div", { class: "days", ref: this.#strip }, this.#days.map((each) => dayOption(each, each.day === day, open)))),
      h("h2", { class: "slot-legend" }, t("时间")),
      h("div", { class: "day-times", "aria-live": "polite" }, timesOfDay(this.#days.find((each) => each.day === day), { chosen: marked, choose: take, wait })));
  }
}

/** The chooser of some slots. `choose(slot)` is called for a free one; `wait(day)`, where it is given, for a full one,
 * which cannot be chosen otherwise. `chosen` is the id of the slot that is marked first. */
export const slotChooser = (slots, { choose, wait = null, chosen = null }) => h(SlotChooser, { slots, choose, wait, chosen });
