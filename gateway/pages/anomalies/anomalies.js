/* The anomaly desk: what moved unusually, who looks into it until when, and what came of it. */
import { get, list } from "../shared/hall/api.js";
import { anomalyGroups } from "./list.js";
import { anomalyView } from "./one.js";
import { KINDS, STATES } from "../shared/words/anomaly.js";
import { tidy } from "../shared/charts/charts.js";
import { choose } from "../shared/charts/period.js";
import { departments } from "../shared/hall/directory.js";
import { focusOn, h, icon, show } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";
import { departmentOptions, optionsOf } from "../shared/form/choices.js";
import { choice, dateInput, select, tool } from "../shared/form/controls.js";
import { openStaffPage } from "../shared/shell/staff.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { problemTitle } from "../shared/words/codes.js";

const REFRESH_MS = 60_000;
const ROWS_AT_ONCE = 500;
/* What still needs something stands first; how old it is does not matter. */
const OPEN = "open";
const ALL = "all";

function readFilter() {
  const query = new URLSearchParams(location.search);
  return {
    id: query.get("id") ?? "",
    from: query.get("from") ?? "",
    to: query.get("to") ?? "",
    state: query.get("state") in STATES || query.get("state") === ALL ? query.get("state") : OPEN,
    kind: query.get("subject") in KINDS ? query.get("subject") : "",
    department: query.get("department") ?? "",
    overdue: query.get("overdue") === "yes",
  };
}

function run(main, me) {
  const nothing = empty(t("请选择一项异常"), t("用方向键在列表中移动，按回车查看。"), "chart");
  let offered = null;
  let rows = null;
  let problem = null; /* of the list */
  let one = nothing;
  let turn = 0;
  let turnOfOne = 0;
  let planned = null;

  function status(found) {
    if (rows && problem) return h("span", { class: "tag bad" }, icon("alert"), problemTitle(problem), t("显示的是上一次的数据。"));
    const late = found.filter((row) => row.overdue).length;
    return late ? h("span", { class: "tag bad" }, icon("clock"), t("{count} 项已逾期", { count: late })) : t("共 {count} 项", { count: found.length });
  }

  function side(found, chosen) {
    if (rows) return anomalyGroups(found, { chosen, open });
    return problem ? failed(problem, () => load({ anew: true })) : loading();
  }

  function paint() {
    const filter = readFilter();
    const { id, kind, department, overdue } = filter;
    const fits = (row) => (!kind || row.subject_kind === kind) && (!department || row.department === department) && (!overdue || row.overdue);
    const found = (rows ?? []).filter(fits);
    show(main, h("div", { class: "anomaly-page" },
      h("div", { class: "anomaly-top" },
        h("div", {}, h("h1", { class: "page-title" }, t("异常核查")), h("p", { class: "quiet", role: "status", id: "as-of" }, rows && status(found))),
        h("form", { class: "tools", "aria-label": t("筛选"), onsubmit: (event) => event.preventDefault() }, offered && tools(filter))),
      h("div", { class: `anomaly-desk ${id ? "with-one" : ""}` },
        h("div", { class: "card anomaly-side" }, side(found, id)),
        h("div", { class: "anomaly-one" }, one))));
  }

  async function load({ anew = false } = {}) {
    clearTimeout(planned);
    const own = (turn += 1);
    const { from, to, state } = readFilter();
    if (anew) rows = problem = null;
    paint();
    try {
      const found = await list("anomalies", { from, to, state: state === ALL ? "" : state, limit: ROWS_AT_ONCE });
      if (own !== turn) return;
      rows = found;
      problem = null;
    } catch (error) {
      if (own !== turn || error.status === 401) return;
      problem = error;
    }
    paint();
    planned = setTimeout(load, REFRESH_MS);
  }

  async function showOne({ focus = false } = {}) {
    const own = (turnOfOne += 1);
    const { id } = readFilter();
    one = id ? loading() : nothing;
    paint();
    if (!id) return;
    try {
      const anomaly = await get(`anomalies/${encodeURIComponent(id)}`);
      if (own !== turnOfOne) return;
      one = [h("button", { type: "button", class: "button plain back-to-list", onclick: () => open("") }, icon("back"), t("返回列表")), anomalyView(anomaly, changed, me)];
      paint();
      tidy();
      if (focus) focusOn(main, ".anomaly-one [data-focus]");
    } catch (error) {
      if (own !== turnOfOne || error.status === 401) return;
      one = failed(error, showOne);
      paint();
    }
  }

  function open(id) {
    const before = readFilter().id;
    choose({ id });
    showOne({ focus: Boolean(id) });
    if (!id) focusOn(main, `[data-id="${CSS.escape(before)}"]`);
  }

  function changed() {
    load();
    showOne({ focus: true });
  }

  function tools(filter) {
    const change = (what, asks) => {
      choose({ ...what, id: "" });
      showOne();
      if (asks) load({ anew: true });
    };
    const day = (name, label) => tool(label, dateInput(name, filter[name], { id: name, onchange: ({ target }) => change({ [name]: target.value }, true) }));
    return [
      tool(t("状态"), select("state", optionsOf({ [OPEN]: t("未办结"), [ALL]: t("全部"), ...STATES }), filter.state, (state) => change({ state }, true))),
      tool(t("对象"), select("subject", optionsOf(KINDS, { all: t("全部") }), filter.kind, (subject) => change({ subject }))),
      tool(t("部门"), select("department", departmentOptions(offered, { all: t("全部部门") }), filter.department, (department) => change({ department }))),
      day("from", t("从")), day("to", t("到")),
      choice("checkbox", "overdue", "yes", t("只看逾期"), { id: "overdue", checked: filter.overdue, onchange: ({ target }) => change({ overdue: target.checked ? "yes" : "" }) }),
    ];
  }

  async function start() {
    const own = turn;
    const found = await departments().catch(() => []); /* without their names one can still look at all of them */
    if (own !== turn) return;
    offered = found;
    load({ anew: true });
    showOne();
  }

  paint();
  start();
  return () => {
    clearTimeout(planned);
    turn += 1;
    turnOfOne += 1;
  };
}

openStaffPage({ title: t("异常核查"), account: "analyst", run });
