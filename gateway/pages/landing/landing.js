/* The landing page: the hall's state, its zones, and whether every service answers. */
import { get } from "../shared/hall/api.js";
import { closureNow, isOpen, onHall } from "../shared/shell/clock.js";
import { $, h, icon, show } from "../shared/shell/view.js";
import { closureWords } from "../shared/words/closed.js";
import { clockTimeOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { startShell } from "../shared/shell/shell.js";
import { failed } from "../shared/shell/states.js";
import { showZones } from "../shared/lists/zones.js";

const LOOK_AGAIN_MS = 15_000;

const PARTS = {
  bus: t("消息总线"),
  gateway: t("网关"),
  identity: t("身份服务"),
  catalogue: t("事项目录服务"),
  ticketing: t("排队叫号服务"),
  cases: t("办件服务"),
  appointments: t("预约服务"),
  dispatch: t("上门调度服务"),
  notifications: t("通知服务"),
  statistics: t("统计服务"),
  quality: t("质量服务"),
};

function hallState(hall) {
  const { today } = hall;
  if (!today?.working) return [t("今天不办公"), "closed"];
  const closure = closureNow(hall);
  if (closure) return [closureWords(closure, closure.ends_at), "closed"];
  const hours = { opens: clockTimeOf(today.opens), closes: clockTimeOf(today.closes) };
  return isOpen(hall)
    ? [t("正在办公 · 今天 {opens}–{closes}", hours), "open"]
    : [t("现在不在办公时间 · 今天 {opens}–{closes}", hours), "closed"];
}

function showHall(hall) {
  const [text, state] = hallState(hall);
  $("hall-state").dataset.state = state;
  show($("hall-state"), h("span", { class: "hero-dot", "aria-hidden": "true" }), text);
}

/** The parts that `/readyz` names, as [name, well]. */
function checksOf({ bus, services, missing = [] }) {
  if (!services) return [];
  return [["bus", bus === "ok"], ...Object.keys(services).map((name) => [name, !missing.includes(name)])];
}

const checkRow = ([name, well]) =>
  h("li", { class: "health-row" },
    h("span", {}, PARTS[name] ?? name),
    h("span", { class: well ? "tag good" : "tag bad" }, icon(well ? "check" : "alert"), well ? t("正常") : t("无应答")));

const showChecks = (checks) => show($("health"), h("ul", { class: "health-list" }, checks.map(checkRow)));

async function showHealth() {
  try {
    const answer = await get("/readyz", {}, { anonymous: true, patient: false }); /* 503 is an answer here */
    showChecks(checksOf(answer));
  } catch (error) {
    const checks = checksOf(error.problem ?? {}); /* 503 names what is missing */
    if (checks.length) showChecks(checks);
    else show($("health"), failed(error, showHealth));
  }
}

startShell();
onHall(showHall);
showZones($("zones"));
showHealth();
setInterval(showHealth, LOOK_AGAIN_MS);
