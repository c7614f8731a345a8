/* The wall board of a zone. */
import { exactTimeOf, minutes, timeOf } from "../shared/words/format.js";
import { closureNow, onHall } from "../shared/shell/clock.js";
import { $, h, icon, show } from "../shared/shell/view.js";
import { closureWords } from "../shared/words/closed.js";
import { language, named, namedOtherwise, page, t } from "../shared/words/i18n.js";
import { rotate } from "./rotation.js";
import { startShell } from "../shared/shell/shell.js";
import { follow } from "../shared/hall/sse.js";
import { Fragment } from "../shared/vendor/preact.js";
import { Voice } from "./voice.js";

const STALE_MS = 15_000;
const ROWS_CALLED = 5;
const ROWS_WAITING = 7;
const MISSED_SHOWN = 8;
const TURN_MS = 8_000;
const FRESH_MS = 12_000;
const MUTED = "board-muted";

const plainTitle = document.title;
const voice = new Voice({ onVoices: () => paintSound() });
let spoken = null; /* the last announcement's seq; null before the first snapshot */
let newest = "";
let last = null;
let hall = null;
let staleTimer = null;

const sentence = ({ number, window }) => t("请{number}号到{window}号窗口", { number, window });

const calledRow = (row) =>
  h("li", { class: "call-row call-grid", "data-state": row.state },
    h("span", { class: "call-number number" }, row.number),
    h("span", { class: "call-queue" }, named(row, "queue_name")),
    h("span", { class: "call-window number" }, row.window));

/** What can be said of a new ticket's wait: nothing is made up where no window is open. */
function waitWords({ count, windows_open: open, p90_s: wait }) {
  if (open === 0) return t("暂无窗口");
  if (!count) return t("无需等候");
  return wait === null ? t("等候较久，暂时无法预计") : t("约等 {minutes} 分钟以内", { minutes: minutes(wait) });
}

const waitingRow = (row) =>
  h("li", { class: "wait-row wait-grid" },
    h("span", { class: "wait-queue" }, named(row),
      h("span", { class: "wait-time" }, waitWords(row))),
    h("span", { class: "wait-count number" }, row.count));

const paintCalling = rotate($("calling"), $("calling-page"), {
  size: ROWS_CALLED, everyMs: TURN_MS, render: calledRow, none: () => h("li", { class: "board-none" }, t("暂无叫号")),
});
const paintWaiting = rotate($("waiting"), $("waiting-page"), {
  size: ROWS_WAITING, everyMs: TURN_MS, render: waitingRow, none: () => h("li", { class: "board-none" }, t("本区暂无业务")),
});

function paintHero(call) {
  const key = call ? `${call.number} ${call.called_at} ${call.recalls}` : "none";
  if (key === newest) return;
  const first = newest === "";
  newest = key;
  const hero = $("hero");
  hero.classList.toggle("empty", !call);
  show(hero, call
    ? h(Fragment, { key }, /* a live region: a number that is called again is said again */
      language === "zh" && h("span", { class: "hero-word" }, "请"),
      h("span", { class: "hero-number number" }, call.number),
      h("span", { class: "hero-word" }, h("span", { class: "hero-arrow" }, icon("arrow")), language === "en" && "Window"),
      h("span", { class: "hero-window number" }, call.window),
      language === "zh" && h("span", { class: "hero-word" }, "号窗口"),
      h("span", { class: "hero-queue" }, named(call, "queue_name")))
    : h("span", { class: "hero-word" }, t("请等候叫号")));
  if (first || !call) return;
  hero.classList.add("fresh");
  setTimeout(() => hero.classList.remove("fresh"), FRESH_MS);
}

/** Say what was called since the last snapshot. What was called before this board was opened is history. */
function speakNew(announcements) {
  const top = announcements.reduce((most, { seq }) => Math.max(most, seq), spoken ?? 0);
  if (spoken !== null) {
    const fresh = announcements.filter(({ seq }) => seq > spoken).sort((one, other) => one.seq - other.seq);
    for (const call of fresh) voice.announce(sentence(call));
  }
  spoken = top;
}

