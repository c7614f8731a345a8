/* The day's figures for the manager. */
import { get, list } from "../shared/hall/api.js";
import { ChartCard, figureTable } from "../shared/charts/card.js";
import { bars, columns, ring, tidy } from "../shared/charts/charts.js";
import { today } from "../shared/shell/clock.js";
import { dayFigures } from "../shared/charts/day-figures.js";
import { departmentsByCode } from "../shared/hall/directory.js";
import { FollowedDate } from "../shared/form/controls.js";
import { h, icon, show } from "../shared/shell/view.js";
import { count, dayOf, exactTimeOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { codesSent } from "./codes-sent.js";
import { floorSection } from "./floor.js";
import { may, openStaffPage } from "../shared/shell/staff.js";
import { failed, loading } from "../shared/shell/states.js";
import { ORIGINS, problemTitle } from "../shared/words/codes.js";

const REFRESH_MS = 30_000;
const ROWS_AT_ONCE = 500;

const chosenDay = () => new URLSearchParams(location.search).get("date") ?? today();

const COLUMNS = [
  ["tickets", t("取号量")],
  ["served", t("办完")],
  ["missed", t("过号")],
  ["cases", t("受理量")],
];
const series = (rows, ...keys) => COLUMNS.filter(([key]) => keys.includes(key)).map(([key, name]) => ({ name, data: rows.map((row) => row[key]) }));
const byHour = (one, other) => Number(one.group) - Number(other.group);
const byCases = (one, other) => other.cases - one.cases || other.tickets - one.tickets;

/** The three charts: which rows they show, what a row is called, how they are drawn. */
const charts = (departments) => [
  {
    id: "hour", title: t("分时业务量"), of: t("时段"), sort: byHour, name: (row) => `${String(Number(row.group)).padStart(2, "0")}:00`,
    option: (rows, names) => columns(names, series(rows, "tickets", "served", "cases")),
  },
  {
    id: "origin", title: t("受理来源"), of: t("来源"), sort: byCases, name: (row) => ORIGINS[row.group] ?? row.group,
    option: (rows, names) => ring(rows.map((row, index) => ({ name: names[index], value: row.cases })), count(rows.reduce((sum, row) => sum + row.cases, 0))),
  },
  {
    id: "department", rowHeight: 1.5, title: t("各部门业务量"), of: t("部门"), sort: byCases, name: (row) => named(departments.get(row.group)) || named(row) || row.group,
    option: (rows, names) => bars(names, series(rows, "tickets", "cases")),
  },
];

/** A chart of these rows, with its numbers. */
function cardOf(chart, found) {
  const rows = [...found].sort(chart.sort);
  const names = rows.map(chart.name);
  return h(ChartCard, {
    ...chart, rows, nothing: t("这一天没有业务"),
    height: chart.rowHeight ? rows.length * chart.rowHeight + 4 : null,
    option: () => chart.option(rows, names),
    table: () => figureTable(chart.title, [chart.of, ...COLUMNS.map(([, name]) => name)], rows.map((row, index) => [names[index], ...COLUMNS.map(([key]) => count(row[key]))])),
  });
}

async function figuresOf(date) {
  const volumes = (group) => list("statistics/volumes", { from: date, to: date, by: "day", group, limit: ROWS_AT_ONCE });
  const [day, departments, ...rows] = await Promise.all([
    get("statistics/overview", { date }), departmentsByCode(), volumes("hour"), volumes("origin"), volumes("department"),
  ]);
  return { day, cards: charts(departments).map((chart, index) => cardOf(chart, rows[index])) };
}

function goTo(date, load) {
  const query = new URLSearchParams(location.search);
  if (date) query.set("date", date);
  else query.delete("date");
  history.replaceState(null, "", `?${query}`);
  load({ anew: true });
}

function run(main, me) {
  const codes = may(me, "count_sent") ? codesSent(paint) : null;
  let floor = null;
  let figures = null;
  let problem = null;
  let turn = 0;
  let refresh = null;
  let left = false;

  function asOf(date) {
    if (!figures) return dayOf(date);
    if (problem) return h("span", { class: "tag bad" }, icon("alert"), problemTitle(problem), t("显示的是上一次的数据。"));
    return t("{day} · 数据截至 {time}，每 30 秒自动刷新", { day: dayOf(date), time: exactTimeOf(figures.day.as_of) });
  }

  const head = (date) => h("div", { class: "overview-head" },
    h("div", {}, h("h1", { class: "overview-title" }, date === today() ? t("今日运行总览") : t("运行总览")), h("p", { class: "quiet", id: "as-of", role: "status" }, asOf(date))),
    h("div", { class: "overview-tools" },
      h("label", { class: "visually-hidden", for: "date" }, t("日期")),
      h(FollowedDate, { id: "date", value: date, max: today(), chosen: (day) => goTo(day, load) }),
      date !== today() && h("button", { type: "button", class: "button", onclick: () => goTo(null, load) }, icon("calendar"), t("今天")),
      h("button", { type: "button", class: "button", id: "refresh", onclick: () => load() }, icon("repeat"), t("刷新"))));

  function shown() {
    if (figures) return [dayFigures(figures.day), h("div", { class: "charts" }, figures.cards)];
    return problem ? failed(problem, () => load({ anew: true })) : loading();
  }

  function paint() {
    if (left) return; /* the sign-in form stands here */
    const date = chosenDay();
    show(main, h("div", { class: "overview" }, head(date), h("div", { id: "figures" }, shown()), codes?.view(), date === today() && floor?.view()));
  }

  /** Ask for the figures; what is on screen stays until the new ones are there. */
  async function load({ anew = false } = {}) {
    clearTimeout(refresh);
    const own = (turn += 1);
    const date = chosenDay();
    if (anew) figures = problem = null;
    paint();
    codes?.load(date);
    if (date === today()) floor?.load();
    try {
      const found = await figuresOf(date);
      if (own !== turn) return;
      figures = found;
      problem = null;
    } catch (error) {
      if (own !== turn || error.status === 401) return;
      problem = error;
    }
    paint();
    tidy();
    refresh = setTimeout(load, REFRESH_MS);
  }

  load({ anew: true });
  departmentsByCode().then((departments) => {
    if (left) return;
    floor = floorSection(me, departments, paint);
    load();
  }, (error) => {
    problem = error;
    paint();
  });
  return () => {
    left = true;
    clearTimeout(refresh);
    turn += 1;
    floor?.stop();
    codes?.stop();
  };
}

openStaffPage({ title: t("运行总览"), account: "manager", run });
