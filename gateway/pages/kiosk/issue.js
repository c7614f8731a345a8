/* Taking a number: the item once more, the class, the slip. */
import { ApiError, get, newKey, post } from "../shared/hall/api.js";
import { departmentsByCode, queuesByCode, zonesByCode } from "../shared/hall/directory.js";
import { h, icon } from "../shared/shell/view.js";
import { dateOf, isoTimeOf, timeLimit, timeOf, waitOf } from "../shared/words/format.js";
import { codeImage } from "../shared/hall/holder.js";
import { language, named, t } from "../shared/words/i18n.js";
import { bar } from "./bar.js";
import { loading } from "../shared/shell/states.js";
import { windowsOf, windowWords } from "../shared/hall/windows.js";
import { closureWords } from "../shared/words/closed.js";
import { CLASSES, KINDS, MISSED_RULE, problemTitle } from "../shared/words/codes.js";

const CODE_MS = 4_000;
const MATERIALS_SHOWN = 9;
const MATERIALS_SHOWN_TO_ELDERS = 5;
const SHORT_LIST = language === "en" ? 0 : 5;

const materialName = (material) => (typeof material === "string" ? material : named(material));

/* For visitors who cannot read the rest of a Chinese slip. */
const ENGLISH_LINE = "Please wait until your number is called, then go to the window shown.";

const fact = (name, title, content) =>
  content && h("div", { class: "fact" }, icon(name), h("dt", { class: "quiet" }, title), h("dd", {}, content));

/** How many wait in the item's queue, from the board of its zone; null when the board does not answer. */
async function waitingIn(queue) {
  const board = await get(`boards/${encodeURIComponent(queue.zone)}`).catch(() => null);
  return board?.waiting.find((row) => row.queue === queue.code)?.count ?? null;
}

/** Which class the number is to be of: who asked for the elders' mode is offered priority first. */
function classChoice(kiosk) {
  const first = kiosk.elder() ? "priority" : "walk_in";
  const option = (value, name, title, note) =>
    h("label", { class: "class-option" },
      h("input", { type: "radio", name: "class", value, defaultChecked: value === first, class: "visually-hidden" }),
      icon(name), h("span", { class: "choice-text" }, h("span", { class: "choice-name" }, title), h("span", { class: "choice-note" }, note)),
      h("span", { class: "class-tick" }, icon("check")));
  return h("fieldset", { class: "class-choice" },
    h("legend", { class: "class-legend" }, t("请选择取号类别")),
    option("walk_in", "person", t("普通"), t("按先后顺序")),
    option("priority", "heart", t("优先"), t("老年人、残疾人、孕妇、军人")));
}

function materialsOf(materials, most) {
  const more = materials.length - most;
  return materials.length > 0 && h("div", { class: "materials" },
    h("h3", {}, icon("document"), t("请带齐材料")),
    h("ul", {}, materials.slice(0, most).map((name) => h("li", {}, name)), more > 0 && h("li", {}, t("另有 {count} 项，全部印在小票上", { count: more }))));
}

export async function confirmItem(kiosk, code) {
  const item = await get(`items/${encodeURIComponent(code)}`);
  const [departments, allQueues, zones] = await Promise.all([departmentsByCode(), queuesByCode(), zonesByCode()]);
  const queue = allQueues.get(item.queue);
  const zone = zones.get(queue?.zone);
  const waiting = queue ? await waitingIn(queue) : null;
  const materials = (item.materials ?? []).map(materialName);
  const attempt = { item, key: newKey() };
  const onsubmit = (event) => {
    event.preventDefault();
    issue(kiosk, { ...attempt, class: new FormData(event.target).get("class") });
  };
  return () => h("div", { class: "kiosk-view" }, bar(kiosk, t("确认取号")),
    h("div", { class: "confirm card" },
      h("div", { class: "confirm-item" },
        h("p", { class: "tag brand-tag" }, named(departments.get(item.department))),
        h("h2", { class: "confirm-name" }, named(item)),
        h("dl", { class: "facts" },
          fact("pin", t("办理地点"), zone && `${zone.code} · ${named(zone)}`),
          fact("people", t("等候人数"), waiting !== null && t("现有 {count} 人等候", { count: waiting })),
          fact("calendar", t("办理时限"), timeLimit(item.time_limit_days)),
          !kiosk.elder() && fact("info", t("事项类型"), KINDS[item.kind] ?? item.kind)),
        materialsOf(materials, kiosk.elder() ? MATERIALS_SHOWN_TO_ELDERS : MATERIALS_SHOWN)),
      h("form", { class: "confirm-form", onsubmit }, classChoice(kiosk),
        h("button", { type: "submit", class: "button primary take-number" }, icon("print"), t("取号")))));
}

/** Send the command; the same attempt, with its key, is what a retry sends again. */
async function issue(kiosk, attempt) {
  kiosk.show(loading);
  const body = { item: attempt.item.code, channel: "kiosk", class: attempt.class };
  try {
    const ticket = await kiosk.command(() => post("tickets", body, { key: attempt.key }));
    kiosk.hand(ticket);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    kiosk.show(() => refusal(kiosk, attempt, error));
  }
}

const choice = (name, text, act, extra = "") => h("button", { type: "button", class: `button large ${extra}`, onclick: act }, icon(name), text);

