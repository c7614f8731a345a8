/* The figures of one day, as tiles. */
import { h, icon } from "../shell/view.js";
import { count, duration, share } from "../words/format.js";
import { t } from "../words/i18n.js";

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

/** The tiles of what the API tells of a day. */
export const dayFigures = (day) =>
  h("ul", { class: "figures" }, TILES.map((each) =>
    h("li", { class: each.strong ? "figure card strong" : "figure card" },
      h("span", { class: "figure-name" }, icon(each.icon), each.name),
      h("strong", { class: "figure-value number" }, each.of(day)),
      h("span", { class: "figure-note" }, each.note?.(day) ?? ""))));
