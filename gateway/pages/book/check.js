/* Last step of a booking: everything once more, while the place is held. */
import { ApiError } from "../shared/hall/api.js";
import { aboutItem, appointmentFacts, materialsOf } from "../shared/booking/facts.js";
import { WARNINGS } from "../shared/words/booking.js";
import { refusalNotice } from "../shared/booking/details.js";
import { booking, change } from "../shared/booking/draft.js";
import { confirm, hold, joinWaitlist, lookAtHeld } from "../shared/booking/hold.js";
import { h, icon, show } from "../shared/shell/dom.js";
import { whileBusy } from "../shared/form/form.js";
import { leftWords, timeOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { countTo } from "../shared/booking/visit.js";

const SOON_S = 120;

const title = () => h("h1", { class: "step-title", tabindex: "-1", "data-focus": true }, t("请核对"));
const changeLink = (to, text) => h("a", { class: "button", href: to }, text);

export async function checkBooking(way) {
  const about = await aboutItem(booking().item);
  if (booking().wish) return checkWish(way, about);
  const held = await lookAtHeld();
  if (held.state === "booked") return way.done(held);
  const view = h("div", { class: "step-view" });
  if (held.state === "held") showHeld(way, view, about, held);
  else showExpired(way, view);
  return view;
}

/** A button that sends the last command; what speaks against it is shown in `refused`. */
function sendButton(way, text, command, { onRefusal }) {
  const refused = h("div", { class: "refused", tabindex: "-1" });
  const send = h("button", { type: "button", class: "button primary large", id: "confirm", onclick: () => whileBusy(send, async () => {
    try {
      await way.done(await command());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (onRefusal(error)) return;
      show(refused, await refusalNotice(way, error, (slot) => {
        change({ slot });
        way.go("details");
      }));
      refused.focus();
    }
  }) }, icon("check"), text);
  return [refused, send];
}

function showHeld(way, view, about, held) {
  const { name, phone } = booking();
  const clock = h("div", { class: "hold-clock notice", role: "timer" });
  const soon = h("p", { class: "visually-hidden", role: "status" });
  const expired = () => showExpired(way, view);
  show(view, title(), clock, soon,
    held.warning && h("p", { class: "notice warn", role: "status" }, icon("alert"), WARNINGS[held.warning]),
    appointmentFacts(about, { slot: held, name, phone }),
    materialsOf(about),
    h("p", { class: "ways-on" }, changeLink("#/time", t("改时间")), changeLink("#/details", t("改姓名或手机号"))),
    sendButton(way, t("确认预约"), confirm, { onRefusal: ({ code }) => ["hold_expired", "illegal_transition"].includes(code) && (expired(), true) }));
  countTo(held.held_until, clock, {
    paint: (left) => {
      show(clock, icon("clock"), h("p", {}, t("请在 {left}内确认；名额为您保留到 {time}", { time: timeOf(held.held_until), left: leftWords(left) })));
      clock.classList.toggle("warn", left <= SOON_S);
      if (left <= SOON_S && !soon.textContent) soon.textContent = t("保留时间快到了，请尽快确认。");
    },
    over: expired,
  });
}

/** The hold is over: the same time may be asked for again, or another. Nothing that was typed is lost. */
function showExpired(way, view) {
  const refused = h("div", { class: "refused", tabindex: "-1" });
  const again = h("button", { type: "button", class: "button primary large", onclick: () => whileBusy(again, async () => {
    try {
      change({ held: booking().held && { ...booking().held, of: null } });
      await hold();
      way.again();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) return way.go("details");
      show(refused, await refusalNotice(way, error, (slot) => {
        change({ slot });
        again.click();
      }));
      refused.focus();
    }
  }) }, icon("repeat"), t("再约这个时间"));
  show(view,
    h("h1", { class: "step-title", tabindex: "-1", "data-focus": true }, t("保留时间已过，没有约成")),
    h("div", { class: "notice warn", role: "alert" }, icon("clock"), h("p", {}, t("为了让更多人约到，未确认的时间只保留十分钟。您填写的内容还在，可以再约一次。"))),
    refused,
    h("div", { class: "step-actions" }, again, changeLink("#/time", t("另选时间"))));
  view.querySelector("[data-focus]").focus({ preventScroll: true });
}

function checkWish(way, about) {
  const { wish, name, phone } = booking();
  return h("div", { class: "step-view" }, title(),
    appointmentFacts(about, { wish, name, phone }),
    h("p", { class: "notice" }, icon("bell"), h("span", {}, t("这些天有空位时，按登记先后发短信给您，请在 30 分钟内确认。"))),
    materialsOf(about),
    h("p", { class: "ways-on" }, changeLink("#/waitlist", t("改日期")), changeLink("#/details", t("改姓名或手机号"))),
    sendButton(way, t("确认候补"), joinWaitlist, { onRefusal: ({ status }) => status === 401 && (way.go("details"), true) }));
}
