/* What was sent to whom, when, and what could not be; looks again by itself. */
import { command, get } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { h, icon, show } from "../shared/shell/dom.js";
import { exactTimeOf, isoDayOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { MESSAGE_STATES, MESSAGE_TONES } from "../shared/words/sms.js";
import { faultWords, KINDS, LANGUAGE_NAMES } from "./words.js";
import { shortDayOf } from "../shared/words/days.js";
import { optionsOf, select, tool } from "../shared/form/choices.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { toast, toastProblem } from "../shared/shell/toast.js";
import { problemTitle } from "../shared/words/codes.js";

const LOOK_EVERY_MS = 3_000;
const A_PAGE = 50;
const LEAST_TYPED = 4;
const TYPING_MS = 400;
const COUNTED_AT_MOST = 100;

function momentWords(moment) {
  const day = isoDayOf(moment);
  return day === today() ? exactTimeOf(moment) : `${shortDayOf(day)} ${exactTimeOf(moment)}`;
}

function row(message, retry) {
  const { id, kind, to, state, text, tries, fault } = message;
  return h("tr", { dataset: { id, state } },
    h("td", { class: "number nowrap" }, momentWords(message.sent_at ?? message.due_at)),
    h("td", { class: "number nowrap" }, to ?? "—"),
    h("td", { class: "nowrap" }, KINDS[kind] ?? kind, h("span", { class: "quiet message-language" }, LANGUAGE_NAMES[message.language])),
    h("td", { class: "message-text" }, text ?? h("span", { class: "quiet" }, t("发送时生成"))),
    h("td", {}, h("span", { class: `tag ${MESSAGE_TONES[state] ?? ""}` }, MESSAGE_STATES[state] ?? state),
      fault && h("p", { class: state === "failed" || state === "due" ? "message-fault" : "quiet message-fault" }, faultWords(fault))),
    h("td", { class: "figure" }, tries),
    h("td", {}, state === "failed" && h("button", { type: "button", class: "button small", dataset: { retry: id }, onclick: () => retry(message) }, icon("repeat"), t("重发"))));
}

/** Show the messages in `panel`; returns how to stop looking. */
export function sentView(panel) {
  const filter = (id, names, value) => select(id, optionsOf(names, { all: t("全部") }), value, () => anew());
  const state = filter("state", MESSAGE_STATES, "sent"); /* the latest due come first: reminders of coming days would hide what went out */
  const kind = filter("kind", KINDS, "");
  const search = h("input", { class: "input", type: "search", id: "q", maxlength: 32, autocomplete: "off", oninput: () => {
    clearTimeout(typing);
    typing = setTimeout(anew, TYPING_MS);
  } });
  const asOf = h("p", { class: "quiet tools-end", id: "as-of" });
  const alarm = h("div", { role: "status" });
  const body = h("div", {});
  let pages = 1;
  let shown = "";
  let turn = 0;
  let planned = null;
  let typing = null;

  /* What stands between the characters of a number or reference does not count. */
  const chosen = () => {
    const q = search.value.normalize("NFKC").replace(/[^0-9A-Za-z]/g, "");
    return { state: state.value, kind: kind.value, ...(q.length >= LEAST_TYPED && { q }) };
  };

  async function ask() {
    const rows = [];
    let cursor = null;
    for (let left = pages; left > 0; left -= 1) {
      const answer = await get("messages", { ...chosen(), limit: A_PAGE, cursor });
      rows.push(...answer.items);
      cursor = answer.next;
      if (!cursor) break;
    }
    return { rows, more: cursor !== null };
  }

  /** Ask again; what did not change is not painted again, and the focus stays on its button. */
  async function look() {
    clearTimeout(planned);
    const own = (turn += 1);
    try {
      const [found, wrong] = await Promise.all([ask(), get("messages", { state: "failed", limit: COUNTED_AT_MOST })]);
      if (own !== turn) return;
      paint(found);
      paintAlarm(wrong);
      show(asOf, t("每 3 秒自动刷新"));
    } catch (error) {
      if (own !== turn || error.status === 401) return;
      if (body.querySelector("table")) show(asOf, h("span", { class: "tag bad" }, icon("alert"), problemTitle(error), t("显示的是上一次的数据。")));
      else show(body, failed(error, anew));
    }
    planned = setTimeout(look, LOOK_EVERY_MS);
  }

  function paint({ rows, more }) {
    const text = JSON.stringify([rows, more, today()]);
    if (text === shown) return;
    shown = text;
    const focused = body.contains(document.activeElement) ? document.activeElement : null;
    const retried = focused?.dataset.retry;
    const wasMore = focused?.id === "more";
    if (!rows.length) show(body, empty(t("没有这样的短信"), t("有人预约、取消或快到号时，短信会出现在这里。"), "message"));
    else show(body, table(rows), more && h("p", { class: "more" }, h("button", { type: "button", class: "button", id: "more", onclick: showMore }, t("显示更早的"))));
    if (!focused) return;
    const again = retried ? body.querySelector(`[data-retry="${CSS.escape(retried)}"]`) : wasMore && body.querySelector("#more");
    (again || panel).focus({ preventScroll: true });
  }

  const table = (rows) =>
    h("div", { class: "card table-wrap", tabindex: "0", role: "region", "aria-label": t("发送记录") }, h("table", { class: "table" },
      h("caption", { class: "visually-hidden" }, t("短信，最新的在前")),
      h("thead", {}, h("tr", {}, [t("时间"), t("收件人"), t("类型"), t("内容"), t("状态"), t("次数"), t("操作")].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, rows.map((message) => row(message, retry)))));

  function paintAlarm({ items, next }) {
    const count = next ? t("{count} 条以上", { count: items.length }) : t("{count} 条", { count: items.length });
    if (alarm.dataset.count === count) return;
    alarm.dataset.count = count;
    show(alarm, items.length > 0 && h("p", { class: "notice bad" }, icon("alert"), h("span", {}, t("有 {count}短信发送失败。", { count })),
      h("button", { type: "button", class: "button small", id: "show-failed", onclick: () => { state.value = "failed"; anew(); } }, t("查看"))));
  }

  async function retry(message) {
    try {
      await command(`messages/${message.id}/retry`);
      toast(t("已重新安排发送"));
    } catch (error) {
      if (error.code === "not_failed") toast(t("这条短信已不在失败状态。"), "", { bad: true });
      else toastProblem(error);
    }
    look();
  }

  function showMore() {
    pages += 1;
    look();
  }

  function anew() {
    pages = 1;
    shown = "";
    show(body, loading());
    look();
  }

  show(panel, h("div", { class: "tools" }, tool(t("状态"), state), tool(t("类型"), kind), tool(t("手机号、预约号或排队号"), search), asOf), alarm, body);
  anew();
  return () => {
    turn += 1;
    clearTimeout(planned);
    clearTimeout(typing);
  };
}
