/* How many windows each queue needs in each hour so that people wait less than a quarter of an hour: asked for, followed, shown. */
import { command, get } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { askFor } from "../shared/form/deed.js";
import { openDialog } from "../shared/shell/dialog.js";
import { queuesByCode, zones } from "../shared/hall/directory.js";
import { h, icon, show } from "../shared/shell/view.js";
import { count, dayOf, duration, share, whenWords } from "../shared/words/format.js";
import { locale, named, t } from "../shared/words/i18n.js";
import { laterDay } from "../shared/words/days.js";
import { departmentOptions } from "../shared/form/choices.js";
import { button, select, tool } from "../shared/form/controls.js";
import { dayField, loadsInto } from "../shared/form/parts.js";
import { withDepartments } from "./parts.js";
import { empty } from "../shared/shell/states.js";

const DAYS_BACK = 28;
const DAYS_AT_MOST = 184;
const LOOK_AGAIN_MS = 2_000;
const BACKLOG_AGAIN_MS = 10_000;
const PROMISED_S = 900;
const BACKLOG_SHOWN = 5;
const TARGETS = [0.8, 0.9, 0.95];
const USUAL_TARGET = 0.9;
const DATES = t("结束日期不得早于开始日期，最多 {count} 天。", { count: DAYS_AT_MOST });
const WRONG = { from: DATES, to: DATES };

const mean = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const isOver = ({ state }) => ["done", "failed"].includes(state);
const rangeWords = (advice) => t("{from} 至 {to}", { from: dayOf(advice.from), to: dayOf(advice.to) });

const request = (changed) => {
  let answer = null;
  return askFor({
    title: t("计算排班建议"), asks: t("按这些日子的实际取号和办理时间模拟，得出每个队列每小时需要的窗口数。"), submitText: t("开始计算"), done: t("已开始计算"), wrong: WRONG,
    fields: [
      dayField("from", t("从"), laterDay(today(), -DAYS_BACK), { max: today() }),
      dayField("to", t("到"), today(), { max: today() }),
      { name: "target", label: t("15 分钟内叫到的比例"), control: () => h("select", { class: "input", name: "target", value: USUAL_TARGET }, TARGETS.map((target) => h("option", { value: target }, share(target)))) },
    ],
    send: async (body) => (answer = await command("staffing-advice", { ...body, target: Number(body.target) })),
    changed: () => changed(answer?.id),
  });
};

const outlookRow = (name, outlook) => outlook && h("tr", {},
  h("th", { scope: "row" }, name), h("td", { class: "figure number" }, count(outlook.windows)), h("td", { class: "figure number" }, share(outlook.within_rate)),
  h("td", { class: "figure number" }, duration(outlook.p90_wait_s)), h("td", { class: "figure number" }, share(outlook.utilisation)));

/** What one window less or more would do in an hour of a queue. */
const showHour = (row, name) => openDialog({
  title: t("{name}，{hour} 时", { name, hour: row.hour }),
  body: [
    h("p", {}, t("每小时取号 {arrivals} 个，平均办理 {service}（{days} 天的数据）。", { arrivals: mean.format(row.arrivals), service: duration(row.service_s), days: row.days })),
    h("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-label": t("窗口数的影响") }, h("table", { class: "table" },
      h("caption", { class: "visually-hidden" }, t("窗口数的影响")),
      h("thead", {}, h("tr", {}, ["", t("窗口数"), t("15 分钟内"), t("九成等候"), t("窗口忙碌")].map((text, index) => h("th", { scope: "col", class: index ? "figure" : null }, text)))),
      h("tbody", {}, outlookRow(t("少一个"), row.less), outlookRow(row.windows_now === null ? t("按建议") : t("现在"), row.as_is), outlookRow(t("多一个"), row.more)))),
  ],
});

/** How the windows that are usually open compare with those that are needed. */
function balance({ windows_now: now, windows_needed: needed }) {
  if (needed === null) return { name: "short", words: t("无法达到") };
  if (now === null) return { name: "unknown", words: t("现有窗口数未知") };
  if (now < needed) return { name: "short", words: t("缺 {count} 个", { count: needed - now }) };
  return now > needed ? { name: "spare", words: t("多 {count} 个", { count: now - needed }) } : { name: "even", words: t("正好") };
}

function hourCell(row, name) {
  if (!row) return h("td", { class: "staffing-none" }, "");
  const { name: tone, words } = balance(row);
  const label = t("{name}，{hour} 时：需要 {needed} 个窗口，{words}", { name, hour: row.hour, needed: row.windows_needed ?? "—", words });
  return h("td", {}, h("button", { type: "button", class: `staffing-cell ${tone}`, "aria-label": label, onclick: () => showHour(row, name) },
    h("span", { class: "number" }, row.windows_needed ?? "—"), tone === "short" && h("span", { "aria-hidden": "true" }, "▲"), tone === "spare" && h("span", { "aria-hidden": "true" }, "▼")));
}

