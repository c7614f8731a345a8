/* One's own on-site order: its state in words, when the crew is expected, and calling it off. */
import { ApiError, command, get } from "../shared/hall/api.js";
import { aboutItem, materialsOf } from "../shared/booking/facts.js";
import { spoken } from "../shared/words/booking.js";
import { openDialog } from "../shared/shell/dialog.js";
import { $, apart, h, icon, show } from "../shared/shell/view.js";
import { timeOf, whenOf } from "../shared/words/format.js";
import { tokenHere } from "../shared/hall/holder.js";
import { named, page, t } from "../shared/words/i18n.js";
import { ORDER_STATES, refusalText } from "../shared/words/visiting.js";
import { startShell } from "../shared/shell/shell.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { toast } from "../shared/shell/toast.js";
import { factList, stepList } from "../shared/booking/visit.js";

const LOOK_AGAIN_MS = 15_000;
/* No such order, or somebody else's: the page says the same of both. */
const NOT_ONES_OWN = [403, 404, 422];
const ENDED = new Set(["done", "failed_visit", "cancelled"]);
const CAN_CANCEL = new Set(["requested", "screened", "scheduled", "assigned"]);
const STEPS = [t("已申请"), t("已受理"), t("已安排"), t("在路上"), t("已到达")];
const STEP_OF = { requested: 0, screened: 1, scheduled: 1, assigned: 2, en_route: 3, on_site: 4, done: 4 };
const LINES = {
  requested: () => t("我们会尽快审核，结果发短信告诉您"),
  screened: () => t("已受理，安排好上门时间后发短信告诉您"),
  scheduled: () => t("正在安排上门时间"),
  assigned: ({ arrives_at: at }) => t("预计 {time} 到达，请有人在家，备好材料", { time: timeOf(at) }),
  en_route: ({ arrives_at: at }) => t("工作人员已经出发，预计 {time} 到达", { time: timeOf(at) }),
  on_site: () => t("工作人员已到达"),
  done: () => t("上门已完成，谢谢您的配合"),
  failed_visit: () => t("这次上门没有办成，需要时请重新申请"),
  cancelled: () => t("这个申请已取消，需要时请重新申请"),
};

const main = $("main");
const address = `onsite-orders/${encodeURIComponent(page.order)}`;
let order = null;
let about = null;

async function look() {
  try {
    await take(await get(address, {}, { token: tokenHere() }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (!order || NOT_ONES_OWN.includes(error.status)) showProblem(error);
  }
}

async function take(next) {
  about ??= await aboutItem(next.item);
  if (JSON.stringify(next) === JSON.stringify(order)) return;
  order = next;
  document.title = `${spoken(order.reference)} · ${ORDER_STATES[order.state]}`;
  show(main, view());
}

const numbers = () => order.cases.map(({ number }) => number).filter(Boolean);
/* The numbers of what was accepted on the spot come a moment after the end. */
const isSettled = () => ENDED.has(order?.state) && numbers().length === order.cases.length;

const slot = () => ({ starts_at: order.window.from, ends_at: order.window.to });

const view = () => h("div", { class: "held-page" },
  h("section", { class: "held-hero on-dark", "data-state": order.state, "aria-live": "polite", "aria-atomic": "true" },
    h("p", { class: "held-state" }, ORDER_STATES[order.state]),
    h("p", { class: "held-caption" }, t("申请号")),
    h("h1", { class: "held-reference number" }, spoken(order.reference)),
    h("p", { class: "held-when" }, whenOf(slot())),
    h("p", { class: "held-line" }, LINES[order.state](order)),
    order.reason && ENDED.has(order.state) && h("p", { class: "held-line" }, t("原因：{reason}", { reason: order.reason }))),
  order.state in STEP_OF && stepList(STEPS, STEP_OF[order.state], { label: t("上门进度"), done: order.state === "done" }),
  h("div", { class: "held-actions" }, CAN_CANCEL.has(order.state) && cancelButton(),
    ENDED.has(order.state) && h("a", { class: "button large primary", href: `/onsite#/item/${encodeURIComponent(order.item)}` }, icon("home"), t("重新申请"))),
  factList([
    [t("事项"), named(about.item)],
    [t("约定时间"), whenOf(slot())],
    [t("预计到达"), order.arrives_at && !ENDED.has(order.state) && timeOf(order.arrives_at)],
    [t("办件编号"), numbers().join("、")],
    [t("办理单位"), named(about.department)],
    [t("上门地址"), apart(order.address)],
    [t("姓名"), apart(order.name)],
    [t("手机号"), order.phone],
  ]),
  !ENDED.has(order.state) && materialsOf(about, { atHome: true }));

const cancelButton = () => h("button", { type: "button", class: "button danger large", id: "cancel", onclick: askCancel }, icon("close"), t("取消申请"));

function askCancel() {
  let refused = null;
  const tell = (text) => {
    refused = text;
    dialog.paint();
  };
  const dialog = openDialog({
    title: t("取消这个上门申请？"),
    body: () => [h("p", {}, t("取消后不能恢复。")), h("div", { class: "refused" }, refused && h("p", { class: "notice bad", role: "alert" }, icon("alert"), refused))],
    submitText: t("确定取消"),
    cancelText: t("保留"),
    danger: true,
    submit: () => cancel(tell),
  });
}

async function cancel(tell) {
  tell(null);
  try {
    await take(await command(`${address}/cancel`, undefined, { token: tokenHere() }));
    toast(ORDER_STATES[order.state]);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    tell(refusalText(error));
    if (error.code === "illegal_transition") await look();
    return false;
  }
}

function showProblem(error) {
  if (!NOT_ONES_OWN.includes(error.status)) return show(main, failed(error, look));
  return show(main, empty(t("没有找到这个申请"), t("请核对链接，或用申请号和手机号查询。"), "question"),
    h("div", { class: "held-actions" }, h("a", { class: "button large primary", href: "/onsite#/find" }, icon("search"), t("查询上门申请"))));
}

async function begin() {
  show(main, loading());
  await startShell();
  await look();
  setInterval(() => document.visibilityState === "visible" && !isSettled() && look(), LOOK_AGAIN_MS);
}

begin();
