/* The chart of an anomaly. */
import { base, categoryAxis, dashed, GRID, token, valueAxis } from "../shared/charts/charts.js";

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
