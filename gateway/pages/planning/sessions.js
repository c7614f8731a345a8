/* Extended sessions: plan, open, close and call off; overtime by person. */
import { command, get, list } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h, icon, show } from "../shared/shell/view.js";
import { choice, dateInput, group } from "../shared/form/controls.js";
import { filters, onceKnown, tableCard } from "../shared/form/parts.js";
import { field, tellErrors } from "../shared/form/form.js";
import { accountsIn, PeopleField, Person } from "../shared/form/people.js";
import { people } from "../shared/hall/people.js";
import { offeringByCode, refusalWords, tellRefusal } from "./parts.js";
import { isoDayOf, timeOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { laterDay, shortDayOf, weekdayOf } from "../shared/words/days.js";
import { departmentOptions } from "../shared/form/choices.js";
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
    ? h("details", {}, h("summary", {}, t("{minutes} 分钟", { minutes })), h("ul", { class: "overtime" }, overtime.map((each) => h("li", {}, h(Person, { username: each.staff }), h("span", { class: "number" }, t("{minutes} 分钟", { minutes: each.minutes }))))))
    : h("span", { class: "number" }, t("{minutes} 分钟", { minutes }));

function row(session, { departments, deed }) {
  return h("tr", { key: session.id, "data-session": session.id, "data-state": session.state },
    h("th", { scope: "row" }, named(departments.get(session.department)) || session.department),
    h("td", { class: "number nowrap" }, timesOf(session)),
    h("td", { class: "number" }, session.windows.join(" ")),
    h("td", {}, h("ul", { class: "group" }, session.staff.map((username) => h("li", { key: username }, h(Person, { username }))))),
    h("td", {}, h("span", { class: `tag ${TONES[session.state] ?? ""}` }, STATES[session.state] ?? session.state)),
    h("td", {}, overtimeOf(session)),
    h("td", { class: "row-deeds" }, DEEDS.filter(({ when }) => when === session.state).map((each) =>
      h("button", { type: "button", class: `button small ${each.danger ? "danger" : ""}`, onclick: () => deed(each, session), "data-deed": each.verb }, each.text))));
}

/** The fields of a session of `shown`: {department, windows, people}, the windows null until they are known; `choose(department)` hears of another. */
function sessionFields(departments, shown, choose) {
  const time = (name, value) => h("input", { class: "input number", type: "time", name, defaultValue: value });
  const windows = shown.windows?.map((code) => choice("checkbox", "windows", code, code, { key: `${shown.department} ${code}` }));
  return h("div", { class: "plan-fields" },
    field(t("部门"), h("select", { class: "input", name: "department", autofocus: true, value: shown.department, onchange: ({ target }) => choose(target.value) }, departmentOptions(departments))),
    group(t("窗口"), "windows", h("div", { class: "group" }, windows?.length === 0 ? h("p", { class: "quiet" }, t("这个部门没有窗口。")) : windows)),
    field(t("人员"), h(PeopleField, { name: "staff", several: true, people: shown.people, placeOf: (code) => named(departments.find((each) => each.code === code)) || code })),
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
export const sessionsView = (panel) => onceKnown(panel, offeringByCode, (departments) => {
  const wanted = { department: "", from: today(), to: laterDay(today(), AHEAD_DAYS) };
  let sessions = null;
  let problem = null;
  let turn = 0;
  let planned = null;

  const { choice: filter, day } = filters(wanted, () => load({ anew: true }));
  const tools = () => h("div", { class: "tools" },
    filter("department", t("部门"), departmentOptions([...departments.values()], { all: t("全部部门") })), day("from", t("从")), day("to", t("到")),
    h("button", { type: "button", class: "button primary tools-end", id: "new-session", onclick: plan }, icon("clock"), t("安排延时")));

  function found() {
    if (problem) return failed(problem, () => load({ anew: true }));
    if (!sessions) return loading();
    if (!sessions.length) return empty(t("这些日子没有延时服务"), t("按“安排延时”，选部门、窗口、人员和时间。"), "clock");
    const head = [t("部门"), t("时间"), t("窗口"), t("人员"), t("状态"), t("加班"), t("操作")];
    return tableCard(t("延时服务"), head, sessions.map((session) => row(session, { departments, deed: askDeed })));
  }

  const paint = () => show(panel, tools(), h("div", {}, found()));

  async function load({ anew = false } = {}) {
    clearTimeout(planned);
    const own = (turn += 1);
    if (anew) {
      sessions = problem = null;
      paint();
    }
    try {
      const answer = await list("extended-sessions", { ...wanted, limit: 200 });
      if (own !== turn) return;
      sessions = answer;
      problem = null;
    } catch (error) {
      if (own !== turn || error.status === 401) return;
      if (!sessions) problem = error;
    }
    paint();
    planned = setTimeout(load, LOOK_EVERY_MS);
  }

  const focusRow = (id) => (panel.querySelector(`[data-session="${CSS.escape(id)}"] [data-deed]`) ?? panel.querySelector("#new-session")).focus();

  function askDeed({ verb, text, told, ask, danger = false }, session) {
    let refused = "";
    let changed = null;
    const dialog = openDialog({
      title: t("延时服务"),
      submitText: text,
      cancelText: t("返回"),
      danger,
      body: () => [h("p", {}, named(departments.get(session.department)), " · ", timesOf(session)), h("p", {}, ask), h("p", { class: "field-error", role: "alert" }, refused)],
      submit: async () => {
        try {
          changed = await command(`extended-sessions/${session.id}/${verb}`);
          return true;
        } catch (error) {
          refused = refusalWords(error);
          dialog.paint();
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
    const offered = [...departments.values()];
    const shown = { department: offered[0]?.code, windows: null, people: [] };
    let made = null;

    async function choose(department) {
      Object.assign(shown, { department, windows: null }); /* those that are shown are of another department */
      dialog.paint();
      const windows = await list("windows", { department }).catch(() => []);
      const own = (one) => Number(one.department === department);
      const known = [...(await people())].sort((one, other) => own(other) - own(one));
      if (department !== shown.department) return;
      Object.assign(shown, { windows: windows.map(({ code }) => code), people: known });
      dialog.paint();
    }

    const dialog = openDialog({
      title: t("安排延时"),
      submitText: t("安排"),
      body: () => sessionFields(offered, shown, choose),
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
    choose(shown.department);
    dialog.classList.add("wide");
    dialog.addEventListener("close", () => made && done(made, t("延时服务已安排")));
  }

  load({ anew: true });
  return () => {
    turn += 1;
    clearTimeout(planned);
  };
});
