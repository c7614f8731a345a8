/* Checking in: a booked person shows the code of the confirmation or types a number, and gets a ticket. */
import { ApiError, get, newKey, post } from "../shared/hall/api.js";
import { apart, h, icon } from "../shared/shell/view.js";
import { timeOf } from "../shared/words/format.js";
import { readCode } from "../shared/hall/holder.js";
import { named, t } from "../shared/words/i18n.js";
import { keyboard } from "./keyboard.js";
import { bar } from "./bar.js";
import { Pages } from "./pager.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { problemTitle } from "../shared/words/codes.js";

const LEAST = 5; /* four digits of a phone stand in every list */
const PAGE = 4;

export const checkInButton = (kiosk) =>
  h("button", { type: "button", class: "search-entry check-in-entry", onclick: () => kiosk.go("check-in") },
    icon("calendar"),
    h("span", { class: "choice-text" }, h("span", { class: "choice-name" }, t("预约签到")), h("span", { class: "choice-note" }, t("已预约的请在这里取号"))),
    icon("forward"));

/** A code reader types what it reads and ends with Enter, as a person at the keyboard does. */
export function checkIn(kiosk) {
  let typed = "";
  let turn = 0;
  let results = empty(t("请扫描预约二维码"), t("也可以输入预约号，或预约时手机号的后六位。"), "calendar");
  const hint = results;

  const type = (text) => {
    typed = text;
    kiosk.paint();
  };
  const tell = (what) => {
    results = what;
    kiosk.paint();
  };

  const look = async () => {
    const { shown: q, token } = readCode(typed);
    if (q.length < LEAST) return tell(hint);
    tell(loading());
    try {
      const { items } = await kiosk.command(() => get("appointments/today", { q }, { token }));
      const names = await itemNames(items);
      return tell(h(Pages, {
        rows: items.map((appointment) => ({ ...appointment, token, attempt: newKey() })),
        size: () => PAGE,
        row: (appointment) => found(kiosk, appointment, names.get(appointment.item)),
        none: empty(t("没有找到今天的预约"), t("请核对号码，或请工作人员帮忙。不预约也可以直接取号。"), "calendar"),
        key: (turn += 1),
      }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return tell(failed(error, look));
    }
  };
  const onsubmit = (event) => {
    event.preventDefault();
    look();
  };

  return () => h("div", { class: "kiosk-view search-view" },
    bar(kiosk, t("预约签到")),
    h("form", { class: "search-box check-in-form", onsubmit }, icon("calendar"),
      h("input", {
        class: "input search-input", type: "text", inputmode: "none", autocomplete: "off", spellcheck: false, maxlength: 300,
        "aria-label": t("预约二维码、预约号或手机号后六位"), placeholder: t("预约号，或手机号后六位"), "data-focus": true,
        value: typed, oninput: ({ target }) => type(target.value),
      }),
      h("button", { type: "submit", class: "button primary large" }, icon("search"), t("查找"))),
    h("div", { class: "kiosk-list search-results", "aria-live": "polite" }, results), keyboard(typed, type));
}

async function itemNames(appointments) {
  const codes = [...new Set(appointments.map(({ item }) => item))];
  const items = await Promise.all(codes.map((code) => get(`items/${encodeURIComponent(code)}`)));
  return new Map(items.map((item) => [item.code, named(item)]));
}

function found(kiosk, appointment, item) {
  const here = appointment.state === "checked_in";
  return h("button", { type: "button", class: "choice item", onclick: () => arrive(kiosk, appointment) },
    h("span", { class: "appointment-time number" }, timeOf(appointment.starts_at)),
    h("span", { class: "choice-text" },
      h("span", { class: "choice-name clamp" }, item),
      h("span", { class: "choice-tags" },
        h("span", { class: "tag" }, apart(appointment.name)), h("span", { class: "tag number" }, appointment.phone),
        here && h("span", { class: "tag good" }, t("已签到")))),
    icon("forward"));
}

async function arrive(kiosk, appointment) {
  kiosk.show(loading);
  try {
    const { ticket } = await kiosk.command(() => post(`appointments/${encodeURIComponent(appointment.id)}/check-in`, {}, { key: appointment.attempt, token: appointment.token }));
    kiosk.hand(ticket);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    kiosk.show(() => refusal(kiosk, appointment, error));
  }
}

function refusal(kiosk, appointment, error) {
  const opens = error.problem.opens_at;
  const words = {
    too_early: [t("还没到签到时间"), opens && t("请在 {time} 以后签到。", { time: timeOf(opens) })],
    hall_closed: [t("现在不在办公时间"), t("请在办公时间再来，或改约其他时间。")],
  };
  const [title, text] = words[error.code] ?? [problemTitle(error), error.detail];
  const act = (name, label, run, extra = "") => h("button", { type: "button", class: `button large ${extra}`, onclick: run }, icon(name), label);
  return h("div", { class: "kiosk-view" }, h("div", { class: "refusal card", role: "alert" },
    h("span", { class: "refusal-icon" }, icon("clock")),
    h("h1", { class: "kiosk-title", tabindex: "-1", "data-focus": true }, title), text && h("p", {}, text),
    h("div", { class: "refusal-actions" },
      error.unanswered && act("repeat", t("重试"), () => arrive(kiosk, appointment), "primary"),
      act("home", t("返回首页"), kiosk.home))));
}
