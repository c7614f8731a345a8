/* Who is calling: the phone number, and what is known of it. */
import { get } from "../shared/hall/api.js";
import { hallNow } from "../shared/shell/clock.js";
import { $, apart, h, icon } from "../shared/shell/view.js";
import { LONGEST_PHONE, phoneDigits, plainPhone } from "../shared/form/form.js";
import { dateOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { CHANNELS, groupsOf, problemWords, STATES, timeWords, TONES } from "./words.js";

const MOST_LIVE = 3;
const LIVE = ["held", "booked", "checked_in", "waitlisted", "offered"];
const COMPLETE = /^(?:\+?86)?1\d{10}$/;

const items = new Map();
const itemOf = (code) => items.get(code) ?? { code, name: code };

async function learnItems(codes) {
  const unknown = [...new Set(codes)].filter((code) => !items.has(code));
  const found = await Promise.all(unknown.map((code) => get(`items/${encodeURIComponent(code)}`).catch(() => ({ code, name: code }))));
  for (const item of found) items.set(item.code, item);
}

const ahead = ({ starts_at: starts }) => !starts || Date.parse(starts) > (hallNow() ?? Date.now());
const isLive = ({ state }) => LIVE.includes(state);

/** What may be done with an appointment of the caller: a key while its row has the focus, when, and how it is called. */
const DEEDS = [
  { id: "confirm", key: "Y", text: t("确认"), when: (one) => ["held", "offered"].includes(one.state) && ahead(one) },
  { id: "move", key: "M", text: t("改期"), when: (one) => one.state === "booked" && ahead(one) },
  { id: "cancel", key: "C", text: t("取消"), when: (one) => ["booked", "held", "offered"].includes(one.state) && ahead(one) },
  { id: "token", key: "T", text: t("换二维码"), when: isLive },
  { id: "again", key: "B", text: t("再约"), when: (one) => !isLive(one) },
  { id: "reveal", key: "V", text: t("显示姓名"), when: (one) => Boolean(one.name) },
];

function recordLine(person) {
  const fact = (name, value, bad) =>
    h("div", { class: bad ? "fact bad" : "fact" }, h("dt", {}, name), h("dd", { class: "number" }, value));
  return [
    h("dl", { class: "facts" },
      fact(t("未完成"), t("{count} / {most}", { count: person.live, most: MOST_LIVE }), person.live >= MOST_LIVE),
      fact(t("近月未到"), person.no_shows, person.no_shows > 0),
      fact(t("近月取消"), person.cancellations, person.cancellations > 3)),
    person.suspended_until && h("p", { class: "notice warn" }, icon("alert"),
      t("网上预约暂停至 {day}；电话仍可预约。", { day: dateOf(person.suspended_until) })),
    person.live >= MOST_LIVE && h("p", { class: "notice warn" }, icon("alert"), t("来电人已有 3 个未完成的预约，先取消一个才能再约。")),
  ];
}

function row(one, revealed, act) {
  const clear = revealed.get(one.id);
  const deeds = DEEDS.filter(({ when }) => when(one));
  return h("li", { class: "history-row", key: one.id, "data-id": one.id, "data-state": one.state },
    h("div", { class: "history-head" },
      h("strong", { class: "number" }, timeWords(one) || t("没有时间")),
      h("span", { class: `tag ${TONES[one.state] ?? ""}` }, STATES[one.state] ?? one.state)),
    h("p", { class: "history-item" }, named(itemOf(one.item))),
    h("p", { class: "quiet history-meta" },
      h("span", { class: "number" }, groupsOf(one.reference).join(" ")),
      h("span", { class: clear ? "clear-name" : "" }, clear ? [apart(clear.name), ` ${clear.phone}`] : apart(one.name) ?? t("个人信息已删除")),
      h("span", {}, CHANNELS[one.channel])),
    h("div", { class: "history-deeds" }, deeds.map(({ id, key, text }) =>
      h("button", { type: "button", class: "button small", key: id, "aria-keyshortcuts": key, onclick: () => act(id, one), "data-deed": id }, text, h("kbd", {}, key)))));
}

/** The caller's part: `onStart()` with the first key, `onNext()` when the number is taken, `act(deed, appointment)`; `paint()` shows all again. */
export function callerPart({ onStart, onNext, act, paint }) {
  const revealed = new Map();
  let text = "";
  let error = "";
  let said = "";
  let person = null; /* what is known of the number */
  let asked = "";
  let turn = 0;

  const number = () => plainPhone(text);

  /** Go to what can be done with an appointment, else with any, else to the number. */
  function focusDeed(id = "") {
    const deeds = [...document.querySelectorAll(".caller-body [data-deed]")];
    (deeds.find((each) => each.closest("[data-id]").dataset.id === id) ?? deeds[0] ?? $("caller"))?.focus();
  }

  function historyView({ appointments }) {
    const section = (title, rows) => rows.length > 0 && h("section", { "aria-label": title },
      h("h3", { class: "small-title" }, title, " ", h("span", { class: "number" }, rows.length)),
      h("ul", { class: "history" }, rows.map((one) => row(one, revealed, act))));
    return [
      section(t("未完成的预约"), appointments.filter(isLive)), section(t("以往的预约"), appointments.filter((one) => !isLive(one))),
      appointments.length === 0 && h("p", { class: "quiet caller-hint" }, t("首次来电，没有预约记录。")),
    ];
  }

  const view = () => h("section", { class: "card caller", "aria-labelledby": "caller-label" },
    h("label", { class: "part-title", for: "caller", id: "caller-label" }, icon("headset"), t("来电号码"), h("kbd", {}, "/")),
    h("input", {
      class: "input caller-phone number", id: "caller", type: "tel", inputmode: "tel", autocomplete: "off", maxlength: LONGEST_PHONE,
      "aria-describedby": "caller-error", "aria-keyshortcuts": "/ F2", "aria-invalid": String(Boolean(error)), value: text, oninput: typed, onkeydown: onEnter,
    }),
    h("p", { class: "field-error", id: "caller-error", role: "alert" }, error),
    h("p", { class: "visually-hidden", role: "status" }, said),
    h("div", { class: "caller-body", onkeydown: onKey }, person
      ? [recordLine(person), historyView(person)]
      : h("p", { class: "quiet caller-hint" }, t("输入号码后立即显示来电人的预约。"))));

  /** Say what is wrong; again when it is the same. */
  function tellError(words) {
    for (error of ["", words]) paint();
  }

  /** Show what is known of the number; what has the focus may no longer be possible. */
  function tellFound(found) {
    const id = document.activeElement.closest(".caller-body [data-id]")?.dataset.id;
    const live = found.appointments.filter(isLive).length;
    const words = t("未完成 {live} 个，以往 {past} 个", { live, past: found.appointments.length - live });
    person = found;
    error = "";
    for (said of ["", words]) paint();
    if (id && !document.activeElement.closest(".caller-body")) focusDeed(id);
  }

  /** Ask what is known of the number; true when it is one. */
  async function look() {
    const phone = number();
    const own = (turn += 1);
    asked = phone;
    try {
      const found = await get("persons/history", { phone });
      await learnItems(found.appointments.map(({ item }) => item));
      if (own !== turn) return false;
      tellFound(found);
      return true;
    } catch (problem) {
      if (own !== turn) return false;
      asked = "";
      person = null;
      tellError(problem.status === 422 ? t("电话号码不正确。") : problemWords(problem));
      return false;
    }
  }

  function typed({ target }) {
    text = target.value;
    onStart();
    tellError("");
    if (number() === asked) return;
    turn += 1;
    asked = "";
    revealed.clear();
    if (COMPLETE.test(phoneDigits(number()))) return look();
    person = null;
    return paint();
  }

  async function onEnter(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (!number()) tellError(t("请先输入来电号码。"));
    else if (asked === number() || (await look())) onNext();
  }

  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const here = event.target.closest("[data-id]");
    if (!here) return;
    if (step) {
      event.preventDefault();
      const rows = [...event.currentTarget.querySelectorAll("[data-id]")].filter((each) => each.querySelector("[data-deed]"));
      rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(here) + step))]?.querySelector("[data-deed]").focus();
      return;
    }
    const deed = DEEDS.find(({ key }) => key === event.key.toUpperCase());
    const button = deed && here.querySelector(`[data-deed="${deed.id}"]`);
    if (!button || event.repeat) return;
    event.preventDefault();
    button.focus();
    button.click();
  }

  return {
    view,
    phone: number,
    focus: () => $("caller").select(),
    focusHistory: () => focusDeed(),
    look,
    reveal: (id, clear) => {
      revealed.set(id, clear);
      return look();
    },
    itemOf,
    refuse: (words) => {
      tellError(words);
      $("caller")?.focus();
    },
    clear: () => {
      turn += 1;
      asked = text = "";
      person = null;
      revealed.clear();
      tellError("");
      $("caller").focus();
    },
  };
}
