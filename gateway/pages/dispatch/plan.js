/* The plan in view: its state, how far it is, what has changed since, and publishing it. */
import { command } from "../shared/hall/api.js";
import { openDialog } from "../shared/shell/dialog.js";
import { total } from "./model.js";
import { changeWords, kilometres, PLAN_STATES, PLAN_TONES, reasonWords, refusalWords } from "./words.js";
import { h, icon } from "../shared/shell/view.js";
import { timeOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";

export const isSolving = (plan) => ["queued", "solving"].includes(plan?.state);

function stateText(plan) {
  if (plan.state !== "published") return PLAN_STATES[plan.state];
  return plan.current ? t("已发布 · 执行中") : t("已发布 · 已被替代");
}

export const planTag = (plan) => h("span", { class: `tag ${PLAN_TONES[plan.state]}`, id: "plan-state", "data-state": plan.state }, stateText(plan));

export const planOption = (plan) => h("option", { value: plan.id, key: plan.id }, `${timeOf(plan.requested_at)} · ${stateText(plan)}`);

const figure = (value, name, tone = "") => h("div", { class: `figure-box ${tone}` }, h("dd", { class: "number" }, value), h("dt", {}, name));

/** The day in a few numbers. */
export function figuresOf(day) {
  const requested = day.toScreen.length;
  const sums = day.plan ? total(day.plan) : { stops: 0, metres: 0, crews: 0 };
  return h("dl", { class: "figures" },
    figure(requested, t("待审核"), requested ? "warn" : ""),
    figure(sums.stops, t("已排入")),
    figure(day.waiting.length, t("未排入"), day.waiting.length ? "bad" : ""),
    figure(sums.crews, t("出动小组")),
    figure(kilometres(sums.metres), t("总路程")),
    figure(day.plan?.moved.length ?? 0, t("较已发布有变")));
}

/** How far a plan is that is being solved. */
export function progressOf({ state, seconds, progress }) {
  const elapsed = progress?.elapsed_s ?? 0;
  const bar = h("div", { class: "progress", role: "progressbar", "aria-label": t("求解进度"), "aria-valuemin": 0, "aria-valuemax": Math.round(seconds), "aria-valuenow": Math.min(Math.round(elapsed), Math.round(seconds)) },
    h("span", { style: { width: `${Math.min(100, (elapsed / seconds) * 100)}%` } }));
  const text = progress
    ? t("正在求解：已排入 {served} 户，未排入 {unserved} 户，总路程 {km}", { ...progress, km: kilometres(progress.distance_m) })
    : state === "queued" ? t("已提交，等候求解。") : t("正在求解，最多 {seconds} 秒。", { seconds: Math.round(seconds) });
  return h("div", { class: "notice plan-progress" }, icon("clock"), h("div", {}, h("p", {}, text), bar));
}

const byItself = (plan) => plan?.reasons.length > 0 && (plan.state === "draft" || isSolving(plan));

/** The newest plan when it was made without anybody's asking and another is in view; null otherwise. */
export const fresherOf = ({ plan, plans: [newest] }) => (byItself(newest) && newest.id !== plan?.id ? newest : null);

/** That there is a newer plan, and why. */
export const fresherWords = (plan) => (isSolving(plan)
  ? t("正在重新编制这一天：{reasons}。", { reasons: reasonWords(plan.reasons) })
  : t("有一份新草案：{reasons}。", { reasons: reasonWords(plan.reasons) }));

/** Why the plan in view was made without anybody's asking, or that a newer one was; `look(id)` shows that one. */
export function redraftOf(day, look) {
  const fresher = fresherOf(day);
  if (fresher) {
    return h("div", { class: "notice warn", id: "fresher" }, icon("info"), h("div", { class: "outdated" },
      h("p", {}, h("strong", {}, fresherWords(fresher))),
      h("button", { type: "button", class: "button small", id: "look-at-fresher", onclick: () => look(fresher.id) }, t("查看新草案"))));
  }
  return byItself(day.plan) && h("p", { class: "notice", id: "redraft" }, icon("info"), h("span", {}, t("重新编制的原因：{reasons}。发布之前，已发布的计划不变。", { reasons: reasonWords(day.plan.reasons) })));
}

/** What stands against a draft now; null when it holds. */
export function outdatedOf(day, planAgain) {
  const changed = day.plan?.changed ?? [];
  if (!changed.length) return null;
  return h("div", { class: "notice warn", role: "status" }, icon("alert"), h("div", { class: "outdated" },
    h("p", {}, h("strong", {}, t("编制之后情况有变，这份草案不能发布。"))),
    h("ul", {}, changeWords(changed, day).map((text) => h("li", {}, text))),
    h("button", { type: "button", class: "button small", onclick: planAgain, "data-deed": "again" }, icon("repeat"), t("重新编制"))));
}

/** Ask once whether to publish; `onDone(plan)` gets the published plan, `planAgain` makes another. */
export function askPublish(day, { onDone, planAgain }) {
  const { stops, crews, metres } = total(day.plan);
  let refusal = null;
  const again = () => {
    dialog.close();
    planAgain();
  };
  const refused = (error) => [
    h("div", { class: "notice bad" }, icon("alert"), h("div", {},
      h("p", {}, h("strong", {}, refusalWords(error))),
      h("ul", {}, changeWords(error.problem?.changed ?? [], day).map((text) => h("li", {}, text))))),
    error.code === "plan_outdated" && h("button", { type: "button", class: "button", onclick: again }, icon("repeat"), t("重新编制")),
  ];
  const dialog = openDialog({
    title: t("发布这份计划"),
    submitText: t("发布"),
    body: () => [
      h("p", {}, t("{stops} 户由 {crews} 个小组上门，总路程 {km}。发布后小组和申请人都会收到通知。", { stops, crews, km: kilometres(metres) })),
      day.waiting.length > 0 && h("p", { class: "notice warn" }, icon("alert"), h("span", {}, t("还有 {count} 户没有排入。", { count: day.waiting.length }))),
      day.plan.moved.length > 0 && h("p", { class: "notice" }, icon("info"), h("span", {}, t("{count} 户的安排与已发布的不同；换了小组或时间差得多的，会再次通知申请人。", { count: day.plan.moved.length }))),
      h("div", { class: "refused", role: "alert" }, refusal && refused(refusal)),
    ],
    submit: async () => {
      try {
        onDone(await command(`dispatch-plans/${day.plan.id}/publish`));
        return true;
      } catch (error) {
        refusal = error;
        dialog.paint();
        return false;
      }
    },
  });
  dialog.querySelector("[type=submit]").focus();
}
