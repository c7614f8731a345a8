/* What somebody was given to do, by whatever service: what is due first comes first. */
import { command, get } from "../shared/hall/api.js";
import { departmentsByCode } from "../shared/hall/directory.js";
import { button } from "../shared/form/controls.js";
import { askFor, longText } from "../shared/form/deed.js";
import { loadsInto, tableCard } from "../shared/form/parts.js";
import { openStaffPage } from "../shared/shell/staff.js";
import { empty } from "../shared/shell/states.js";
import { apart, h, icon } from "../shared/shell/view.js";
import { dayOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";

const KINDS = { follow_up: t("差评回访"), anomaly: t("异常说明"), action: t("例会议定事项") };
const PLACES = { anomaly: ({ id }) => `/anomalies?id=${encodeURIComponent(id)}`, action: () => "/quality#meetings" };
const HEADS = [t("期限"), t("类别"), t("事项"), t("部门"), t("操作")];

const answer = ({ id }, changed) => askFor({
  title: t("填写回访结果"), done: t("已记录"), changed,
  fields: [longText("result", t("回访结果"), { hint: t("不要写姓名、电话、身份证号。"), most: 1000 })],
  send: (body) => command(`evaluations/${id}/answer`, body),
});

const deed = (task, changed) => (task.kind === "follow_up"
  ? button("check", t("填写结果"), () => answer(task, changed), { primary: true, deed: "answer" })
  : h("a", { class: "button small", href: PLACES[task.kind](task) }, icon("forward"), t("去办理")));

const row = (task, { nameOf, changed }) =>
  h("tr", { key: `${task.kind}-${task.id}`, "data-task": task.id, "data-kind": task.kind },
    h("td", { class: "nowrap" }, task.due_on && dayOf(task.due_on), task.overdue && h("span", { class: "tag bad" }, icon("clock"), t("已逾期"))),
    h("td", { class: "nowrap" }, KINDS[task.kind]),
    h("th", { scope: "row", class: "inbox-text" }, apart(named(task, "title")), task.text && h("p", { class: "quiet" }, apart(task.text))),
    h("td", {}, task.department ? nameOf(task.department) : t("全大厅")),
    h("td", {}, deed(task, changed)));

function run(main) {
  const view = loadsInto(main, () => Promise.all([get("inbox", { limit: 500 }), departmentsByCode()]), ([{ items: tasks, missing }, departments]) => h("div", { class: "inbox-page" },
    h("h1", { class: "page-title" }, t("我的待办")),
    missing.length > 0 && h("p", { class: "notice warn" }, icon("alert"), t("现在查不到：{kinds}。", { kinds: missing.map((kind) => KINDS[kind]).join("、") })),
    tasks.length
      ? tableCard(t("我的待办"), HEADS, tasks.map((task) => row(task, { nameOf: (code) => named(departments.get(code)) || code, changed: () => view.load({ anew: false }) })))
      : empty(t("没有待办"), t("分派给您或您部门的事项会出现在这里。"), "check")));

  view.load();
  return view.stop;
}

openStaffPage({ title: t("我的待办"), account: "clerk", run });
