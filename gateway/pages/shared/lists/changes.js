/* What changed in the items and what is going to: dated, by month, for a period. */
import { Person } from "../form/people.js";
import { listOnce } from "../hall/api.js";
import { today } from "../shell/clock.js";
import { departments, queues } from "../hall/directory.js";
import { h, icon, show } from "../shell/view.js";
import { count, dayOf, monthOf, whenWords } from "../words/format.js";
import { ACTIONS, changeWords } from "../words/changes.js";
import { named, t } from "../words/i18n.js";
import { laterDay } from "../words/days.js";
import { partsList } from "./in-parts.js";
import { optionsOf } from "../form/choices.js";
import { dateInput, select, tool } from "../form/controls.js";
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

const changeRow = (one, { nameOf, hrefOf, full }) => h("li", { class: "change-row", "data-change": `${one.item}-${one.revision}`, "data-action": one.action, key: `${one.item}-${one.revision}` },
  h("time", { class: "change-day", datetime: one.effective_from }, dayOf(one.effective_from)),
  h("div", { class: "change-text" },
    h("p", { class: "change-head" }, actionTag(one), h("a", { class: "change-name", href: hrefOf(one.item), "data-row": one.item }, named(one)), comingTag(one)),
    h("p", { class: "quiet change-about" }, nameOf("departments", one.department), h("span", { class: "number" }, one.item)),
    changeList(one, nameOf),
    one.reason && h("p", { class: "change-reason" }, t("说明：{reason}", { reason: one.reason })),
    full && h("p", { class: "quiet change-about" }, one.recorded_by ? h(Person, { username: one.recorded_by, words: (who) => t("{when} 由 {who} 登记", { when: whenWords(one.recorded_at), who }) }) : t("{when} 登记", { when: whenWords(one.recorded_at) }))));

function byMonth(rows) {
  const months = new Map();
  for (const row of rows) months.set(row.effective_from.slice(0, 7), [...(months.get(row.effective_from.slice(0, 7)) ?? []), row]);
  return [...months];
}

const monthPart = ([month, rows], complete, known) => h("section", { class: "change-month", "aria-labelledby": `month-${month}`, key: month },
  h("h2", { class: "change-month-title", id: `month-${month}` }, monthOf(month), complete && h("span", { class: "list-count" }, t("{count} 项", { count: count(rows.length) }))),
  h("ul", { class: "card change-list" }, rows.map((one) => changeRow(one, known))));

/** Show the changes in `panel`. `hrefOf(code)` is where an item is read; `full` says by whom a change was recorded; `period`
 * is the one that is chosen first. */
export function changesView(panel, { hrefOf, full = false, period = "all" }) {
  const own = { from: "", to: "" };
  let nameOf = null;
  let left = false;

  function choose(value) {
    if (value === OWN && !own.from) Object.assign(own, { from: laterDay(today(), -365), to: today() });
    period = value;
    list.load();
  }

  const days = () => PERIODS[period].days?.() ?? [own.from, own.to];

  const ownDay = (name, label) => tool(label, dateInput(name, own[name], {
    id: name,
    onchange: ({ target }) => {
      own[name] = target.value;
      list.load();
    },
  }));

  const list = partsList(panel, {
    path: "catalogue/revisions", size: PART,
    query: () => Object.fromEntries(["from", "to"].map((name, index) => [name, days()[index]])),
    describe: (rows, { more, complete }) => {
      if (!rows.length) return empty(t("这段时间没有变更"), t("可以选别的时间。"), "calendar");
      const months = byMonth(rows);
      return [h("p", { class: "visually-hidden", role: "status" }, t("已列出 {count} 项变更", { count: count(rows.length) })),
        months.map((month, index) => monthPart(month, complete || index < months.length - 1, { nameOf, hrefOf, full })), more];
    },
    paint: () => !left && show(panel,
      h("div", { class: "tools" }, tool(t("生效时间"), select("period", optionsOf(PERIODS), period, choose)),
        period === OWN && h("div", { class: "changes-own" }, ownDay("from", t("从")), ownDay("to", t("到")))),
      h("div", { class: "changes-body" }, list.view())),
  });

  async function open() {
    show(panel, loading());
    try {
      nameOf = await catalogueNames();
      if (!left) list.load();
    } catch (error) {
      if (!left && error.status !== 401) show(panel, failed(error, open));
    }
  }

  open();
  return () => {
    left = true;
    list.stop();
  };
}
