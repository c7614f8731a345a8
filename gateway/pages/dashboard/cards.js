/* The charts of the dashboard: what each asks, draws and lists. */
import { ChartCard, figureTable } from "../shared/charts/card.js";
import { bars } from "../shared/charts/charts.js";
import { rates, stacked, trend } from "./over-time.js";
import { periodWords } from "../shared/charts/period.js";
import { MEASURES, shortPeriodWords } from "./choice.js";
import { allComparable, comparable, growth, periodsWith, rateOf, servicesOf, sumOf } from "./data.js";
import { count, hours, share, signedShare } from "../shared/words/format.js";
import { h } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";

const BARS_AT_MOST = 15;
const SERVICE_NAMES = { booked: t("预约服务"), extended: t("延时服务"), on_site: t("上门服务") };

/** "较上年同期 +3.2%", of the periods that have a year before; empty when there is none. */
function comparedWords(periods, measure) {
  const found = comparable(periods, measure);
  const total = (of) => found.reduce((sum, each) => sum + of(each)[measure], 0);
  const grown = growth(total(({ sums }) => sums), total(({ before }) => before));
  if (grown === null) return "";
  const change = signedShare(grown);
  return allComparable(periods, measure) ? t("较上年同期 {change}", { change }) : t("可比的 {count} 期较上年同期 {change}", { count: found.length, change });
}

/** How the volume went on, against the year before. */
export async function trendCard(choice, asked) {
  const periods = periodsWith(choice, await asked.origins(), await asked.originsBefore());
  const { measure, compare, by } = choice;
  const now = periods.map(({ sums }) => sums[measure]);
  const before = periods.map((each) => each.before[measure]);
  const total = now.reduce((sum, value) => sum + value, 0);
  const totalBefore = before.reduce((sum, value) => sum + value, 0);
  const names = periods.map(({ period }) => periodWords(period, by));
  const labels = periods.map(({ period }) => shortPeriodWords(period, by));
  const hint = [t("合计 {total}", { total: count(total) }), comparedWords(periods, measure)].filter(Boolean).join(t("，"));
  const name = MEASURES[measure];
  const compared = compare && totalBefore > 0;
  const row = (index) => [names[index], count(now[index]), ...(compared ? [count(before[index] || null), signedShare(growth(now[index], before[index]))] : [])];
  return h(ChartCard, {
    id: "trend", title: t("{measure}趋势", { measure: name }), hint, summary: hint, rows: total ? periods : [],
    option: () => trend(labels, { name, data: now }, compared ? { name: t("上年同期"), data: before.map((value) => value || null) } : null),
    table: () => figureTable(t("{measure}趋势", { measure: name }), [t("时间"), name, ...(compared ? [t("上年同期"), t("增减")] : [])],
      periods.map((_, index) => row(index)), [t("合计"), count(total), ...(compared ? [count(totalBefore), allComparable(periods, measure) ? signedShare(growth(total, totalBefore)) : "—"] : [])]),
  });
}

/** The share of decisions that came in time. */
export async function onTimeCard(choice, asked) {
  const periods = periodsWith(choice, await asked.origins(), await asked.originsBefore()).filter(({ sums }) => sums.decided > 0);
  const all = sumOf(await asked.origins());
  const compared = choice.compare && periods.some(({ before }) => before.decided > 0);
  const names = periods.map(({ period }) => periodWords(period, choice.by));
  const hint = all.decided ? t("{rate}，{onTime} / {decided} 件按时办结（按受理日期）", { rate: share(rateOf(all), 2), onTime: count(all.on_time), decided: count(all.decided) }) : "";
  const row = ({ sums, before }, index) => [names[index], count(sums.decided), count(sums.on_time), share(rateOf(sums), 2), ...(compared ? [share(rateOf(before), 2)] : [])];
  return h(ChartCard, {
    id: "on-time", title: t("按时办结率"), hint, summary: hint, rows: periods, nothing: t("这段时间没有办结的办件"),
    option: () => rates(periods.map(({ period }) => shortPeriodWords(period, choice.by)), [
      { name: t("按时办结率"), data: periods.map(({ sums }) => rateOf(sums)) },
      ...(compared ? [{ name: t("上年同期"), data: periods.map(({ before }) => rateOf(before)) }] : []),
    ]),
    table: () => figureTable(t("按时办结率"), [t("时间"), t("已办结"), t("按时"), t("按时办结率"), ...(compared ? [t("上年同期")] : [])], periods.map(row)),
  });
}

/** The three services by kind, and their share of all cases. */
export async function servicesCard(choice, asked) {
  const rows = await asked.origins();
  const periods = periodsWith(choice, rows, []);
  const all = servicesOf(rows);
  const names = periods.map(({ period }) => periodWords(period, choice.by));
  const kinds = Object.keys(SERVICE_NAMES);
  const hint = t("共 {count} 件，占受理 {share}", { count: count(all.all), share: share(all.share, 2) });
  const row = ({ services }, index) => [names[index], ...kinds.map((kind) => count(services[kind])), count(services.all), share(services.share, 2)];
  return h(ChartCard, {
    id: "services", title: t("三项服务"), hint, summary: hint, rows: all.all ? periods : [], nothing: t("这段时间没有三项服务办件"),
    option: () => stacked(periods.map(({ period }) => shortPeriodWords(period, choice.by)), kinds.map((kind) => ({ name: SERVICE_NAMES[kind], data: periods.map(({ services }) => services[kind]) })),
      { name: t("占受理"), data: periods.map(({ services }) => services.share) }),
    table: () => figureTable(t("三项服务"), [t("时间"), ...kinds.map((kind) => SERVICE_NAMES[kind]), t("合计"), t("占受理")], periods.map(row),
      [t("合计"), ...kinds.map((kind) => count(all[kind])), count(all.all), share(all.share, 2)]),
  });
}

/** Hours of overtime by department. */
export async function overtimeCard(choice, asked) {
  const rows = [...(await asked.overtime())].filter(({ minutes }) => minutes > 0).sort((one, other) => other.minutes - one.minutes);
  const total = rows.reduce((sum, { minutes }) => sum + minutes, 0);
  const names = rows.map((row) => named(row) || row.group);
  const hint = rows.length ? t("共 {hours} 小时，{count} 个部门", { hours: hours(total), count: rows.length }) : "";
  return h(ChartCard, {
    id: "overtime", title: t("延时服务加班"), hint, summary: hint, rows, nothing: t("这段时间没有加班"),
    option: () => bars(names.slice(0, BARS_AT_MOST), [{ name: t("加班小时"), data: rows.slice(0, BARS_AT_MOST).map(({ minutes }) => Math.round(minutes / 6) / 10) }]),
    table: () => figureTable(t("延时服务加班"), [t("部门"), t("加班小时")], rows.map(({ minutes }, index) => [names[index], hours(minutes)]), [t("合计"), hours(total)]),
  });
}
