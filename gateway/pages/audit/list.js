/* What the staff did: searched by who, what, on what and when; each with what was before and after. */
import { get } from "../shared/hall/api.js";
import { ACTS, actWords, SERVICES, serviceWords } from "./words.js";
import { apart, h, icon, show } from "../shared/shell/dom.js";
import { exactTimeOf, isoDayOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { optionsOf, select, tool } from "../shared/form/choices.js";
import { empty, failed, loading } from "../shared/shell/states.js";

const A_PAGE = 50;

const momentWords = (moment) => `${isoDayOf(moment)} ${exactTimeOf(moment)}`;

const valueWords = (value) => (value !== null && typeof value === "object" ? JSON.stringify(value) : String(value ?? "—"));

/** The members of which it is worth to tell: what changed, or all when there is nothing to compare with. */
function changesOf({ before, after, details }) {
  if (!after) return Object.entries(details ?? {}).map(([name, value]) => [name, null, value]);
  const names = Object.keys(after).filter((name) => !before || !(name in before) || valueWords(before[name]) !== valueWords(after[name]));
  return names.map((name) => [name, before && name in before ? before[name] : null, after[name]]);
}

function changes(entry) {
  const rows = changesOf(entry);
  if (!rows.length) return null;
  return h("details", { class: "audit-details" }, h("summary", {}, t("内容")),
    h("dl", {}, rows.map(([name, was, is]) => [h("dt", {}, name), h("dd", {}, was !== null && [apart(valueWords(was)), " → "], apart(valueWords(is)))])));
}

const row = (entry) =>
  h("tr", { dataset: { action: entry.action, subject: entry.subject ?? "" } },
    h("td", { class: "number nowrap" }, momentWords(entry.at)),
    h("td", {}, apart(entry.by ?? "—"), entry.department && h("span", { class: "quiet audit-beside" }, entry.department), entry.address && h("span", { class: "quiet audit-beside number" }, entry.address)),
    h("td", { class: "nowrap" }, actWords(entry.action), h("span", { class: "quiet audit-beside" }, serviceWords(entry.service)),
      !entry.ok && h("span", { class: "tag bad" }, t("未成功"))),
    h("td", { class: "audit-subject" }, apart(entry.subject ?? entry.username ?? "—")),
    h("td", {}, entry.reason ? apart(entry.reason) : "—", changes(entry)));

const written = (id, label) => ({ label, input: h("input", { class: "input", id, type: "search", autocomplete: "off", maxlength: 80 }) });
const day = (id, label) => ({ label, input: h("input", { class: "input", id, type: "date" }) });

/** Show the trail in `panel`. */
export function auditList(panel) {
  const who = written("who", t("何人"));
  const subject = written("subject", t("对象"));
  const from = day("from", t("起"));
  const to = day("to", t("止"));
  const what = select("what", optionsOf(ACTS, { all: t("全部") }), "", () => anew());
  const service = select("service", optionsOf(SERVICES, { all: t("全部") }), "", () => anew());
  const body = h("div", {});
  const rows = [];
  let turn = 0;

  const chosen = () => ({
    who: who.input.value.trim() || undefined, what: what.value || undefined, service: service.value || undefined, subject: subject.input.value.trim() || undefined,
    from: from.input.value || undefined, to: to.input.value || undefined,
  });

  async function look(cursor) {
    const own = (turn += 1);
    try {
      const answer = await get("audit", { ...chosen(), limit: A_PAGE, cursor });
      if (own !== turn) return;
      if (!cursor) rows.length = 0;
      rows.push(...answer.items);
      paint(answer.next);
    } catch (error) {
      if (own === turn && error.status !== 401) show(body, failed(error, anew));
    }
  }

  function paint(next) {
    if (!rows.length) return show(body, empty(t("没有这样的记录"), t("换一个条件再查。"), "search"));
    return show(body,
      h("div", { class: "card table-wrap", tabindex: "0", role: "region", "aria-label": t("操作记录") }, h("table", { class: "table" },
        h("caption", { class: "visually-hidden" }, t("操作记录，最新的在前")),
        h("thead", {}, h("tr", {}, [t("时间"), t("何人"), t("操作"), t("对象"), t("理由与内容")].map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, rows.map(row)))),
      next && h("p", { class: "more" }, h("button", { type: "button", class: "button", id: "more", onclick: () => look(next) }, t("显示更早的"))));
  }

  function anew() {
    show(body, loading());
    look(null);
  }

  const form = h("form", { class: "tools", role: "search", onsubmit: (event) => { event.preventDefault(); anew(); } },
    tool(who.label, who.input), tool(t("操作"), what), tool(t("系统"), service), tool(subject.label, subject.input), tool(from.label, from.input), tool(to.label, to.input),
    h("button", { type: "submit", class: "button primary" }, icon("search"), t("查询")));
  show(panel, form, body);
  anew();
  return () => { turn += 1; };
}
