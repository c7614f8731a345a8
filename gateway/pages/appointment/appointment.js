/* One's own appointment: its state in words, the code for the kiosk, and what may be done with it. */
import { ApiError, command, get } from "../shared/hall/api.js";
import { aboutItem, appointmentFacts, materialsOf } from "../shared/booking/facts.js";
import { moveView } from "./move.js";
import { APPOINTMENT_STATES, WARNINGS, refusalOf, spoken } from "../shared/words/booking.js";
import { change, chooseItem, forget } from "../shared/booking/draft.js";
import { openDialog } from "../shared/shell/dialog.js";
import { $, focusOn, h, icon, show } from "../shared/shell/view.js";
import { whileBusy } from "../shared/form/form.js";
import { leftWords, timeOf, whenOf } from "../shared/words/format.js";
import { codeImage, linkToView, tokenHere, viewHere, withToken } from "../shared/hall/holder.js";
import { language, page, t } from "../shared/words/i18n.js";
import { startShell } from "../shared/shell/shell.js";
import { nearestFree, slotButtons, slotsOf } from "../shared/booking/slots.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { toast, toastProblem } from "../shared/shell/toast.js";
import { download } from "../shared/hall/transfer.js";
import { Countdown } from "../shared/booking/visit.js";
import { windowsOf, windowWords } from "../shared/hall/windows.js";

const LOOK_AGAIN_MS = 15_000;
const ENDED = new Set(["fulfilled", "cancelled", "rescheduled", "no_show", "displaced", "lapsed"]);
const LINES = {
  held: () => t("时间已为您保留，还没有确认"),
  booked: () => t("可提前 30 分钟到大厅签到取号；迟到超过 15 分钟，按现场号排队"),
  checked_in: () => t("您已签到，请留意叫号"),
  fulfilled: () => t("已办理，谢谢您的到来"),
  cancelled: () => t("这个预约已取消，需要时请重新预约"),
  rescheduled: () => t("已改到新的时间"),
  no_show: () => t("您没有在约定时间到场，需要时请重新预约"),
  displaced: () => t("大厅调整了安排，原来的时间不能办理，很抱歉。请另选时间"),
  lapsed: () => t("没有在规定时间内确认，时间已让给他人"),
  waitlisted: () => t("有空位时发短信给您，请在 30 分钟内确认"),
  offered: () => t("有空位了，请确认是否接受"),
};

/* No such appointment, or somebody else's: the page says the same of both. */
const NOT_ONES_OWN = [403, 404, 422];

const main = $("main");
const address = `appointments/${encodeURIComponent(page.appointment)}`;
let appointment = null;
let about = null;
let windows = [];
let hall = null;
let known = "";
let turn = 0;

const moving = () => viewHere() === "move";

