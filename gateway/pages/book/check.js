/* Last step of a booking: everything once more, while the place is held. */
import { ApiError } from "../shared/hall/api.js";
import { aboutItem, appointmentFacts, materialsOf } from "../shared/booking/facts.js";
import { WARNINGS } from "../shared/words/booking.js";
import { refusalNotice } from "./details.js";
import { booking, change } from "../shared/booking/draft.js";
import { confirm, hold, joinWaitlist, lookAtHeld } from "./hold.js";
import { focusOn, h, icon } from "../shared/shell/view.js";
import { whileBusy } from "../shared/form/form.js";
import { leftWords, timeOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { Countdown } from "../shared/booking/visit.js";
import { createRef } from "../shared/vendor/preact.js";

const SOON_S = 120;

const title = () => h("h1", { class: "step-title", tabindex: "-1", "data-focus": true }, t("请核对"));
const changeLink = (to, text) => h("a", { class: "button", href: to }, text);

export async function checkBooking(way) {
  const about = await aboutItem(booking().item);
  if (booking().wish) return checkWish(way, about);
  const held = await lookAtHeld();
  if (held.state === "booked") {
    await way.done(held);
    return () => null;
  }
  const expire = () => {
    view = expiredView(way);
    way.paint();
    focusOn(document);
  };
  let view = held.state === "held" ? heldView(way, about, held, expire) : expiredView(way);
  return () => view();
}

/** A place for what speaks against a command, and `send(command, {answers, choose})`, which shows it there unless
 * `answers(error)` has done something about it; `choose(slot)` hears which other time is taken instead. */
function refusals(way) {
  let refused = null;
  const place = createRef();
  const send = async (command, { answers, choose }) => {
    try {
      await command();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (answers(error)) return;
      refused = await refusalNotice(way, error, choose);
      way.paint();
      place.current?.focus();
    }
  };
  return { view: () => h("div", { class: "refused", tabindex: "-1", ref: place }, refused), send };
}

/** The button that sends the last command, below what speaks against it. */
function lastStep(way, text, command, answers) {
  const { view, send } = refusals(way);
  const choose = (slot) => {
    change({ slot });
    way.go("details");
  };
  const onclick = ({ currentTarget }) => whileBusy(currentTarget, () => send(async () => way.done(await command()), { answers, choose }));
  return () => [view(), h("button", { type: "button", class: "button primary large", id: "confirm", onclick }, icon("check"), text)];
}

const holdClock = (until) => (left) => [
  h("div", { class: `hold-clock notice${left <= SOON_S ? " warn" : ""}`, role: "timer" }, icon("clock"),
    h("p", {}, t("请在 {left}内确认；名额为您保留到 {time}", { time: timeOf(until), left: leftWords(left) }))),
  h("p", { class: "visually-hidden", role: "status" }, left <= SOON_S && t("保留时间快到了，请尽快确认。")),
];

function heldView(way, about, held, expire) {
  const { name, phone } = booking();
  const last = lastStep(way, t("确认预约"), confirm, ({ code }) => ["hold_expired", "illegal_transition"].includes(code) && (expire(), true));
  return () => h("div", { class: "step-view" }, title(),
    h(Countdown, { until: held.held_until, over: expire }, holdClock(held.held_until)),
    held.warning && h("p", { class: "notice warn", role: "status" }, icon("alert"), WARNINGS[held.warning]),
    appointmentFacts(about, { slot: held, name, phone }),
    materialsOf(about),
    h("p", { class: "ways-on" }, changeLink("#/time", t("改时间")), changeLink("#/details", t("改姓名或手机号"))),
    last());
}

/** The hold is over: the same time may be asked for again, or another. Nothing that was typed is lost. */
function expiredView(way) {
  const { view, send } = refusals(way);
  const again = async () => {
    change({ held: booking().held && { ...booking().held, of: null } });
    await hold();
    way.again();
  };
  const onclick = ({ currentTarget: button }) => whileBusy(button, () => send(again, {
    answers: ({ status }) => status === 401 && (way.go("details"), true),
    choose: (slot) => {
      change({ slot });
      button.click();
    },
  }));
  return () => h("div", { class: "step-view", key: "expired" },
    h("h1", { class: "step-title", tabindex: "-1", "data-focus": true }, t("保留时间已过，没有约成")),
    h("div", { class: "notice warn", role: "alert" }, icon("clock"), h("p", {}, t("为了让更多人约到，未确认的时间只保留十分钟。您填写的内容还在，可以再约一次。"))),
    view(),
    h("div", { class: "step-actions" },
      h("button", { type: "button", class: "button primary large", onclick }, icon("repeat"), t("再约这个时间")), changeLink("#/time", t("另选时间"))));
}

function checkWish(way, about) {
  const { wish, name, phone } = booking();
  const last = lastStep(way, t("确认候补"), joinWaitlist, ({ status }) => status === 401 && (way.go("details"), true));
  return () => h("div", { class: "step-view" }, title(),
    appointmentFacts(about, { wish, name, phone }),
    h("p", { class: "notice" }, icon("bell"), h("span", {}, t("这些天有空位时，按登记先后发短信给您，请在 30 分钟内确认。"))),
    materialsOf(about),
    h("p", { class: "ways-on" }, changeLink("#/waitlist", t("改日期")), changeLink("#/details", t("改姓名或手机号"))),
    last());
}
