/* What the console shows. */
import { h, icon, show } from "../shared/shell/view.js";
import { dayOf, minutes, stopwatch, timeLimit } from "../shared/words/format.js";
import { secondsSince, secondsUntil } from "../shared/shell/clock.js";
import { language, named, t } from "../shared/words/i18n.js";
import { empty } from "../shared/shell/states.js";
import { receiptButton } from "./receipt.js";
import { CLASSES, STATES } from "../shared/words/codes.js";

const PRIMARY = { none: ["call"], called: ["start"], serving: ["finish", "case"] };

const classTag = (ticket) =>
  ticket.class !== "walk_in" && h("span", { class: ticket.class === "urgent" ? "tag bad" : "tag warn" }, CLASSES[ticket.class] ?? ticket.class);

function actionButton(action, { primary, busy }) {
  return h("button", {
    type: "button", class: `button action ${primary ? "primary" : ""}`, disabled: busy || !action.when(), onclick: action.run,
    "aria-keyshortcuts": action.key, "data-action": action.id, key: action.id,
  }, icon(action.icon), h("span", {}, action.text), h("kbd", {}, action.key));
}

function currentCard(desk, actions, hall) {
  const { ticket } = desk;
  const first = PRIMARY[ticket?.state ?? "none"] ?? [];
  return h("section", { class: "card current", "aria-label": t("当前号"), "data-state": ticket?.state ?? "none" },
    ticket ? currentTicket(desk, ticket, hall) : nobody(desk),
    h("div", { class: "actions" }, actions.filter(({ beside }) => !beside).map((action) => actionButton(action, { primary: first.includes(action.id), busy: desk.busy }))));
}

function currentTicket(desk, ticket, hall) {
  const item = desk.item(ticket.item);
  return h("div", { class: "current-body" },
    h("div", { class: "current-head" },
      h("span", { class: `tag state-${ticket.state}` }, STATES[ticket.state] ?? ticket.state), classTag(ticket),
      h("span", { class: "current-timer" }, icon("clock"), h("span", { class: "number" }, stopwatch(secondsSince(ticket.started_at ?? ticket.called_at))))),
    h("p", { class: "current-number number", "aria-live": "polite" }, ticket.number),
    h("p", { class: "current-item" }, named(item)),
    ticket.calling && h("p", { class: "current-calls quiet number" }, recallLine(ticket)),
    desk.person && h("p", { class: "current-person" }, icon("person"), t("预约人："), h("bdi", {}, desk.person.name), " ", h("span", { class: "number quiet" }, desk.person.phone)),
    ticket.same_phone > 0 && h("p", { class: "notice warn same-phone" }, icon("people"), h("span", {}, t("同一手机号在这个队列还取了 {count} 个号。", { count: ticket.same_phone }))),
    h("p", { class: "quiet" }, [item.code, "time_limit_days" in item && timeLimit(item.time_limit_days)].filter(Boolean).join(" · ")),
    desk.cases.length > 0 && caseList(desk, hall));
}

/** Seconds until a called number may be called again, null when it may not any more. */
export function waitsForRecall({ calling }) {
  if (!calling) return 0;
  return calling.again_at === null ? null : Math.ceil(secondsUntil(calling.again_at));
}

/** How often the number was called, and what of that is left. */
function recallLine(ticket) {
  const { made, most } = ticket.calling;
  const waits = waitsForRecall(ticket);
  if (waits === null) return t("已叫 {made} 次，不能再叫；没有人来请按过号", { made });
  return waits ? t("已叫 {made} 次，最多 {most} 次，{seconds} 秒后可重呼", { made, most, seconds: waits }) : t("已叫 {made} 次，最多 {most} 次", { made, most });
}

function nobody(desk) {
  const count = desk.state.waiting_count;
  return h("div", { class: "current-body idle" },
    h("p", { class: "current-idle" }, t("窗口空闲")),
    h("p", { class: "quiet", "aria-live": "polite" }, count ? t("有 {count} 人等候，按 F2 叫号", { count }) : t("现在没有人等候")));
}

function caseList(desk, hall) {
  return h("div", { class: "cases" },
    h("h3", { class: "small-title" }, t("本次受理的办件")),
    h("ul", {}, desk.cases.map((each) =>
      h("li", { class: "case", key: each.number }, h("strong", { class: "number" }, each.number), h("span", { class: "case-item" }, named(desk.item(each.item))),
        each.due_on ? h("span", { class: "tag good" }, t("{day} 前办结", { day: dayOf(each.due_on) })) : h("span", { class: "tag warn" }, t("补正中")),
        receiptButton(each, hall)))));
}

