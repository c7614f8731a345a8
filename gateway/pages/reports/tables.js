/* The tables of a report, each with a chart where one helps. */
import { ChartCard, figureTable, cardHead } from "../shared/charts/card.js";
import { bars, columns, ring } from "../shared/charts/charts.js";
import { h } from "../shared/shell/view.js";
import { count, dayOf, hours, monthOf, share, signedShare } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { ORIGINS } from "../shared/words/codes.js";

const BARS_AT_MOST = 15;
const ITEMS_AT_MOST = 20;
const hourWords = (hour) => `${String(Number(hour)).padStart(2, "0")}:00`;
const sum = (rows, key) => rows.reduce((total, row) => total + row[key], 0);

/** How the volume went on within the period: by month, by day, or by hour of the day. */
function courseOf({ tables }) {
  if (tables.by_month.length) return { title: t("各月受理量"), of: t("月份"), rows: tables.by_month, name: (row) => monthOf(row.month), before: true };
  if (tables.by_day.length) return { title: t("每日受理量"), of: t("日期"), rows: tables.by_day.filter((row) => row.working || row.cases), name: (row) => dayOf(row.day), before: false };
  return { title: t("分时受理量"), of: t("时段"), rows: tables.by_hour, name: (row) => hourWords(row.hour), before: false };
}

function courseCard(report) {
  const { title, of, rows, name, before } = courseOf(report);
  const names = rows.map(name);
  const total = t("合计 {total}", { total: count(sum(rows, "cases")) });
  const series = [{ name: t("受理量"), data: rows.map((row) => row.cases) }];
  if (before) series.push({ name: t("上年同期"), data: rows.map((row) => row.year_before) });
  return h(ChartCard, {
    id: "course", title, hint: total, summary: total, rows,
    option: () => columns(names, series),
    table: () => figureTable(title, [of, t("受理量"), ...(before ? [t("上年同期"), t("增减")] : [])],
      rows.map((row, index) => [names[index], count(row.cases), ...(before ? [count(row.year_before), signedShare(row.ratio)] : [])])),
  });
}

function originCard({ tables: { by_origin: rows } }) {
  const names = rows.map(({ origin }) => ORIGINS[origin] ?? origin);
  return h(ChartCard, {
    id: "sources", title: t("受理来源"), rows, summary: rows[0] ? t("{name}最多，占 {share}", { name: names[0], share: share(rows[0].share) }) : "",
    option: () => ring(rows.map(({ cases }, index) => ({ name: names[index], value: cases })), count(sum(rows, "cases"))),
    table: () => figureTable(t("受理来源"), [t("来源"), t("受理量"), t("占比")], rows.map((row, index) => [names[index], count(row.cases), share(row.share, 2)])),
  });
}

function departmentCard({ tables: { by_department: rows } }) {
  const shown = rows.filter(({ cases }) => cases).slice(0, BARS_AT_MOST);
  return h(ChartCard, {
    id: "departments", title: t("各部门业务量"), rows,
    hint: shown.length < rows.length ? t("图中为前 {shown} 个，共 {count} 个", { shown: shown.length, count: rows.length }) : "",
    option: () => bars(shown.map((row) => named(row)), [{ name: t("受理量"), data: shown.map(({ cases }) => cases) }]),
    table: () => figureTable(t("各部门业务量"),
      [t("部门"), t("受理量"), t("占比"), t("上年同期"), t("增减"), t("已办结"), t("按时办结率"), t("三项服务"), t("加班小时")],
      rows.map((row) => [named(row), count(row.cases), share(row.share, 2), count(row.year_before), signedShare(row.ratio), count(row.decided), share(row.on_time_rate, 2), count(row.three_services), hours(row.overtime_hours * 60)])),
  });
}

/** A card that is a table alone; nothing when it has no rows. */
function tableCard(id, title, rows, table) {
  return rows.length > 0 && h("section", { class: `card chart-card card-${id}`, "aria-labelledby": `title-${id}` },
    cardHead({ id, title }),
    h("div", { class: "chart-table", tabindex: "0", role: "region", "aria-label": title }, h("div", { class: "table-wrap" }, table())));
}

const servicesCard = ({ tables: { three_services: rows } }) =>
  tableCard("three", t("各部门三项服务"), rows, () => figureTable(t("各部门三项服务"),
    [t("部门"), ORIGINS.phone, ORIGINS.web, ORIGINS.extended, ORIGINS.on_site, t("合计"), t("加班小时")],
    rows.map((row) => [named(row), count(row.phone), count(row.web), count(row.extended), count(row.on_site), count(row.cases), hours(row.overtime_hours * 60)])));

const itemsCard = ({ tables: { by_item: rows } }) =>
  tableCard("items", t("受理量前 {count} 的事项", { count: Math.min(ITEMS_AT_MOST, rows.length) }), rows, () => figureTable(t("受理量居前的事项"),
    [t("事项"), t("受理量"), t("占比"), t("上年同期"), t("增减")],
    rows.slice(0, ITEMS_AT_MOST).map((row) => [named(row), count(row.cases), share(row.share, 2), count(row.year_before), signedShare(row.ratio)])));

/** The cards of a report's tables. */
export const tableCards = (report) => [courseCard, originCard, departmentCard, servicesCard, itemsCard].map((make) => make(report));
