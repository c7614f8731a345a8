/* A day of on-site service: screening, the plan, its map and time line, and what is left over. */
import { command, get } from "../shared/hall/api.js";
import { chosenDate, dateTool, dateWords } from "./date.js";
import { draggable } from "./drag.js";
import { linesOf } from "./lanes.js";
import { movedList, waitingList } from "./lists.js";
import { askCancel, overdueList } from "./overdue.js";
import { mapOf } from "./map.js";
import { loadDay, withPlan } from "./model.js";
import { askPublish, figuresOf, fresherOf, fresherWords, isSolving, outdatedOf, planOption, planTag, progressOf, redraftOf } from "./plan.js";
import { asker, refusedWords } from "./reassign.js";
import { screeningOf } from "./screen.js";
import { openVisit, tellGiven } from "./visit.js";
import { looksOnly, refusalWords } from "./words.js";
import { h, icon, show } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { choice } from "../shared/form/controls.js";
import { toast } from "../shared/shell/toast.js";

const LOOK_AGAIN_MS = 15_000;
const LOOK_AT_SOLVING_MS = 600;

const panel = (id, title, count, content, none) =>
  h("section", { class: "card side-panel", "aria-labelledby": `${id}-title`, id },
    h("h2", { class: "side-title", id: `${id}-title` }, title, h("span", { class: "tag number" }, count)),
    content || h("p", { class: "quiet side-none" }, none));

