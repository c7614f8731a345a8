/* The facts of an item, and the windows that it is done at. */
import { placeOf } from "../shared/booking/facts.js";
import { h } from "../shared/shell/view.js";
import { dayOf, timeLimit } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { factList } from "../shared/booking/visit.js";
import { windowWords } from "../shared/hall/windows.js";
import { KINDS } from "../shared/words/codes.js";

const listLink = (query, text) => h("a", { href: `/guide?${new URLSearchParams(query)}` }, text);

/** What an item is and where it is done. */
export const factsOf = (about, { nameOf, windows }) => {
  const { item, department } = about;
  return factList([
    [t("办理单位"), listLink({ department: item.department }, named(department) || item.department)],
    [t("办理地点"), placeOf(about)],
    [t("办理窗口"), windows.length > 0 && windowWords(windows)],
    [t("取号队列"), nameOf("queues", item.queue)],
    [t("办理时限"), timeLimit(item.time_limit_days)],
    [t("事项类型"), listLink({ kind: item.kind }, KINDS[item.kind] ?? item.kind)],
    [t("业务链"), item.chains.length > 0 && item.chains.map((chain) => h("span", { class: "guide-fact-line" }, listLink({ chain }, nameOf("chains", chain))))],
    [t("生效日期"), dayOf(item.effective_from)],
    [t("版本"), t("第 {revision} 版", { revision: item.revision })],
  ]);
};
