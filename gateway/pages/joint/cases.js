/* The projects under joint approval: a list, and the chosen one; both are looked at again every half minute. */
import { get, list } from "../shared/hall/api.js";
import { choose } from "../shared/charts/period.js";
import { focusOn, h, icon, show } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";
import { askOpen, rightsOf } from "./deeds.js";
import { jointList } from "./list.js";
import { itemNames, learnNames } from "./names.js";
import { firstStep, jointView } from "./one.js";
import { showAnew } from "./place.js";
import { CASE_STATES, lateOf } from "./words.js";
import { departmentOptions, optionsOf } from "../shared/form/choices.js";
import { button, select, tool } from "../shared/form/controls.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { problemTitle } from "../shared/words/codes.js";

const REFRESH_MS = 30_000;
const NUMBER = /^#(J\d{4}-\d{5,9})$/;
const ALL = "all";

/** The number of a joint case in the address. */
export const numberInAddress = () => NUMBER.exec(location.hash)?.[1] ?? "";

const stale = (error) => h("span", { class: "tag bad" }, icon("alert"), problemTitle(error), t("显示的是上一次的数据。"));

/** Show the joint cases in `panel` for `me`; `first` is the number of the one that is open at first. */
export function casesView(panel, me, { first = "" } = {}) {
  const rights = rightsOf(me);
  const shown = { number: first, step: "", rows: null, joint: null, items: new Map() };
  const instead = { list: loading(), one: loading() }; /* what stands in place of the list and of the chosen one */
  let fault = null; /* why what is shown is that of before */
  let names = null;
  let turn = 0;
  let turnOfOne = 0;
  let planned = null;

  /** The state and department of the list; a clerk's own department comes first. */
  function readFilter() {
    const query = new URLSearchParams(location.search);
    const own = me.roles.includes("manager") ? ALL : me.department ?? ALL;
    return { state: query.get("state") ?? "open", department: query.get("department") ?? own };
  }

  function countWords() {
    const late = shown.rows.filter((row) => lateOf(row)).length;
    return late ? h("span", { class: "tag bad" }, icon("alert"), t("{count} 个项目有环节逾期", { count: late })) : t("共 {count} 个项目", { count: shown.rows.length });
  }

  function oneView() {
    if (!shown.number) return empty(t("请选择一个项目"), t("用方向键在列表中移动，按回车查看。"), "joint");
    return [
      h("button", { type: "button", class: "button plain back-to-list", onclick: () => open("") }, icon("back"), t("返回列表")),
      jointView(shown.joint, { names, itemNames: shown.items, rights, chosen: shown.step, open: openStep, changed }),
    ];
  }

  function paint() {
    showAnew(panel,
      h("form", { class: "tools", "aria-label": t("筛选"), onsubmit: (event) => event.preventDefault() }, tools()),
      h("div", { class: `joint-desk ${shown.number ? "with-one" : ""}` },
        h("div", { class: "joint-column" },
          h("p", { class: "quiet", role: "status", id: "joint-count" }, fault ? stale(fault) : shown.rows && countWords()),
          h("div", { class: "card joint-side" }, instead.list ?? jointList(shown.rows, { chosen: shown.number, open, names }))),
        h("div", { class: "joint-one" }, instead.one ?? oneView())));
  }

  function showInstead(part, content) {
    instead[part] = content;
    paint();
  }

  function openStep(code) {
    shown.step = code;
    paint();
    const title = document.getElementById("joint-panel-title");
    title.focus({ preventScroll: true });
    title.scrollIntoView({ block: "nearest" });
  }

  function wrong(error) {
    fault = error;
    paint();
  }

  async function load({ anew = false } = {}) {
    const own = (turn += 1);
    const { state, department } = readFilter();
    if (anew || !shown.rows) showInstead("list", loading());
    try {
      const rows = await list("joint-cases", { state: state === ALL ? "" : state, department: department === ALL ? "" : department, limit: 100 });
      if (own !== turn) return;
      shown.rows = rows;
      fault = null;
      showInstead("list", null);
    } catch (error) {
      if (own !== turn || error.status === 401) return;
      if (shown.rows && !anew) wrong(error);
      else showInstead("list", failed(error, () => load({ anew: true })));
    }
  }

  async function loadOne({ anew = false, focus = false } = {}) {
    const own = (turnOfOne += 1);
    const { number } = shown;
    if (!number) {
      shown.joint = null;
      showInstead("one", null);
      return;
    }
    if (anew) showInstead("one", loading());
    try {
      const joint = await get(`joint-cases/${encodeURIComponent(number)}`);
      const items = await itemNames(joint.steps);
      if (own !== turnOfOne) return;
      const isNew = shown.joint?.number !== joint.number;
      Object.assign(shown, { joint, items });
      if (isNew) shown.step = firstStep(joint, rights);
      showInstead("one", null);
      if (focus) focusOn(panel.querySelector(".joint-one"));
    } catch (error) {
      if (own !== turnOfOne || error.status === 401) return;
      if (anew || !shown.joint) showInstead("one", failed(error, () => loadOne({ anew: true })));
      else wrong(error);
    }
  }

  function open(number) {
    const before = shown.number;
    shown.number = number;
    history.replaceState(null, "", `${location.search}#${number || "cases"}`);
    loadOne({ anew: true, focus: Boolean(number) });
    if (!number) panel.querySelector(`[data-joint="${CSS.escape(before)}"]`)?.focus();
  }

  function changed() {
    load();
    loadOne();
  }

  function opened(number) {
    load();
    if (number) open(number);
  }

  function tools() {
    const { state, department } = readFilter();
    const change = (what) => {
      choose(what);
      load({ anew: true });
    };
    const offered = names.procedures.filter((each) => each.state === "active" && rights.leads(each.lead));
    return [
      tool(t("状态"), select("joint-state-choice", [optionsOf(CASE_STATES), h("option", { value: ALL }, t("全部"))], state, (value) => change({ state: value }))),
      tool(t("部门"), select("joint-department", [h("option", { value: ALL }, t("全部部门")), departmentOptions(names.departments)], department, (value) => change({ department: value }))),
      offered.length > 0 && h("div", { class: "tools-end" }, button("joint", t("发起协同办理"), () => askOpen(offered, opened), { primary: true, small: false, deed: "open" })),
    ];
  }

  const again = () => {
    load();
    if (shown.number) loadOne();
  };
  const onHash = () => {
    const number = numberInAddress();
    if (number && number !== shown.number) open(number);
  };

  async function start() {
    const own = turn;
    show(panel, loading());
    try {
      names ??= await learnNames();
    } catch (error) {
      if (own === turn && error.status !== 401) show(panel, failed(error, start));
      return;
    }
    if (own !== turn) return;
    if (shown.number) history.replaceState(null, "", `${location.search}#${shown.number}`);
    load();
    loadOne({ anew: true });
    planned = setInterval(again, REFRESH_MS);
    window.addEventListener("hashchange", onHash);
  }

  start();
  return () => {
    clearInterval(planned);
    window.removeEventListener("hashchange", onHash);
    turn += 1;
    turnOfOne += 1;
    return shown.number;
  };
}
