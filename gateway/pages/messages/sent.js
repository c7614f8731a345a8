/* What was sent to whom, when, and what could not be; looks again by itself. */
import { command, get } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { h, icon, show } from "../shared/shell/view.js";
import { exactTimeOf, isoDayOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { MESSAGE_STATES, MESSAGE_TONES } from "../shared/words/sms.js";
import { faultWords, KINDS, LANGUAGE_NAMES } from "./words.js";
import { shortDayOf } from "../shared/words/days.js";
import { optionsOf } from "../shared/form/choices.js";
import { select, tool } from "../shared/form/controls.js";
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
  return h("tr", { key: id, "data-id": id, "data-state": state },
    h("td", { class: "number nowrap" }, momentWords(message.sent_at ?? message.due_at)),
    h("td", { class: "number nowrap" }, to ?? "—"),
    h("td", { class: "nowrap" }, KINDS[kind] ?? kind, h("span", { class: "quiet message-language" }, LANGUAGE_NAMES[message.language])),
    h("td", { class: "message-text" }, text ?? h("span", { class: "quiet" }, t("发送时生成"))),
    h("td", {}, h("span", { class: `tag ${MESSAGE_TONES[state] ?? ""}` }, MESSAGE_STATES[state] ?? state),
      fault && h("p", { class: state === "failed" || state === "due" ? "message-fault" : "quiet message-fault" }, faultWords(fault))),
    h("td", { class: "figure" }, tries),
    h("td", {}, state === "failed" && h("button", { type: "button", class: "button small", "data-retry": id, onclick: () => retry(message) }, icon("repeat"), t("重发"))));
}

/** Show the messages in `panel`; returns how to stop looking. */
export function sentView(panel) {
  const wanted = { state: "sent", kind: "", q: "" }; /* the latest due come first: reminders of coming days would hide what went out */
  let rows = null;
  let content = loading();
  let wrong = ""; /* how many could not be sent, in words */
  let asOf = "";
  let pages = 1;
  let turn = 0;
  let planned = null;
  let typing = null;

  const filter = (id, names) => select(id, optionsOf(names, { all: t("全部") }), wanted[id], (value) => anew({ [id]: value }));

  /* What stands between the characters of a number or reference does not count. */
  function typed({ target }) {
    const q = target.value.normalize("NFKC").replace(/[^0-9A-Za-z]/g, "");
    wanted.q = q.length >= LEAST_TYPED ? q : "";
    clearTimeout(typing);
    typing = setTimeout(anew, TYPING_MS);
  }

  function paint() {
    const within = panel.contains(document.activeElement);
    show(panel,
      h("div", { class: "tools" }, tool(t("状态"), filter("state", MESSAGE_STATES)), tool(t("类型"), filter("kind", KINDS)),
        tool(t("手机号、预约号或排队号"), h("input", { class: "input", type: "search", id: "q", maxlength: 32, autocomplete: "off", oninput: typed })),
        h("p", { class: "quiet tools-end", id: "as-of" }, asOf)),
      h("div", { role: "status" }, wrong && h("p", { class: "notice bad" }, icon("alert"), h("span", {}, t("有 {count}短信发送失败。", { count: wrong })),
        h("button", { type: "button", class: "button small", id: "show-failed", onclick: () => anew({ state: "failed" }) }, t("查看")))),
      h("div", {}, content));
    if (within && !panel.contains(document.activeElement)) panel.focus({ preventScroll: true }); /* its button has gone */
  }

  async function ask() {
    const items = [];
    let cursor = null;
    for (let left = pages; left > 0; left -= 1) {
      const answer = await get("messages", { state: wanted.state, kind: wanted.kind, ...(wanted.q && { q: wanted.q }), limit: A_PAGE, cursor });
      items.push(...answer.items);
      cursor = answer.next;
      if (!cursor) break;
    }
    return { items, more: cursor !== null };
  }

  async function look() {
    clearTimeout(planned);
    const own = (turn += 1);
    try {
      const [found, failures] = await Promise.all([ask(), get("messages", { state: "failed", limit: COUNTED_AT_MOST })]);
      if (own !== turn) return;
      rows = found.items;
      content = rows.length ? table(found) : empty(t("没有这样的短信"), t("有人预约、取消或快到号时，短信会出现在这里。"), "message");
      wrong = failures.items.length > 0 && countWords(failures);
      asOf = t("每 3 秒自动刷新");
    } catch (error) {
      if (own !== turn || error.status === 401) return;
      if (rows?.length) asOf = h("span", { class: "tag bad" }, icon("alert"), problemTitle(error), t("显示的是上一次的数据。"));
      else content = failed(error, () => anew());
    }
    paint();
    planned = setTimeout(look, LOOK_EVERY_MS);
  }

  const countWords = ({ items, next }) => (next ? t("{count} 条以上", { count: items.length }) : t("{count} 条", { count: items.length }));

  const table = ({ items, more }) => [
    h("div", { class: "card table-wrap", tabindex: "0", role: "region", "aria-label": t("发送记录") }, h("table", { class: "table" },
      h("caption", { class: "visually-hidden" }, t("短信，最新的在前")),
      h("thead", {}, h("tr", {}, [t("时间"), t("收件人"), t("类型"), t("内容"), t("状态"), t("次数"), t("操作")].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, items.map((message) => row(message, retry))))),
    more && h("p", { class: "more" }, h("button", { type: "button", class: "button", id: "more", onclick: showMore }, t("显示更早的"))),
  ];

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

  function anew(changed = {}) {
    Object.assign(wanted, changed);
    pages = 1;
    rows = null;
    content = loading();
    paint();
    look();
  }

  anew();
  return () => {
    turn += 1;
    clearTimeout(planned);
    clearTimeout(typing);
  };
}
