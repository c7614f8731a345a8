/* Charts with Apache ECharts, in the colours of tokens.css. Tooltips are drawn on the canvas: as HTML they would carry
   inline styles, which the content security policy refuses. */
const style = getComputedStyle(document.documentElement);
export const token = (name) => style.getPropertyValue(name).trim();
const still = matchMedia("(prefers-reduced-motion: reduce)");

const COLOURS = ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5"];
const charts = new Set();

addEventListener("resize", () => charts.forEach((chart) => chart.resize()));

export const base = () => ({
  color: COLOURS.map(token),
  animation: !still.matches,
  textStyle: { fontFamily: token("--font"), color: token("--ink") },
  tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
  legend: { top: 0, right: 0, itemWidth: 14, itemHeight: 14, textStyle: { fontSize: 14, color: token("--ink") } },
});

export const label = { get color() { return token("--ink-soft"); }, fontSize: 13 };
export const valueAxis = { type: "value", get axisLabel() { return { ...label }; }, get splitLine() { return { lineStyle: { color: token("--line") } }; }, minInterval: 1 };
export const categoryAxis = (data, extra = {}) => ({
  type: "category", data, axisTick: { show: false }, axisLine: { lineStyle: { color: token("--line-strong") } }, axisLabel: { ...label, ...extra },
});

/* Of what goes on with time. */
export const GRID = { left: 8, right: 12, top: 44, bottom: 4, containLabel: true };
/* Told apart by dashes and marks as well as by colour. */
export const dashed = { type: "line", symbol: "diamond", symbolSize: 7, lineStyle: { type: "dashed", width: 2 } };

/** Columns side by side: `series` is [{name, data}] over `categories`. */
export const columns = (categories, series) => ({
  ...base(),
  grid: { left: 8, right: 8, top: 44, bottom: 4, containLabel: true },
  xAxis: categoryAxis(categories),
  yAxis: valueAxis,
  series: series.map((each) => ({ type: "bar", barMaxWidth: 22, barGap: "10%", itemStyle: { borderRadius: [3, 3, 0, 0] }, ...each })),
});

/** Bars from the left, the first category on top. */
export const bars = (categories, series) => ({
  ...base(),
  grid: { left: 8, right: 44, top: 36, bottom: 4, containLabel: true },
  xAxis: { ...valueAxis, axisLabel: { ...label, hideOverlap: true }, splitNumber: 4 },
  yAxis: { ...categoryAxis(categories, { width: 210, overflow: "truncate", interval: 0 }), inverse: true },
  series: series.map((each) => ({ type: "bar", barMaxWidth: 12, barGap: "15%", itemStyle: { borderRadius: [0, 3, 3, 0] }, ...each })),
});

/** A ring of shares: `rows` is [{name, value}]. */
export const ring = (rows, total) => ({
  ...base(),
  tooltip: { trigger: "item", renderMode: "richText", formatter: "{b}: {c} ({d}%)" },
  legend: { bottom: 0, left: "center", itemWidth: 14, itemHeight: 14, textStyle: { fontSize: 14, color: token("--ink") } },
  title: { text: total, left: "center", top: "38%", textStyle: { fontSize: 26, color: token("--ink") } },
  series: [{ type: "pie", radius: ["52%", "76%"], center: ["50%", "43%"], label: { show: false }, itemStyle: { borderColor: token("--surface"), borderWidth: 2 }, data: rows }],
});

/** Draw into an element; drawing again keeps the chart and moves it to the new figures. */
export function draw(element, option) {
  if (!window.echarts) return; /* lost on the way: the page comes back with it */
  let chart = window.echarts.getInstanceByDom(element);
  if (!chart) {
    chart = window.echarts.init(element, null, { renderer: "canvas" });
    charts.add(chart);
  }
  chart.setOption(option, { notMerge: true });
  chart.resize();
}

/** Forget the charts of elements that are no longer shown. */
export function tidy() {
  for (const chart of charts) {
    if (chart.getDom().isConnected) continue;
    chart.dispose();
    charts.delete(chart);
  }
}
