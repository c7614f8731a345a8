/* The kiosk: signs the device in, shows the view the address names after #, and goes back to the start when idle. */
import { ApiError, post } from "../shared/hall/api.js";
import { onHall } from "../shared/shell/clock.js";
import { untilAnswered, untilAnswers } from "../shared/hall/connection.js";
import { $, focusOn, h, icon, made, show } from "../shared/shell/view.js";
import { language, t } from "../shared/words/i18n.js";
import { Fragment } from "../shared/vendor/preact.js";
import { watchIdle } from "./idle.js";
import { checkIn } from "./check-in.js";
import { chooseDepartment, chooseItem, chooseZone, search, start } from "./choose.js";
import { confirmItem, showSlip } from "./issue.js";
import { openSession } from "../shared/shell/session.js";
import { startShell } from "../shared/shell/shell.js";
import { failed, loading } from "../shared/shell/states.js";
import { problemTitle } from "../shared/words/codes.js";

const IDLE_MS = 60_000;
const WARN_MS = 10_000;
const RENEW_MS = 24 * 60 * 60 * 1_000; /* a token counts for thirty days */
const ELDER = "kiosk-elder";
const DEMO_ACCOUNT = ["kiosk", "demo"];

const main = $("main");
const session = openSession("hall-kiosk", { storage: localStorage, expired: () => hall?.demo || askEnrolment() });
const visited = [];
const tokens = new Map(); /* of the tickets of whoever stands here: for their slip, and forgotten with them */
let hall = null;
let turn = 0;
let leaving = false;
let described = loading; /* what is on the screen */
let views = 0;

const place = () => decodeURIComponent(location.hash.replace(/^#\/?/, ""));

/** What views may do besides showing themselves. */
const kiosk = {
  /** Show a view: a function that describes it as it is now. */
  show: (view, { focus = true } = {}) => {
    described = view;
    views += 1;
    kiosk.paint();
    if (focus) focusOn(main);
  },
  paint: () => show(main, h(Fragment, { key: views }, described())), /* nothing of another view stays */
  elder: () => document.documentElement.dataset.elder === "on",
  hall: () => hall,
  go: (to) => {
    visited.push(place());
    location.replace(`#/${to}`);
  },
  back: () => location.replace(`#/${visited.pop() ?? ""}`),
  /** Show the slip of a ticket that was made now. */
  hand: ({ id, token }) => {
    tokens.set(id, token);
    kiosk.go(`ticket/${id}`);
  },
  tokenOf: (id) => tokens.get(id),
  home: () => {
    visited.length = 0;
    tokens.clear();
    if (place() === "") render();
    else location.replace("#/");
  },
  /** Run a command of this device; a token that lapsed is replaced once and the same command repeated. */
  command: async (run) => {
    try {
      return await run();
    } catch (error) {
      if (error.status !== 401 || !(await signInDemo())) throw error;
      return run();
    }
  },
};

const VIEWS = {
  "": start,
  zones: chooseZone,
  zone: chooseDepartment,
  department: chooseItem,
  search,
  "check-in": checkIn,
  item: confirmItem,
  ticket: showSlip,
};

async function render() {
  if (hall && !hall.demo && !session.token()) return askEnrolment();
  const own = (turn += 1);
  const [name, ...rest] = place().split("/");
  const view = VIEWS[name] ?? start;
  kiosk.show(() => [loading(), name && homeRow("late")]); /* where a question waits for the network, nobody else has to wait with it */
  try {
    const content = await view(kiosk, rest.join("/"));
    if (own === turn) kiosk.show(content);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (own === turn) kiosk.show(() => [failed(error, render), homeRow()], { focus: false });
  }
}

const homeRow = (when = "") =>
  h("p", { class: `kiosk-home-row ${when}` }, h("button", { type: "button", class: "button large", onclick: kiosk.home }, icon("home"), t("返回首页")));

async function signInDemo() {
  if (!hall?.demo) return false;
  return untilAnswered(() => session.signIn(...DEMO_ACCOUNT), ({ unanswered }) => unanswered).then(() => true, () => false);
}

/** Ask for the code that makes this device a kiosk, in place of whatever is shown. */
function askEnrolment() {
  turn += 1;
  let said = "";
  let tries = 0;
  const onsubmit = async (event) => {
    event.preventDefault();
    try {
      session.keep(await post("auth/kiosk", { enrolment_code: event.target.elements.code.value.trim() }, { anonymous: true }));
      render();
    } catch (problem) {
      tries += 1; /* the same refusal again is said again */
      said = problem.status >= 400 && problem.status < 500 ? t("登记码无效或已过期。") : problemTitle(problem);
      kiosk.paint();
    }
  };
  kiosk.show(() => h("div", { class: "sign-in" }, h("form", { class: "card sign-in-card", onsubmit },
    h("div", {}, h("h1", { class: "sign-in-title" }, t("登记本取号机")), h("p", { class: "quiet" }, t("请输入管理员给出的登记码，一台设备只需登记一次。"))),
    h("p", { class: "notice bad", role: "alert", hidden: !said, key: tries }, said),
    h("div", { class: "field" }, h("label", { for: "code" }, t("登记码")),
      h("input", { class: "input", id: "code", name: "code", required: true, autocomplete: "off", spellcheck: false, "data-focus": true })),
    h("button", { type: "submit", class: "button primary large" }, icon("check"), t("登记")))));
}

/** Keep the device's token from lapsing; a demo's is renewed when it has. A device that is locked out hears so here, too. */
function renew() {
  if (!session.token() || hall?.demo) return;
  post("auth/kiosk/renew").then(session.keep, ({ code }) => code === "not_a_kiosk" && session.expired());
}

function setElder(on) {
  document.documentElement.dataset.elder = on ? "on" : "off";
  sessionStorage.setItem(ELDER, on ? "on" : "off");
  $("elder").setAttribute("aria-pressed", String(on));
  $("elder").querySelector("span").textContent = on ? t("标准模式") : t("长辈模式");
}

const idleNote = document.body.appendChild(made(h("div", { class: "idle-note card", role: "alertdialog", hidden: true })));

function warnOfIdle(seconds) {
  const quiet = seconds === null || (place() === "" && !kiosk.elder());
  idleNote.hidden = quiet;
  if (quiet) return;
  show(idleNote, icon("clock"), h("p", {}, t("还在办理吗？{seconds} 秒后返回首页", { seconds })),
    h("button", { type: "button", class: "button primary large" }, t("继续办理")));
}

function startOver() {
  warnOfIdle(null);
  setElder(false);
  kiosk.home();
  if (language === "zh" || leaving) return;
  leaving = true;
  untilAnswers().then(() => location.replace("/kiosk?lang=zh"));
}

function begin() {
  setElder(sessionStorage.getItem(ELDER) === "on");
  $("elder").addEventListener("click", () => {
    setElder(!kiosk.elder());
    render();
  });
  addEventListener("hashchange", render);
  matchMedia("(orientation: portrait)").addEventListener("change", () => kiosk.paint());
  watchIdle({ afterMs: IDLE_MS, warnMs: WARN_MS, onWarning: warnOfIdle, onIdle: startOver });
}

async function open() {
  hall = await startShell();
  if (session.token() || (await signInDemo())) render();
  else askEnrolment();
  renew();
  setInterval(renew, RENEW_MS);
}

begin();
onHall((answer) => (hall = answer));
open();
