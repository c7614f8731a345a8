/* How many one-time codes a day has cost: each is a message, whoever asked for it. */
import { get } from "../shared/hall/api.js";
import { h, icon } from "../shared/shell/view.js";
import { count } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { problemTitle } from "../shared/words/codes.js";

const CHANNELS = { sms: t("短信网关"), local: t("只留在本机") };
const NOT_NOTED = t("渠道未记录");

const told = (items) => t("一次性验证码 {total} 条", { total: count(items.reduce((sum, each) => sum + each.count, 0)) });
const byChannel = (items) => items.map((each) => `${CHANNELS[each.channel] ?? NOT_NOTED} ${count(each.count)}`).join(" · ");

/** What is said of the codes of a day; `load(date)` asks, and `changed()` hears of the answer. */
export function codesSent(changed) {
  let said = null;
  let turn = 0;

  async function load(date) {
    const own = (turn += 1);
    try {
      const { items } = await get("messages/sent", { date, kind: "otp" });
      if (own !== turn) return;
      said = [icon("message"), told(items), items.length > 0 && h("span", { class: "number" }, byChannel(items))];
    } catch (error) {
      if (own !== turn || error.status === 401) return;
      said = [icon("alert"), t("一次性验证码"), problemTitle(error)];
    }
    changed();
  }

  return { view: () => h("p", { class: "quiet codes-sent", id: "codes-sent" }, said), load, stop: () => (turn += 1) };
}
