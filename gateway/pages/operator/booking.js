/* Booking, moving and waiting: what is about to be done, and doing it once. */
import { command, newKey } from "../shared/hall/api.js";
import { h, icon, show } from "../shared/shell/dom.js";
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

/** The part that books. `order` is `{phone, item, slot, move, waiting}` as the console has it now. */
export function bookingPart({ order, dates, onBook, onLeave }) {
  const summary = h("dl", { class: "plan" });
  const name = h("input", { class: "input", id: "name", type: "text", autocomplete: "off", maxlength: 60, "aria-keyshortcuts": "F9", "aria-describedby": "booking-error" });
  const english = h("input", { type: "checkbox", id: "english" });
  const from = h("input", { class: "input", id: "from", type: "date" });
  const to = h("input", { class: "input", id: "to", type: "date" });
  const error = h("p", { class: "field-error", id: "booking-error", role: "alert" });
  const banner = h("p", { class: "notice mode", role: "status", hidden: true });
  const send = h("button", { type: "submit", class: "button primary large book" });
  const nameField = h("div", { class: "field" }, h("label", { for: "name" }, t("姓名"), " ", h("kbd", {}, "F9")), name,
    h("label", { class: "choice-box" }, english, h("span", {}, t("用英文发短信"))));
  const dateField = h("div", { class: "field-pair" },
    h("div", { class: "field" }, h("label", { for: "from" }, t("最早")), from), h("div", { class: "field" }, h("label", { for: "to" }, t("最晚")), to));

  function tell(text, at = null) {
    error.textContent = text;
    for (const control of [name, from, to]) control.setAttribute("aria-invalid", String(control === at));
    if (at) at.focus();
  }

  function paint() {
    const { item, slot, move, waiting } = order();
    tell("");
    banner.hidden = !move && !waiting;
    banner.className = `notice mode ${waiting ? "warn" : ""}`;
    show(banner, icon(move ? "transfer" : "clock"), h("span", { class: "mode-text" }, move ? t("改期：原定 {time}", { time: timeWords(move) }) : t("登记候补：有空位时通知来电人，30 分钟内确认")),
      h("button", { type: "button", class: "button small", onclick: onLeave }, t("退出"), h("kbd", {}, "Esc")));
    show(summary,
      line(t("事项"), item ? named(item) : "—"),
      !waiting && line(t("时间"), h("strong", { class: "plan-time number" }, slot ? timeWords(slot) : "—"), slot?.free === 0 && h("span", { class: "tag bad" }, t("已满"))));
    nameField.hidden = Boolean(move);
    dateField.hidden = !waiting;
    show(send, icon(waiting ? "clock" : "check"), waiting ? t("登记候补") : move ? t("确认改期") : t("预约"), h("kbd", {}, "Enter"));
  }

  function lack() {
    const { phone, item, slot, move, waiting } = order();
    if (!phone) return [t("请先输入来电号码。"), null];
    if (!item) return [t("请先选定事项。"), null];
    if (!waiting && !slot) return [t("请先选时段。"), null];
    if (!waiting && !slot.free) return [t("这个时段已满，请选别的时段或按 F10 登记候补。"), null];
    if (waiting && (!from.value || !to.value || to.value < from.value)) return [t("日期不正确。"), to];
    if (!move && !name.value.trim()) return [t("请输入来电人的姓名。"), name];
    return null;
  }

  function commandOf({ phone, item, slot, move, waiting }) {
    if (move) return [`appointments/${move.id}/reschedule`, { slot: slot.id }];
    const person = { item: item.code, name: name.value.trim(), phone, language: english.checked ? "en" : "zh" };
    return waiting
      ? ["waitlist", { ...person, from: from.value, to: to.value }]
      : ["appointments", { ...person, slot: slot.id, channel: "phone" }];
  }

  const form = h("form", { class: "card booking", novalidate: true, "aria-label": t("预约") },
    h("h2", { class: "part-title" }, icon("check"), t("预约")), banner, summary, dateField, nameField, error, send);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const lacking = lack();
    if (lacking) return tell(...lacking);
    tell("");
    return onBook(...commandOf(order()));
  });

  return {
    element: form,
    paint,
    focus: () => (order().move ? send : name).focus(),
    setName: (text) => (name.value ||= text),
    offerDates: () => {
      const { from: first, to: last } = dates();
      from.value = first;
      to.value = last;
    },
    refuse: (problem) => {
      const wrongName = problem.errors?.name;
      tell(wrongName ? t("姓名不正确。") : problemWords(problem), wrongName ? name : problem.errors?.to ? to : null);
    },
    clear: () => {
      name.value = "";
      english.checked = false;
      paint();
    },
  };
}