async function look() {
  try {
    await take(await get(address, {}, { anonymous: true, token: tokenHere() }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (!appointment || NOT_ONES_OWN.includes(error.status)) showProblem(error);
  }
}

async function take(next) {
  about ??= await aboutItem(next.item);
  if (!windows.length) windows = await windowsOf(about.item);
  appointment = next;
  const same = JSON.stringify(next);
  if (same === known) return;
  known = same;
  await paint();
}

async function paint() {
  const own = (turn += 1);
  document.title = `${spoken(appointment.reference)} · ${APPOINTMENT_STATES[appointment.state]}`;
  const choosing = moving() && appointment.state === "booked";
  if (choosing) show(main, loading());
  const view = await (choosing ? moveView(appointment, about, { again: paint }) : stateView()).catch((error) => failed(error, paint));
  if (own !== turn) return; /* somebody went back while the times were asked for */
  show(main, view);
  if (choosing) focusOn(main);
}

const stateView = async () => h("div", { class: "held-page" },
  hero(),
  appointment.warning && h("p", { class: "notice warn", role: "status" }, icon("alert"), WARNINGS[appointment.warning]),
  code(),
  await WAYS[appointment.state]?.(),
  facts(),
  !ENDED.has(appointment.state) && materialsOf(about));

/* Who has just booked is told that it has worked, until the page is opened again. */
const justBooked = sessionStorage.getItem("hall-just-booked");
sessionStorage.removeItem("hall-just-booked");

function hero() {
  const done = justBooked === appointment.id && appointment.state === "booked";
  return h("section", { class: "held-hero on-dark", "data-state": appointment.state, "aria-live": "polite", "aria-atomic": "true" },
    h("p", { class: "held-state" }, done ? [icon("check"), t("预约成功")] : APPOINTMENT_STATES[appointment.state]),
    h("p", { class: "held-caption" }, t("预约号")),
    h("h1", { class: "held-reference number" }, spoken(appointment.reference)),
    appointment.starts_at && h("p", { class: "held-when" }, whenOf(appointment)),
    h("p", { class: "held-line" }, LINES[appointment.state]()));
}

const code = () => appointment.state === "booked" &&
  h("section", { class: "card kiosk-code" },
    codeImage(`/appointment/${encodeURIComponent(appointment.id)}/qr.svg`, tokenHere(), { text: t("签到用的二维码"), size: "200" }),
    h("p", {}, t("到大厅后，在取号机上扫这个码，或输入预约号")));

/** The hall's `address`, or its `directions`, in the page's language where there are such words. */
const hallPlace = (what) => (language === "en" && hall?.place[`${what}_en`]) || hall?.place[what];

function facts() {
  const { starts_at, wanted, name, phone } = appointment;
  return appointmentFacts(about, { slot: starts_at && appointment, wish: starts_at ? null : wanted, name, phone }, [
    [t("办理窗口"), windows.length > 0 && windowWords(windows)],
    [t("大厅地址"), hallPlace("address")],
    [t("怎么去"), hallPlace("directions")],
  ]);
}

const button = (name, text, act, extra = "") =>
  h("button", { type: "button", class: `button large ${extra}`, onclick: (event) => whileBusy(event.currentTarget, act) }, icon(name), text);
const link = (name, text, href, extra = "") => h("a", { class: `button large ${extra}`, href }, icon(name), text);
const actions = (...children) => h("div", { class: "held-actions" }, children);
const bookAgain = () => actions(link("calendar", t("重新预约"), `/book?item=${encodeURIComponent(appointment.item)}`, "primary"));

const WAYS = {
  held: () => [countdown(appointment.held_until), actions(button("check", t("确认预约"), () => send("confirm"), "primary"), giveUpButton(t("放弃")))],
  offered: () => [countdown(appointment.offer_until), actions(button("check", t("接受这个时间"), () => send("confirm"), "primary"), giveUpButton(t("不要这个时间")))],
  booked: () => actions(
    button("calendar", t("存入手机日历"), saveCalendarFile),
    link("repeat", t("改约"), linkToView("move")),
    giveUpButton(t("取消预约"))),
  waitlisted: () => actions(giveUpButton(t("取消候补"))),
  checked_in: () => appointment.ticket && actions(
    link("forward", t("查看排队号 {number}", { number: appointment.ticket.number }), withToken(`/ticket/${encodeURIComponent(appointment.ticket.id)}`, appointment.ticket.token), "primary")),
  rescheduled: () => appointment.rescheduled_to && actions(
    link("forward", t("查看新的预约"), withToken(`/appointment/${encodeURIComponent(appointment.rescheduled_to)}`, appointment.rescheduled_to_token), "primary")),
  displaced: otherSlots,
  cancelled: bookAgain,
  lapsed: bookAgain,
  no_show: bookAgain,
};

/** A link to the file could not bring the token along. */
async function saveCalendarFile() {
  try {
    await download(`${address}/calendar.ics`, { lang: language }, { name: `${appointment.reference}.ics`, token: tokenHere() });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toastProblem(error);
  }
}

const countdown = (until) => h(Countdown, { key: until, until, over }, (left) => h("p", { class: "notice", role: "timer" }, icon("clock"),
  left > 0 ? t("请在 {time} 前确认，还有 {left}", { time: timeOf(until), left: leftWords(left) }) : t("确认的时间已过")));

function over() {
  paint();
  look();
}

/** Other times for somebody whose time was taken away; choosing one starts a booking of it. */
async function otherSlots() {
  const slots = await slotsOf(appointment.item).catch(() => []);
  const near = nearestFree(slots, appointment.starts_at);
  const choose = (slot) => {
    forget();
    chooseItem(appointment.item);
    change({ slot });
    location.assign("/book#/details");
  };
  return [
    near.length > 0 && h("section", { class: "card other-slots" }, h("h2", { class: "bring-title" }, icon("calendar"), t("最近还有空位的时间：")), slotButtons(near, choose)),
    bookAgain(),
  ];
}

async function send(verb) {
  try {
    await take(await command(`${address}/${verb}`, undefined, { token: tokenHere() }));
    toast(APPOINTMENT_STATES[appointment.state]);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { title, text } = refusalOf(error);
    toast(title, text, { bad: true });
    await look();
  }
}

const giveUpButton = (text) => h("button", { type: "button", class: "button danger large", id: "cancel", onclick: () => askCancel(text) }, icon("close"), text);

function askCancel(title) {
  openDialog({
    title: t("{what}？", { what: title }),
    body: h("p", {}, appointment.starts_at ? t("{when}的时间会让给其他人，取消后不能恢复。", { when: whenOf(appointment) }) : t("取消后不能恢复。")),
    submitText: t("确定取消"),
    cancelText: t("保留"),
    danger: true,
    submit: () => send("cancel"),
  });
}

function showProblem(error) {
  if (!NOT_ONES_OWN.includes(error.status)) return show(main, failed(error, look));
  return show(main, empty(t("没有找到这个预约"), t("请核对链接，或用预约号和手机号查询。"), "question"),
    actions(link("search", t("查询预约"), "/appointment", "primary")));
}

async function begin() {
  show(main, loading());
  hall = await startShell();
  await look();
  addEventListener("hashchange", () => appointment && paint());
  setInterval(() => {
    if (document.visibilityState === "visible" && !moving() && !ENDED.has(appointment?.state)) look();
  }, LOOK_AGAIN_MS);
}

begin();
