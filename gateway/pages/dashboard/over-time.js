/* Charts of how figures go on: volumes, shares and rates by period. */
import { base, categoryAxis, dashed, GRID, label, token, valueAxis } from "../shared/charts/charts.js";
import { share } from "../shared/words/format.js";

const SHARE = { tooltip: { valueFormatter: (value) => share(value, 2) } };
const percentAxis = (extra = {}) => ({ ...valueAxis, minInterval: 0, axisLabel: { ...label, formatter: (value) => share(value) }, ...extra });
const bar = { type: "bar", barMaxWidth: 26, itemStyle: { borderRadius: [3, 3, 0, 0] } };

/** Columns of the figures, and those of the year before as a dashed line; `before` may be null. */
export const trend = (categories, { name, data }, before) => ({
  ...base(),
  grid: GRID,
  xAxis: categoryAxis(categories),
  yAxis: valueAxis,
  series: [{ ...bar, name, data }, ...(before ? [{ ...dashed, ...before, color: token("--chart-3") }] : [])],
});

/** Columns piled up by kind, and the share they have of all as a line with its own axis. */
export const stacked = (categories, series, line) => ({
  ...base(),
  grid: GRID,
  xAxis: categoryAxis(categories),
  yAxis: [valueAxis, percentAxis({ min: 0, splitLine: { show: false }, axisTick: { show: false } })],
  series: [
    ...series.map((each) => ({ ...bar, stack: "all", itemStyle: { borderColor: token("--surface"), borderWidth: 1 }, ...each })),
    { ...dashed, ...SHARE, ...line, yAxisIndex: 1, color: token("--ink-soft") },
  ],
});

/** Rates as lines; the axis begins below the lowest of them, since they all lie near 100 %. */
export const rates = (categories, series) => {
  const lowest = Math.min(1, ...series.flatMap(({ data }) => data).filter((value) => value !== null));
  return {
    ...base(),
    tooltip: { trigger: "axis", renderMode: "richText" },
    grid: GRID,
    xAxis: categoryAxis(categories),
    yAxis: percentAxis({ min: Math.max(0, Math.floor(lowest * 50 - 0.5) / 50), max: 1 }),
    series: series.map((each, index) => ({ ...(index ? { ...dashed, color: token("--chart-3") } : { type: "line", symbolSize: 7, lineStyle: { width: 3 } }), ...SHARE, ...each })),
  };
};
