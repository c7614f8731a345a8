/* The landing page: the hall's state, its zones, and whether every service answers. */
import { get } from "./api.js";
import { onHall } from "./clock.js";
import { $, h, icon, show } from "./dom.js";
import { clockTimeOf } from "./format.js";
import { t } from "./i18n.js";
import { startShell } from "./shell.js";
import { failed } from "./states.js";
import { showZones } from "./zonelist.js";

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
};

function hallState({ today }) {
  if (!today?.working) return [t("今天不办公"), "closed"];
  const hours = t("今天 {opens}–{closes}", { opens: clockTimeOf(today.opens), closes: clockTimeOf(today.closes) });
  return today.open_now ? [`${t("正在办公")} · ${hours}`, "open"] : [`${t("现在不在办公时间")} · ${hours}`, "closed"];
}

function showHall(hall) {
  const [text, state] = hallState(hall);
  $("hall-state").dataset.state = state;
  show($("hall-state"), h("span", { class: "hero-dot", "aria-hidden": "true" }), text);
}

/** The checks of `/readyz` as [name, well, detail], whatever members a check carries besides its state. */
function checksOf(answer) {
  const checks = answer.checks ?? answer.services ?? {};
  return Object.entries(checks).map(([name, check]) => {
    const state = typeof check === "object" && check !== null ? check.status ?? check.state ?? (check.ok ? "ok" : "away") : check;
    return [name, state === "ok" || state === true, typeof check === "object" ? check?.detail ?? "" : ""];
  });
}

const checkRow = ([name, well, detail]) =>
  h("li", { class: "health-row" },
    h("span", {}, PARTS[name] ?? name),
    detail && h("span", { class: "quiet health-detail" }, detail),
    h("span", { class: well ? "tag good" : "tag bad" }, icon(well ? "check" : "alert"), well ? t("正常") : t("无应答")));

async function showHealth() {
  try {
    const answer = await get("/readyz", {}, { anonymous: true });
    show($("health"), h("ul", { class: "health-list" }, checksOf(answer).map(checkRow)));
  } catch (error) {
    const checks = checksOf(error.problem ?? {});
    show($("health"), checks.length ? h("ul", { class: "health-list" }, checks.map(checkRow)) : failed(error, showHealth));
  }
}

startShell().then((hall) => {
  if (!hall) show($("hall-state"), t("系统暂时不可用，请稍后重试。"));
});
onHall(showHall);
showZones($("zones"));
showHealth();
setInterval(showHealth, LOOK_AGAIN_MS);
