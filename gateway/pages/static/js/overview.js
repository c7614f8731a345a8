/* The day's figures for the manager. */
import { get, list, post } from "./api.js";
import { bars, columns, draw, ring, tidy } from "./charts.js";
import { hallNow } from "./clock.js";
import { departmentsByCode } from "./directory.js";
import { $, h, icon, show } from "./dom.js";
import { count, dayOf, duration, exactTimeOf, isoDayOf, share } from "./format.js";
import { named, t } from "./i18n.js";
import { openSession } from "./session.js";
import { startShell } from "./shell.js";
import { askSignIn } from "./signin.js";
import { empty, failed, loading } from "./states.js";
import { ORIGINS, problemTitle } from "./words.js";

const REFRESH_MS = 30_000;
const ROWS_AT_ONCE = 500;
const TABLES = "overview-tables";

const main = $("main");
const session = openSession("hall-manager", { storage: sessionStorage, expired: () => open(t("登录已过期，请重新登录。")) });
let hall = null;
let turn = 0;
let refresh = null;

const today = () => isoDayOf(hallNow() ?? Date.now());
const chosenDay = () => new URLSearchParams(location.search).get("date") ?? today();

const TILES = [
  { name: t("取号量"), icon: "document", of: (day) => count(day.issued) },
  { name: t("叫号"), icon: "bell", of: (day) => count(day.called) },
  { name: t("办完"), icon: "finish", of: (day) => count(day.served), note: (day) => t("过号 {count}", { count: count(day.missed) }) },
  { name: t("受理量"), icon: "case", of: (day) => count(day.accepted), strong: true },
  { name: t("当前等候"), icon: "people", of: (day) => count(day.waiting_now) },
  { name: t("等候中位数"), icon: "clock", of: (day) => duration(day.median_wait_s), note: (day) => t("九成在 {time} 以内", { time: duration(day.p90_wait_s) }) },
  { name: t("按时办结率"), icon: "check", of: (day) => share(day.on_time_rate), strong: true },
  { name: t("三项服务"), icon: "calendar", of: (day) => count(day.three_services?.cases), note: (day) => t("占受理 {share}", { share: share(day.three_services?.share, 2) }) },
];

const tile = (day) => (each) =>
  h("li", { class: each.strong ? "figure card strong" : "figure card" },
    h("span", { class: "figure-name" }, icon(each.icon), each.name),
    h("strong", { class: "figure-value number" }, each.of(day)),
    h("span", { class: "figure-note" }, each.note?.(day) ?? ""));

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

function table(chart, rows, names) {
  return h("div", { class: "table-wrap" }, h("table", { class: "table" },
    h("caption", { class: "visually-hidden" }, chart.title),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, chart.of), COLUMNS.map(([, name]) => h("th", { scope: "col", class: "figure-cell" }, name)))),
    h("tbody", {}, rows.map((row, index) =>
      h("tr", {}, h("th", { scope: "row" }, names[index]), COLUMNS.map(([key]) => h("td", { class: "figure-cell number" }, count(row[key]))))))));
}

const tablesShown = () => JSON.parse(sessionStorage.getItem(TABLES) ?? "{}");

function chartCard(chart, found) {
  const rows = [...found].sort(chart.sort);
  const names = rows.map(chart.name);
  const canvas = h("div", { class: `chart chart-${chart.id}`, role: "img", "aria-label": t("{title}图，数字见表格", { title: chart.title }) });
  const numbers = h("div", { class: "chart-table", id: `table-${chart.id}` }, table(chart, rows, names));
  const toggle = h("button", { type: "button", class: "button plain", "aria-controls": `table-${chart.id}`, dataset: { table: chart.id } });
  const paint = (asTable) => {
    canvas.hidden = asTable;
    numbers.hidden = !asTable;
    toggle.setAttribute("aria-expanded", String(asTable));
    show(toggle, icon(asTable ? "chart" : "table"), asTable ? t("看图") : t("看数字"));
    if (chart.rowHeight) canvas.style.height = `${rows.length * chart.rowHeight + 4}rem`;
    if (!asTable && canvas.isConnected) draw(canvas, chart.option(rows, names));
  };
  toggle.addEventListener("click", () => {
    const asTable = numbers.hidden;
    sessionStorage.setItem(TABLES, JSON.stringify({ ...tablesShown(), [chart.id]: asTable }));
    paint(asTable);
  });
  const card = h("section", { class: `card chart-card card-${chart.id}`, "aria-labelledby": `title-${chart.id}` },
    h("div", { class: "chart-head" }, h("h2", { class: "chart-title", id: `title-${chart.id}` }, chart.title), rows.length > 0 && toggle),
    rows.length ? [canvas, numbers] : empty(t("这一天没有业务"), "", "chart"));
  return { card, drawn: () => rows.length && paint(Boolean(tablesShown()[chart.id])) };
}

