/* One anomaly: in words, against what was expected, what was done about it, and what can be done. */
import { ChartCard, figureTable } from "../shared/charts/card.js";
import { band } from "./band.js";
import { deedsOf } from "./deeds.js";
import { KINDS, STATES } from "../shared/words/anomaly.js";
import { about, dueWords, figuresWords, ownerWords, subjectWords, whenMoved } from "./words.js";
import { Person } from "../shared/form/people.js";
import { h, icon } from "../shared/shell/view.js";
import { count, dayOf, monthDayOf, whenWords } from "../shared/words/format.js";
import { language, named, t } from "../shared/words/i18n.js";

const NAMES = { observed: t("实际"), expected: t("预计"), band: t("正常范围") };

/** A day of the chart as it is written, or an hour. */
const pointWords = ({ at }) => (at.length > 2 ? dayOf(at) : `${at}:00`);
const pointLabel = ({ at }) => (at.length > 2 ? monthDayOf(`${at}T12:00:00Z`) : `${at}:00`);

function chartOf(anomaly) {
  const { series } = anomaly;
  const moved = ({ at }) => (at.length > 2 ? anomaly.since <= at && at <= anomaly.business_date : (anomaly.since_hour ?? anomaly.subject) <= at && at <= anomaly.subject);
  return h(ChartCard, {
    id: "anomaly", title: t("实际与预计"), rows: series, nothing: t("没有可比的数据"), summary: `${whenMoved(anomaly)} ${figuresWords(anomaly)}`,
    option: () => band(series.map((row) => ({ ...row, label: pointLabel(row), moved: moved(row) })), NAMES),
    table: () => figureTable(t("实际与预计"), [t("时间"), t("实际"), t("预计"), t("下限"), t("上限")],
      series.map((row) => [pointWords(row), count(row.observed), about(row.expected), about(row.lower), about(row.upper)])),
  });
}

const fact = (name, value) => value && [h("dt", {}, name), h("dd", {}, value)];

const step = ({ state, by, entered_at: at }) =>
  h("li", { class: "history-step" },
    h("span", { class: `tag ${STATES[state].tone}` }, STATES[state].text), " ", h("span", { class: "quiet" }, whenWords(at), " · ", by ? h(Person, { username: by, words: (who) => who }) : t("系统")));

/** One anomaly; `changed()` hears that something was done. */
export function anomalyView(anomaly, changed, me) {
  const due = dueWords(anomaly);
  return h("article", { key: anomaly.id, class: "anomaly-view", "aria-labelledby": "anomaly-title" },
    h("div", { class: "card anomaly-head" },
      h("p", { class: "anomaly-tags" },
        h("span", { class: `tag ${STATES[anomaly.state].tone}`, id: "anomaly-state" }, STATES[anomaly.state].text),
        h("span", { class: "tag" }, KINDS[anomaly.subject_kind]),
        due && h("span", { class: anomaly.overdue ? "tag bad" : "tag" }, icon("clock"), due)),
      h("h2", { class: "anomaly-title", id: "anomaly-title", tabindex: "-1", "data-focus": true }, `${subjectWords(anomaly)} · ${whenMoved(anomaly)}`),
      h("p", { class: "anomaly-words" }, anomaly.words[language]),
      h("dl", { class: "facts" },
        anomaly.subject_kind === "item" && fact(t("部门"), named(anomaly, "department_name")), fact(t("责任人"), ownerWords(anomaly)), fact(t("期限"), anomaly.due_on && dayOf(anomaly.due_on)),
        fact(t("说明"), anomaly.explanation), fact(t("排除理由"), anomaly.dismissal), fact(t("反馈"), anomaly.outcome)),
      h("div", { class: "anomaly-deeds" }, deedsOf(anomaly, changed, me))),
    chartOf(anomaly),
    h("section", { class: "card chart-card", "aria-labelledby": "history-title" },
      h("h2", { class: "chart-title", id: "history-title" }, t("核查过程")), h("ol", { class: "history" }, anomaly.history.map(step))));
}
