/* A chart and its numbers: a card that shows either, and says in words what the chart shows. */
import { draw } from "./charts.js";
import { h, icon, show } from "../shell/dom.js";
import { t } from "../words/i18n.js";
import { empty } from "../shell/states.js";

const TABLES = "chart-tables";

const tablesShown = () => JSON.parse(sessionStorage.getItem(TABLES) ?? "{}");

/** A table of figures: `heads` are the columns' names, each of `rows` begins with its own name; a `foot` is a row of sums. */
export function figureTable(caption, heads, rows, foot = null) {
  const cells = ([first, ...others]) =>
    h("tr", {}, h("th", { scope: "row" }, first), others.map((value) => h("td", { class: "figure-cell number" }, value)));
  return h("table", { class: "table" },
    h("caption", { class: "visually-hidden" }, caption),
    h("thead", {}, h("tr", {}, heads.map((name, index) => h("th", { scope: "col", class: index > 0 ? "figure-cell" : null }, name)))),
    h("tbody", {}, rows.map(cells)),
    foot && h("tfoot", {}, cells(foot)));
}

/** The head of a card: its title, a line below it, and tools at its right. */
export const cardHead = ({ id, title, hint = "" }, ...tools) =>
  h("div", { class: "chart-head" },
    h("div", {}, h("h2", { class: "chart-title", id: `title-${id}` }, title), hint && h("p", { class: "quiet chart-hint" }, hint)),
    h("div", { class: "chart-tools" }, tools));

/** Make the card of a chart and say how to draw it once it is on the page.
 * `chart` is {id, title, hint, summary, rows, option(), table(), height, nothing, tools}: `summary` tells in a sentence what the
 * chart shows, `height` is in rem when it depends on the rows, `nothing` is said when there are no rows. */
export function chartCard(chart) {
  const { id, title, rows, height = null, tools = [] } = chart;
  const label = chart.summary ? t("{title}：{summary}。数字见表格。", { title, summary: chart.summary }) : t("{title}图，数字见表格", { title });
  const canvas = h("div", { class: `chart chart-${id}`, role: "img", "aria-label": label });
  if (height) canvas.style.height = `${height}rem`;
  const numbers = h("div", { class: "chart-table", id: `table-${id}`, tabindex: "0", role: "region", "aria-label": title }, h("div", { class: "table-wrap" }, chart.table()));
  const toggle = h("button", { type: "button", class: "button plain chart-toggle", "aria-controls": `table-${id}`, dataset: { table: id } });
  const paint = (asTable) => {
    canvas.hidden = asTable;
    numbers.hidden = !asTable;
    toggle.setAttribute("aria-expanded", String(asTable));
    show(toggle, icon(asTable ? "chart" : "table"), asTable ? t("看图") : t("看数字"));
    if (!asTable && canvas.isConnected) draw(canvas, chart.option());
  };
  toggle.addEventListener("click", () => {
    const asTable = numbers.hidden;
    sessionStorage.setItem(TABLES, JSON.stringify({ ...tablesShown(), [id]: asTable }));
    paint(asTable);
  });
  const card = h("section", { class: `card chart-card card-${id}`, "aria-labelledby": `title-${id}` },
    cardHead(chart, tools, rows.length > 0 && toggle),
    rows.length ? [canvas, numbers] : empty(chart.nothing ?? t("这段时间没有业务"), "", "chart"));
  return { card, drawn: () => rows.length && paint(Boolean(tablesShown()[id])) };
}
