/* Extended sessions: plan, open, close and call off; overtime by person. */
import { command, get, list } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { departmentsByCode } from "../shared/hall/directory.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h, icon, show } from "../shared/shell/dom.js";
import { choice, field, group, tellErrors } from "../shared/form/form.js";
import { accountsIn, peopleField, peopleOf } from "./people.js";
import { isoDayOf, timeOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { laterDay, shortDayOf, weekdayOf } from "../shared/words/days.js";
import { dateInput, departmentOptions, offering, refusalWords, tellRefusal, tool } from "../shared/form/choices.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { toast } from "../shared/shell/toast.js";

const LOOK_EVERY_MS = 10_000;
const AHEAD_DAYS = 30;
const STATES = { planned: t("已计划"), open: t("正在延时"), closed: t("已结束"), cancelled: t("已取消") };
const TONES = { planned: "brand-tag", open: "good", closed: "", cancelled: "" };

const DEEDS = [
  { verb: "open", when: "planned", text: t("现在开始"), told: t("延时服务已开始"), ask: t("现在就开始这次延时服务？取号机随即继续发号。") },
  { verb: "cancel", when: "planned", text: t("取消"), told: t("延时服务已取消"), ask: t("取消这次延时服务？"), danger: true },
  { verb: "close", when: "open", text: t("结束"), told: t("延时服务已结束"), ask: t("结束这次延时服务？加班时间计到现在。") },
];

function timesOf({ starts_at: starts, ends_at: ends }) {
  const [day, last] = [isoDayOf(starts), isoDayOf(ends)];
  const end = last === day ? timeOf(ends) : `${shortDayOf(last)} ${timeOf(ends)}`;
  return `${shortDayOf(day)} ${weekdayOf(day)} ${timeOf(starts)}–${end}`;
}

const overtimeOf = ({ overtime_minutes: minutes, overtime }) =>
  overtime.length
    ? h("details", {}, h("summary", {}, t("{minutes} 分钟", { minutes })), h("ul", { class: "overtime" }, overtime.map((each) => h("li", {}, h("span", {}, each.staff), h("span", { class: "number" }, t("{minutes} 分钟", { minutes: each.minutes }))))))
    : h("span", { class: "number" }, t("{minutes} 分钟", { minutes }));

function row(session, { departments, deed }) {
  return h("tr", { dataset: { session: session.id, state: session.state } },
    h("th", { scope: "row" }, named(departments.get(session.department)) || session.department),
    h("td", { class: "number nowrap" }, timesOf(session)),
    h("td", { class: "number" }, session.windows.join(" ")),
    h("td", { class: "number" }, session.staff.join(" ")),
    h("td", {}, h("span", { class: `tag ${TONES[session.state] ?? ""}` }, STATES[session.state] ?? session.state)),
    h("td", {}, overtimeOf(session)),
    h("td", { class: "row-deeds" }, DEEDS.filter(({ when }) => when === session.state).map((each) =>
      h("button", { type: "button", class: `button small ${each.danger ? "danger" : ""}`, onclick: () => deed(each, session), dataset: { deed: each.verb } }, each.text))));
}

/** The windows of a department to tick, and who sits there now. */
function windowChoices(department, staff) {
  const box = h("div", { class: "group" });
  const fill = async () => {
    const asked = department.value;
    show(box); /* what is shown is of another department */
    const windows = await list("windows", { department: asked }).catch(() => []);
    if (asked !== department.value) return;
    show(box, windows.length ? windows.map(({ code }) => choice("checkbox", "windows", code, code)) : h("p", { class: "quiet" }, t("这个部门没有窗口。")));
    staff.offer(await peopleOf(asked));
  };
  department.addEventListener("change", fill);
  fill();
  return group(t("窗口"), "windows", box);
}

function sessionFields(departments) {
  const department = h("select", { class: "input", name: "department", autofocus: true }, departmentOptions(departments));
  const staff = peopleField(t("人员"), "staff");
  const time = (name, value) => h("input", { class: "input number", type: "time", name, value });
  return h("div", { class: "plan-fields" },
    field(t("部门"), department),
    windowChoices(department, staff),
    staff.element,
    h("div", { class: "field-row" }, field(t("日期"), dateInput("day", today())), field(t("开始"), time("starts_at", "18:00")), field(t("结束"), time("ends_at", "20:00"), { hint: t("早于开始即为次日") })));
}

/** What the form says, as the API takes it; `offset` is the hall's, as "+08:00". */
function sessionOf(form, offset) {
  const of = form.elements;
  const [day, starts, ends] = [of.day.value, of.starts_at.value, of.ends_at.value];
  const last = ends && ends <= starts ? laterDay(day || today(), 1) : day;
  return {
    department: of.department.value,
    windows: [...form.querySelectorAll('[name="windows"]:checked')].map(({ value }) => value),
    staff: accountsIn(form, "staff"),
    starts_at: day && starts ? `${day}T${starts}:00${offset}` : "",
    ends_at: day && ends ? `${last}T${ends}:00${offset}` : "",
  };
}

function faultsOf(session) {
  const checks = {
    windows: !session.windows.length && t("至少选一个窗口。"),
    staff: !session.staff.length && t("至少选一个人。"),
    starts_at: !session.starts_at && t("请填时间。"),
    ends_at: !session.ends_at && t("请填时间。"),
  };
  return Object.fromEntries(Object.entries(checks).filter(([, fault]) => fault));
}

/** Show the sessions in `panel`. */
export function sessionsView(panel) {
  const body = h("div", {});
  const select = h("select", { class: "input", id: "department", onchange: () => load({ anew: true }) });
  const from = dateInput("from", today(), { id: "from", onchange: () => load({ anew: true }) });
  const to = dateInput("to", laterDay(today(), AHEAD_DAYS), { id: "to", onchange: () => load({ anew: true }) });
  let departments = new Map();
  let shown = "";
  let turn = 0;
  let planned = null;

  async function load({ anew = false } = {}) {
    clearTimeout(planned);
    const own = (turn += 1);
    if (anew) show(body, loading());
    if (anew) shown = "";
    try {
      const sessions = await list("extended-sessions", { from: from.value, to: to.value, department: select.value, limit: 200 });
      if (own === turn) paint(sessions);
    } catch (error) {
      if (own !== turn || error.status === 401) return;
      if (!body.querySelector("table")) show(body, failed(error, () => load({ anew: true })));
    }
    if (own === turn) planned = setTimeout(load, LOOK_EVERY_MS);
  }

  function paint(sessions) {
    const text = JSON.stringify(sessions);
    if (text === shown) return;
    shown = text;
    const focused = body.contains(document.activeElement) ? document.activeElement.closest("[data-session]")?.dataset.session : null;
    if (!sessions.length) return show(body, empty(t("这些日子没有延时服务"), t("按“安排延时”，选部门、窗口、人员和时间。"), "clock"));
    const head = [t("部门"), t("时间"), t("窗口"), t("人员"), t("状态"), t("加班"), t("操作")];
    show(body, h("div", { class: "card table-wrap", tabindex: "0", role: "region", "aria-label": t("延时服务") }, h("table", { class: "table" },
      h("caption", { class: "visually-hidden" }, t("延时服务")),
      h("thead", {}, h("tr", {}, head.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, sessions.map((session) => row(session, { departments, deed: askDeed }))))));
    if (focused) focusRow(focused);
    return undefined;
  }

  const focusRow = (id) => (body.querySelector(`[data-session="${CSS.escape(id)}"] [data-deed]`) ?? panel.querySelector("#new-session")).focus();

  function askDeed({ verb, text, told, ask, danger = false }, session) {
    const error = h("p", { class: "field-error", role: "alert" });
    let changed = null;
    const dialog = openDialog({
      title: t("延时服务"),
      submitText: text,
      cancelText: t("返回"),
      danger,
      body: [h("p", {}, named(departments.get(session.department)), " · ", timesOf(session)), h("p", {}, ask), error],
      submit: async () => {
        try {
          changed = await command(`extended-sessions/${session.id}/${verb}`);
          return true;
        } catch (problem) {
          error.textContent = refusalWords(problem);
          return false;
        }
      },
    });
    dialog.querySelector('[type="submit"]').focus();
    dialog.addEventListener("close", () => changed && done(changed, told));
  }

  async function done(session, title) {
    toast(title, `${named(departments.get(session.department))} · ${timesOf(session)}`);
    await load();
    focusRow(session.id);
  }

  function plan() {
    let made = null;
    const dialog = openDialog({
      title: t("安排延时"),
      submitText: t("安排"),
      body: [sessionFields([...departments.values()])],
      submit: async (form) => {
        try {
          const wanted = sessionOf(form, (await get("hall")).now.slice(-6));
          const faults = faultsOf(wanted);
          tellErrors(form, faults);
          if (Object.keys(faults).length) return false;
          made = await command("extended-sessions", wanted);
          return true;
        } catch (error) {
          tellRefusal(form, error);
          return false;
        }
      },
    });
    dialog.classList.add("wide");
    dialog.addEventListener("close", () => made && done(made, t("延时服务已安排")));
  }

  async function open() {
    show(panel, loading());
    const own = turn;
    try {
      const [offered, all] = await Promise.all([offering(), departmentsByCode()]);
      if (own !== turn) return;
      departments = new Map(offered.map((each) => [each.code, all.get(each.code)]));
    } catch (error) {
      if (own === turn && error.status !== 401) show(panel, failed(error, open));
      return;
    }
    show(select, departmentOptions([...departments.values()], { all: t("全部部门") }));
    show(panel, h("div", { class: "tools" }, tool(t("部门"), select), tool(t("从"), from), tool(t("到"), to),
      h("button", { type: "button", class: "button primary tools-end", id: "new-session", onclick: plan }, icon("clock"), t("安排延时"))), body);
    load({ anew: true });
  }

  open();
  return () => {
    turn += 1;
    clearTimeout(planned);
  };
}
