/* The hall's figures: today, and what a period was like. */
import { tidy } from "../shared/charts/charts.js";
import { groupsCard } from "./groups.js";
import { onTimeCard, overtimeCard, servicesCard, trendCard } from "./cards.js";
import { choose } from "../shared/charts/period.js";
import { MEASURES, RANGES, readChoice, STEPS, stepsFor } from "./choice.js";
import { questionsOf } from "./data.js";
import { heatCard } from "./heat.js";
import { cardHead } from "../shared/charts/card.js";
import { waitsCard } from "./waits.js";
import { dayFigures } from "../shared/charts/day-figures.js";
import { departments } from "../shared/hall/directory.js";
import { h, icon, show } from "../shared/shell/view.js";
import { dayOf, exactTimeOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { part } from "./part.js";
import { wallTurns } from "./wall.js";
import { departmentOptions, optionsOf } from "../shared/form/choices.js";
import { choice as choiceBox, FollowedDate, select, tool } from "../shared/form/controls.js";
import { openStaffPage } from "../shared/shell/staff.js";

const REFRESH_MS = 60_000;

async function todayCard(_choice, asked) {
  const day = await asked.today();
  const hint = day.as_of ? t("数据截至 {time}", { time: exactTimeOf(day.as_of) }) : t("今天还没有业务");
  const link = h("a", { class: "button plain", href: "/overview" }, icon("arrow"), t("今日详情"));
  return h("section", { class: "today", "aria-labelledby": "title-today" }, cardHead({ id: "today", title: t("今日实时"), hint }, link), dayFigures(day));
}

const PARTS = [
  { id: "today", title: t("今日实时"), make: todayCard },
  { id: "trend", title: t("业务趋势"), make: trendCard },
  { id: "heat", title: t("时段分布"), make: async (choice, asked) => heatCard(choice, await asked.heat()) },
  { id: "groups", title: t("部门对比"), make: groupsCard },
  { id: "overtime", title: t("延时服务加班"), make: overtimeCard },
  { id: "services", title: t("三项服务"), make: servicesCard },
  { id: "on-time", title: t("按时办结率"), make: onTimeCard },
  { id: "waits", title: t("等候与预计"), make: waitsCard },
];

/** Fill the screen with the figures alone, for a wall; the same button or Escape goes back. */
const toggleWall = (page) => (document.fullscreenElement ? document.exitFullscreen() : page.requestFullscreen());

/** The hall, and the departments that had business, for a wall on which none was chosen. */
async function stopsOf(choice, offered) {
  if (choice.department) return [];
  const rows = await questionsOf(choice).groups().catch(() => []);
  const busy = new Set(rows.filter((row) => row[choice.measure] > 0).map(({ group }) => group));
  return [{ department: "", name: t("全大厅") }, ...offered.filter(({ code }) => busy.has(code)).map((each) => ({ department: each.code, name: named(each) }))];
}

function run(main) {
  let planned = null;
  let offered = [];
  let left = false;
  let wall = 0; /* which time the screen was filled or left */
  const parts = PARTS.map((each) => ({ ...each, ...part({ ...each, again: () => load({ anew: true }), paint: () => paint() }) }));

  let onWall = null;
  const turns = wallTurns({ shown: (stop) => {
    onWall = stop;
    load();
  }, changed: () => paint() });

  function load({ anew = false } = {}) {
    clearTimeout(planned);
    const choice = { ...readChoice(), ...(onWall && { department: onWall.department }) };
    const asked = questionsOf(choice);
    for (const { make, load: fill } of parts) fill(() => make(choice, asked), { anew, of: choice.department });
    tidy();
    planned = setTimeout(load, REFRESH_MS);
  }

  function change(what) {
    choose(what);
    load({ anew: true });
  }

  function tools(choice) {
    const day = (name, label) =>
      tool(label, h(FollowedDate, { id: name, name, value: choice[name], chosen: (date) => change({ from: choice.from, to: choice.to, [name]: date }) }));
    return [
      tool(t("时间范围"), select("range", optionsOf(RANGES), choice.range, (range) => change({ range, by: "", from: range === "own" ? choice.from : "", to: range === "own" ? choice.to : "" }))),
      choice.range === "own" && [day("from", t("从")), day("to", t("到"))],
      tool(t("步长"), select("by", optionsOf(STEPS, { keys: stepsFor(choice) }), choice.by, (by) => change({ by }))),
      tool(t("部门"), select("department", departmentOptions(offered, { all: t("全部部门") }), choice.department, (department) => change({ department }))),
      tool(t("指标"), select("measure", optionsOf(MEASURES), choice.measure, (measure) => change({ measure }))),
      choiceBox("checkbox", "compare", "", t("与上年同期比较"), { id: "compare", checked: choice.compare, onchange: ({ target }) => change({ compare: target.checked ? "" : "no" }) }),
    ];
  }

  function paint() {
    if (left) return; /* the sign-in form stands here */
    const choice = readChoice();
    show(main, h("div", { class: "dashboard" },
      h("div", { class: "dashboard-head" },
        h("div", {}, h("h1", { class: "page-title" }, t("统计看板")), h("p", { class: "quiet", id: "as-of", role: "status" }, `${dayOf(choice.from)} – ${dayOf(choice.to)}`)),
        h("form", { class: "tools dashboard-tools", "aria-label": t("查看范围"), onsubmit: (event) => event.preventDefault() }, tools(choice)),
        turns.view(),
        document.fullscreenEnabled && h("button", { type: "button", class: "button", id: "wall", onclick: () => toggleWall(main.firstChild) }, icon("board"), t("全屏"))),
      h("div", { class: "dashboard-parts" }, parts.map(({ view }) => view()))));
  }

  async function open() {
    load({ anew: true });
    offered = await departments().catch(() => []); /* without their names the hall as a whole can still be looked at */
    paint();
  }

  /* The whole page is dark on a wall; charts take their colours when they are drawn. */
  const turned = async () => {
    const wide = Boolean(document.fullscreenElement);
    document.documentElement.toggleAttribute("data-wall", wide);
    onWall = null;
    load();
    const own = (wall += 1);
    if (!wide) return turns.end();
    const stops = await stopsOf(readChoice(), offered);
    if (own === wall) turns.begin(stops);
    return undefined;
  };
  document.addEventListener("fullscreenchange", turned);
  open();
  return () => {
    left = true;
    wall += 1;
    document.removeEventListener("fullscreenchange", turned);
    document.documentElement.removeAttribute("data-wall");
    turns.end();
    clearTimeout(planned);
    parts.forEach(({ stop }) => stop());
  };
}

openStaffPage({ title: t("统计看板"), account: "manager", run });
