/* Whom a change touches, asked of the services before it is made. */
import { get } from "./api.js";
import { h, icon, show } from "../shell/view.js";
import { loading } from "../shell/states.js";
import { dayOf } from "../words/format.js";
import { t } from "../words/i18n.js";

const REFUSED = 400;
const FAILED = 500;

const WORDS = {
  bookings: (count) => t("{count} 个预约失去位置：本人会收到短信，并附上可改约的时间。", { count }),
  visits: (count) => t("{count} 个上门申请不能按约定上门：本人会收到短信，并附上可改期的日子。", { count }),
  waiting: (count) => t("{count} 个候补再没有可等的日子：候补结束，本人会收到短信。", { count }),
  sessions: (count) => t("{count} 场延时服务不能按计划举行。", { count }),
  tickets: (count) => t("{count} 人已经持号：照常办理。", { count }),
  cases: (count) => t("{count} 个办件还没有办结：继续办理。", { count }),
};

/** Of a window that is left: whoever waits there waits on. */
export const WINDOW_WORDS = { tickets: (count) => t("{count} 人等候的队列再没有窗口叫号。", { count }) };

/** What a change does: `{bookings, waiting, tickets, cases, visits, sessions, examples}`, as far as it can. An empty value counts. */
const effectsOf = (path, query) => get(`${path}/effects?${new URLSearchParams(query)}`, {}, { patient: false });

const touched = (effects) => Object.keys(WORDS).filter((name) => effects[name]);

/** Some of them by their numbers, each with its day; tickets are of today. */
function exampleWords({ examples = [] }, kind) {
  const known = examples.filter((each) => each.kind === kind).map(({ number, on }) =>
    (on && kind !== "tickets" ? t("{number}（{day}）", { number, day: dayOf(on) }) : number));
  return known.length > 0 && h("span", { class: "quiet number" }, t("如：{examples}", { examples: known.join("、") }));
}

/** Say it, in other `words` for some of the counts; `effects` is null when nobody could tell. */
export function effectsNotice(effects, words = {}) {
  if (!effects) return h("p", { class: "notice warn" }, icon("alert"), h("span", {}, t("现在查不到会影响多少人；受影响的人会收到短信。")));
  const names = touched(effects);
  if (!names.length) return h("p", { class: "notice good" }, icon("check"), h("span", {}, t("没有预约、号码、上门申请和在办件受影响。")));
  const line = (name) => h("li", {}, (words[name] ?? WORDS[name])(effects[name]), " ", exampleWords(effects, name));
  return h("div", { class: "notice warn" }, icon("alert"), h("ul", { class: "effects" }, names.map(line)));
}

/** What says in `place` whom a change touches: `tell(query)`, of which the last one counts; with null it says nothing. */
export function effectsTeller(place, path, words) {
  let turn = 0;
  return async (query) => {
    const mine = (turn += 1);
    if (!query) return show(place);
    show(place, loading());
    const effects = await effectsOf(path, query).catch(() => null);
    return mine === turn && show(place, effectsNotice(effects, words));
  };
}

/** What is asked before a dialog sends, in other `words` for some of the counts: `first(query)` is true when it has said whom the change touches, so that one presses again. */
export function effectsFirst(place, path, words) {
  let said = "";
  return async (query) => {
    const asked = JSON.stringify(query);
    if (said === asked) return false;
    const found = await effectsOf(path, query).catch((error) => (error.status >= REFUSED && error.status < FAILED ? {} : null));
    if (found && !touched(found).length) return false; /* what is refused, the command says better */
    said = asked;
    show(place, effectsNotice(found, words), h("p", { class: "quiet" }, t("再按一次“保存”即执行。")));
    for (const each of [place, place.closest("form").querySelector("[type=submit]")]) each.scrollIntoView({ block: "nearest" }); /* a form may be longer than the screen */
    return true;
  };
}

/** Whom it touches that a window is left; null when nobody could tell. */
export const leavingOf = (code) => effectsOf(`windows/${encodeURIComponent(code)}`, {}).catch(() => null);
