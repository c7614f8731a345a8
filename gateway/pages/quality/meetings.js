/* The quarterly meetings of window heads: agenda, minutes, and what was agreed. */
import { command, get, list } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { askFor, longText } from "../shared/form/deed.js";
import { h, icon, show } from "../shared/shell/view.js";
import { dayOf, whenWords } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { laterDay } from "../shared/words/days.js";
import { agendaCards } from "./agenda.js";
import { button } from "../shared/form/controls.js";
import { Person } from "../shared/form/people.js";
import { dayField, loadsInto, tableCard } from "../shared/form/parts.js";
import { departmentField, firstDayOf, quarters, quarterWords, withDepartments } from "./parts.js";
import { empty } from "../shared/shell/states.js";

const DAYS_FOR_ACTIONS = 30;
const STATES = { open: t("进行中"), done: t("已完成"), dropped: t("不再进行") };
const TONES = { open: "warn", done: "good", dropped: "" };
const WRONG = { date: t("会议不能早于季度开始。"), due_on: t("期限不能早于会议日期。"), department: t("没有这样的部门。") };

const pathOf = (meeting, deed) => `meetings/${meeting.id}/${deed}`;

const call = (free, changed) => {
  let answer = null;
  return askFor({
    title: t("召集会议"), asks: t("议程由当前数据生成，召集后不再变动。"), done: t("已召集，议程已生成"), wrong: WRONG,
    fields: [
      { name: "quarter", label: t("季度"), control: () => h("select", { class: "input", name: "quarter" }, free.map((each) => h("option", { value: each }, quarterWords(each)))) },
      dayField("date", t("会议日期"), today(), { min: firstDayOf(free.at(-1)) }),
    ],
    send: async (body) => (answer = await command("meetings", body)),
    changed: () => changed(answer?.id),
  });
};

const write = (meeting, changed) => askFor({
  title: t("会议纪要"), submitText: t("保存"), done: t("纪要已保存"), changed,
  conflict: { minutes: t("有人刚刚改过纪要。请复制您写的文字，关闭后看过新的纪要再写。") },
  fields: [longText("minutes", t("纪要"), { hint: t("不要写姓名、电话、身份证号。"), most: 20000, rows: 12, value: meeting.minutes ?? "" })],
  send: ({ minutes }) => command(pathOf(meeting, "minutes"), { minutes, version: meeting.version }),
});

const agree = (meeting, departments, changed) => askFor({
  title: t("添加议定事项"), submitText: t("添加"), done: t("已添加"), wrong: WRONG, changed,
  fields: [
    longText("task", t("事项"), { hint: t("不要写姓名、电话、身份证号。"), most: 500, rows: 3 }),
    departmentField(departments),
    dayField("due_on", t("期限"), laterDay(meeting.date, DAYS_FOR_ACTIONS), { min: meeting.date }),
  ],
  send: (body) => command(pathOf(meeting, "actions"), body),
});

const settle = (action, changed) => askFor({
  title: t("办结议定事项"), submitText: t("确定"), done: t("已记录"), changed,
  fields: [
    { name: "state", label: t("结果"), control: () => h("select", { class: "input", name: "state" }, ["done", "dropped"].map((state) => h("option", { value: state }, STATES[state]))) },
    longText("result", t("说明"), { hint: t("不要写姓名、电话、身份证号。"), most: 500, rows: 3 }),
  ],
  send: (body) => command(`meeting-actions/${action.id}/settle`, body),
});

function actionRow(one, { nameOf, settles, changed }) {
  const late = one.state === "open" && one.due_on < today();
  return h("tr", { key: one.id, "data-action": one.id, "data-state": one.state },
    h("td", { class: "figure number" }, one.ordinal),
    h("th", { scope: "row", class: "quality-words" }, one.task, one.result && h("p", { class: "quiet" }, one.result)),
    h("td", {}, nameOf(one.department)),
    h("td", { class: "nowrap" }, dayOf(one.due_on)),
    h("td", { class: "nowrap" }, h("span", { class: `tag ${late ? "bad" : TONES[one.state]}` }, late && icon("clock"), late ? t("已逾期") : STATES[one.state])),
    h("td", { class: "row-deeds" }, one.state === "open" && settles(one) && button("check", t("办结"), () => settle(one, changed), { deed: "settle" })));
}

