/* The indicators of a report: tiles of the first among them, a table of all against earlier periods, and their rules. */
import { reportPeriodWords } from "./choice.js";
import { h } from "../shared/shell/view.js";
import { count, dayOf, duration, monthOf, share, signedShare } from "../shared/words/format.js";
import { locale, named, t } from "../shared/words/i18n.js";

const HEADLINES = ["cases_accepted", "cases_per_working_day", "on_time_rate", "cases_cumulative", "three_services.cases", "three_services.share"];
const GROUPS = [
  [t("受理与办结"), ["cases_accepted", "working_days", "cases_per_working_day", "cases_peak_day", "cases_peak_date", "cases_decided", "cases_granted", "cases_refused", "on_time_rate", "cases_cumulative", "records_since"]],
  [t("三项服务"), [
    "three_services.cases", "three_services.share", "three_services.days", "three_services.cases_per_working_day", "three_services.overtime_hours",
    "three_services.departments", "three_services.departments_share", "three_services.by_service.phone", "three_services.by_service.web",
    "three_services.by_service.extended", "three_services.by_service.on_site",
  ]],
  [t("协同办理"), ["joint_approval.departments", "joint_approval.opened", "joint_approval.closed", "joint_approval.under_way"]],
  [t("服务质量"), ["evaluations", "positive_rate", "letters", "banners", "plaques", "anomalies.detected", "anomalies.explained", "waits.tickets", "waits.median_s", "waits.p90_s", "waits.within_15_min"]],
  [t("大厅规模"), ["departments", "staff", "items"]],
];
const RATES = new Set(["on_time_rate", "positive_rate", "three_services.share", "three_services.departments_share", "waits.within_15_min"]);
const SECONDS = new Set(["waits.median_s", "waits.p90_s"]);
const points = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, signDisplay: "exceptZero" });

const valueOf = (record, key) => key.split(".").reduce((value, member) => value?.[member], record) ?? null;

/** An indicator's value as it is written. */
function written(key, value) {
  if (value === null) return "—";
  if (RATES.has(key)) return share(value, 2);
  if (SECONDS.has(key)) return duration(value);
  if (key === "cases_peak_date") return dayOf(value);
  if (key === "records_since") return monthOf(value.slice(0, 7));
  return count(value);
}

/** By how much an indicator changed: rates in points, the others as a share. Null where nothing is known. */
function changeOf(key, compared) {
  if (!compared || compared.difference === null) return null;
  const { difference, ratio } = compared;
  const words = RATES.has(key) ? t("{points} 个百分点", { points: points.format(difference * 100) }) : ratio === null ? null : signedShare(ratio);
  return words === null ? null : { words, way: Math.sign(difference) };
}

const ARROWS = { 1: ["▲", "up"], "-1": ["▼", "down"], 0: ["■", "same"] };

function changeTag(key, compared) {
  const change = changeOf(key, compared);
  if (!change) return h("span", { class: "quiet" }, "—");
  const [arrow, name] = ARROWS[change.way];
  return h("span", { class: `change ${name}` }, h("span", { "aria-hidden": "true" }, arrow), change.words);
}

const nameOf = (report, key) => named(report.sources[key]) || key;
const known = (report) => (key) => key in report.sources;

/** What a report is compared with: of a year the period before and the year before are one. */
function comparisonsOf({ comparison: { before, year_before: yearBefore } }) {
  const last = { label: t("较上年"), compared: yearBefore };
  return before.period.name === yearBefore.period.name ? [last] : [{ label: t("较上期"), compared: before }, last];
}

function headline(report, key) {
  const line = ({ label, compared }) => {
    const found = valueOf(compared, key);
    return changeOf(key, found) && h("span", { class: "headline-change" }, label, changeTag(key, found));
  };
  return h("li", { class: "figure card", "data-indicator": key },
    h("span", { class: "figure-name" }, nameOf(report, key)),
    h("strong", { class: "figure-value number" }, written(key, valueOf(report, key))),
    h("span", { class: "figure-note" }, comparisonsOf(report).map(line)));
}

/** The tiles of the first indicators. */
export const headlines = (report) => h("ul", { class: "figures" }, HEADLINES.filter(known(report)).map((key) => headline(report, key)));

function row(report, key) {
  const earlier = comparisonsOf(report).flatMap((comparison) => {
    const compared = valueOf(comparison.compared, key);
    return [h("td", { class: "figure-cell number" }, compared ? written(key, compared.value) : "—"), h("td", { class: "figure-cell number" }, changeTag(key, compared))];
  });
  return h("tr", { "data-key": key }, h("th", { scope: "row" }, nameOf(report, key)), h("td", { class: "figure-cell number" }, written(key, valueOf(report, key))), earlier);
}

/** All indicators against the period before and the year before. */
export function indicatorTable(report) {
  const earlier = comparisonsOf(report).flatMap(({ label, compared }) => [reportPeriodWords(report.kind, compared.period.name), label]);
  const heads = [t("指标"), reportPeriodWords(report.kind, report.period.name), ...earlier];
  const group = ([title, keys]) =>
    h("tbody", {}, h("tr", { class: "group-row" }, h("th", { scope: "rowgroup", colspan: heads.length }, title)), keys.filter(known(report)).map((key) => row(report, key)));
  return h("table", { class: "table indicators" },
    h("caption", { class: "visually-hidden" }, t("全部指标及对比")),
    h("thead", {}, h("tr", {}, heads.map((name, index) => h("th", { scope: "col", class: index ? "figure-cell" : null }, name)))),
    GROUPS.map(group));
}

/** By what rule each indicator is worked out. */
export const rulesOf = (report) =>
  h("details", { class: "rules" }, h("summary", {}, t("指标口径")),
    h("dl", { class: "rule-list" }, Object.entries(report.sources).map(([key, source]) => [h("dt", {}, nameOf(report, key)), h("dd", {}, named(source, "rule"))])));