function paintExtended(sessions) {
  const closure = hall && closureNow(hall);
  $("extended").hidden = sessions.length === 0 && !closure;
  show($("extended"), icon("clock"), closure && h("span", {}, closureWords(closure, closure.ends_at)), sessions.map((session) =>
    h("span", {}, t("延时服务：{department}，办理至 {time}", { department: named(session), time: timeOf(session.ends_at) }))));
}

/** Numbers that were called in vain: whoever stands here late sees that something can still be done. */
function paintMissed(numbers) {
  $("missed").hidden = numbers.length === 0;
  show($("missed"), h("strong", {}, t("过号")), numbers.slice(0, MISSED_SHOWN).map((number) => h("span", { class: "number" }, number)));
}

const calledFirst = (one, other) =>
  (one.state === "called" ? 0 : 1) - (other.state === "called" ? 0 : 1) || other.called_at.localeCompare(one.called_at);

function paint(board) {
  last = board;
  $("message").hidden = true;
  $("board").hidden = false;
  $("zone-name").textContent = `${board.zone} ${named(board, "zone_name")}`;
  $("zone-name-other").textContent = namedOtherwise(board, "zone_name");
  document.title = [named(board, "zone_name"), plainTitle].join(" · ");
  const calls = [...board.calling].sort(calledFirst);
  const newestCall = calls[0]?.state === "called" ? calls[0] : null;
  const before = newest;
  paintHero(newestCall);
  paintCalling(calls.filter((call) => call !== newestCall), { fromStart: newest !== before });
  paintWaiting([...board.waiting].sort((one, other) => other.count - one.count));
  paintExtended(board.extended ?? []);
  paintMissed(board.missed ?? []);
  speakNew(board.announcements ?? []);
}

function fresh() {
  $("stale").hidden = true;
  clearTimeout(staleTimer);
  staleTimer = setTimeout(stale, STALE_MS);
}

function stale() {
  const time = last ? exactTimeOf(last.as_of) : "—";
  show($("stale"), icon("offline"), t("连接中断，以下内容可能不是最新。最后更新：{time}。正在重新连接……", { time }));
  $("stale").hidden = false;
  if (!last) showMessage(t("暂时连接不上，正在重试"), t("请稍候，恢复后自动显示。"));
}

function showMessage(title, text, ...more) {
  $("message").hidden = false;
  $("board").hidden = true;
  show($("message"), icon("alert"), h("p", { class: "board-message-title" }, title), h("p", {}, text), more);
}

function lost(status) {
  if (status !== 404) return;
  showMessage(t("没有这个办事区"), t("请核对地址，或重新选择。"), h("a", { class: "board-button", href: "/board" }, t("选择办事区")));
}

function paintSound() {
  $("sound").hidden = voice.started;
  $("mute").hidden = !voice.started;
  $("mute").setAttribute("aria-pressed", String(voice.muted));
  const words = voice.speechless ? t("没有可用的语音，只有提示音") : t("语音已开启");
  show($("mute"), icon(voice.muted ? "muted" : "sound"), h("span", {}, voice.muted ? t("已静音") : words));
}

async function startSound({ gesture }) {
  await voice.start({ gesture });
  voice.mute(localStorage.getItem(MUTED) === "yes");
  paintSound();
}

$("sound").addEventListener("click", () => startSound({ gesture: true }));
$("mute").addEventListener("click", () => {
  voice.mute(!voice.muted);
  localStorage.setItem(MUTED, voice.muted ? "yes" : "no");
  paintSound();
});
/* A device started with the browser's autoplay flag needs nobody to click. */
if (new URLSearchParams(location.search).get("sound") === "on") startSound({ gesture: false });

document.documentElement.dataset.language = language;
startShell();
onHall((answer) => {
  hall = answer;
  if (last) paintExtended(last.extended ?? []);
});
staleTimer = setTimeout(stale, STALE_MS);
follow(`/api/v1/boards/${encodeURIComponent(page.zone)}/events`, { onEvent: paint, onAlive: fresh, onLost: lost, silenceMs: STALE_MS });
