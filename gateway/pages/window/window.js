/* The clerk's console. */
import { get, post } from "../shared/hall/api.js";
import { hallNow } from "../shared/shell/clock.js";
import { departmentsByCode, queuesByCode } from "../shared/hall/directory.js";
import { leavingOf } from "../shared/hall/effects.js";
import { Desk } from "./desk.js";
import { $, focusOn, h, icon, show } from "../shared/shell/view.js";
import { dayOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { askNewSlip } from "../shared/form/new-token.js";
import { accountButton } from "../shared/shell/password.js";
import { openSession } from "../shared/shell/session.js";
import { startShell } from "../shared/shell/shell.js";
import { askSignIn } from "../shared/shell/signin.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { toast, toastProblem } from "../shared/shell/toast.js";
import { askAside, askChoice, askLeave } from "./aside.js";
import { askCase, askCheckIn, askTransfer } from "./dialogs.js";
import { showKeys } from "../shared/shell/keys.js";
import { showToday } from "./receipt.js";
import { paintDesk, waitsForRecall } from "./view.js";

const LETTERS = "window-letters";
const SET_ASIDE_KEYS = 9;

const main = $("main");
const session = openSession("hall-staff", { storage: sessionStorage, expired: () => leaveTo(t("登录已过期，请重新登录。")) });
let hall = null;
let me = null;
let desk = null;
let unfollow = null;

const letters = {
  on: () => localStorage.getItem(LETTERS) !== "no",
  set: (on) => localStorage.setItem(LETTERS, on ? "yes" : "no"),
};

const state = () => desk.ticket?.state ?? null;

/** Every command of the console: its key, when it may be given, what it does. */
const ACTIONS = [
  { id: "call", key: "F2", icon: "bell", text: t("叫下一个"), when: () => state() === null, run: callNext },
  { id: "recall", key: "R", icon: "repeat", text: t("重呼"), when: () => state() === "called" && waitsForRecall(desk.ticket) === 0, run: () => desk.on("recall") },
  { id: "start", key: "S", icon: "play", text: t("开始办理"), when: () => state() === "called", run: () => desk.on("start") },
  { id: "miss", key: "M", icon: "absent", text: t("过号"), when: () => state() === "called", run: () => desk.on("miss") },
  { id: "case", key: "A", icon: "case", text: t("受理办件"), when: () => state() === "serving", run: () => askCase(desk, told) },
  { id: "finish", key: "F", icon: "finish", text: t("办结"), when: () => state() === "serving", run: () => desk.on("finish") },
  { id: "hold", key: "H", icon: "pause", text: t("暂停"), when: () => state() === "serving", run: () => desk.on("hold") },
  { id: "transfer", key: "T", icon: "transfer", text: t("转办"), when: () => ["called", "serving"].includes(state()), run: () => askTransfer(desk) },
  { id: "choose", key: "C", icon: "person", text: t("点名叫号"), beside: "waiting", when: () => state() === null && desk.state.waiting.length > 0, run: () => askChoice(desk) },
  { id: "slip", key: "N", icon: "print", text: t("补发小票"), beside: "waiting", when: () => present().length > 0, run: () => askNewSlip(present()) },
  { id: "person", key: "P", icon: "person", text: t("预约人"), when: () => Boolean(desk.ticket?.appointment) && !desk.person, run: () => desk.reveal(t("窗口办理")) },
  { id: "check-in", key: "I", icon: "calendar", text: t("预约签到"), when: () => true, run: () => askCheckIn(desk, arrived) },
  { id: "today", key: "D", icon: "table", text: t("今日办件"), when: () => true, run: () => showToday(hall) },
  { id: "keys", key: "?", icon: "keyboard", text: t("快捷键"), when: () => true, run: () => showKeys(ACTIONS, letters) },
];

/** Whom the clerk may give a new slip: the one at the window first. */
const present = () => [desk.ticket, ...desk.state.held, ...desk.state.missed, ...desk.state.waiting].filter(Boolean);

async function callNext() {
  if ((await desk.callNext()) === null) toast(t("现在没有人等候"));
}

const told = (accepted) =>
  toast(t("已受理，办件号 {number}", { number: accepted.number }), t("应于 {day} 前办结", { day: dayOf(accepted.due_on) }));

const arrived = (ticket) => toast(t("已签到，排队号 {number}", { number: ticket.number }));

/** Bring a ticket that was set aside back: go on with one on hold, queue a missed one again. */
const bringBack = (ticket) => desk.on(ticket.state === "on_hold" ? "resume" : "requeue", { id: ticket.id });

function actionFor(event) {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return ACTIONS.find((action) => action.key === key);
}

function onKey(event) {
  if (!desk || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const single = event.key.length === 1;
  if (single && (!letters.on() || event.target.closest("input, textarea, select"))) return;
  const aside = single && /[1-9]/.test(event.key) ? setAside()[Number(event.key) - 1] : null;
  const action = actionFor(event);
  if (!aside && !action) return;
  event.preventDefault();
  if (event.repeat || desk.busy || !desk.state) return;
  if (aside) bringBack(aside);
  else if (action.when()) action.run();
}

const setAside = () => [...desk.state.held, ...desk.state.missed].slice(0, SET_ASIDE_KEYS);

function paintAccount() {
  const account = $("account");
  if (!me) return show(account);
  const at = desk && h("span", { class: "account-window" }, t("窗口"), h("strong", { class: "number" }, desk.window.code));
  return show(account, at, accountButton(me, session),
    h("button", { type: "button", class: "header-button", id: "leave", onclick: desk ? leaveWindow : () => leaveTo() }, icon("leave"), desk ? t("离岗") : t("退出登录")));
}

/** Leave the window; whoever is set aside at it, or waits where nobody calls any more, is told of first. */
async function leaveWindow() {
  const effects = await leavingOf(desk.window.code);
  if (!desk) return; /* the session has expired meanwhile */
  const aside = (desk.state?.held ?? []).filter(({ window }) => window === desk.window.code);
  if (aside.length || effects?.tickets) askLeave(aside, effects, signOut);
  else signOut();
}

async function signOut() {
  let left;
  try {
    left = await post(`windows/${encodeURIComponent(desk.window.code)}/sign-out`);
  } catch (error) {
    toastProblem(error);
    return;
  }
  closeDesk();
  if (left.held?.length) toast(t("仍有号码暂停：{numbers}", { numbers: left.held.join("、") }), t("本部门任一窗口都可以继续办理。"));
  chooseWindow();
}

function closeDesk() {
  unfollow?.();
  unfollow = null;
  desk = null;
  paintAccount();
}

/** Sign out and show the form again. */
async function leaveTo(notice = "") {
  if (session.token() && (await session.leave())) return;
  me = null;
  closeDesk();
  open(notice);
}

async function open(notice = "") {
  if (!session.token()) {
    await askSignIn(main, session, {
      title: t("窗口工作台"), text: t("请用窗口人员账号登录。"), account: hall?.demo ? "clerk" : null, notice,
    });
  }
  show(main, loading());
  try {
    me = await get("auth/me");
    paintAccount();
    await chooseWindow({ straight: true });
  } catch (error) {
    if (error.status !== 401) show(main, failed(error, () => open()));
  }
}

const codeOf = (window) => (typeof window === "string" ? window : window.code);

async function chooseWindow({ straight = false } = {}) {
  show(main, loading());
  try {
    const [rows, departments, queues] = await Promise.all([get("windows", { department: me.department }), departmentsByCode(), queuesByCode()]);
    const own = new Set(me.windows.map(codeOf));
    const windows = rows.items.filter(({ code }) => own.has(code));
    const sitting = windows.find(({ clerk }) => clerk === me.username);
    if (straight && sitting) return openDesk(sitting);
    return paintChoice(windows, { department: departments.get(me.department), queues });
  } catch (error) {
    if (error.status !== 401) show(main, failed(error, () => chooseWindow()));
    return null;
  }
}

function paintChoice(windows, { department, queues }) {
  const tile = (window) => {
    const taken = window.clerk && window.clerk !== me.username;
    return h("li", {}, h("button", { type: "button", class: "window-tile", disabled: taken, onclick: () => signIn(window), "data-window": window.code },
      h("span", { class: "window-code number" }, window.code),
      h("span", { class: "window-work quiet" }, window.queues.map((code) => named(queues.get(code))).join(" · ")),
      h("span", { class: taken ? "tag warn" : "tag good" }, taken ? t("{clerk} 在岗", { clerk: window.clerk }) : t("空闲")),
      window.held?.length > 0 && h("span", { class: "tag brand-tag window-held" }, icon("pause"), t("暂停 {numbers}", { numbers: window.held.join("、") }))));
  };
  show(main, h("div", { class: "choose-window" },
    h("h1", { class: "choose-title", tabindex: "-1", "data-focus": true }, t("选择窗口上岗")),
    h("p", { class: "quiet" }, [named(department), me.username].filter(Boolean).join(" · ")),
    windows.length
      ? h("ul", { class: "window-tiles" }, windows.map(tile))
      : empty(t("此账号没有可以上岗的窗口"), t("请用窗口人员账号登录，或请管理员分配。"), "desk")));
  (main.querySelector(".window-tile:not(:disabled)") ?? main.querySelector("[data-focus]")).focus();
}

async function signIn(window) {
  try {
    openDesk(await post(`windows/${encodeURIComponent(window.code)}/sign-in`, {}));
  } catch (error) {
    toastProblem(error);
    chooseWindow();
  }
}

async function openDesk(window) {
  desk = new Desk(window, { onChange: paint, onProblem: toastProblem });
  paintAccount();
  show(main, loading());
  await desk.look();
  if (!desk) return; /* the session has expired meanwhile */
  if (!desk.state) {
    show(main, failed({ status: 0, code: "offline", unanswered: true }, () => openDesk(window)));
    return;
  }
  unfollow = desk.follow();
  focusOn(main, "[data-action]:not(:disabled)");
}

function paint() {
  if (!desk?.state) return;
  paintDesk(main, desk, { hall, actions: ACTIONS, setAside: setAside(), bringBack, more: (ticket) => askAside(desk, ticket) });
}

document.addEventListener("keydown", onKey);
setInterval(() => hallNow() !== null && paint(), 1000); /* stopwatches run on the hall's clock */
startShell().then((found) => {
  hall = found;
  open();
});
