/* Second step of a booking: when, or on which dates to wait for a place. */
import { aboutItem } from "../shared/booking/facts.js";
import { refusalOf } from "../shared/words/booking.js";
import { booking, change } from "../shared/booking/draft.js";
import { hallNow } from "../shared/shell/clock.js";
import { h, icon } from "../shared/shell/view.js";
import { timeOf, whenOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { DAYS_AHEAD, dayFromNow, slotChooser, slotsOf } from "../shared/booking/slots.js";

const title = (text, about) => [
  h("h1", { class: "step-title", tabindex: "-1", "data-focus": true }, text),
  h("p", { class: "step-item" }, named(about.item)),
];

const legend = () =>
  h("p", { class: "legend quiet", "aria-hidden": "true" },
    h("span", { class: "places" }, icon("places-many"), t("空位多")),
    h("span", { class: "places" }, icon("places-few"), t("空位少")),
    h("span", { class: "places" }, icon("places-none"), t("约满")));

const heldNote = ({ held }) => held && Date.parse(held.held_until) > hallNow() &&
  h("p", { class: "notice", role: "status" }, icon("clock"),
    t("已为您保留{when}，到{until}为止。另选时间会放弃它。", { when: whenOf(held.slot), until: timeOf(held.held_until) }));

const waitButton = (way, { primary = false } = {}) =>
  h("button", { type: "button", class: primary ? "button primary large" : "button large", onclick: () => way.go("waitlist") },
    icon("bell"), t("登记候补"));

const nothingFree = (way) =>
  h("div", { class: "notice warn nothing-free", role: "status" }, icon("info"),
    h("div", {}, h("p", {}, h("strong", {}, t("四周内都约满了"))),
      h("p", {}, t("登记候补后，有人取消就发短信给您；着急办理请在办公时间到取号机取号。")),
      waitButton(way, { primary: true })));

function notBookable(way, error) {
  const { title: heading, text } = refusalOf(error);
  return h("div", { class: "notice warn", role: "status" }, icon("kiosk"),
    h("div", {}, h("p", {}, h("strong", {}, heading)), h("p", {}, text),
      h("button", { type: "button", class: "button large", onclick: () => way.go("") }, t("选择其他事项"))));
}

/** The chooser of slots with a bar that goes on; full times lead to the waitlist of their day. */
export async function chooseTime(way) {
  const { item, slot } = booking();
  const about = await aboutItem(item);
  let slots;
  try {
    slots = await slotsOf(item);
  } catch (error) {
    if (!["not_bookable", "unknown_item"].includes(error.code)) throw error;
    return () => h("div", { class: "step-view" }, title(t("选择时间"), about), notBookable(way, error));
  }
  const free = slots.some((each) => each.free > 0);
  const kept = slots.find(({ id }) => id === slot?.id && !booking().wish);
  let marked = kept && slot;
  const choose = (chosen) => {
    change({ slot: chosen, wish: null });
    marked = chosen;
    way.paint();
  };
  const wait = (day) => {
    change({ wish: { from: day, to: day } });
    way.go("waitlist");
  };
  return () => h("div", { class: "step-view" },
    title(t("选择时间"), about),
    heldNote(booking()),
    !free && nothingFree(way),
    slots.length > 0 && [legend(), slotChooser(slots, { choose, wait, chosen: kept?.id })],
    free && h("p", { class: "quiet wait-offer" }, t("没有合适的时间？"), waitButton(way)),
    h("div", { class: "go-bar", role: "status" }, marked && goOn(way, marked)));
}

const goOn = (way, slot) => [
  h("p", { class: "go-bar-text" }, icon("check"), whenOf(slot)),
  h("button", { type: "button", class: "button primary large", onclick: () => way.go("details") }, t("下一步"), icon("forward")),
];

const dateField = (label, attributes) =>
  h("div", { class: "field" }, h("label", { for: attributes.id }, label), h("input", { class: "input", type: "date", required: true, ...attributes }));

/** Between which dates to wait for a place. */
export async function chooseWish(way) {
  const about = await aboutItem(booking().item);
  const [first, last] = [dayFromNow(0), dayFromNow(DAYS_AHEAD)];
  const wish = booking().wish ?? { from: first, to: last };
  const dates = { min: first, max: last, "aria-describedby": "dates-error" };
  let wrong = false;
  const onsubmit = (event) => {
    event.preventDefault();
    const { elements } = event.currentTarget;
    const [from, to] = [elements.from.value, elements.to.value];
    wrong = !from || !to || from > to || from < first || to > last;
    way.paint();
    if (wrong) return elements.from.focus();
    change({ wish: { from, to }, slot: null });
    return way.go("details");
  };
  return () => h("div", { class: "step-view" },
    title(t("登记候补"), about),
    h("p", {}, t("哪几天您能来？这些天有空位时，按登记先后发短信给您，请在 30 分钟内确认。")),
    h("form", { class: "step-form", novalidate: true, onsubmit },
      h("div", { class: "date-range" },
        dateField(t("从"), { id: "wish-from", name: "from", defaultValue: wish.from, ...dates }),
        dateField(t("到"), { id: "wish-to", name: "to", defaultValue: wish.to, ...dates })),
      h("p", { class: "field-error", id: "dates-error", role: "alert" }, wrong && t("请选择四周以内的日期，开始不晚于结束。")),
      h("button", { type: "submit", class: "button primary large" }, t("下一步"), icon("forward"))));
}
