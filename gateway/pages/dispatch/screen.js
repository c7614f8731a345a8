/* Orders that wait to be screened: accept with the length of the visit, or decline with a reason. */
import { command } from "../shared/hall/api.js";
import { openDialog } from "../shared/shell/dialog.js";
import { itemName } from "./model.js";
import { PRIORITIES, refusalWords, stretchOf } from "./words.js";
import { orderFacts } from "./visit.js";
import { apart, h, icon } from "../shared/shell/view.js";
import { field, tellErrors } from "../shared/form/form.js";
import { minutes } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { toast } from "../shared/shell/toast.js";

const LONGEST_MINUTES = 480;

/** Send a decision; true when it holds. A refusal is told at the top of the page. */
async function decide(order, decision) {
  try {
    await command(`onsite-orders/${order.id}/screen`, decision);
    return true;
  } catch (error) {
    toast(refusalWords(error), error.detail, { bad: true });
    return false;
  }
}

function askAccept(order, day, done) {
  openDialog({
    title: t("受理工单 {reference}", { reference: order.reference }),
    submitText: t("受理"),
    body: () => [orderFacts(order, day), field(t("上门办理需要的分钟数"),
      h("input", { class: "input number", type: "number", name: "service_seconds", min: 1, max: LONGEST_MINUTES, required: true, autofocus: true, defaultValue: minutes(order.service_seconds) }))],
    submit: async (form) => {
      const wanted = Number(form.elements.service_seconds.value);
      if (!Number.isInteger(wanted) || wanted < 1 || wanted > LONGEST_MINUTES) {
        return tellErrors(form, { service_seconds: t("请填 {least} 到 {most} 的整数。", { least: 1, most: LONGEST_MINUTES }) });
      }
      if (!(await decide(order, { accept: true, service_seconds: wanted * 60 }))) return false;
      done(t("已受理"), order);
      return true;
    },
  });
}

function askDecline(order, day, done) {
  openDialog({
    title: t("不受理工单 {reference}", { reference: order.reference }),
    submitText: t("不受理"),
    danger: true,
    body: () => [orderFacts(order, day), field(t("理由（申请人会看到）"), h("input", { class: "input", type: "text", name: "reason", maxlength: 200, required: true, autofocus: true }))],
    submit: async (form) => {
      const { reason } = form.elements;
      if (!reason.value.trim()) return tellErrors(form, { reason: t("请填写理由。") });
      if (!(await decide(order, { accept: false, reason: reason.value.trim() }))) return false;
      done(t("已答复不受理"), order);
      return true;
    },
  });
}

const priorityTag = ({ priority }) => priority !== "normal" && h("span", { class: priority === "urgent" ? "tag bad" : "tag" }, PRIORITIES[priority]);

/** A card of an order with what can be done about it. */
export const orderCard = (order, attributes, ...more) =>
  h("li", { class: "order-card", id: `order-${order.id}`, key: order.id, ...attributes },
    h("p", { class: "order-head" }, h("span", { class: "number order-reference" }, order.reference), priorityTag(order), h("span", { class: "number order-window" }, stretchOf(order.window))),
    h("p", { class: "order-item" }, itemName(order.item)),
    h("p", { class: "quiet order-person" }, apart(order.name), order.name && order.address && " · ", apart(order.address)),
    more);

/** The cards of the orders to screen; `done(title, order)` is called when one is decided. */
export function screeningOf(day, done) {
  const orders = [...day.toScreen].sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
  return {
    count: orders.length,
    element: orders.length > 0 && h("ul", { class: "order-cards" }, orders.map((order) => orderCard(order, {},
      h("div", { class: "order-deeds" },
        h("button", { type: "button", class: "button small primary", "data-deed": "accept", "aria-label": t("受理 {reference}", { reference: order.reference }), onclick: () => askAccept(order, day, done) }, icon("check"), t("受理")),
        h("button", { type: "button", class: "button small danger", "data-deed": "decline", "aria-label": t("不受理 {reference}", { reference: order.reference }), onclick: () => askDecline(order, day, done) }, t("不受理")))))),
  };
}
