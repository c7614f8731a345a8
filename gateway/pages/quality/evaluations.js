/* How visits were found: the negative evaluations, who follows them up until when, and what came of it. */
import { command, list } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { askFor, longText } from "../shared/form/deed.js";
import { apart, h, icon, show } from "../shared/shell/view.js";
import { dayOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { laterDay } from "../shared/words/days.js";
import { departmentOptions, optionsOf } from "../shared/form/choices.js";
import { accountsIn, PeopleField, Person } from "../shared/form/people.js";
import { peopleByAccount } from "../shared/hall/people.js";
import { button } from "../shared/form/controls.js";
import { dayField, filters, loadsInto, tableCard } from "../shared/form/parts.js";
import { LEVELS, withDepartments } from "./parts.js";
import { empty } from "../shared/shell/states.js";
import { toastProblem } from "../shared/shell/toast.js";

const DAYS_BACK = 90;
const DAYS_TO_ANSWER = 5;
const FOLLOW_UPS = { open: t("未分派"), assigned: t("待回访"), followed_up: t("已回访") };
const TONES = { open: "bad", assigned: "warn", followed_up: "good" };
const WRONG = { owner: t("没有这样的账号，或不办理业务。"), due_on: t("期限不能早于今天。") };

/** A field of who follows it up: the department's people first, then the hall's. */
async function ownerField(one, nameOf) {
  const [all, known] = await Promise.all([list("anomalies/owners", { department: one.department, limit: 500 }), peopleByAccount()]);
  const place = (code) => (code ? nameOf(code) : t("全大厅"));
  const owners = all.filter(({ kind }) => kind === "account")
    .map(({ code, department }) => ({ username: code, name: known.get(code)?.name, department }))
    .sort((each, other) => Boolean(other.department) - Boolean(each.department));
  const control = () => h(PeopleField, { name: "owner", people: owners, chosen: one.owner ? [one.owner] : [], placeOf: place, required: true });
  return { name: "owner", label: t("责任人"), missing: t("请选择责任人。"), control, read: (form) => accountsIn(form, "owner")[0] ?? "" };
}

async function assign(one, { nameOf, changed }) {
  try {
    askFor({
      title: t("分派回访"), done: t("已分派"), wrong: WRONG, changed,
      fields: [await ownerField(one, nameOf), dayField("due_on", t("期限"), laterDay(today(), DAYS_TO_ANSWER), { min: today() })],
      send: (body) => command(`evaluations/${one.ticket}/assign`, body),
    });
  } catch (error) {
    toastProblem(error); /* who may be asked is not known */
  }
}

const answer = (one, changed) => askFor({
  title: t("填写回访结果"), done: t("已记录"), changed,
  fields: [longText("result", t("回访结果"), { hint: t("不要写姓名、电话、身份证号。"), most: 1000 })],
  send: (body) => command(`evaluations/${one.ticket}/follow-up`, body),
});

function state(one) {
  const late = one.follow_up === "assigned" && one.due_on < today();
  return [
    h("span", { class: `tag ${late ? "bad" : TONES[one.follow_up] ?? ""}` }, late && icon("clock"), late ? t("已逾期") : FOLLOW_UPS[one.follow_up] ?? t("无须回访")),
    one.owner && h("p", { class: "quiet" }, h(Person, { username: one.owner, words: (owner) => t("{owner}，{day} 前", { owner, day: dayOf(one.due_on) }) })),
    one.result && h("p", {}, one.result),
  ];
}

function row(one, { nameOf, mayAct, changed }) {
  const negative = one.level <= 2;
  return h("tr", { key: one.ticket, "data-ticket": one.ticket, "data-state": one.follow_up ?? "" },
    h("td", { class: "nowrap" }, dayOf(one.business_date)),
    h("td", {}, nameOf(one.department), h("p", { class: "quiet number" }, [one.number, one.window && t("窗口 {window}", { window: one.window }), one.item].filter(Boolean).join(" · "))),
    h("td", { class: "nowrap" }, h("span", { class: `tag ${negative ? "bad" : "good"}` }, LEVELS[one.level])),
    h("td", { class: "quality-words" }, apart(one.comment) || h("span", { class: "quiet" }, t("没有留言"))),
    h("td", { class: "quality-words" }, state(one)),
    h("td", { class: "row-deeds" },
      mayAct && ["open", "assigned"].includes(one.follow_up) && button("person", one.follow_up === "open" ? t("分派") : t("改派"), () => assign(one, { nameOf, changed }), { primary: one.follow_up === "open", deed: "assign" }),
      mayAct && one.follow_up === "assigned" && button("check", t("填写结果"), () => answer(one, changed), { primary: true, deed: "answer" })));
}

/** Show the evaluations in `panel`; `mayAct` says whether the follow-up may be given out and answered. */
export const evaluationsView = (panel, { mayAct }) => withDepartments(panel, (departments) => {
  const names = new Map(departments.map((each) => [each.code, named(each)]));
  const wanted = { follow_up: "open", department: "", from: laterDay(today(), -DAYS_BACK), to: today() };
  const { choice, day } = filters(wanted, () => view.load());

  show(panel,
    h("div", { class: "tools" },
      choice("follow_up", t("回访"), optionsOf(FOLLOW_UPS, { all: t("全部") }), "follow-up"), choice("department", t("部门"), departmentOptions(departments, { all: t("全部部门") })),
      day("from", t("从")), day("to", t("到"))),
    h("div", {}));

  const view = loadsInto(panel.lastElementChild,
    () => list("evaluations", { ...wanted, limit: 200 }),
    (rows) => rows.length
      ? tableCard(t("评价"), [t("日期"), t("部门和事项"), t("评价"), t("留言"), t("回访"), t("操作")],
        rows.map((one) => row(one, { nameOf: (code) => names.get(code) ?? code, mayAct, changed: () => view.load({ anew: false }) })))
      : empty(t("没有这样的评价"), wanted.follow_up === "open" ? t("差评都已分派。") : "", "heart"));

  view.load();
  return view.stop;
});
