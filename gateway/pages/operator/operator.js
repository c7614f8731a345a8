/* The phone operator's console: a whole call with the keyboard. */
import { post } from "../shared/hall/api.js";
import { askNewToken } from "../shared/form/new-token.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h, icon, show } from "../shared/shell/view.js";
import { stopwatch } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { bookingPart, carrier } from "./booking.js";
import { callerPart } from "./caller.js";
import { itemPart } from "./items.js";
import { followMessage, resultView } from "./result.js";
import { slotPart } from "./slots.js";
import { groupsOf, problemWords, timeWords } from "./words.js";
import { openStaffPage } from "../shared/shell/staff.js";
import { toast } from "../shared/shell/toast.js";
import { showKeys } from "../shared/shell/keys.js";

const LETTERS = "operator-letters";
const GOAL_S = 30;
const PURPOSES = [t("核对来电人身份"), t("来电人忘记预约号"), t("联系来电人说明安排变动")];
/* Refusals after which the grid shows what is no longer true. */
const STALE = ["slot_full", "slot_past", "slot_not_found"];

const letters = {
  on: () => localStorage.getItem(LETTERS) !== "no",
  set: (on) => localStorage.setItem(LETTERS, on ? "yes" : "no"),
};

function consoleOf(main) {
  let item = null;
  let slot = null;
  let move = null;
  let waiting = false;
  let started = null;
  let ended = null;
  let result = null; /* how a call ended, while it is shown */
  let left = false;

  const carry = carrier({ onProblem: refused });
  const caller = callerPart({ onStart: startFromPhone, onNext: () => items.focus(), act, paint });
  const items = itemPart({ onChoose: chooseItem, paint });
  const noneLeft = () => !result && !move && setWaiting(true); /* who has just booked the last place reads its reference out */
  const slots = slotPart({ onChoose: (found) => { slot = found; booking.renew(); }, onTake: take, onNone: noneLeft, paint });
  const booking = bookingPart({ order: () => ({ phone: caller.phone(), item, slot, move, waiting }), dates: slots.dates, onBook: book, onLeave: leaveMode, paint });

  function paint() {
    if (left) return;
    show(main, h("div", { class: "call" },
      h("h1", { class: "visually-hidden" }, t("电话预约台")),
      h("div", { class: "call-left" },
        h("div", { class: "card call-clock" }, icon("clock"), h("span", {}, t("本次通话")),
          h("span", { class: `call-timer number ${seconds() > GOAL_S ? "over" : ""}`, role: "timer", "aria-label": t("通话时间") }, stopwatch(seconds())),
          h("span", { class: "quiet" }, t("目标 {seconds} 秒内", { seconds: GOAL_S }))),
        caller.view()),
      h("div", { class: "card call-middle" }, items.view(), slots.view()),
      h("div", { class: "call-right" }, result ? resultView(result, nextCall) : booking.view()),
      h("ul", { class: "shortcuts", "aria-label": t("快捷键") }, ACTIONS.map(({ key, text, run }) =>
        h("li", {}, h("button", { type: "button", class: "shortcut", "aria-keyshortcuts": key, onclick: run }, h("kbd", {}, key), text))))));
  }

  function start() {
    if (ended !== null) showBooking();
    started ??= performance.now();
    ended = null;
  }

  /** A number typed after a call is over begins the next one. */
  function startFromPhone() {
    if (ended !== null) forget();
    start();
  }

  const seconds = () => (started === null ? 0 : ((ended ?? performance.now()) - started) / 1000);

  function showBooking() {
    result = null;
    booking.renew();
  }

  function chooseItem(chosen) {
    start();
    showBooking();
    if (move && chosen.code !== move.item) move = null;
    item = chosen;
    slot = null;
    waiting = false;
    items.set(item);
    booking.renew();
    slots.load(item, { channel: move?.channel });
  }

  function take(found) {
    slot = found;
    booking.renew();
    booking.focus();
  }

  function setWaiting(on) {
    if (!item) return items.focus();
    showBooking();
    move = null;
    waiting = on;
    if (on) booking.offerDates();
    booking.renew();
    return booking.focus();
  }

  function leaveMode() {
    if (move) caller.focusHistory();
    else slots.focus();
    move = null;
    waiting = false;
    booking.renew();
  }

  function refused(error) {
    if (error.errors?.phone) {
      caller.refuse(t("电话号码不正确。"));
      return;
    }
    booking.refuse(error);
    if (STALE.includes(error.code)) slots.again();
  }

  async function book(path, body) {
    const kind = move ? "rescheduled" : waiting ? "waitlisted" : "booked";
    const made = await carry(path, body);
    if (made) finish(kind, made);
  }

  function finish(deed, appointment) {
    ended = performance.now();
    const about = appointment.item === item?.code ? item : caller.itemOf(appointment.item);
    showResult({ deed, appointment, item: about, seconds: started === null ? null : Math.round(seconds()), told: null });
    move = null;
    waiting = false;
    slot = null;
    caller.look();
    slots.again();
  }

  function showResult(own) {
    result = own;
    paint();
    document.querySelector(".result-title")?.focus({ preventScroll: true });
    followMessage(own, (view) => {
      if (result !== own || left) return false;
      own.told = view;
      paint();
      return true;
    });
  }

  /** What the buttons of the caller's history do. */
  function act(deed, one) {
    start();
    if (deed === "move") startMove(one);
    else if (deed === "again") chooseItem(caller.itemOf(one.item));
    else if (deed === "cancel") askCancel(one);
    else if (deed === "reveal") askReveal(one);
    else if (deed === "token") askToken(one);
    else confirm(one);
  }

  function startMove(one) {
    move = one;
    waiting = false;
    chooseItem(caller.itemOf(one.item));
  }

  async function confirm(one) {
    const done = await carryOutside(`appointments/${one.id}/confirm`);
    if (done) finish("confirmed", done);
  }

  /* Commands from the history tell their refusal beside them. */
  const carryOutside = carrier({ onProblem: (error) => { toast(problemWords(error), "", { bad: true }); caller.look(); } });

  function askCancel(one) {
    let done;
    const dialog = openDialog({
      title: t("取消这个预约？"),
      submitText: t("取消预约"),
      cancelText: t("不取消"),
      danger: true,
      body: [h("p", { class: "cancel-what" }, h("strong", { class: "number" }, timeWords(one)), " ", named(caller.itemOf(one.item))), h("p", { class: "quiet" }, t("按 Enter 取消预约，按 Esc 返回。"))],
      submit: async () => {
        done = await carryOutside(`appointments/${one.id}/cancel`);
      },
    });
    dialog.querySelector('[type="submit"]').focus();
    dialog.addEventListener("close", () => done && finish("cancelled", done)); /* after the dialog gave the focus back */
  }

  const askToken = (one) => askNewToken({
    title: t("换预约二维码"),
    things: [{ id: one.id, heading: groupsOf(one.reference).join(" ") }],
    path: (id) => `appointments/${encodeURIComponent(id)}`,
    page: (id) => `/appointment/${encodeURIComponent(id)}`,
  });

  function askReveal(one) {
    let refused = "";
    const tell = (words) => {
      for (refused of ["", words]) dialog.paint();
      return false;
    };
    const dialog = openDialog({
      title: t("显示姓名和电话"),
      submitText: t("显示"),
      body: () => [
        h("p", { class: "quiet" }, t("谁、何时、为何查看，都会记录。")),
        h("div", { class: "field" }, h("label", { for: "purpose" }, t("查看的目的")),
          h("input", { class: "input", id: "purpose", name: "purpose", list: "purposes", maxlength: 200, autocomplete: "off", autofocus: true, defaultValue: PURPOSES[0], "aria-describedby": "purpose-error" }),
          h("p", { class: "field-error", id: "purpose-error", role: "alert" }, refused)),
        h("datalist", { id: "purposes" }, PURPOSES.map((text) => h("option", { value: text }))),
      ],
      submit: async ({ elements: { purpose } }) => {
        if (!purpose.value.trim()) {
          purpose.focus();
          return tell(t("请写明目的。"));
        }
        try {
          const person = await post(`appointments/${one.id}/reveal`, { purpose: purpose.value.trim() });
          booking.setName(person.name);
          await caller.reveal(one.id, person);
          return true;
        } catch (problem) {
          return tell(problemWords(problem));
        }
      },
    });
    dialog.querySelector("#purpose").select();
  }

  function forget() {
    item = slot = move = null;
    waiting = false;
    started = ended = null;
    items.clear();
    slots.clear();
    result = null;
    booking.clear();
  }

  function nextCall() {
    forget();
    caller.clear();
  }

  const ACTIONS = [
    { key: "F2", text: t("新来电"), run: nextCall },
    { key: "/", text: t("来电号码"), run: () => caller.focus() },
    { key: "F3", text: t("来电人的预约"), run: () => caller.focusHistory() },
    { key: "F4", text: t("事项"), run: () => items.focus() },
    { key: "F8", text: t("号源"), run: () => slots.focus() },
    { key: "F9", text: t("姓名"), run: () => { if (ended === null) booking.focus(); } },
    { key: "F10", text: t("候补"), run: () => setWaiting(!waiting) },
    { key: "?", text: t("快捷键"), run: () => showKeys([...ACTIONS, ...IN_PLACE], letters) },
  ];
  const IN_PLACE = [
    { key: "M", text: t("改期（在预约上）") },
    { key: "C", text: t("取消（在预约上）") },
    { key: "Y", text: t("确认（在预约上）") },
    { key: "B", text: t("再约（在预约上）") },
    { key: "V", text: t("显示姓名（在预约上）") },
    { key: "T", text: t("换二维码（在预约上）") },
    { key: "Esc", text: t("退出改期或候补") },
  ];

  function onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && (move || waiting)) {
      leaveMode();
      return;
    }
    const single = event.key.length === 1;
    /* No phone number has a question mark, so there it asks for help, too. */
    const inPhone = event.key === "?" && event.target.matches("[type=tel]");
    if (single && !inPhone && (!letters.on() || event.target.closest("input, textarea, select"))) return;
    const action = ACTIONS.find(({ key }) => key === event.key);
    if (!action) return;
    event.preventDefault();
    if (!event.repeat) action.run();
  }

  paint();
  const ticking = setInterval(paint, 500);
  document.addEventListener("keydown", onKey);
  caller.focus();
  return () => {
    left = true;
    clearInterval(ticking);
    document.removeEventListener("keydown", onKey);
  };
}

openStaffPage({ title: t("电话预约台"), account: "operator", run: consoleOf });
