/* The assessment of departments: the ranking of a quarter, where each point comes from, awards, and fixing it. */
import { command, get, list } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { askFor, longText } from "../shared/form/deed.js";
import { h, icon, show } from "../shared/shell/view.js";
import { dayOf, whenWords } from "../shared/words/format.js";
import { locale, named, t } from "../shared/words/i18n.js";
import { button, select, tool } from "../shared/form/controls.js";
import { Person } from "../shared/form/people.js";
import { dayField, loadsInto, tableCard } from "../shared/form/parts.js";
import { departmentField, firstDayOf, lastDayOf, pointsOf, quarters, quarterWords, withDepartments } from "./parts.js";
import { empty } from "../shared/shell/states.js";

const WRONG = { date: t("日期不能晚于今天，且须在规则有效期内。"), rule: t("这一天没有这条加分规则。"), department: t("没有这样的部门。") };

const signedPoints = (value) => new Intl.NumberFormat(locale, { maximumFractionDigits: 2, signDisplay: "exceptZero" }).format(value);

/** Where the points of a department come from. */
const pointList = (items) => h("ul", { class: "quality-points" }, items.map((item) =>
  h("li", { class: item.points ? null : "quiet" },
    h("span", {}, named(item)), h("span", { class: "number quiet" }, item.figure === null ? t("无数据") : pointsOf(item.figure)),
    h("span", { class: "number" }, signedPoints(item.points)))));

function standingRow(one, most) {
  return h("tr", { key: one.department, "data-department": one.department },
    h("td", { class: "figure number" }, one.rank),
    h("th", { scope: "row" }, named(one)),
    h("td", { class: "figure number" }, pointsOf(one.points)),
    h("td", {}, h("progress", { class: "quality-bar", max: most, value: Math.max(0, one.points), "aria-hidden": "true" })),
    h("td", {}, h("details", {}, h("summary", {}, t("各项得分")), pointList(one.items))));
}

const rankingCard = ({ ranking }) => {
  const most = Math.max(1, ...ranking.map(({ points }) => points));
  return tableCard(t("考评排名"), [[t("名次"), "figure"], t("部门"), [t("得分"), "figure"], "", t("明细")], ranking.map((one) => standingRow(one, most)));
};

const award = (quarter, { departments, rules, changed }) => askFor({
  title: t("加分"), done: t("已加分"), wrong: WRONG, changed,
  fields: [
    departmentField(departments),
    { name: "rule", label: t("加分项目"), control: () => h("select", { class: "input", name: "rule" }, rules.map((rule) => h("option", { value: rule.code }, t("{name}，每次 {points} 分", { name: named(rule), points: pointsOf(rule.points) })))) },
    dayField("date", t("日期"), today() < lastDayOf(quarter) ? today() : lastDayOf(quarter), { min: firstDayOf(quarter), max: today() }),
    longText("reason", t("事由"), { hint: t("不要写姓名、电话、身份证号。"), most: 500 }),
  ],
  send: (body) => command("awards", body),
});

const withdraw = (one, changed) => askFor({
  title: t("撤销加分"), danger: true, submitText: t("撤销"), done: t("已撤销"), changed,
  fields: [longText("reason", t("原因"), { most: 200, rows: 2 })],
  send: (body) => command(`awards/${one.id}/withdraw`, body),
});

const publish = (quarter, changed) => askFor({
  title: t("公布排名"), asks: t("公布后，{quarter}的排名不再变动。", { quarter: quarterWords(quarter) }), done: t("已公布"), changed,
  send: () => command("assessments/publish", { period: quarter }),
});

function awardRow(one, { nameOf, ruleOf, fixed, changed }) {
  const gone = Boolean(one.withdrawn_at);
  return h("tr", { key: one.id, class: gone ? "ended" : null, "data-award": one.id },
    h("td", { class: "nowrap" }, dayOf(one.date)),
    h("th", { scope: "row" }, nameOf(one.department)),
    h("td", {}, ruleOf(one.rule)),
    h("td", { class: "quality-words" }, one.reason, gone && h("p", { class: "quiet" }, t("已撤销：{reason}", { reason: one.withdrawal }))),
    h("td", {}, h(Person, { username: one.recorded_by })),
    h("td", { class: "row-deeds" }, !gone && !fixed && button("close", t("撤销"), () => withdraw(one, changed), { deed: "withdraw" })));
}

function stateLine({ state, published_at: at, published_by: by }, quarter) {
  if (state === "published") return h("p", { class: "notice good" }, icon("check"), h(Person, { username: by, words: (who) => t("{when} 由 {who} 公布，排名不再变动。", { when: whenWords(at), who }) }));
  const text = lastDayOf(quarter) < today() ? t("季度已结束，尚未公布；现在的排名会随更正而变动。") : t("季度进行中，排名为截至现在的得分。");
  return h("p", { class: "notice" }, icon("info"), text);
}

/** Show the ranking in `panel`; `mayPublish` says whether it may be fixed. */
export const assessmentView = (panel, { mayPublish }) => withDepartments(panel, (departments) => {
  const names = new Map(departments.map((each) => [each.code, named(each)]));
  let [quarter] = quarters();
  const changed = () => view.load({ anew: false });

  async function ask() {
    const [assessment, rules, awards] = await Promise.all([
      get("assessments", { period: quarter }), list("assessment-rules", { limit: 200 }),
      list("awards", { from: firstDayOf(quarter), to: lastDayOf(quarter), limit: 200 }),
    ]);
    return { assessment, awards, rules };
  }

  function paint({ assessment, awards, rules }) {
    const fixed = assessment.state === "published";
    const holds = ({ valid_from: from, valid_to: to }) => from <= lastDayOf(quarter) && (!to || to >= firstDayOf(quarter));
    const given = rules.filter((rule) => rule.measure === "awards" && holds(rule));
    const about = { nameOf: (code) => names.get(code) ?? code, ruleOf: (code) => named(given.find((each) => each.code === code)) || code, fixed, changed };
    paintTools([
      !fixed && given.length > 0 && button("star", t("加分"), () => award(quarter, { departments, rules: given, changed }), { small: false, deed: "award" }),
      !fixed && mayPublish && lastDayOf(quarter) < today() && button("check", t("公布排名"), () => publish(quarter, changed), { primary: true, small: false, deed: "publish" }),
    ]);
    return [
      stateLine(assessment, quarter),
      assessment.ranking.length ? rankingCard(assessment) : empty(t("这个季度没有可评的数据"), "", "star"),
      h("h2", { class: "part-title" }, t("加分记录")),
      awards.length
        ? tableCard(t("加分记录"), [t("日期"), t("部门"), t("加分项目"), t("事由"), t("登记人"), t("操作")], awards.map((one) => awardRow(one, about)))
        : empty(t("这个季度没有加分"), "", "star"),
    ];
  }

  const choose = (chosen) => {
    quarter = chosen;
    view.load();
  };

  const paintTools = (deeds) => show(panel,
    h("div", { class: "tools" },
      tool(t("季度"), select("quarter", quarters().map((each) => h("option", { value: each }, quarterWords(each))), quarter, choose)),
      h("div", { class: "tools-end row-deeds" }, deeds)),
    h("div", { class: "quality-body" }));

  paintTools();
  const view = loadsInto(panel.lastElementChild, ask, paint);
  view.load();
  return view.stop;
});