function grid(rows, nameOf) {
  const hours = [...new Set(rows.map(({ hour }) => hour))].sort((one, other) => one - other);
  const queues = [...new Set(rows.map(({ queue }) => queue))];
  const at = (queue, hour) => rows.find((row) => row.queue === queue && row.hour === hour);
  return h("div", { class: "card table-wrap", tabindex: "0", role: "region", "aria-label": t("排班建议") }, h("table", { class: "table staffing" },
    h("caption", { class: "visually-hidden" }, t("每个队列每小时需要的窗口数")),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("队列")), hours.map((hour) => h("th", { scope: "col", class: "figure" }, t("{hour} 时", { hour }))))),
    h("tbody", {}, queues.map((queue) => h("tr", { key: queue, "data-queue": queue },
      h("th", { scope: "row" }, nameOf(queue)), hours.map((hour) => hourCell(at(queue, hour), nameOf(queue))))))));
}

const legend = () => h("p", { class: "staffing-legend quiet" },
  [["short", t("▲ 缺窗口")], ["even", t("正好")], ["spare", t("▼ 有富余")], ["unknown", t("现有窗口数未知")]].map(([tone, text]) => h("span", {}, h("span", { class: `staffing-swatch ${tone}` }), text)));

function underWay({ done, cells }) {
  const words = cells ? t("正在计算：{done} / {cells}", { done: count(done), cells: count(cells) }) : t("等待计算");
  return h("div", { class: "card state", role: "status" }, h("progress", { class: "quality-bar", max: cells || 1, value: cells ? done : undefined, "aria-label": words }), h("p", {}, words));
}

/** What waits now, whatever the advice for usual days says: the queues without a window and those that wait longer than promised. */
async function backlog() {
  const boards = await Promise.all((await zones()).map(({ code }) => get(`boards/${encodeURIComponent(code)}`).catch(() => null)));
  return boards.filter(Boolean).flatMap(({ waiting }) => waiting)
    .filter((row) => row.count > 0 && (row.windows_open === 0 || row.p90_s === null || row.p90_s > PROMISED_S))
    .sort((one, other) => other.count - one.count);
}

function backlogNote(rows) {
  if (!rows.length) return null;
  const words = rows.slice(0, BACKLOG_SHOWN).map((row) => (row.windows_open === 0
    ? t("{queue} {count} 人（无窗口开放）", { queue: named(row), count: row.count })
    : t("{queue} {count} 人（{windows} 个窗口）", { queue: named(row), count: row.count, windows: row.windows_open })));
  return h("p", { class: "notice bad", id: "backlog" }, icon("alert"), h("span", {}, h("strong", {}, t("此刻积压：共 {count} 人等候。", { count: count(rows.reduce((sum, row) => sum + row.count, 0)) })), " ", words.join(t("，"))));
}

/** Show the advice in `panel`. */
export const staffingView = (panel) => withDepartments(panel, (departments) => {
  let department = "";
  let wanted = "";
  let planned = null;

  const choose = (code) => {
    department = code;
    view.load({ anew: false });
  };

  const paintTools = (items) => show(panel,
    h("div", { class: "tools" },
      tool(t("建议"), select("advice", items.map((one) => h("option", { value: one.id }, t("{range}，{when}", { range: rangeWords(one), when: whenWords(one.requested_at) }))), wanted, open)),
      tool(t("部门"), select("department", departmentOptions(departments, { all: t("全部部门") }), department, choose)),
      h("div", { class: "tools-end" }, button("people", t("计算排班建议"), () => request(open), { primary: true, small: false, deed: "advise" }))),
    h("div", { class: "quality-body" }));

  async function ask() {
    clearTimeout(planned);
    const [{ items }, queues, waiting] = await Promise.all([get("staffing-advice"), queuesByCode(), backlog()]);
    wanted = items.some(({ id }) => id === wanted) ? wanted : items[0]?.id ?? "";
    return { items, queues, waiting, advice: wanted ? await get(`staffing-advice/${wanted}`) : null };
  }

  function open(id) {
    wanted = id || wanted;
    view.load({ anew: false });
  }

  function paint({ items, queues, waiting, advice }) {
    paintTools(items);
    if (!advice) return empty(t("还没有排班建议"), t("按实际数据计算每小时需要几个窗口。"), "people");
    if (!isOver(advice)) planned = setTimeout(open, LOOK_AGAIN_MS);
    if (advice.state === "failed") return h("p", { class: "notice bad" }, icon("alert"), t("计算失败：{fault}", { fault: advice.fault }));
    if (!isOver(advice)) return underWay(advice);
    const rows = advice.rows.filter(({ queue }) => !department || queues.get(queue)?.department === department);
    if (!rows.length) return empty(t("这些日子没有可用的数据"), "", "people");
    const short = rows.filter((row) => balance(row).name === "short").length;
    planned = setInterval(async () => {
      if (document.visibilityState !== "visible") return;
      const place = panel.querySelector(".backlog-now");
      if (place) show(place, backlogNote(await backlog()));
    }, BACKLOG_AGAIN_MS);
    return [
      h("div", { class: "backlog-now", key: waiting, ref: (place) => place && show(place, backlogNote(waiting)) }),
      h("p", { class: `notice ${short ? "warn" : "good"}` }, icon(short ? "alert" : "check"), short ? t("{count} 个时段的窗口不够。", { count: short }) : t("按平常的取号量，各时段的窗口都够。")),
      legend(), grid(rows, (code) => named(queues.get(code)) || code),
    ];
  }

  paintTools([]);
  const view = loadsInto(panel.lastElementChild, ask, paint);
  view.load();
  return () => {
    clearTimeout(planned);
    view.stop();
  };
});
