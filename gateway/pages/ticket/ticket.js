/* A ticket on its holder's phone. */
import { get, post } from "../shared/hall/api.js";
import { zoneOfQueue, queuesByCode } from "../shared/hall/directory.js";
import { openDialog } from "../shared/shell/dialog.js";
import { $, h, icon, show } from "../shared/shell/view.js";
import { duration, exactTimeOf, timeOf, waitOf } from "../shared/words/format.js";
import { tokenHere } from "../shared/hall/holder.js";
import { language, named, page, t } from "../shared/words/i18n.js";
import { lookWhenChanged } from "./live.js";
import { startShell } from "../shared/shell/shell.js";
import { failed, loading } from "../shared/shell/states.js";
import { phoneOffer } from "./phone.js";
import { toast, toastProblem } from "../shared/shell/toast.js";
import { factList, stepList } from "../shared/booking/visit.js";
import { MISSED_RULE, STATES } from "../shared/words/codes.js";

const ENDED = new Set(["served", "cancelled", "expired", "closed"]);
const STEPS = [
  ["issued", t("已取号")],
  ["waiting", t("等候")],
  ["called", t("叫号")],
  ["serving", t("办理")],
  ["served", t("办完")],
];
const STEP_OF = { waiting: 1, transferred: 1, called: 2, missed: 2, serving: 3, on_hold: 3, served: 4 };
const LEVELS = [
  [5, t("非常满意")],
  [4, t("满意")],
  [3, t("基本满意")],
  [2, t("不满意")],
  [1, t("非常不满意")],
];
const BUZZ_MS = [400, 150, 400, 150, 700];
const MOST_AHEAD = `ticket-${page.ticket}-most-ahead`;
const EVALUATED = `ticket-${page.ticket}-evaluated`;

const main = $("main");
const address = `tickets/${encodeURIComponent(page.ticket)}`;
const plainTitle = document.title;
let ticket = null;
let item = null;
let queue = null;
let zone = null;
let live = null;
let mostAhead = Number(localStorage.getItem(MOST_AHEAD) ?? 0);
let chosenLevel = null;
let sending = false;
let seenAt = 0;
let lost = false;

/* Browsers vibrate only for a page that was touched once, and complain when asked before. */
const mayBuzz = () => "vibrate" in navigator && (navigator.userActivation?.hasBeenActive ?? true);

function buzz() {
  if (mayBuzz()) navigator.vibrate(BUZZ_MS);
}

const buzzOffer = () =>
  "vibrate" in navigator && !mayBuzz() && ticket.state === "waiting" &&
  h("button", { type: "button", class: "button large", id: "remind", onclick: () => { navigator.vibrate(BUZZ_MS[0]); paint(); } }, icon("bell"), t("叫号时震动提醒我"));

async function look() {
  try {
    await take(await get(address));
  } catch (error) {
    lost = true;
    if (!ticket || error.status === 404) showProblem(error);
    else paint();
  }
}

async function take(next) {
  if (!ticket || next.queue !== ticket.queue) {
    const [queues, found, about] = await Promise.all([queuesByCode(), zoneOfQueue(next.queue), item ?? get(`items/${encodeURIComponent(next.item)}`).catch(() => null)]);
    queue = queues.get(next.queue) ?? null;
    item = about;
    if (live && found?.code !== zone?.code) followZone(found);
    zone = found;
  }
  const calledNow = next.state === "called" && ticket && (ticket.state !== "called" || ticket.called_at !== next.called_at || ticket.calls !== next.calls);
  ticket = next;
  seenAt = Date.now();
  lost = false;
  mostAhead = Math.max(mostAhead, ticket.ahead ?? 0);
  localStorage.setItem(MOST_AHEAD, String(mostAhead));
  if (calledNow) buzz();
  document.title = ticket.state === "called" ? t("★ 请到{window}号窗口 · {number}", { window: ticket.window, number: ticket.number }) : `${ticket.number} · ${plainTitle}`;
  paint();
  if (ENDED.has(ticket.state)) live?.stop();
}

function followZone(chosen) {
  live?.stop();
  live = chosen ? lookWhenChanged(chosen.code, look) : null;
}

function paint() {
  show(main, h("div", { class: "ticket-page" },
    hero(),
    buzzOffer(),
    ticket.state === "served" && tokenHere() ? evaluation() : null,
    steps(),
    details(),
    ticket.state === "waiting" && tokenHere() && phoneOffer(address, paint),
    ticket.state === "waiting" && tokenHere() && h("button", { type: "button", class: "button danger large", id: "cancel", onclick: askCancel }, icon("close"), t("取消排队")),
    !tokenHere() && ["waiting", "served"].includes(ticket.state) && h("p", { class: "notice", id: "view-only" }, icon("info"), t("要取消排队或评价，请扫小票上的二维码打开本页。")),
    !ENDED.has(ticket.state) && h("p", { class: "fresh quiet", id: "fresh", role: "status" },
      lost ? [icon("offline"), t("网络不通，显示的是 {time} 的情况", { time: exactTimeOf(seenAt) })] : [icon("repeat"), t("自动更新，不用刷新")])));
}

