/* Charts of how figures go on: volumes, shares and rates by period, and what was expected of them. */
import { base, categoryAxis, label, token, valueAxis } from "./charts.js";
import { share } from "../words/format.js";

const GRID = { left: 8, right: 12, top: 44, bottom: 4, containLabel: true };
const SHARE = { tooltip: { valueFormatter: (value) => share(value, 2) } };
const percentAxis = (extra = {}) => ({ ...valueAxis, minInterval: 0, axisLabel: { ...label, formatter: (value) => share(value) }, ...extra });
const bar = { type: "bar", barMaxWidth: 26, itemStyle: { borderRadius: [3, 3, 0, 0] } };
/* Told apart by dashes and marks as well as by colour. */
const dashed = { type: "line", symbol: "diamond", symbolSize: 7, lineStyle: { type: "dashed", width: 2 } };

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

/** What was observed against the band it was expected in; rows that `moved` are marked. `names` are those of the three series. */
export const band = (rows, names) => {
  const hidden = { type: "line", symbol: "none", lineStyle: { opacity: 0 }, stack: "band", silent: true, tooltip: { show: false } };
  const column = (key) => rows.map((row) => row[key]);
  const ground = { color: token("--chart-band"), opacity: 1 };
  const marked = { symbol: "diamond", symbolSize: 14, itemStyle: { color: token("--bad") } };
  return {
    ...base(),
    tooltip: { trigger: "axis", renderMode: "richText" },
    legend: { ...base().legend, data: [names.observed, names.expected, names.band] },
    grid: GRID,
    xAxis: categoryAxis(column("label")),
    yAxis: { ...valueAxis, minInterval: 0 },
    series: [
      { ...hidden, name: "lower", data: column("lower") },
      { ...hidden, name: names.band, data: rows.map(({ lower, upper }) => upper - lower), areaStyle: ground, itemStyle: ground },
      { ...dashed, symbol: "none", name: names.expected, data: column("expected"), color: token("--chart-3") },
      {
        type: "line", name: names.observed, symbol: "circle", symbolSize: 5, showAllSymbol: true, color: token("--chart-1"), lineStyle: { width: 2 },
        data: rows.map(({ observed, moved }) => (moved ? { value: observed, ...marked } : observed)),
      },
    ],
  };
};
