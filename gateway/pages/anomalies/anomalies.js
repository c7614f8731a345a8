/* The anomaly desk: what moved unusually, who looks into it until when, and what came of it. */
import { get, list } from "../shared/hall/api.js";
import { showAnomalies } from "./list.js";
import { anomalyView } from "./one.js";
import { KINDS, STATES } from "../shared/words/anomaly.js";
import { tidy } from "../shared/charts/charts.js";
import { choose } from "../shared/charts/period.js";
import { departments } from "../shared/hall/directory.js";
import { focusOn, h, icon, show } from "../shared/shell/dom.js";
import { t } from "../shared/words/i18n.js";
import { dateInput, departmentOptions, optionsOf, select, tool } from "../shared/form/choices.js";
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
  const tools = h("form", { class: "tools", "aria-label": t("筛选"), onsubmit: (event) => event.preventDefault() });
  const status = h("p", { class: "quiet", role: "status", id: "as-of" });
  const side = h("div", { class: "card anomaly-side" });
  const one = h("div", { class: "anomaly-one" });
  const desk = h("div", { class: "anomaly-desk" }, side, one);
  let offered = [];
  let rows = null;
  let turn = 0;
  let turnOfOne = 0;
  let planned = null;

  function paintList() {
    const { id, kind, department, overdue } = readFilter();
    const fits = (row) => (!kind || row.subject_kind === kind) && (!department || row.department === department) && (!overdue || row.overdue);
    const kept = side.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    const found = rows.filter(fits);
    showAnomalies(side, found, { chosen: id, open });
    if (kept) side.querySelector(`[data-id="${CSS.escape(kept)}"]`)?.focus({ preventScroll: true });
    const late = found.filter((row) => row.overdue).length;
    show(status, late ? h("span", { class: "tag bad" }, icon("clock"), t("{count} 项已逾期", { count: late })) : t("共 {count} 项", { count: found.length }));
  }

  async function load({ anew = false } = {}) {
    clearTimeout(planned);
    const own = (turn += 1);
    const { from, to, state } = readFilter();
    if (anew || !rows) show(side, loading());
    try {
      const found = await list("anomalies", { from, to, state: state === ALL ? "" : state, limit: ROWS_AT_ONCE });
      if (own !== turn) return;
      rows = found;
      paintList();
    } catch (error) {
      if (own !== turn || error.status === 401) return;
      if (rows && !anew) show(status, h("span", { class: "tag bad" }, icon("alert"), problemTitle(error), t("显示的是上一次的数据。")));
      else show(side, failed(error, () => load({ anew: true })));
    }
    planned = setTimeout(load, REFRESH_MS);
  }

  async function showOne({ focus = false } = {}) {
    const own = (turnOfOne += 1);
    const { id } = readFilter();
    desk.classList.toggle("with-one", Boolean(id));
    if (!id) {
      show(one, empty(t("请选择一项异常"), t("用方向键在列表中移动，按回车查看。"), "chart"));
      return;
    }
    show(one, loading());
    try {
      const anomaly = await get(`anomalies/${encodeURIComponent(id)}`);
      if (own !== turnOfOne) return;
      const view = anomalyView(anomaly, changed, me);
      show(one, h("button", { type: "button", class: "button plain back-to-list", onclick: () => open("") }, icon("back"), t("返回列表")), view.element);
      view.drawn();
      tidy();
      if (focus) focusOn(one);
    } catch (error) {
      if (own === turnOfOne && error.status !== 401) show(one, failed(error, showOne));
    }
  }

  function open(id) {
    const before = readFilter().id;
    choose({ id });
    paintList();
    showOne({ focus: Boolean(id) });
    if (!id) side.querySelector(`[data-id="${CSS.escape(before)}"]`)?.focus();
  }

  function changed() {
    load();
    showOne({ focus: true });
  }

  function paintTools() {
    const filter = readFilter();
    const change = (what, asks) => {
      choose({ ...what, id: "" });
      showOne();
      if (asks) load({ anew: true });
      else if (rows) paintList();
    };
    const day = (name, label) => {
      const input = dateInput(name, filter[name], { id: name, onchange: () => change({ [name]: input.value }, true) });
      return tool(label, input);
    };
    const overdue = h("input", { type: "checkbox", id: "overdue", checked: filter.overdue, onchange: () => change({ overdue: overdue.checked ? "yes" : "" }) });
    show(tools,
      tool(t("状态"), select("state", optionsOf({ [OPEN]: t("未办结"), [ALL]: t("全部"), ...STATES }), filter.state, (state) => change({ state }, true))),
      tool(t("对象"), select("subject", optionsOf(KINDS, { all: t("全部") }), filter.kind, (subject) => change({ subject }))),
      tool(t("部门"), select("department", departmentOptions(offered, { all: t("全部部门") }), filter.department, (department) => change({ department }))),
      day("from", t("从")), day("to", t("到")),
      h("label", { class: "choice-box" }, overdue, h("span", {}, t("只看逾期"))));
  }

  async function start() {
    const own = turn;
    offered = await departments().catch(() => []); /* without their names one can still look at all of them */
    if (own !== turn) return;
    paintTools();
    load({ anew: true });
    showOne();
  }

  show(main, h("div", { class: "anomaly-page" },
    h("div", { class: "anomaly-top" }, h("div", {}, h("h1", { class: "page-title" }, t("异常核查")), status), tools), desk));
  start();
  return () => {
    clearTimeout(planned);
    turn += 1;
    turnOfOne += 1;
  };
}

openStaffPage({ title: t("异常核查"), account: "analyst", run });
