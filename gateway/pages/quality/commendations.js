/* Thank-you letters, banners and plaques that departments received. */
import { command, get, list, patch } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { askFor, longText } from "../shared/form/deed.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h, icon, show } from "../shared/shell/view.js";
import { count, dayOf, whenWords } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { departmentOptions, optionsOf } from "../shared/form/choices.js";
import { button } from "../shared/form/controls.js";
import { Person } from "../shared/form/people.js";
import { dayField, filters, loadsInto, tableCard } from "../shared/form/parts.js";
import { departmentField, withDepartments } from "./parts.js";
import { empty } from "../shared/shell/states.js";
import { toastProblem } from "../shared/shell/toast.js";

const KINDS = { letter: { text: t("感谢信"), icon: "message" }, banner: { text: t("锦旗"), icon: "star" }, plaque: { text: t("牌匾"), icon: "heart" } };
const WRONG = { received_on: t("日期不能晚于今天。"), department: t("没有这样的部门。") };

const fieldsOf = (departments, { department = "", kind = "letter", received_on: day = today(), note = "" } = {}) => [
  departmentField(departments, department),
  { name: "kind", label: t("种类"), control: () => h("select", { class: "input", name: "kind", value: kind }, optionsOf(KINDS)) },
  dayField("received_on", t("收到日期"), day, { max: today() }),
  longText("note", t("说明（可不填）"), { hint: t("不要写姓名、电话、身份证号。"), most: 500, value: note, missing: "" }),
];

const REASON = longText("reason", t("原因"), { most: 200, rows: 2 });

const record = (departments, changed) => askFor({
  title: t("登记表扬"), submitText: t("登记"), done: t("已登记"), wrong: WRONG, changed, fields: fieldsOf(departments), send: (body) => command("commendations", body),
});

const correct = (one, departments, changed) => askFor({
  title: t("更正"), done: t("已更正"), wrong: WRONG, changed, fields: [...fieldsOf(departments, one), REASON], send: (body) => patch(`commendations/${one.id}`, body),
});

const withdraw = (one, changed) => askFor({
  title: t("撤销"), danger: true, asks: t("撤销后不再计入统计和考评。"), done: t("已撤销"), changed, fields: [REASON], send: (body) => command(`commendations/${one.id}/withdraw`, body),
});

/** Show what a commendation was before each change. */
async function showHistory(one, nameOf) {
  try {
    const { history } = await get(`commendations/${one.id}`);
    openDialog({
      title: t("更正记录"),
      body: h("ol", { class: "quality-history" }, history.map((was) => h("li", {},
        h("p", {}, `${KINDS[was.kind].text} · ${nameOf(was.department)} · ${dayOf(was.received_on)}`), was.note && h("p", {}, was.note),
        h("p", { class: "quiet" }, h(Person, { username: was.changed_by, words: (who) => t("{when} 由 {who} 更正：{reason}", { when: whenWords(was.changed_at), who, reason: was.reason }) }))))),
    });
  } catch (error) {
    toastProblem(error);
  }
}

const tally = (rows) => h("div", { class: "quality-tally" }, Object.entries(KINDS).map(([kind, { text, icon: name }]) =>
  h("div", { class: "card quality-count", "data-kind": kind }, icon(name), h("span", { class: "number" }, count(rows.filter((each) => each.kind === kind).length)), h("span", {}, text))));

const row = (one, { departments, nameOf, changed }) => h("tr", { key: one.id, "data-id": one.id },
  h("td", { class: "nowrap" }, dayOf(one.received_on)),
  h("td", { class: "nowrap" }, h("span", { class: "tag brand-tag" }, KINDS[one.kind].text)),
  h("th", { scope: "row" }, nameOf(one.department)),
  h("td", { class: "quality-words" }, one.note || h("span", { class: "quiet" }, "—")),
  h("td", {}, h(Person, { username: one.recorded_by }), one.version > 1 && h("p", {}, h("button", { type: "button", class: "button plain small", onclick: () => showHistory(one, nameOf) }, t("更正过 {count} 次", { count: one.version - 1 })))),
  h("td", { class: "row-deeds" },
    button("document", t("更正"), () => correct(one, departments, changed), { deed: "correct" }),
    button("close", t("撤销"), () => withdraw(one, changed), { deed: "withdraw" })));

/** Show the commendations in `panel`. */
export const commendationsView = (panel) => withDepartments(panel, (departments) => {
  const names = new Map(departments.map((each) => [each.code, named(each)]));
  const nameOf = (code) => names.get(code) ?? code;
  const wanted = { kind: "", department: "", from: `${today().slice(0, 4)}-01-01`, to: today() };
  const { choice, day } = filters(wanted, () => view.load());
  const changed = () => view.load({ anew: false });

  show(panel,
    h("div", { class: "tools" },
      choice("kind", t("种类"), optionsOf(KINDS, { all: t("全部") })), choice("department", t("部门"), departmentOptions(departments, { all: t("全部部门") })),
      day("from", t("从")), day("to", t("到")),
      h("div", { class: "tools-end" }, button("heart", t("登记表扬"), () => record(departments, changed), { primary: true, small: false, deed: "record" }))),
    h("div", { class: "quality-body" }));

  const view = loadsInto(panel.lastElementChild,
    () => list("commendations", { ...wanted, limit: 200 }),
    (rows) => [tally(rows), rows.length
      ? tableCard(t("感谢信、锦旗和牌匾"), [t("收到日期"), t("种类"), t("部门"), t("说明"), t("登记人"), t("操作")], rows.map((one) => row(one, { departments, nameOf, changed })))
      : empty(t("这些日子没有收到表扬"), "", "heart")]);

  view.load();
  return view.stop;
});