function whyCard({ why, ticket }) {
  const fact = (name, value) => value !== null && value !== undefined && value !== "" && h("div", {}, h("dt", {}, name), h("dd", { class: "number" }, value));
  const runnerUp = why?.runner_up;
  return h("section", { class: "card side-card", "aria-labelledby": "why-title" },
    h("h2", { class: "side-title", id: "why-title" }, icon("question"), t("为什么叫这个号")),
    !why && h("p", { class: "quiet" }, ticket ? t("没有记录叫号依据。") : t("叫号后显示选择的依据。")),
    why && h("p", { class: "why-text" }, language === "en" ? why.explanation_en ?? why.rule : why.explanation ?? why.rule),
    why && h("dl", { class: "why-facts" },
      fact(t("得分"), why.score === null || why.score === undefined ? "" : Math.round(why.score)),
      fact(t("类别"), CLASSES[why.class] ?? why.class),
      fact(t("次位"), runnerUp && `${runnerUp.number} · ${Math.round(runnerUp.score)}`),
      fact(t("当时等候"), why.waiting !== undefined && t("{count} 人", { count: why.waiting }))));
}

function waitingCard(desk, actions) {
  const { waiting, waiting_count: count } = desk.state;
  return h("section", { class: "card side-card waiting-card", "aria-labelledby": "waiting-title" },
    h("h2", { class: "side-title", id: "waiting-title" }, icon("people"), t("等候"), h("span", { class: "badge number" }, count)),
    actions.filter(({ beside }) => beside === "waiting").map((action) => actionButton(action, { primary: false, busy: desk.busy })),
    waiting.length
      ? h("ol", { class: "waiting-list", tabindex: "0", "aria-labelledby": "waiting-title" }, waiting.map((ticket) =>
          h("li", { class: "waiting-row", key: ticket.id },
            h("strong", { class: "number" }, ticket.number),
            h("span", { class: "waiting-item" }, named(desk.item(ticket.item))),
            h("span", { class: "waiting-meta" }, ticket.for_window && h("span", { class: "tag brand-tag" }, t("转到 {window}", { window: ticket.for_window })), classTag(ticket), h("span", { class: "quiet number" }, t("{minutes} 分", { minutes: minutes(secondsSince(ticket.issued_at)) }))))))
      : empty(t("没有人等候"), "", "people"),
    count > waiting.length && h("p", { class: "quiet waiting-more" }, t("只列出最先的 {shown} 人，共 {count} 人", { shown: waiting.length, count })));
}

function asideCard(rows, desk, { bringBack, more }) {
  return h("section", { class: "card side-card", "aria-labelledby": "aside-title" },
    h("h2", { class: "side-title", id: "aside-title" }, icon("pause"), t("暂停与过号"), h("span", { class: "badge number" }, rows.length)),
    rows.length === 0 && h("p", { class: "quiet" }, t("没有暂停或过号的号码。")),
    rows.length > 0 && h("ul", { class: "aside-list" }, rows.map((ticket, index) => {
      const held = ticket.state === "on_hold";
      return h("li", { class: "aside-row", key: ticket.id },
        h("strong", { class: "number" }, ticket.number),
        h("span", { class: held ? "tag brand-tag" : "tag bad" }, held ? t("暂停") : t("过号")),
        held && ticket.window !== desk.window.code && h("span", { class: "tag number" }, t("{window} 窗口", { window: ticket.window })),
        h("button", { type: "button", class: "button", disabled: desk.busy || (held && desk.ticket !== null), onclick: () => bringBack(ticket), "data-action": `aside-${ticket.id}` },
          held ? t("继续办理") : t("重新排队"), h("kbd", {}, index + 1)),
        held && h("button", { type: "button", class: "icon-button", disabled: desk.busy, "aria-label": t("{number} 的其他处理", { number: ticket.number }), onclick: () => more(ticket), "data-action": `more-${ticket.id}` }, icon("list")));
    })));
}

/** Show a desk. What had the focus and is gone, or may no longer be done, gives it to what is to be done next. */
export function paintDesk(main, desk, { hall, actions, setAside, bringBack, more }) {
  const focused = document.activeElement.closest("[data-action]");
  show(main, h("div", { class: "desk" },
    waitingCard(desk, actions),
    currentCard(desk, actions, hall),
    h("div", { class: "desk-side" }, whyCard(desk), asideCard(setAside, desk, { bringBack, more }))));
  if (!focused || (focused.isConnected && !focused.disabled)) return;
  (main.querySelector(".action.primary:not(:disabled)") ?? main.querySelector("[data-action]:not(:disabled)"))?.focus();
}
