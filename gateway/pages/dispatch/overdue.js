/* Orders that are left over: their time is past and nobody came, or nobody can come then. Each is moved to another time or called off. */
import { command, get } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { openDialog } from "../shared/shell/dialog.js";
import { orderCard } from "./screen.js";
import { orderFacts } from "./visit.js";
import { ORDER_STATES, refusalWords } from "./words.js";
import { h, icon } from "../shared/shell/view.js";
import { field, tellErrors } from "../shared/form/form.js";
import { dayOf, isoTimeOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { dateInput } from "../shared/form/controls.js";
import { toast } from "../shared/shell/toast.js";

const UNDERWAY = ["en_route", "on_site"];

/** Send a decision; true when it holds. A refusal is told at the top of the page. */
async function decide(order, deed, bodyOf) {
  try {
    await command(`onsite-orders/${order.id}/${deed}`, await bodyOf());
    return true;
  } catch (error) {
    toast(refusalWords(error), error.detail, { bad: true });
    return false;
  }
}

const timeInput = (name, moment) => h("input", { class: "input number", type: "time", name, required: true, defaultValue: isoTimeOf(moment).slice(-5) });

/** The moment of a time of day on a date; the hall's offset is that of its own time. */
async function windowOf(date, from, to) {
  const { now } = await get("hall");
  const moment = (time) => `${date}T${time}:00${now.slice(-6)}`;
  return { from: moment(from), to: moment(to) };
}

function askMove(order, day, done) {
  openDialog({
    title: t("改期 {reference}", { reference: order.reference }),
    submitText: t("改期"),
    body: () => [orderFacts(order, day),
      field(t("改到哪一天"), dateInput("date", today(), { min: today(), required: true, autofocus: true })),
      h("div", { class: "field-pair" }, field(t("从"), timeInput("from", order.window.from)), field(t("到"), timeInput("to", order.window.to))),
      h("p", { class: "quiet" }, t("改期后申请人会收到通知，工单回到那一天等候编制。"))],
    submit: async (form) => {
      const { date, from, to } = form.elements;
      const faults = { date: date.value >= today() ? "" : t("日期不正确。"), to: to.value > from.value ? "" : t("结束时间须晚于开始时间。") };
      if (!tellErrors(form, faults)) return false;
      if (!(await decide(order, "reschedule", async () => ({ window: await windowOf(date.value, from.value, to.value) })))) return false;
      done(t("已改期"), order);
      return true;
    },
  });
}

export function askCancel(order, day, done) {
  openDialog({
    title: t("取消工单 {reference}", { reference: order.reference }),
    submitText: t("取消工单"),
    cancelText: t("保留"),
    danger: true,
    body: () => [orderFacts(order, day), field(t("理由（申请人会看到）"), h("input", { class: "input", type: "text", name: "reason", maxlength: 200, required: true, autofocus: true }))],
    submit: async (form) => {
      const { reason } = form.elements;
      if (!reason.value.trim()) return tellErrors(form, { reason: t("请填写理由。") });
      if (!(await decide(order, "cancel", () => ({ reason: reason.value.trim() })))) return false;
      done(t("已取消"), order);
      return true;
    },
  });
}

const deeds = (order, day, done) => h("div", { class: "order-deeds" },
  order.location && h("button", { type: "button", class: "button small", "data-deed": "move", "aria-label": t("改期 {reference}", { reference: order.reference }), onclick: () => askMove(order, day, done) }, icon("calendar"), t("改期")),
  h("button", { type: "button", class: "button small danger", "data-deed": "cancel", "aria-label": t("取消工单 {reference}", { reference: order.reference }), onclick: () => askCancel(order, day, done) }, t("取消")));

/** The cards of what is left over; `done(title, order)` is called when one has got another time or is called off. */
export const overdueList = (day, done) => h("ul", { class: "order-cards" }, day.overdue.map((order) => orderCard(order, {},
  h("p", { class: "order-reason binds" }, icon("alert"), [dayOf(order.date), ORDER_STATES[order.state], order.displaced && t("约定时间无人能上门，已通知申请人")].filter(Boolean).join(" · ")),
  UNDERWAY.includes(order.state)
    ? h("p", { class: "order-reason" }, t("{crew}还没有结束这次上门", { crew: day.crewName(order.crew) }))
    : deeds(order, day, done))));
