/* One item with its revisions, and what can be done with it. */
import { Person } from "../shared/form/people.js";
import { get, list } from "../shared/hall/api.js";
import { adjust, withdraw } from "./deeds.js";
import { today } from "../shared/shell/clock.js";
import { h, icon } from "../shared/shell/view.js";
import { dayOf, duration, timeLimit, whenWords } from "../shared/words/format.js";
import { actionTag, changeList, comingTag } from "../shared/lists/changes.js";
import { joined } from "../shared/words/changes.js";
import { inChinese, language, named, namedOtherwise, t } from "../shared/words/i18n.js";
import { button } from "../shared/form/controls.js";
import { empty } from "../shared/shell/states.js";
import { factList } from "../shared/booking/visit.js";
import { KINDS } from "../shared/words/codes.js";

const STATES = { active: [t("正常办理"), "good"], withdrawn: [t("不再办理"), "bad"], announced: [t("即将办理"), "warn"] };

export const stateTag = (state) => h("span", { class: `tag ${STATES[state]?.[1] ?? ""}` }, STATES[state]?.[0] ?? state);

/** An item that is only announced, as its revisions (the newest first) make it on its first day. */
function announced(code, revisions) {
  const first = revisions.findLast(({ action }) => action === "added");
  if (!first) return null;
  const due = revisions.filter(({ effective_from: day }) => day <= first.effective_from).reverse();
  const content = Object.fromEntries(due.flatMap(({ changes }) => changes.map(({ field, after }) => [field, after])));
  const state = due.some(({ action }) => action === "withdrawn") ? "withdrawn" : "announced";
  return { ...content, code, state, effective_from: first.effective_from, revision: due.at(-1).revision, announced: true };
}

/** An item and its revisions, the newest first; the item is null when there is none. */
export async function askItem(code) {
  const [item, revisions] = await Promise.all([
    get(`items/${encodeURIComponent(code)}`).catch((error) => (error.status === 404 ? null : Promise.reject(error))),
    list("catalogue/revisions", { item: code, limit: 100 }),
  ]);
  return { item: item ?? announced(code, revisions), revisions };
}

const revisionRow = (one, nameOf) => h("li", { class: "change-row", "data-revision": one.revision, "data-action": one.action, key: one.revision },
  h("time", { class: "change-day", datetime: one.effective_from }, dayOf(one.effective_from)),
  h("div", { class: "change-text" },
    h("p", { class: "change-head" }, actionTag(one), comingTag(one), h("span", { class: "quiet" }, t("第 {revision} 版", { revision: one.revision }))),
    changeList(one, nameOf),
    one.reason && h("p", { class: "change-reason" }, t("说明：{reason}", { reason: one.reason })),
    h("p", { class: "quiet change-about" }, one.recorded_by ? h(Person, { username: one.recorded_by, words: (who) => t("{when} 由 {who} 登记", { when: whenWords(one.recorded_at), who }) }) : t("{when} 登记", { when: whenWords(one.recorded_at) }))));

const part = (id, title, content) => h("section", { class: "item-part", "aria-labelledby": `part-${id}` }, h("h3", { class: "part-title", id: `part-${id}` }, title), content);

const words = (text, lang) => (text ? h("p", { class: "item-words", lang }, text) : h("p", { class: "quiet" }, t("还没有填写。")));

function guidePart(item) {
  return h("div", { class: "card item-guide" },
    h("h4", { class: "small-title" }, t("所需材料")),
    item.materials?.length ? h("ol", { class: "item-materials", lang: inChinese }, item.materials.map((each) => h("li", {}, each))) : words(""),
    h("h4", { class: "small-title" }, t("办理说明")), words(item.guide, inChinese),
    h("h4", { class: "small-title" }, t("英文说明")), words(item.guide_en, language === "zh" ? "en" : undefined));
}

/** Show what `askItem` found. `changed()` hears that it is no longer so. */
export function itemView({ item, revisions }, { code, lists, nameOf, changed }) {
  if (!item) return empty(t("没有这个事项"), code, "question");
  const other = namedOtherwise(item);
  const path = `/guide/${encodeURIComponent(item.code)}`;
  const upcoming = revisions.filter(({ effective_from: day }) => day > today()).length;
  return h("article", { class: "catalogue-item", "aria-labelledby": "item-title" },
    h("header", { class: "catalogue-item-head" },
      h("div", {},
        h("p", { class: "change-head" }, h("span", { class: "quiet number" }, item.code), stateTag(item.state), upcoming > 0 && h("span", { class: "tag warn" }, icon("clock"), t("{count} 项变更即将生效", { count: upcoming }))),
        h("h2", { class: "catalogue-item-title", id: "item-title", tabindex: "-1", "data-focus": true }, named(item)),
        other && h("p", { class: "quiet", lang: language === "zh" ? "en" : "zh-CN" }, other)),
      h("div", { class: "row-deeds" },
        !item.announced && h("a", { class: "button", href: path }, icon("document"), t("查看指南")),
        item.state !== "withdrawn" && button("repeat", t("调整事项"), () => adjust(item, lists, changed), { primary: true, small: false, deed: "adjust" }),
        item.state !== "withdrawn" && button("close", t("取消事项"), () => withdraw(item, changed), { small: false, deed: "withdraw" }))),
    h("div", { class: "catalogue-columns" },
      h("div", { class: "catalogue-column" },
        part("facts", t("办理"), factList([
          [t("办理单位"), nameOf("departments", item.department)],
          [t("排队队列"), nameOf("queues", item.queue)],
          [t("事项类型"), KINDS[item.kind] ?? item.kind],
          [t("办理时限"), timeLimit(item.time_limit_days)],
          [t("窗口用时"), duration(item.service_seconds)],
          [t("业务链"), joined(item.chains.map((chain) => nameOf("chains", chain)))],
          [t("生效日期"), dayOf(item.effective_from)],
          [t("版本"), t("第 {revision} 版", { revision: item.revision })],
        ])),
        part("revisions", t("变更记录"), h("ol", { class: "card change-list" }, revisions.map((one) => revisionRow(one, nameOf))))),
      part("guide", t("指南"), guidePart(item))));
}
