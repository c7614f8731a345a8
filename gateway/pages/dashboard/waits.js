/* How long people waited, and whether the times they were told came true. */
import { ChartCard, figureTable } from "../shared/charts/card.js";
import { columns } from "../shared/charts/charts.js";
import { count, duration, share } from "../shared/words/format.js";
import { h } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";

const inMinutes = (seconds) => (seconds === null ? null : Math.round(seconds / 6) / 10);

/** The mean of a rate over rows, each with the weight of what it was worked out from; null when there is nothing. */
function overall(rows, rate, weight) {
  const known = rows.filter((row) => row[rate] !== null && row[weight] > 0);
  const all = known.reduce((sum, row) => sum + row[weight], 0);
  return all ? known.reduce((sum, row) => sum + row[rate] * row[weight], 0) / all : null;
}

/** The card of `GET /statistics/waits`: by hour for the hall, in one row for a department. */
export async function waitsCard(choice, asked) {
  const found = await asked.waits();
  const rows = (found ?? []).filter(({ called }) => called > 0);
  const names = rows.map((row) => (choice.department ? named(row) || row.group : `${row.group}:00`));
  const title = t("等候与预计");
  const hint = rows.length
    ? t("15 分钟内叫号 {quick}；预计准确率 {covered}", { quick: share(overall(rows, "under_15_min_rate", "called")), covered: share(overall(rows, "covered_rate", "estimated")) })
    : "";
  return h(ChartCard, {
    id: "waits", title, hint, summary: hint, rows, nothing: found ? t("这段时间没有叫号") : t("等候时间最多统计一年，请缩短时间范围"),
    option: () => columns(names, [
      { name: t("等候中位数（分钟）"), data: rows.map((row) => inMinutes(row.median_wait_s)) },
      { name: t("九成等候（分钟）"), data: rows.map((row) => inMinutes(row.p90_wait_s)) },
    ]),
    table: () => figureTable(title, [choice.department ? t("部门") : t("时段"), t("叫号"), t("等候中位数"), t("九成等候"), t("15 分钟内"), t("预计准确率"), t("平均误差")],
      rows.map((row, index) => [names[index], count(row.called), duration(row.median_wait_s), duration(row.p90_wait_s), share(row.under_15_min_rate), share(row.covered_rate), duration(row.mean_abs_error_s)])),
  });
}