const HEROES = {
  waiting: waitingHero,
  transferred: waitingHero,
  called: () => [
    h("p", { class: "ticket-call-word" }, t("请到")),
    h("p", { class: "ticket-window" }, h("span", { class: "number" }, ticket.window), language === "zh" && "号窗口"),
    h("p", {}, zone && `${zone.code} · ${named(zone)}`),
  ],
  serving: () => [h("p", { class: "ticket-line" }, t("正在{window}号窗口办理", { window: ticket.window }))],
  on_hold: () => [h("p", { class: "ticket-line" }, t("办理暂停，请留意{window}号窗口再次叫您", { window: ticket.window ?? "" }))],
  missed: () => [h("p", { class: "ticket-line" }, t("您已过号，请到{window}号窗口请工作人员重新排队", { window: ticket.window ?? "" }))],
  served: () => [h("p", { class: "ticket-line" }, t("已办完，谢谢您的到来"))],
  cancelled: () => [h("p", { class: "ticket-line" }, t("此号已取消，需要时请重新取号"))],
  expired: () => [h("p", { class: "ticket-line" }, t("此号过号后未在规定时间内办理，已失效，请重新取号"))],
  closed: () => [h("p", { class: "ticket-line" }, t("今天已经下班，此号作废，请改日再来"))],
};

function hero() {
  return h("section", { class: "ticket-hero on-dark", "data-state": ticket.state, "aria-live": "polite", "aria-atomic": "true" },
    h("p", { class: "ticket-state" }, STATES[ticket.state] ?? ticket.state),
    h("p", { class: "ticket-caption" }, t("您的排队号")),
    h("h1", { class: "ticket-number number" }, ticket.number),
    HEROES[ticket.state]?.());
}

/** How far the queue has moved since the most that were ever ahead on this phone. */
function waitingHero() {
  return [
    h("dl", { class: "ticket-facts" },
      h("div", {}, h("dt", {}, t("前面等候")), h("dd", {}, ticket.ahead === null ? "—" : t("{count} 人", { count: ticket.ahead }))),
      h("div", {}, h("dt", {}, t("预计等待")), h("dd", {}, waitOf(ticket)))),
    h("progress", { class: "ticket-progress", max: mostAhead + 1, value: mostAhead + 1 - (ticket.ahead ?? 0), "aria-label": t("排队进度") }),
    h("p", { class: "ticket-rule" }, MISSED_RULE),
    ticket.ahead === 0 && h("p", { class: "ticket-soon" }, icon("bell"), t("马上就到您了，请在叫号屏附近等候")),
  ];
}

function steps() {
  const at = STEP_OF[ticket.state] ?? -1;
  if (at < 0) return null;
  return stepList(STEPS.map(([, name]) => name), at, { label: t("办理进度"), done: ticket.state === "served" });
}

function details() {
  const waited = ticket.called_at ? (Date.parse(ticket.called_at) - Date.parse(ticket.issued_at)) / 1000 : null;
  return factList([
    [t("事项"), named(item)],
    [t("业务"), named(queue)],
    [t("办理地点"), zone && `${zone.code} · ${named(zone)}`],
    [t("转到的窗口"), ticket.for_window],
    [t("取号时间"), timeOf(ticket.issued_at)],
    [t("叫号时间"), ticket.called_at && timeOf(ticket.called_at)],
    [t("等候了"), waited !== null && duration(waited)],
  ]);
}

function askCancel() {
  openDialog({
    title: t("取消排队？"),
    body: h("p", {}, t("取消后 {number} 号作废，需要时要重新取号。", { number: ticket.number })),
    submitText: t("确定取消"),
    cancelText: t("继续排队"),
    danger: true,
    submit: async () => {
      try {
        await take(await post(`${address}/cancel`, {}, { token: tokenHere() }));
        toast(t("已取消"));
      } catch (error) {
        toastProblem(error);
        look();
      }
    },
  });
}

function evaluation() {
  if (localStorage.getItem(EVALUATED)) {
    return h("section", { class: "card evaluation thanks" }, icon("finish"), h("h2", {}, t("谢谢您的评价")), h("p", { class: "quiet" }, t("您的意见会帮助我们改进服务。")));
  }
  const choices = LEVELS.map(([level, name]) =>
    h("label", { class: "level" },
      h("input", { type: "radio", class: "visually-hidden", name: "level", value: level, checked: level === chosenLevel, onchange: () => { chosenLevel = level; paint(); } }),
      h("span", { class: "stars", "aria-hidden": "true" }, Array.from({ length: 5 }, (_, index) => h("span", { class: index < level ? "star on" : "star" }, icon("star")))),
      h("span", {}, name)));
  return h("form", { class: "card evaluation", onsubmit: evaluate },
    h("fieldset", {}, h("legend", { class: "evaluation-title" }, t("请评价本次服务")), choices),
    h("div", { class: "field" }, h("label", { for: "comment" }, t("想说的话（可不填）")), h("textarea", { class: "input", id: "comment", name: "comment", rows: 2, maxlength: 500 })),
    h("button", { type: "submit", class: "button primary large", disabled: chosenLevel === null || sending }, t("提交评价")));
}

async function evaluate(event) {
  event.preventDefault();
  const comment = event.currentTarget.comment.value.trim();
  let known = true;
  sending = true;
  paint();
  try {
    await post(`${address}/evaluation`, { level: chosenLevel, ...(comment ? { comment } : {}) }, { token: tokenHere(), anonymous: true });
  } catch (error) {
    toastProblem(error);
    known = error.code === "already_evaluated";
  }
  if (known) localStorage.setItem(EVALUATED, "yes");
  sending = false;
  paint();
}

function showProblem(error) {
  if (error.status === 404 || error.status === 422) {
    show(main, h("div", { class: "state failed" }, icon("question"), h("h1", { class: "state-title" }, t("没有找到这个排队号")), h("p", {}, t("请核对二维码，或到取号机重新取号。"))));
  } else {
    show(main, failed(error, begin));
  }
}

async function begin() {
  show(main, loading());
  await look();
  if (ticket && !ENDED.has(ticket.state)) followZone(zone);
}

startShell();
begin();