function refusal(kiosk, attempt, error) {
  const page = (name, title, text, ...actions) =>
    h("div", { class: "kiosk-view" }, h("div", { class: "refusal card", role: "alert" },
      h("span", { class: "refusal-icon" }, icon(name)), h("h1", { class: "kiosk-title", tabindex: "-1", "data-focus": true }, title), text, h("div", { class: "refusal-actions" }, actions)));
  const home = choice("home", t("返回首页"), kiosk.home);
  if (error.code === "cut_off") {
    return page("clock", t("今天的号已经放完"), [h("p", {}, t("下班前已经来不及办理更多号，请改用以下方式：")), alternatives(error.problem)], home);
  }
  if (error.code === "hall_closed" && error.problem.closure) {
    return page("clock", t("临时停办，暂不取号"), [
      h("p", {}, closureWords(error.problem.closure, error.problem.closure.until)), h("p", {}, t("请在恢复办理后再来，或改用以下方式：")), alternatives(error.problem)], home);
  }
  if (error.code === "hall_closed") {
    return page("clock", t("现在不在办公时间"), [h("p", {}, t("暂停取号，请在办公时间再来，或改用以下方式：")), alternatives(error.problem)], home);
  }
  if (error.unanswered) {
    return page("offline", t("网络不通，还没有收到号码"), h("p", {}, t("请按“重试”。重试不会多取号。")),
      choice("repeat", t("重试"), () => issue(kiosk, attempt), "primary"), home);
  }
  return page("alert", problemTitle(error), error.detail && h("p", {}, error.detail), home);
}

function alternatives(problem) {
  const known = {
    appointment: () => [icon("calendar"), t("预约办理：请用手机打开 {address} 预约，或拨打电话、到服务台预约，按约定时间前来。", { address: `${location.host}/book` })],
    next_opening: ({ opens_at }) => [icon("clock"), t("下次开放时间：{when}", { when: `${dateOf(opens_at)} ${timeOf(opens_at)}` })],
  };
  const rows = (problem.alternatives ?? []).filter((each) => known[each.kind]);
  return rows.length > 0 && h("ul", { class: "alternatives" }, rows.map((each) => h("li", {}, known[each.kind](each))));
}

/** The slip of a ticket: on screen, and 80 mm wide on paper. */
export async function showSlip(kiosk, id) {
  const ticket = await get(`tickets/${encodeURIComponent(id)}`);
  const [item, allQueues, zones] = await Promise.all([get(`items/${encodeURIComponent(ticket.item)}`), queuesByCode(), zonesByCode()]);
  const queue = allQueues.get(ticket.queue);
  const zone = zones.get(queue?.zone);
  const windows = await windowsOf(ticket);
  const materials = (item.materials ?? []).map(materialName);
  const where = zone ? ` ${zone.code} · ${named(zone)} ` : "";
  let slipCode = null;
  const onload = new URLSearchParams(location.search).get("print") === "auto" ? printsOnce(() => slipCode !== null) : null;
  return () => h("div", { class: "kiosk-view slip-view" },
    h("div", { class: materials.length > SHORT_LIST ? "slip card long" : "slip card" },
      h("p", { class: "slip-hall" }, named(kiosk.hall())),
      h("h1", { class: "slip-title", tabindex: "-1", "data-focus": true }, t("您的排队号")),
      h("p", { class: "slip-number number" }, ticket.number),
      h("p", { class: "slip-item" }, named(item)),
      h("p", { class: "slip-queue" }, [named(queue), zone && `${zone.code} · ${named(zone)}`].filter(Boolean).join(" · ")),
      h("dl", { class: "slip-facts" },
        h("div", {}, h("dt", {}, t("前面等候")), h("dd", {}, ticket.ahead === null ? "—" : t("{count} 人", { count: ticket.ahead }))),
        h("div", {}, h("dt", {}, t("预计等待")), h("dd", {}, waitOf(ticket)))),
      windows.length > 0 && h("p", { class: "slip-windows" }, t("办理窗口"), " ", h("strong", { class: "number" }, windowWords(windows))),
      h("p", { class: "slip-rule" }, MISSED_RULE),
      language === "zh" && h("p", { class: "slip-english", lang: "en" }, ENGLISH_LINE),
      h("div", { class: "slip-code", ref: (place) => { slipCode = place; } },
        codeImage(`/ticket/${encodeURIComponent(id)}/qr.svg?lang=${language}`, kiosk.tokenOf(id), { text: t("在手机上查看此号的二维码"), size: "180", onload }),
        h("p", {}, t("手机扫码，随时查看排队进度，叫号时提醒您"))),
      materials.length > 0 && h("div", { class: "slip-materials" }, h("p", {}, t("请带齐材料")), h("ul", {}, materials.map((name) => h("li", {}, name)))),
      h("p", { class: "slip-time quiet number" }, `${isoTimeOf(ticket.issued_at)} · ${CLASSES[ticket.class] ?? ticket.class}`)),
    h("div", { class: "slip-side" },
      h("p", { class: "notice good" }, icon("check"), h("span", {}, h("strong", {}, t("取号成功")), h("br"), t("请到{zone}等候，留意大屏和语音叫号。", { zone: where }))),
      choice("print", t("打印小票"), () => print()),
      choice("check", t("完成"), kiosk.home, "primary")));
}

/** What prints a slip once: with its code, or after a while without one, since the number is what the visitor needs. */
function printsOnce(isShown) {
  let due = true;
  const printNow = () => {
    if (due && isShown()) print();
    due = false;
  };
  setTimeout(printNow, CODE_MS);
  return printNow;
}
