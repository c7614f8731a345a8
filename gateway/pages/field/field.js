/* The crew's page for the phone: today's visits in order, and what was done, also without a connection. */
import { ApiError } from "../shared/hall/api.js";
import { h, icon, show } from "../shared/shell/view.js";
import { fieldNow, useKeptZone } from "./clock.js";
import { askCases, askMove, askReason } from "./dialogs.js";
import { AFTER, openQueue, waitingOf } from "./queue.js";
import { openRoutes } from "./route.js";
import { isOpen, isUnderway, stopCard } from "./stop.js";
import { dayOf, timeOf, timesOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { openStaffPage } from "../shared/shell/staff.js";
import { empty, failed, loading } from "../shared/shell/states.js";

const LOOK_AGAIN_MS = 20_000;
/* A crew that sets out longer before the planned arrival is asked whether it is the right visit. */
const EARLY_MINUTES = 60;

/** A visit as it will be once what waits is carried out. */
const foreseen = (stop, waiting) =>
  waiting.filter(({ order }) => order === stop.id).reduce(
    (before, { verb, body }) => ({ ...before, state: AFTER[verb], reason: body.reason ?? before.reason }), stop);

function run(main, me) {
  useKeptZone();
  const routes = openRoutes(me.username);
  const folds = new Map();
  let reached = true;
  let problem = null; /* of the first route that was asked for */
  let turn = 0;
  let closed = false;

  const queue = openQueue(me.username, {
    changed: () => paint(),
    answered: (order) => {
      turn += 1; /* a route asked for before this does not know of it */
      reached = true;
      routes.note(order);
    },
  });

  const on = {
    act,
    retry: queue.retry,
    dismiss: queue.dismiss,
    toggled: (order, open) => folds.set(order, open),
  };

  function act(stop, verb) {
    const add = (body) => queue.add({ order: stop.id, verb, body }, fieldNow());
    if (verb === "complete") {
      const { items, visited } = routes.kept().routes.find(({ stops }) => stops.some(({ id }) => id === stop.id));
      const ordered = visited.find(({ code }) => code === stop.item) ?? { code: stop.item, name: stop.item };
      return askCases(ordered, items, (codes) => add({ cases: codes.map((item) => ({ item })) }));
    }
    if (verb === "fail") return askReason((reason) => add({ reason }));
    const minutes = Math.round((Date.parse(stop.arrives_at) - fieldNow()) / 60_000);
    return askMove(stop, verb, { early: verb === "depart" && minutes > EARLY_MINUTES ? minutes : null, submit: () => add() });
  }

  function statusView({ at }, { waiting }) {
    const text = waiting.length ? t("{count} 项操作等待发送，联网后按顺序自动发出。", { count: waiting.length }) : "";
    const lost = !reached && h("p", {}, h("strong", {}, t("没有网络，显示的是 {time} 的路线", { time: timeOf(at) })));
    return lost || text
      ? h("div", { class: "notice warn" }, icon(lost ? "offline" : "clock"), h("div", {}, lost, text && h("p", { id: "waiting" }, text)))
      : h("p", { class: "quiet" }, t("路线更新于 {time}", { time: timeOf(at) }));
  }

  function routeView({ crew, date, shift, breaks = [], stops, visited }, { waiting, refused }) {
    const ahead = stops.map((stop) => foreseen(stop, waiting));
    const underway = ahead.find(isUnderway);
    const current = underway ?? ahead.find(isOpen);
    const left = ahead.filter(isOpen).length;
    return h("section", { class: "field-route", key: crew.code, "aria-label": named(crew) },
      h("div", { class: "field-head" },
        h("h1", { class: "field-title" }, named(crew)),
        h("p", { class: "quiet" }, [dayOf(date), shift && timesOf({ starts_at: shift.from, ends_at: shift.to }), ...breaks.map((each) => t("休息 {times}", { times: timesOf({ starts_at: each.from, ends_at: each.to }) })), t("还有 {count} 户", { count: left })].filter(Boolean).join(" · "))),
      stops.length
        ? h("ol", { class: "stops" }, ahead.map((stop, index) => stopCard(stop, {
          place: index + 1, item: visited.find(({ code }) => code === stop.item), waiting, refused,
          current: stop === current, blocked: underway !== undefined, open: folds.get(stop.id), on,
        })))
        : empty(t("今天没有上门任务"), t("有新的安排会显示在这里。"), "calendar"));
  }

  function routesView(kept, actions) {
    if (!kept) return problem ? failed(problem, look) : loading();
    const { routes: shown } = kept;
    const known = new Set(shown.flatMap(({ stops }) => stops.map(({ id }) => id)));
    const strays = actions.refused.filter(({ order }) => !known.has(order));
    return [
      strays.length > 0 && h("div", { class: "notice bad" }, icon("alert"), h("div", {},
        h("p", {}, t("{count} 项操作没有被接受，任务已不在您的路线上。", { count: strays.length })),
        h("button", { type: "button", class: "button", onclick: () => strays.forEach(({ key }) => queue.dismiss(key)) }, t("知道了")))),
      shown.length
        ? shown.map((route) => routeView(route, actions))
        : empty(t("您不在任何上门服务组"), t("请联系调度员。"), "people"),
    ];
  }

  function paint() {
    if (closed) return;
    const kept = routes.kept();
    const actions = queue.read();
    show(main, h("div", { class: "field-page" },
      h("div", { class: "field-status", role: "status" }, kept && statusView(kept, actions)),
      h("div", { class: "field-routes" }, routesView(kept, actions))));
  }

  async function look() {
    const own = (turn += 1);
    try {
      const next = await routes.ask();
      if (closed || own !== turn) return;
      reached = true;
      routes.keep(next);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (closed || error.status === 401) return;
      reached = false;
      problem = error;
    }
    paint();
  }

  const back = () => {
    queue.flush();
    look();
  };
  const away = () => {
    reached = false;
    paint();
  };
  addEventListener("online", back);
  addEventListener("offline", away);
  const timer = setInterval(() => document.visibilityState === "visible" && back(), LOOK_AGAIN_MS);
  paint();
  back();
  return () => {
    closed = true;
    clearInterval(timer);
    removeEventListener("online", back);
    removeEventListener("offline", away);
    queue.close();
    routes.forget();
  };
}

/** Have the page kept, so that it opens without a connection; browsers offer that over https only. */
async function keepPage() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register("/field-worker.js", { scope: "/field" });
  const { active } = await navigator.serviceWorker.ready;
  const parts = performance.getEntriesByType("resource").map(({ name }) => name.split("#")[0]).filter((name) => name.includes("/assets/"));
  active.postMessage(["/field", ...new Set(parts)]);
}

function keptWords({ username }) {
  const count = waitingOf(username);
  return count > 0 && t("{count} 项操作已存在手机里，用 {username} 登录后自动发出。", { count, username });
}

/** A connection that is lost meanwhile puts it off. */
const keep = () => keepPage().catch(() => addEventListener("online", keep, { once: true }));

openStaffPage({ title: t("外勤路线"), account: "crew", run, offline: true, kept: keptWords }).then(keep);
