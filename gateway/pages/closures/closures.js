/* Closures: what is closed when, announced with whom that touches, opened again before its end. */
import { command, list } from "../shared/hall/api.js";
import { departmentsByCode } from "../shared/hall/directory.js";
import { optionsOf } from "../shared/form/choices.js";
import { select, tool } from "../shared/form/controls.js";
import { loads, onceKnown, tableCard } from "../shared/form/parts.js";
import { Person } from "../shared/form/people.js";
import { openDialog } from "../shared/shell/dialog.js";
import { openStaffPage } from "../shared/shell/staff.js";
import { empty } from "../shared/shell/states.js";
import { toast, toastProblem } from "../shared/shell/toast.js";
import { h, icon, show } from "../shared/shell/view.js";
import { spanOf } from "../shared/words/closed.js";
import { named, t } from "../shared/words/i18n.js";
import { announce } from "./form.js";
import { placeOf, SCOPES, STATES, TONES } from "./words.js";

const LOOK_EVERY_MS = 15_000;
const ENDS = {
  running: { text: t("提前恢复"), told: t("已恢复办理"), ask: t("现在就恢复办理？取号和预约随即开放；已取消的预约不会自动恢复。") },
  coming: { text: t("取消停办"), told: t("停办已取消"), ask: t("取消这次停办？已取消的预约不会自动恢复。") },
};
const ENDED = { past: (by) => t("{who} 提前结束", by), called_off: (by) => t("{who} 取消", by) };
const ORDERS = {
  state: { text: t("状态"), of: ({ state, starts_at: starts }) => `${Object.keys(STATES).indexOf(state)} ${starts}` },
  start: { text: t("开始时间"), of: ({ starts_at: starts }) => starts },
  place: { text: t("停办范围"), of: (closure, departments) => placeOf(closure, departments) },
};

const run = (main) => onceKnown(main, departmentsByCode, (departments) => {
  const wanted = { text: "", state: "", order: "state" };
  const words = (closure) => [placeOf(closure, departments), closure.department, closure.window, closure.reason, closure.reason_en, closure.recorded_by];
  const fits = (closure) => (!wanted.state || closure.state === wanted.state) && words(closure).some((each) => (each ?? "").toLowerCase().includes(wanted.text));
  const key = (closure) => ORDERS[wanted.order].of(closure, departments);

  function set(what) {
    Object.assign(wanted, what);
    paint();
  }

  const row = (closure) => h("tr", { key: closure.id, "data-closure": closure.id, "data-state": closure.state },
    h("th", { scope: "row" }, placeOf(closure, departments), closure.scope !== "hall" && h("span", { class: "quiet plan-code" }, SCOPES[closure.scope])),
    h("td", { class: "number" }, spanOf(closure)),
    h("td", {}, named(closure, "reason")),
    h("td", {}, h("span", { class: `tag ${TONES[closure.state] ?? ""}` }, STATES[closure.state])),
    h("td", {}, h(Person, { username: closure.recorded_by }), closure.ended_by && h("span", { class: "quiet plan-code" }, h(Person, { username: closure.ended_by, words: (who) => ENDED[closure.state]?.({ who }) }))),
    h("td", { class: "row-deeds" }, ENDS[closure.state] &&
      h("button", { type: "button", class: "button small danger", "data-deed": "end", onclick: () => askToEnd(closure) }, ENDS[closure.state].text)));

  function describe(closures) {
    if (!closures.length) return empty(t("还没有停办安排"), t("按“安排停办”，选范围、时间和原因。"), "calendar");
    const found = closures.filter(fits).sort((one, other) => key(one).localeCompare(key(other)));
    return [
      h("p", { class: "quiet", role: "status", id: "closure-count" }, t("共 {count} 次停办", { count: found.length })),
      tableCard(t("停办安排"), [t("停办范围"), t("时间"), t("原因"), t("状态"), t("安排人"), t("操作")], found.map(row)),
    ];
  }

  const paint = () => show(main, h("div", { class: "closures" },
    h("h1", { class: "page-title" }, t("停办安排")),
    h("div", { class: "tools" },
      tool(t("查找"), h("input", { class: "input", type: "search", id: "closure-search", maxlength: 60, autocomplete: "off", oninput: ({ target }) => set({ text: target.value.trim().toLowerCase() }) })),
      tool(t("状态"), select("state", optionsOf(STATES, { all: t("全部") }), wanted.state, (state) => set({ state }))),
      tool(t("排序"), select("order", optionsOf(ORDERS), wanted.order, (order) => set({ order }))),
      h("button", { type: "button", class: "button primary tools-end", id: "new-closure", onclick: () => announce({ departments: [...departments.values()], done: (made) => done(made, t("停办已安排")) }) }, icon("calendar"), t("安排停办"))),
    h("div", {}, found.view())));

  const found = loads(() => list("closures", { limit: 500 }), describe, paint);

  /** Load again, then go back to the closure one has worked on. */
  async function done(closure, title) {
    toast(title, `${placeOf(closure, departments)} · ${spanOf(closure)}`);
    await found.load();
    (main.querySelector(`[data-closure="${CSS.escape(closure.id)}"] [data-deed]`) ?? main.querySelector("#new-closure")).focus();
  }

  function askToEnd(closure) {
    const { text, told, ask } = ENDS[closure.state];
    let ended = null;
    const dialog = openDialog({
      title: text,
      submitText: text,
      cancelText: t("返回"),
      danger: true,
      body: [h("p", {}, `${placeOf(closure, departments)} · ${spanOf(closure)}`), h("p", {}, ask)],
      submit: async () => {
        try {
          ended = await command(`closures/${closure.id}/end`);
        } catch (error) {
          toastProblem(error);
          found.load({ anew: false });
        }
        return true;
      },
    });
    dialog.addEventListener("close", () => ended && done(ended, told));
  }

  found.load();
  const again = setInterval(() => found.load({ anew: false }), LOOK_EVERY_MS);
  return () => {
    clearInterval(again);
    found.stop();
  };
});

openStaffPage({ title: t("停办安排"), account: "manager", run });
