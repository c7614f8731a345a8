/* Beside the map: orders in no route with the reason that binds, and what moved against the published plan. */
import { isSolving } from "./plan.js";
import { inDraft } from "./visit.js";
import { orderCard } from "./screen.js";
import { unservedWords } from "./words.js";
import { h, icon } from "../shared/shell/view.js";
import { timeOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";

function reasonOf({ plan }, reason) {
  if (reason) return unservedWords(reason);
  if (isSolving(plan)) return t("正在求解");
  return plan ? t("编制之后才受理，重新编制即可排入") : t("等候编制计划");
}

/** The orders in no route; those of a draft can be dragged into one. */
export function waitingList(day, { movable, onChoose }) {
  return day.waiting.length > 0 && h("ul", { class: "order-cards" }, day.waiting.map(({ order, reason }) =>
    orderCard(order, { "data-order": order.id, "data-movable": String(movable && inDraft(day, order.id)) },
      h("p", { class: reason ? "order-reason binds" : "order-reason" }, icon(reason ? "alert" : "info"), reasonOf(day, reason)),
      h("div", { class: "order-deeds" }, h("button", { type: "button", class: "button small", id: `visit-${order.id}`, "aria-label": t("查看或安排 {reference}", { reference: order.reference }), onclick: () => onChoose(order.id) },
        icon("transfer"), movable && inDraft(day, order.id) ? t("安排") : t("查看"))))));
}

/** What is new for orders that were assigned already. */
export function movedList(day) {
  const visit = (place) => (place ? `${day.crewName(place.crew)} ${timeOf(place.arrives_at)}` : t("无人上门"));
  const moved = day.plan?.moved ?? [];
  return moved.length > 0 && h("ul", { class: "moved" }, moved.map(({ order, from, to }) =>
    h("li", { key: order }, h("span", { class: "number order-reference" }, day.labelOf(order)),
      h("span", { class: "moved-places" }, h("span", { class: "quiet" }, visit(from)), icon("forward"), h("span", { class: "visually-hidden" }, t("改为")), h("strong", {}, visit(to))))));
}