async function figuresOf(date) {
  const volumes = (group) => list("statistics/volumes", { from: date, to: date, by: "day", group, limit: ROWS_AT_ONCE });
  const [day, departments, ...rows] = await Promise.all([
    get("statistics/overview", { date }), departmentsByCode(), volumes("hour"), volumes("origin"), volumes("department"),
  ]);
  return { day, cards: charts(departments).map((chart, index) => chartCard(chart, rows[index])) };
}

function paintHead(date) {
  const input = h("input", { class: "input", type: "date", id: "date", value: date, max: today(), onchange: () => input.value && goTo(input.value) });
  return h("div", { class: "overview-head" },
    h("div", {}, h("h1", { class: "overview-title" }, date === today() ? t("今日运行总览") : t("运行总览")), h("p", { class: "quiet", id: "as-of", role: "status" }, dayOf(date))),
    h("div", { class: "overview-tools" },
      h("label", { class: "visually-hidden", for: "date" }, t("日期")), input,
      date !== today() && h("button", { type: "button", class: "button", onclick: () => goTo(null) }, icon("calendar"), t("今天")),
      h("button", { type: "button", class: "button", id: "refresh", onclick: () => load() }, icon("repeat"), t("刷新"))));
}

function goTo(date) {
  const query = new URLSearchParams(location.search);
  if (date) query.set("date", date);
  else query.delete("date");
  history.replaceState(null, "", `?${query}`);
  load({ anew: true });
}

/** Ask for the figures; what is on screen stays until the new ones are there. */
async function load({ anew = false } = {}) {
  clearTimeout(refresh);
  const own = (turn += 1);
  const date = chosenDay();
  if (anew || !$("as-of")) show(main, h("div", { class: "overview" }, paintHead(date), h("div", { id: "figures" }, loading())));
  try {
    const { day, cards } = await figuresOf(date);
    if (own !== turn) return;
    show($("figures"), h("ul", { class: "figures" }, TILES.map(tile(day))), h("div", { class: "charts" }, cards.map(({ card }) => card)));
    cards.forEach(({ drawn }) => drawn());
    tidy();
    show($("as-of"), t("{day} · 数据截至 {time}，每 30 秒自动刷新", { day: dayOf(date), time: exactTimeOf(day.as_of) }));
  } catch (error) {
    if (own !== turn || error.status === 401) return;
    tellProblem(error);
  }
  refresh = setTimeout(load, REFRESH_MS);
}

function tellProblem(error) {
  if ($("figures").querySelector(".figures")) show($("as-of"), h("span", { class: "tag bad" }, icon("alert"), problemTitle(error), t("显示的是上一次的数据。")));
  else if (error.status === 403) show($("figures"), empty(t("此账号不能查看统计"), t("请用管理人员或分析人员的账号登录。"), "alert"));
  else show($("figures"), failed(error, () => load({ anew: true })));
}

async function leave() {
  await post("auth/revoke").catch(() => null); /* a token that lapsed needs no revoking */
  session.forget();
  open();
}

async function open(notice = "") {
  clearTimeout(refresh);
  turn += 1;
  show($("account"));
  if (!session.token()) {
    await askSignIn(main, session, { title: t("运行总览"), text: t("请用管理人员或分析人员的账号登录。"), account: hall?.demo ? "manager" : null, notice });
  }
  show($("account"), h("button", { type: "button", class: "header-button", id: "leave", onclick: leave }, icon("leave"), t("退出登录")));
  load({ anew: true });
}

startShell().then((found) => {
  hall = found;
  open();
});
