/* Departments compared, or the items of one: bars and a table in an order of one's choice. */
import { Component } from "../shared/vendor/preact.js";
import { ChartCard } from "../shared/charts/card.js";
import { bars, token } from "../shared/charts/charts.js";
import { MEASURES } from "./choice.js";
import { allComparable, growth, groupsWith, periodsWith, rateOf } from "./data.js";
import { h } from "../shared/shell/view.js";
import { count, share, signedShare } from "../shared/words/format.js";
import { locale, named, t } from "../shared/words/i18n.js";

const ORDER = "dashboard-order";
const BARS_AT_MOST = 15;
const byName = new Intl.Collator(locale).compare;

/** The columns: what they are called, the value to sort by, how it is written. */
const columnsOf = ({ measure, department, compare }, whole) => [
  { key: "name", text: department ? t("事项") : t("部门"), of: ({ name }) => name, words: (name) => name },
  { key: "cases", text: MEASURES.cases, of: ({ sums }) => sums.cases, words: count },
  { key: "tickets", text: MEASURES.tickets, of: ({ sums }) => sums.tickets, words: count },
  ...(compare && whole ? [
    { key: "before", text: t("上年同期"), of: ({ before }) => before[measure], words: count },
    { key: "growth", text: t("增减"), of: ({ sums, before }) => growth(sums[measure], before[measure]), words: signedShare },
  ] : []),
  { key: "rate", text: t("按时办结率"), of: ({ sums }) => rateOf(sums), words: (rate) => share(rate, 2) },
];

const savedOrder = () => JSON.parse(sessionStorage.getItem(ORDER) ?? "null");

/** Sort by a column; whoever has no value there stands last either way. */
function sorted(rows, { of }, down) {
  const compare = (one, other) => (typeof one === "string" ? byName(one, other) : one - other);
  return [...rows].sort((first, second) => {
    const [one, other] = [of(first), of(second)];
    if (one === null || other === null) return (one === null) - (other === null);
    return down ? compare(other, one) : compare(one, other);
  });
}

function sortableTable(caption, columns, rows, order, sortBy) {
  const head = (column, index) => {
    const chosen = column.key === order.key;
    return h("th", { scope: "col", key: column.key, class: index ? "figure-cell" : null, "aria-sort": chosen ? (order.down ? "descending" : "ascending") : null },
      h("button", { type: "button", class: "sort-button", "data-sort": column.key, onclick: () => sortBy(column) }, column.text, chosen && (order.down ? " ▼" : " ▲")));
  };
  const cell = (row) => (column, index) => h(index ? "td" : "th", index ? { class: "figure-cell number" } : { scope: "row" }, column.words(column.of(row)));
  return h("table", { class: "table" },
    h("caption", { class: "visually-hidden" }, caption),
    h("thead", {}, h("tr", {}, columns.map(head))),
    h("tbody", {}, rows.map((row) => h("tr", { "data-group": row.group, key: row.group }, columns.map(cell(row))))));
}

/** The card, in an order of one's choice. */
class GroupsCard extends Component {
  state = { order: savedOrder() };

  #setOrder = (key, down) => {
    const order = { key, down };
    sessionStorage.setItem(ORDER, JSON.stringify(order));
    this.setState({ order });
  };

  #tools(columns, { key: chosen, down }) {
    return [
      h("select", { class: "input small-input", "aria-label": t("排序"), value: chosen, onchange: ({ target }) => this.#setOrder(target.value, target.value !== "name") },
        columns.map(({ key, text }) => h("option", { value: key, key }, t("按{column}", { column: text })))),
      h("button", { type: "button", class: "icon-button", "aria-label": down ? t("改为升序") : t("改为降序"), onclick: () => this.#setOrder(chosen, !down) }, h("span", { "aria-hidden": "true" }, down ? "▼" : "▲")),
    ];
  }

  render({ choice, rows, whole, children }, { order: wanted }) {
    const { measure, department } = choice;
    const columns = columnsOf(choice, whole);
    const order = columns.some(({ key }) => key === wanted?.key) ? wanted : { key: measure, down: true };
    const column = columns.find(({ key }) => key === order.key);
    const ranked = sorted(rows, column, order.down);
    const shown = ranked.slice(0, BARS_AT_MOST);
    const names = shown.map(({ name }) => name);
    const series = [{ name: MEASURES[measure], data: shown.map(({ sums }) => sums[measure]) }];
    if (whole && rows.some(({ before }) => before[measure])) series.push({ name: t("上年同期"), data: shown.map(({ before }) => before[measure]), color: token("--chart-3") });
    const sortBy = ({ key }) => this.#setOrder(key, key === order.key ? !order.down : key !== "name");
    const title = department ? t("事项对比") : t("部门对比");
    return h(ChartCard, {
      id: "groups", title, rows: ranked, tools: rows.length > 1 ? this.#tools(columns, order) : [],
      hint: rows.length > BARS_AT_MOST ? t("图中为前 {shown} 个，共 {count} 个", { shown: BARS_AT_MOST, count: rows.length }) : "",
      summary: shown[0] ? t("{column}第一：{name}", { column: column.text, name: names[0] }) : "",
      option: () => bars(names, series),
      table: () => sortableTable(title, columns, ranked, order, sortBy),
    }, children);
  }
}

export async function groupsCard(choice, asked) {
  const rows = groupsWith(await asked.groups(), await asked.groupsBefore()).map((each) => ({ ...each, name: named(each.row) || each.group }));
  /* A sum of a year is not compared with one of which months are missing. */
  const whole = choice.compare && allComparable(periodsWith(choice, await asked.origins(), await asked.originsBefore()), choice.measure);
  return h(GroupsCard, { choice, rows, whole });
}
