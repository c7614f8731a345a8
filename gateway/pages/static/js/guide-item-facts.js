/* The facts of an item, and the windows that it is done at. */
import { list } from "./api.js";
import { placeOf } from "./appointment-facts.js";
import { h } from "./dom.js";
import { dayOf, timeLimit } from "./format.js";
import { joined } from "./guide-words.js";
import { named, t } from "./i18n.js";
import { factList } from "./visit.js";
import { KINDS } from "./words.js";

/** The windows that call an item's queue; none when nobody can tell. */
export async function windowsOf({ department, queue }) {
  const rows = await list("windows", { department }).catch(() => []);
  return rows.filter(({ queues }) => queues?.includes(queue)).map(({ code }) => code);
}

/** "101–104、107": codes that are numbers in a row are drawn together. */
function windowWords(codes) {
  const runs = [];
  for (const code of [...codes].sort((one, other) => one.localeCompare(other, "en", { numeric: true }))) {
    const run = runs.at(-1);
    if (run && /^\d+$/.test(code) && Number(code) === Number(run.at(-1)) + 1) run.push(code);
    else runs.push([code]);
  }
  return joined(runs.map((run) => (run.length > 2 ? `${run[0]}–${run.at(-1)}` : joined(run))));
}

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
