/* What changed in the items and what is going to: dated, by month, for a period. */
import { listOnce } from "../hall/api.js";
import { today } from "../shell/clock.js";
import { departments, queues } from "../hall/directory.js";
import { h, icon, show } from "../shell/dom.js";
import { count, dayOf, monthOf, whenWords } from "../words/format.js";
import { ACTIONS, changeWords } from "../words/changes.js";
import { named, t } from "../words/i18n.js";
import { laterDay } from "../words/days.js";
import { partsList } from "./in-parts.js";
import { dateInput, optionsOf, select, tool } from "../form/choices.js";
import { empty, failed, loading } from "../shell/states.js";

const PART = 60;
const OWN = "own";

const yearBefore = (day, years) => String(Number(day.slice(0, 4)) - years);

/* Of each period its first and last day; an empty one is not asked for. */
const PERIODS = {
  all: { text: t("全部"), days: () => ["", ""] },
  coming: { text: t("即将生效"), days: () => [laterDay(today(), 1), ""] },
  year: { text: t("今年"), days: () => [`${today().slice(0, 4)}-01-01`, `${today().slice(0, 4)}-12-31`] },
  last: { text: t("去年"), days: () => [`${yearBefore(today(), 1)}-01-01`, `${yearBefore(today(), 1)}-12-31`] },
  "5y": { text: t("近 5 年"), days: () => [`${yearBefore(today(), 4)}-01-01`, today()] },
  [OWN]: { text: t("自选"), days: null },
};

/** The names of departments, queues and chains, as `nameOf(kind, code)`. */
export async function catalogueNames() {
  const rows = await Promise.all([departments(), queues(), listOnce("chains")]);
  const [byDepartment, byQueue, byChain] = rows.map((all) => new Map(all.map((each) => [each.code, named(each)])));
  const known = { departments: byDepartment, queues: byQueue, chains: byChain };
  return (kind, code) => known[kind].get(code) ?? code;
}

/** What a change says of its fields; of a new item there is nothing to compare. */
export const changeList = ({ action, changes }, nameOf) => action === "adjusted" && changes.length > 0 && h("dl", { class: "change-fields" },
  changes.map((change) => {
    const [name, words] = changeWords(change, nameOf);
    return h("div", {}, h("dt", {}, name), h("dd", {}, words));
  }));

export const actionTag = ({ action }) => h("span", { class: `tag ${ACTIONS[action]?.tone ?? ""}` }, icon(ACTIONS[action]?.icon ?? "info"), ACTIONS[action]?.text ?? action);

export const comingTag = ({ effective_from: day }) => day > today() && h("span", { class: "tag warn" }, icon("clock"), t("即将生效"));

const changeRow = (one, { nameOf, hrefOf, full }) => h("li", { class: "change-row", dataset: { change: `${one.item}-${one.revision}`, action: one.action } },
  h("time", { class: "change-day", datetime: one.effective_from }, dayOf(one.effective_from)),
  h("div", { class: "change-text" },
    h("p", { class: "change-head" }, actionTag(one), h("a", { class: "change-name", href: hrefOf(one.item), dataset: { row: one.item } }, named(one)), comingTag(one)),
    h("p", { class: "quiet change-about" }, nameOf("departments", one.department), h("span", { class: "number" }, one.item)),
    changeList(one, nameOf),
    one.reason && h("p", { class: "change-reason" }, t("说明：{reason}", { reason: one.reason })),
    full && h("p", { class: "quiet change-about" }, one.recorded_by ? t("{when} 由 {who} 登记", { when: whenWords(one.recorded_at), who: one.recorded_by }) : t("{when} 登记", { when: whenWords(one.recorded_at) }))));

function byMonth(rows) {
  const months = new Map();
  for (const row of rows) months.set(row.effective_from.slice(0, 7), [...(months.get(row.effective_from.slice(0, 7)) ?? []), row]);
  return [...months];
}

/** Show the changes in `panel`. `hrefOf(code)` is where an item is read; `full` says by whom a change was recorded; `period`
 * is the one that is chosen first. */
export function changesView(panel, { hrefOf, full = false, period = "all" }) {
  const body = h("div", { class: "changes-body" });
  let nameOf = (kind, code) => code;
  let left = false;
  const again = () => list.load();
  const choice = select("period", optionsOf(PERIODS), period, (value) => {
    if (value === OWN && !from.value) [from.value, to.value] = [laterDay(today(), -365), today()];
    own.hidden = value !== OWN;
    again();
  });
  const from = dateInput("from", "", { id: "from", onchange: again });
  const to = dateInput("to", "", { id: "to", onchange: again });
  const own = h("div", { class: "changes-own", hidden: true }, tool(t("从"), from), tool(t("到"), to));

  const days = () => PERIODS[choice.value].days?.() ?? [from.value, to.value];

  const monthPart = ([month, rows], complete) => h("section", { class: "change-month", "aria-labelledby": `month-${month}` },
    h("h2", { class: "change-month-title", id: `month-${month}` }, monthOf(month), complete && h("span", { class: "list-count" }, t("{count} 项", { count: count(rows.length) }))),
    h("ul", { class: "card change-list" }, rows.map((one) => changeRow(one, { nameOf, hrefOf, full }))));

  const list = partsList(body, {
    path: "catalogue/revisions", size: PART,
    query: () => Object.fromEntries(["from", "to"].map((name, index) => [name, days()[index]])),
    paint: (rows, { more, complete }) => {
      if (!rows.length) return empty(t("这段时间没有变更"), t("可以选别的时间。"), "calendar");
      const months = byMonth(rows);
      return [h("p", { class: "visually-hidden", role: "status" }, t("已列出 {count} 项变更", { count: count(rows.length) })),
        months.map((month, index) => monthPart(month, complete || index < months.length - 1)), more];
    },
  });

  async function open() {
    show(panel, loading());
    try {
      nameOf = await catalogueNames();
    } catch (error) {
      if (!left && error.status !== 401) show(panel, failed(error, open));
      return;
    }
    if (left) return;
    show(panel, h("div", { class: "tools" }, tool(t("生效时间"), choice), own), body);
    again();
  }

  open();
  return () => {
    left = true;
    list.stop();
  };
}