/** Show the day in `place`. */
export function dayView(place) {
  let day = null;
  let chosen = null;
  let all = false;
  let left = false;
  let drag = null;
  let dragging = false;
  let asking = false; /* what is shown is about to change */
  let instead = null; /* what stands in place of the day */
  let said = "";
  let told = null;
  let timer = 0;
  let turn = 0;

  const busyElsewhere = () => dragging || document.querySelector("dialog[open]") !== null || document.hidden;

  const say = (text) => {
    said = text;
    paint();
  };

  const showInstead = (content) => {
    instead = content;
    paint();
  };

  /** Ask for everything again; `quiet` keeps what is shown until the answer is there. */
  async function load({ quiet = false } = {}) {
    turn += 1;
    const mine = turn;
    clearTimeout(timer);
    if (!quiet) showInstead(loading());
    try {
      const found = await loadDay(chosenDate(), chosen);
      if (left || mine !== turn) return;
      if (!quiet || !busyElsewhere()) see(found);
    } catch (error) {
      if (left || mine !== turn || error.status === 401) return;
      if (!quiet) showInstead(failed(error, () => load()));
    }
    lookAgain();
  }

  function lookAgain() {
    clearTimeout(timer);
    if (isSolving(day?.plan)) timer = setTimeout(followSolving, LOOK_AT_SOLVING_MS);
    else timer = setTimeout(() => (busyElsewhere() ? lookAgain() : load({ quiet: true })), LOOK_AGAIN_MS);
  }

  async function followSolving() {
    const mine = turn;
    try {
      const plan = await get(`dispatch-plans/${day.plan.id}`);
      if (left || mine !== turn) return;
      if (!isSolving(plan)) {
        say(plan.state === "failed" ? t("求解失败") : t("草案已做好，请核对后发布。"));
        await load({ quiet: true });
        return;
      }
      if (!busyElsewhere()) see(withPlan(day, plan));
    } catch {
      if (left || mine !== turn) return;
    }
    lookAgain();
  }

  const planAgain = async () => {
    asking = true;
    paint();
    try {
      const plan = await command("dispatch-plans", { date: chosenDate() });
      chosen = plan.id;
      say(t("已提交，等候求解。"));
      await load({ quiet: true });
    } catch (error) {
      toast(refusalWords(error), error.detail, { bad: true });
    }
    asking = false;
    paint();
  };

  function changePlan(plan, id) {
    turn += 1; /* an answer on its way is older than this */
    see(withPlan(day, plan));
    tellGiven(day, id);
    document.getElementById(`visit-${id}`)?.focus();
    lookAgain();
  }

  async function give(target, questions) {
    try {
      changePlan(await questions.give(target), target.order);
    } catch (error) {
      toast(t("没有改派"), refusedWords(day, error), { bad: true });
    }
  }

  const choose = (id) => openVisit(id, day, { onChanged: changePlan, onCancel: (order) => askCancel(order, day, decided) });

  function decided(title, order) {
    toast(title, order.reference);
    load({ quiet: true }).then(() => (place.querySelector("[data-deed=accept]") ?? document.getElementById("make-plan"))?.focus());
  }

  /** Show a day, and say once that there is a newer draft, in words that change when it is done. */
  function see(found) {
    const fresher = fresherOf(found);
    const words = fresher && fresherWords(fresher);
    if (words && words !== told) said = words;
    told = words;
    day = found;
    chosen = day.plan?.id ?? null;
    showInstead(null);
  }

  function paint() {
    if (left) return; /* another view stands here */
    show(place,
      h("div", { class: "tools" }, dateTool(otherDate), h("div", { class: "tools plan-tools" }, day && planTools(day))),
      h("p", { class: "visually-hidden", role: "status" }, said),
      h("div", { class: "day-notices" }, day && noticesOf(day)),
      h("div", { class: "day" }, instead ?? dayParts()));
  }

  function otherDate() {
    chosen = null;
    day = null;
    load();
  }

  const noticesOf = ({ plan }) => [
    isSolving(plan) && progressOf(plan),
    plan?.state === "failed" && h("p", { class: "notice bad" }, icon("alert"), h("span", {}, t("求解失败，请再编制一次。"))),
    redraftOf(day, lookAt),
    outdatedOf(day, planAgain),
  ];

  function dayParts() {
    const movable = !looksOnly() && day.plan?.state === "draft" && !day.plan.changed?.length;
    const lines = linesOf(day, { all, movable, onChoose: choose });
    if (drag?.day !== day) drag = movable && lines.element ? { day, hours: lines.hours, questions: asker(day) } : null;
    return [h("div", { class: "day-side" }, sides(movable)), h("div", { class: "day-main" }, figuresOf(day), linesPart(lines, movable), mapPart())];
  }

  const lookAt = (id) => {
    chosen = id;
    load().then(() => document.getElementById("plan")?.focus());
  };

  function sides(movable) {
    const screening = screeningOf(day, decided);
    return [
      day.overdue.length > 0 && panel("overdue", t("逾期未办"), day.overdue.length, overdueList(day, decided)),
      panel("screening", t("待审核"), screening.count, screening.element, t("没有待审核的工单。")),
      panel("waiting", t("未排入"), day.waiting.length, waitingList(day, { movable, onChoose: choose }), t("没有未排入的工单。")),
      day.plan && panel("moved", t("与已发布计划相比"), day.plan.moved.length, movedList(day), t("没有变动。")),
    ];
  }

  function mapPart() {
    const map = mapOf(day, choose);
    return h("section", { class: "card day-part", "aria-labelledby": "map-title" }, h("h2", { class: "side-title", id: "map-title" }, icon("pin"), t("路线图")),
      map ?? empty(t("这一天还没有受理的工单"), t("审核通过的工单会出现在图上。"), "pin"));
  }

  function linesPart(lines, movable) {
    const showAll = ({ target }) => {
      all = target.checked;
      paint();
    };
    return h("section", { class: "card day-part", "aria-labelledby": "lines-title" },
      h("div", { class: "part-head" }, h("h2", { class: "side-title", id: "lines-title" }, icon("clock"), t("小组时间表")), choice("checkbox", "all-crews", "", t("显示全部小组"), { id: "all-crews", checked: all, onchange: showAll })),
      movable && h("p", { class: "quiet drag-hint" }, t("把工单拖到别的小组或时间即可改派；用键盘时选中工单按回车。")),
      lines.element ?? empty(t("没有要出动的小组"), t("编制计划后，各小组的时间表会显示在这里。"), "clock"));
  }

  function planTools({ plan, plans }) {
    const other = ({ target }) => {
      chosen = target.value;
      load();
    };
    const publish = () => askPublish(day, { planAgain, onDone: published });
    return [
      plan && h("div", { class: "field" }, h("label", { for: "plan" }, t("计划")),
        h("select", { class: "input", id: "plan", value: plan.id, onchange: other }, plans.map((each) => planOption(each.id === plan.id ? plan : each)))),
      plan && planTag(plan),
      h("div", { class: "tools-end group" },
        h("button", { type: "button", class: `button ${plan ? "" : "primary"} ${asking ? "busy" : ""}`, id: "make-plan", disabled: asking || isSolving(plan), onclick: planAgain },
          icon(plan ? "repeat" : "calendar"), plan ? t("重新编制") : t("编制计划")),
        plan && h("button", { type: "button", class: "button primary", id: "publish", disabled: asking || plan.state !== "draft" || plan.changed?.length > 0, onclick: publish }, icon("check"), t("发布计划"))),
    ];
  }

  function published(plan) {
    toast(t("计划已发布"), dateWords());
    chosen = plan.id;
    load({ quiet: false }).then(() => document.getElementById("make-plan")?.focus());
  }

  load();
  draggable(place.querySelector(".day"), { context: () => drag, onDrop: give, onState: (state) => (dragging = state) });
  return () => {
    left = true;
    clearTimeout(timer);
  };
}