function meetingView(meeting, { departments, nameOf, leads, settles, changed }) {
  const held = meeting.date <= today();
  return h("article", { key: meeting.id, class: "quality-meeting", "aria-labelledby": "meeting-title" },
    h("div", { class: "quality-meeting-head" },
      h("div", {}, h("h2", { class: "part-title", id: "meeting-title", tabindex: "-1", "data-focus": true }, t("{quarter}例会", { quarter: quarterWords(meeting.quarter) })),
        h("p", { class: "quiet" }, h(Person, { username: meeting.called_by, words: (who) => t("{day} 召开；{when} 由 {who} 召集", { day: dayOf(meeting.date), when: whenWords(meeting.called_at), who }) }))),
      leads && h("div", { class: "row-deeds" },
        held && button("document", meeting.minutes ? t("修改纪要") : t("写纪要"), () => write(meeting, changed), { primary: !meeting.minutes, small: false, deed: "minutes" }),
        button("list", t("添加议定事项"), () => agree(meeting, departments, changed), { small: false, deed: "action" }))),
    h("h3", { class: "small-title" }, t("议程")),
    agendaCards(meeting.agenda, nameOf),
    h("h3", { class: "small-title" }, t("纪要")),
    meeting.minutes ? h("div", { class: "card quality-minutes" }, meeting.minutes) : h("p", { class: "notice" }, icon("info"), held ? t("还没有纪要。") : t("会议召开后可以写纪要。")),
    h("h3", { class: "small-title" }, t("议定事项")),
    meeting.actions.length
      ? tableCard(t("议定事项"), [[t("序号"), "figure"], t("事项"), t("部门"), t("期限"), t("状态"), t("操作")], meeting.actions.map((one) => actionRow(one, { nameOf, settles, changed })))
      : h("p", { class: "quiet" }, t("没有议定事项")));
}

const entry = (one, { isChosen, open }) => h("li", { key: one.id }, h("button", { type: "button", class: "quality-entry", "aria-current": isChosen ? "true" : null, "data-meeting": one.id, onclick: () => open(one.id) },
  h("span", { class: "quality-entry-title" }, quarterWords(one.quarter)),
  h("span", { class: "quiet" }, dayOf(one.date)),
  h("span", { class: "quality-entry-tags" },
    !one.has_minutes && h("span", { class: "tag" }, t("无纪要")),
    one.open_actions > 0 && h("span", { class: "tag warn" }, t("{count} 项未完成", { count: one.open_actions })))));

/** Show the meetings in `panel`; who `leads` calls them and writes down what was agreed, which `settles(action)` may say is done. */
export const meetingsView = (panel, { leads, settles }) => withDepartments(panel, (departments) => {
  const names = new Map(departments.map((each) => [each.code, named(each)]));
  const nameOf = (code) => names.get(code) ?? code;
  let chosen = "";

  async function ask() {
    const meetings = await list("meetings", { limit: 100 });
    chosen = meetings.some(({ id }) => id === chosen) ? chosen : meetings[0]?.id ?? "";
    return { meetings, meeting: chosen ? await get(`meetings/${chosen}`) : null };
  }

  function open(id) {
    chosen = id ?? chosen;
    view.load({ anew: false });
  }

  function paint({ meetings, meeting }) {
    const taken = new Set(meetings.map(({ quarter }) => quarter));
    const free = quarters().filter((quarter) => !taken.has(quarter));
    paintTools(leads && free.length > 0 && button("people", t("召集会议"), () => call(free, open), { primary: !meetings.length, small: false, deed: "call" }));
    if (!meeting) return empty(t("还没有开过会"), t("召集会议时，议程由系统按数据生成。"), "people");
    return h("div", { class: "quality-meetings" },
      h("nav", { class: "card quality-side", "aria-label": t("例会") }, h("ul", {}, meetings.map((one) => entry(one, { isChosen: one.id === chosen, open })))),
      meetingView(meeting, { departments, nameOf, leads, settles, changed: () => open() }));
  }

  const paintTools = (deed) => show(panel,
    h("div", { class: "tools" }, h("p", { class: "quiet" }, t("每季度召开窗口负责人会议，议程取自系统数据。")), h("div", { class: "tools-end" }, deed)),
    h("div", { class: "quality-body" }));

  paintTools();
  const view = loadsInto(panel.lastElementChild, ask, paint);
  view.load();
  return view.stop;
});
