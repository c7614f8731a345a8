/* Whom a change touches, asked of the services before it is made. */
import { get } from "./api.js";
import { h, icon } from "../shell/dom.js";
import { t } from "../words/i18n.js";

const WORDS = {
  bookings: (count) => t("{count} 个预约失去位置：本人会收到短信，并附上可改约的时间。", { count }),
  visits: (count) => t("{count} 个上门申请不能按约定上门：本人会收到短信，并附上可改期的日子。", { count }),
  waiting: (count) => t("{count} 个候补不能再在那里等到空位。", { count }),
  tickets: (count) => t("{count} 人已经持号：照常办理。", { count }),
  cases: (count) => t("{count} 个办件还没有办结：继续办理。", { count }),
};

/** What a change does: `{bookings, visits, waiting, tickets, cases}`, as far as they are asked for. An empty value counts here. */
export const effectsOf = (path, query) => get(`${path}/effects?${new URLSearchParams(query)}`, {}, { patient: false });

/** Say it; `effects` is null when nobody could tell. */
export function effectsNotice(effects) {
  if (!effects) return h("p", { class: "notice warn" }, icon("alert"), h("span", {}, t("现在查不到会影响多少人；受影响的人会收到短信。")));
  const touched = Object.entries(WORDS).filter(([name]) => effects[name]);
  if (!touched.length) return h("p", { class: "notice good" }, icon("check"), h("span", {}, t("没有预约、号码、上门申请和在办件受影响。")));
  return h("div", { class: "notice warn" }, icon("alert"), h("ul", { class: "effects" }, touched.map(([name, words]) => h("li", {}, words(effects[name])))));
}
