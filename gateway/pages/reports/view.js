/* One report: choosing it, its indicators and tables, downloads and editions. */
import { get, list } from "../shared/hall/api.js";
import { tidy } from "../shared/charts/charts.js";
import { today } from "../shared/shell/clock.js";
import { choose } from "../shared/charts/period.js";
import { departments } from "../shared/hall/directory.js";
import { h, icon, show } from "../shared/shell/view.js";
import { dayOf, whenWords } from "../shared/words/format.js";
import { locale, named, t } from "../shared/words/i18n.js";
import { departmentOptions, optionsOf } from "../shared/form/choices.js";
import { dateInput, select, tool } from "../shared/form/controls.js";
import { FIRST_YEAR, KINDS, quarterOf, readReportChoice, reportPeriodWords } from "./choice.js";
import { downloads, editionsOf, editionTools } from "./files.js";
import { headlines, indicatorTable, rulesOf } from "./indicators.js";
import { tableCards } from "./tables.js";
import { empty, failed, loading } from "../shared/shell/states.js";

const LONG_MS = 30_000;

const years = () => {
  const last = Number(today().slice(0, 4));
  return Array.from({ length: last - FIRST_YEAR + 1 }, (_, index) => String(last - index));
};

/** The years of which the hall has cases; null when nobody can tell. */
async function yearsWithCases() {
  const rows = await list("statistics/volumes", { from: `${FIRST_YEAR}-01-01`, to: today(), by: "year", group: "origin", limit: 500 }).catch(() => null);
  return rows && new Set(rows.filter(({ cases }) => cases > 0).map(({ period }) => period.slice(0, 4)));
}

/** "3月" of a month's number. */
const monthNameOf = (month) =>
  new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" }).format(new Date(Date.UTC(2024, month - 1, 1)));

const yearWords = (year, known) => (known && !known.has(year) ? t("{year}（无数据）", { year }) : year);

/** The controls of a period; those to come cannot be chosen. `known` are the years that have cases. */
function periodTools({ kind, period }, chosen, known) {
  if (kind === "daily") {
    const change = ({ target }) => target.value && chosen(target.value);
    return tool(t("日期"), dateInput("period", period, { id: "period", min: `${FIRST_YEAR}-01-01`, max: today(), onchange: change }));
  }
  const [year, rest] = period.split("-");
  const now = today();
  const fits = (part) => `${year}-${part}` <= (kind === "quarterly" ? `${now.slice(0, 4)}-Q${quarterOf(now)}` : now.slice(0, 7));
  const withYear = (wanted) => {
    if (kind === "annual") return wanted;
    const last = kind === "quarterly" ? `${now.slice(0, 4)}-Q${quarterOf(now)}` : now.slice(0, 7);
    return `${wanted}-${rest}` > last ? last : `${wanted}-${rest}`;
  };
  const yearTool = tool(t("年份"), select("year", years().map((each) => h("option", { value: each }, yearWords(each, known))), year, (wanted) => chosen(withYear(wanted))));
  if (kind === "annual") return yearTool;
  const parts = kind === "monthly"
    ? Array.from({ length: 12 }, (_, index) => [String(index + 1).padStart(2, "0"), monthNameOf(index + 1)])
    : ["1", "2", "3", "4"].map((quarter) => [`Q${quarter}`, t("第 {quarter} 季度", { quarter })]);
  return [yearTool, tool(kind === "monthly" ? t("月份") : t("季度"), select("part", parts.map(([key, text]) => h("option", { value: key, disabled: !fits(key) }, text)), rest, (part) => chosen(`${year}-${part}`)))];
}

function factsOf(report) {
  const { period } = report;
  const facts = [
    t("统计期 {from} 至 {to}", { from: dayOf(period.first), to: dayOf(period.last) }),
    report.events_until && t("数据截至 {at}", { at: whenWords(report.events_until) }),
    t("时区 {zone}", { zone: report.time_zone }),
    report.edition && t("第 {edition} 版", { edition: report.edition }),
    t("打印日期 {day}", { day: dayOf(report.printed_on) }),
    report.calendar_changed && t("本版定稿后，大厅工作日历已有变动；本版仍按定稿时的日历统计，更正须另定新版"),
  ];
  return h("p", { class: "quiet", id: "report-facts" }, facts.filter(Boolean).join(" · "));
}

const indicatorCard = (report) =>
  h("section", { class: "card chart-card", "aria-labelledby": "title-indicators" },
    h("h2", { class: "chart-title", id: "title-indicators" }, t("全部指标及对比")),
    h("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-labelledby": "title-indicators" }, indicatorTable(report)),
    rulesOf(report));

/** Show the reports in `panel`; returns how to leave. */
export function reportView(panel) {
  let offered = null;
  let known = null;
  let content = loading();
  let turn = 0;

  function change(what) {
    choose({ edition: "", ...what });
    load();
  }

  function tools() {
    const choice = readReportChoice();
    return h("form", { class: "tools", "aria-label": t("选择报表"), onsubmit: (event) => event.preventDefault() },
      tool(t("报表"), select("kind", optionsOf(KINDS), choice.kind, (kind) => change({ kind, period: "" }))),
      periodTools(choice, (period) => change({ period }), known),
      tool(t("部门"), select("department", departmentOptions(offered, { all: t("全部部门") }), choice.department, (department) => change({ department }))));
  }

  const paint = () => show(panel, offered && tools(), h("div", { class: "report", id: "report", key: turn }, content));

  function reportOf(choice, report, editions) {
    const words = reportPeriodWords(report.kind, report.period.name);
    const department = offered.find(({ code }) => code === choice.department);
    return [
      h("div", { class: "report-head card" },
        h("div", {}, h("h2", { class: "report-title", id: "report-title", tabindex: "-1" }, [words, KINDS[report.kind].text, department && named(department)].filter(Boolean).join(" · ")), factsOf(report)),
        downloads(choice),
        editionTools(choice, report, editions, (edition) => change({ edition }))),
      report.period.counted_to
        ? [headlines(report), h("div", { class: "report-cards" }, tableCards(report)), indicatorCard(report)]
        : empty(t("这段时间没有受理业务"), t("请换一个统计期，或先导入历史办件。"), "document"),
    ];
  }

  async function load() {
    const own = (turn += 1);
    const choice = readReportChoice();
    const { kind, period, department, edition } = choice;
    content = loading();
    paint();
    try {
      const report = await get(`reports/${kind}`, { period, department, edition }, { timeout: LONG_MS });
      const editions = report.period.over ? await editionsOf(choice) : [];
      if (own !== turn) return;
      content = reportOf(choice, report, editions);
    } catch (error) {
      if (own !== turn || error.status === 401) return;
      content = error.code === "edition_not_found"
        ? [empty(t("没有这一版"), "", "alert"), h("p", { class: "centred" }, h("button", { type: "button", class: "button", onclick: () => change({}) }, icon("repeat"), t("看最新一版")))]
        : failed(error, load);
    }
    paint();
    tidy();
  }

  async function open() {
    const own = turn;
    paint();
    const found = await departments().catch(() => []); /* the hall's own reports can be read without them */
    if (own !== turn) return;
    offered = found;
    load();
    const years = await yearsWithCases();
    if (turn < 0) return;
    known = years;
    paint();
  }

  open();
  return () => (turn = -1);
}
