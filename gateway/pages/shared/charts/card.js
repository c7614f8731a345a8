/* A chart and its numbers: a card that shows either, and says in words what the chart shows. */
import { Component, createRef } from "../vendor/preact.js";
import { draw } from "./charts.js";
import { saveChart, saveTable } from "./export.js";
import { h, icon } from "../shell/view.js";
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

const exportButton = (kind, title, onclick) =>
  h("button", { type: "button", class: "button plain chart-export", "data-export": kind, "aria-label": t("{title}：导出 {kind}", { title, kind: kind.toUpperCase() }), onclick }, kind.toUpperCase());

const tableBeside = ({ currentTarget }) => currentTarget.closest(".chart-card").querySelector("table");

/** The ways to take a chart along: the table of its card, and `picture(table)`, which saves its picture. */
export const exportButtons = (title, picture) => h("span", { class: "chart-exports" },
  h("span", { class: "quiet", "aria-hidden": "true" }, t("导出")),
  exportButton("csv", title, (event) => saveTable(title, tableBeside(event))), exportButton("png", title, (event) => picture(tableBeside(event))));

/** The card of a chart, {id, title, hint, summary, rows, option(), table(), height, nothing, tools}: `summary` tells in a sentence what
 * the chart shows, `height` is in rem when it depends on the rows, `nothing` is said when there are no rows. */
export class ChartCard extends Component {
  state = { asTable: Boolean(tablesShown()[this.props.id]) };
  #canvas = createRef();

  componentDidMount() {
    this.draw();
  }

  componentDidUpdate() {
    this.draw();
  }

  draw() {
    const canvas = this.#canvas.current;
    if (canvas?.isConnected && !this.state.asTable) draw(canvas, this.props.option());
  }

  #turn = () => {
    const asTable = !this.state.asTable;
    sessionStorage.setItem(TABLES, JSON.stringify({ ...tablesShown(), [this.props.id]: asTable }));
    this.setState({ asTable });
  };

  render({ id, title, hint, summary, rows, table, height, nothing, tools = [], children }, { asTable }) {
    const label = summary ? t("{title}：{summary}。数字见表格。", { title, summary }) : t("{title}图，数字见表格", { title });
    const turn = () => h("button", { type: "button", class: "button plain chart-toggle", "aria-controls": `table-${id}`, "aria-expanded": String(asTable), "data-table": id, onclick: this.#turn },
      icon(asTable ? "chart" : "table"), asTable ? t("看图") : t("看数字"));
    return h("section", { class: `card chart-card card-${id}`, "aria-labelledby": `title-${id}` },
      children,
      cardHead({ id, title, hint }, tools, rows.length > 0 && [turn(), exportButtons(title, () => saveChart(this.props))]),
      rows.length
        ? [
            h("div", { class: `chart chart-${id}`, role: "img", "aria-label": label, hidden: asTable, style: height ? { height: `${height}rem` } : null, ref: this.#canvas }),
            h("div", { class: "chart-table", id: `table-${id}`, tabindex: "0", role: "region", "aria-label": title, hidden: !asTable }, h("div", { class: "table-wrap" }, table())),
          ]
        : empty(nothing ?? t("这段时间没有业务"), "", "chart"));
  }
}
