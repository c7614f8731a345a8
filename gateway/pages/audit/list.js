/* What the staff did: searched by who, what, on what and when; each with what was before and after. */
import { get } from "../shared/hall/api.js";
import { ACTS, actWords, SERVICES, serviceWords } from "./words.js";
import { apart, h, icon, show } from "../shared/shell/view.js";
import { exactTimeOf, isoDayOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { optionsOf } from "../shared/form/choices.js";
import { select, tool } from "../shared/form/controls.js";
import { accountsIn, PeopleField, Person } from "../shared/form/people.js";
import { people } from "../shared/hall/people.js";
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
  h("tr", { "data-action": entry.action, "data-subject": entry.subject ?? "" },
    h("td", { class: "number nowrap" }, momentWords(entry.at)),
    h("td", {}, entry.by ? h(Person, { username: entry.by }) : "—", entry.department && h("span", { class: "quiet audit-beside" }, entry.department), entry.address && h("span", { class: "quiet audit-beside number" }, entry.address)),
    h("td", { class: "nowrap" }, actWords(entry.action), h("span", { class: "quiet audit-beside" }, serviceWords(entry.service)),
      !entry.ok && h("span", { class: "tag bad" }, t("未成功"))),
    h("td", { class: "audit-subject" }, apart(entry.subject ?? entry.username ?? "—")),
    h("td", {}, entry.reason ? apart(entry.reason) : "—", changes(entry)));

/** Show the trail in `panel`. */
export function auditList(panel) {
  const wanted = {};
  let content = loading();
  let rows = [];
  let staff = [];
  let turn = 0;

  const given = (name, attributes = {}) =>
    h("input", { class: "input", id: name, onchange: ({ target }) => { wanted[name] = target.value.trim(); }, ...attributes });
  const written = (name) => given(name, { type: "search", autocomplete: "off", maxlength: 80 });
  const chosen = (name, options) => select(name, optionsOf(options, { all: t("全部") }), wanted[name] ?? "", (value) => {
    wanted[name] = value;
    anew();
  });

  const paint = () => show(panel,
    h("form", { class: "tools", role: "search", onsubmit: (event) => { event.preventDefault(); anew(); } },
      tool(t("何人"), h(PeopleField, { id: "who", name: "who", people: staff, maxlength: 80 })), tool(t("操作"), chosen("what", ACTS)), tool(t("系统"), chosen("service", SERVICES)), tool(t("对象"), written("subject")),
      tool(t("起"), given("from", { type: "date" })), tool(t("止"), given("to", { type: "date" })),
      h("button", { type: "submit", class: "button primary" }, icon("search"), t("查询"))),
    h("div", {}, content));

  const found = (next) => [
    h("div", { class: "card table-wrap", tabindex: "0", role: "region", "aria-label": t("操作记录") }, h("table", { class: "table" },
      h("caption", { class: "visually-hidden" }, t("操作记录，最新的在前")),
      h("thead", {}, h("tr", {}, [t("时间"), t("何人"), t("操作"), t("对象"), t("理由与内容")].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, rows.map(row)))),
    next && h("p", { class: "more" }, h("button", { type: "button", class: "button", id: "more", onclick: () => look(next) }, t("显示更早的"))),
  ];

  async function look(cursor) {
    const own = (turn += 1);
    try {
      const answer = await get("audit", { ...wanted, who: accountsIn(panel.querySelector("form"), "who")[0], limit: A_PAGE, cursor });
      if (own !== turn) return;
      rows = cursor ? [...rows, ...answer.items] : answer.items;
      content = rows.length ? found(answer.next) : empty(t("没有这样的记录"), t("换一个条件再查。"), "search");
    } catch (error) {
      if (own !== turn || error.status === 401) return;
      content = failed(error, anew);
    }
    paint();
  }

  function anew() {
    content = loading();
    paint();
    look(null);
  }

  anew();
  people().then((known) => {
    staff = known;
    if (turn >= 0) paint();
  });
  return () => { turn = -1; };
}
