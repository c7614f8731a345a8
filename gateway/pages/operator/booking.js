/* Booking, moving and waiting: what is about to be done, and doing it once. */
import { command, newKey } from "../shared/hall/api.js";
import { $, h, icon } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";
import { problemWords, timeWords } from "./words.js";

/** One key for one intention: the same body again, after no answer came, is the same command. */
class Intention {
  #text = "";
  #key = "";

  key(path, body) {
    const text = JSON.stringify([path, body]);
    if (text !== this.#text) {
      this.#text = text;
      this.#key = newKey();
    }
    return this.#key;
  }

  done() {
    this.#text = "";
  }
}

/** Carry out one command at a time; a second Enter while it is under way does nothing. */
export function carrier({ onProblem }) {
  const intention = new Intention();
  let busy = false;
  return async (path, body = {}) => {
    if (busy) return undefined;
    busy = true;
    try {
      const answer = await command(path, body, { key: intention.key(path, body) });
      intention.done();
      return answer;
    } catch (error) {
      if (!error.unanswered) intention.done();
      onProblem(error);
      return undefined;
    } finally {
      busy = false;
    }
  };
}

const line = (name, ...value) => h("div", { class: "plan-line" }, h("dt", {}, name), h("dd", {}, value));

const NOTHING = { name: "", english: false, from: "", to: "" };

/** The part that books. `order` is `{phone, item, slot, move, waiting}` as the console has it now; `paint()` shows all again. */
export function bookingPart({ order, dates, onBook, onLeave, paint }) {
  let given = NOTHING;
  let error = "";
  let wrong = null; /* the name of a control */

  const control = (name, attributes) =>
    h("input", { class: "input", id: name, value: given[name], "aria-invalid": String(wrong === name), oninput: ({ target }) => { given = { ...given, [name]: target.value }; }, ...attributes });
  const labelled = (name, label) => h("div", { class: "field" }, h("label", { for: name }, label), control(name, { type: "date" }));

  /** Say what is wrong, again when it is the same, and go there. */
  function tell(text, at = null) {
    wrong = at;
    for (error of ["", text]) paint();
    if (at) $(at)?.focus();
  }

  function view() {
    const { item, slot, move, waiting } = order();
    return h("form", { class: "card booking", novalidate: true, "aria-label": t("预约"), onsubmit },
      h("h2", { class: "part-title" }, icon("check"), t("预约")),
      h("p", { class: `notice mode ${waiting ? "warn" : ""}`, role: "status", hidden: !move && !waiting },
        icon(move ? "transfer" : "clock"), h("span", { class: "mode-text" }, move ? t("改期：原定 {time}", { time: timeWords(move) }) : t("登记候补：有空位时通知来电人，30 分钟内确认")),
        h("button", { type: "button", class: "button small", onclick: onLeave }, t("退出"), h("kbd", {}, "Esc"))),
      h("dl", { class: "plan" },
        line(t("事项"), item ? named(item) : "—"),
        !waiting && line(t("时间"), h("strong", { class: "plan-time number" }, slot ? timeWords(slot) : "—"), slot?.free === 0 && h("span", { class: "tag bad" }, t("已满")))),
      h("div", { class: "field-pair", hidden: !waiting }, labelled("from", t("最早")), labelled("to", t("最晚"))),
      h("div", { class: "field", hidden: Boolean(move) }, h("label", { for: "name" }, t("姓名"), " ", h("kbd", {}, "F9")),
        control("name", { type: "text", autocomplete: "off", maxlength: 60, "aria-keyshortcuts": "F9", "aria-describedby": "booking-error" }),
        h("label", { class: "choice-box" },
          h("input", { type: "checkbox", id: "english", checked: given.english, onchange: ({ target }) => { given = { ...given, english: target.checked }; } }), h("span", {}, t("用英文发短信")))),
      h("p", { class: "field-error", id: "booking-error", role: "alert" }, error),
      h("button", { type: "submit", class: "button primary large book" }, icon(waiting ? "clock" : "check"), waiting ? t("登记候补") : move ? t("确认改期") : t("预约"), h("kbd", {}, "Enter")));
  }

  function lack() {
    const { phone, item, slot, move, waiting } = order();
    if (!phone) return [t("请先输入来电号码。"), null];
    if (!item) return [t("请先选定事项。"), null];
    if (!waiting && !slot) return [t("请先选时段。"), null];
    if (!waiting && !slot.free) return [t("这个时段已满，请选别的时段或按 F10 登记候补。"), null];
    if (waiting && (!given.from || !given.to || given.to < given.from)) return [t("日期不正确。"), "to"];
    if (!move && !given.name.trim()) return [t("请输入来电人的姓名。"), "name"];
    return null;
  }

  function commandOf({ phone, item, slot, move, waiting }) {
    if (move) return [`appointments/${move.id}/reschedule`, { slot: slot.id }];
    const person = { item: item.code, name: given.name.trim(), phone, language: given.english ? "en" : "zh" };
    return waiting
      ? ["waitlist", { ...person, from: given.from, to: given.to }]
      : ["appointments", { ...person, slot: slot.id, channel: "phone" }];
  }

  const onsubmit = (event) => {
    event.preventDefault();
    const lacking = lack();
    if (lacking) return tell(...lacking);
    tell("");
    return onBook(...commandOf(order()));
  };

  return {
    view,
    renew: () => tell(""), /* another order: what was wrong is no more */
    focus: () => (order().move ? document.querySelector(".book") : $("name"))?.focus(),
    setName: (name) => {
      given = { ...given, name: given.name || name };
      paint();
    },
    offerDates: () => { given = { ...given, ...dates() }; },
    refuse: (problem) => {
      const wrongName = problem.errors?.name;
      tell(wrongName ? t("姓名不正确。") : problemWords(problem), wrongName ? "name" : problem.errors?.to ? "to" : null);
    },
    clear: () => {
      given = NOTHING;
      tell("");
    },
  };
}
