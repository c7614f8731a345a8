/* One order: what is known of it, and, while its plan is a draft, another crew and place for it. */
import { openDialog } from "../shared/shell/dialog.js";
import { canDo, itemName } from "./model.js";
import { asker, refusedWords } from "./reassign.js";
import { looksOnly, ORDER_STATES, PRIORITIES, stretchOf } from "./words.js";
import { apart, h, icon } from "../shared/shell/view.js";
import { field } from "../shared/form/form.js";
import { askNewToken } from "../shared/form/new-token.js";
import { dayOf, minutes, timeOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { toast } from "../shared/shell/toast.js";

const fact = (name, value) => value && [h("dt", {}, name), h("dd", {}, value)];

export function orderFacts(order, day) {
  return h("dl", { class: "order-facts" },
    fact(t("事项"), itemName(order.item)),
    fact(t("部门"), named(day.departments.get(order.department))),
    fact(t("申请人"), (order.name || order.phone) && [apart(order.name), order.name && order.phone && " · ", order.phone]),
    fact(t("地址"), apart(order.address)),
    fact(t("约定时间"), `${dayOf(order.date)} ${stretchOf(order.window)}`),
    fact(t("办理时长"), t("{minutes} 分钟", { minutes: minutes(order.service_seconds) })),
    fact(t("优先级"), PRIORITIES[order.priority]),
    fact(t("状态"), ORDER_STATES[order.state]),
    fact(t("已发布的安排"), order.crew && order.arrives_at && t("{crew}，{time} 到", { crew: day.crewName(order.crew), time: timeOf(order.arrives_at) })),
    fact(t("办件"), order.cases.map(({ item, number }) => [number, itemName(item)].filter(Boolean).join(" ")).join("、")),
    fact(t("备注"), order.reason));
}

const ENDED = ["done", "failed_visit", "cancelled"];

const plannedStops = (lane) => lane.stops.filter(({ place }) => place !== null);

/** Where an order may come in a lane: before each other stop, or last. */
function positions(lane, order, day) {
  const others = plannedStops(lane).filter(({ id }) => id !== order.id);
  const before = others.map(({ id, starts }, index) =>
    h("option", { value: String(index) }, t("第 {number} 站，在 {order}（{time}）之前", { number: index + 1, order: day.labelOf(id), time: timeOf(starts) })));
  return [...before, h("option", { value: String(others.length) }, others.length ? t("第 {number} 站，排在最后", { number: others.length + 1 }) : t("第 1 站"))];
}

/** The choice of crew and place with a line that says at once whether it can be. `view()` describes it, which `paint()` brings up to
 * date; `give` resolves with the draft once it is done. */
function placeChoice(order, day, paint) {
  const questions = asker(day);
  const lanes = day.lanes.filter(({ crew }) => crew.shift);
  const able = lanes.filter(({ crew }) => canDo(crew, order));
  const hereIn = (lane) => plannedStops(lane).findIndex(({ id }) => id === order.id);
  const placeIn = (lane) => ({ order: order.id, crew: lane.crew.code, position: hereIn(lane) >= 0 ? hereIn(lane) : plannedStops(lane).length });
  const own = lanes.find((lane) => hereIn(lane) >= 0) ?? able[0] ?? lanes[0];
  let place = own && placeIn(own);
  let verdict = null;

  async function choose(chosen) {
    place = chosen;
    paint();
    const answer = await questions.ask(chosen);
    if (place === chosen) tell(answer);
  }

  function tell(answer) {
    verdict = answer;
    paint();
  }

  const laneOf = (code) => lanes.find(({ crew }) => crew.code === code);
  const option = ({ crew }) => h("option", { value: crew.code }, named(crew));
  const crews = () => h("select", { class: "input", name: "crew", autofocus: true, value: place?.crew, onchange: ({ target }) => choose(placeIn(laneOf(target.value))) },
    h("optgroup", { label: t("能办该事项的小组") }, able.map(option)),
    h("optgroup", { label: t("其他小组") }, lanes.filter((lane) => !able.includes(lane)).map(option)));
  const position = () => h("select", { class: "input", name: "position", value: String(place?.position), onchange: ({ target }) => choose({ ...place, position: Number(target.value) }) },
    place && positions(laneOf(place.crew), order, day));

  if (place && day.waiting.some((each) => each.order.id === order.id)) queueMicrotask(() => choose(place));
  return {
    view: () => [
      field(t("小组"), crews()), field(t("顺序"), position()),
      h("p", { class: verdict ? `notice ${verdict.feasible ? "good" : "bad"}` : "notice", role: "status" },
        verdict ? [icon(verdict.feasible ? "check" : "alert"), h("span", {}, verdict.text)] : t("选好小组和顺序，马上核对能否赶上。")),
    ],
    give: async () => {
      try {
        return await questions.give(place);
      } catch (error) {
        tell({ feasible: false, text: refusedWords(day, error) });
        return null;
      }
    },
  };
}

/** The button that calls an order off, also while its crew is on its way. */
const cancelButton = (order, onCancel) => ["screened", "scheduled", "assigned", "en_route"].includes(order.state) &&
  h("p", {}, h("button", {
    type: "button", class: "button danger", "data-deed": "call-off",
    onclick: (event) => {
      event.currentTarget.closest("dialog").close();
      onCancel(order);
    },
  }, icon("close"), order.state === "en_route" ? t("取消上门，通知小组返回") : t("取消工单")));

/** The button that withdraws the link of an order's person and gives another. */
const tokenButton = (order) => !ENDED.includes(order.state) &&
  h("p", {}, h("button", {
    type: "button", class: "button", "data-deed": "token",
    onclick: (event) => {
      event.currentTarget.closest("dialog").close();
      askNewToken({
        title: t("换上门服务二维码"),
        things: [{ id: order.id, heading: order.reference }],
        path: (id) => `onsite-orders/${encodeURIComponent(id)}`,
        page: (id) => `/onsite/${encodeURIComponent(id)}`,
      });
    },
  }, t("换二维码")));

/** Open the dialog of an order; `onChanged(plan, id)` gets the draft once the order went elsewhere, `onCancel(order)` asks
 * to call it off. */
export function openVisit(id, day, { onChanged, onCancel }) {
  const order = day.byId.get(id);
  if (!order) return;
  const title = t("工单 {reference}", { reference: order.reference });
  if (looksOnly() || day.plan?.state !== "draft" || !inDraft(day, id)) {
    openDialog({ title, body: () => [orderFacts(order, day), !looksOnly() && [tokenButton(order), cancelButton(order, onCancel)]] });
    return;
  }
  const choice = placeChoice(order, day, () => dialog.paint());
  let given = null;
  const dialog = openDialog({
    title,
    submitText: t("改派"),
    body: () => [orderFacts(order, day), choice.view(), tokenButton(order), cancelButton(order, onCancel)],
    submit: async () => {
      given = await choice.give();
      return given !== null;
    },
  });
  dialog.addEventListener("close", () => given && onChanged(given, id)); /* behind an open dialog nothing takes the focus */
}

/** Only what a draft was made of can be moved in it. */
export const inDraft = ({ plan }, id) =>
  plan.unserved.some(({ order }) => order === id) || plan.routes.some(({ stops }) => stops.some(({ order }) => order === id));

/** Say that an order has another place now. */
export function tellGiven(day, id) {
  const lane = day.lanes.find(({ stops }) => stops.some((stop) => stop.id === id));
  const stop = lane?.stops.find((each) => each.id === id);
  if (stop) toast(t("已改派"), t("{order}：{crew} 第 {number} 站，{time} 到", { order: day.labelOf(id), crew: named(lane.crew), number: stop.number, time: timeOf(stop.starts) }));
}
