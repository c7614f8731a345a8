/* Announcing a closure: what is closed, for whole days or for hours, and why; whom it touches is said before it is made. */
import { command, get, list } from "../shared/hall/api.js";
import { effectsFirst } from "../shared/hall/effects.js";
import { departmentOptions, optionsOf } from "../shared/form/choices.js";
import { choice, dateInput, group } from "../shared/form/controls.js";
import { field, tellAtFields, tellErrors } from "../shared/form/form.js";
import { today } from "../shared/shell/clock.js";
import { openDialog } from "../shared/shell/dialog.js";
import { toast } from "../shared/shell/toast.js";
import { h } from "../shared/shell/view.js";
import { problemTitle } from "../shared/words/codes.js";
import { laterDay } from "../shared/words/days.js";
import { t } from "../shared/words/i18n.js";
import { SCOPES } from "./words.js";

const MIDNIGHT = "00:00";
const LENGTHS = { days: t("整天"), hours: t("几个小时") };
/* Of those who hold a number, and of cases, a closure asks more than other changes. */
const EFFECTS = {
  tickets: (count) => t("{count} 人已经持号：号码保留，停办时仍在等候的人会收到短信。", { count }),
  cases: (count) => t("{count} 个办件的办理期限顺延。", { count }),
};
const WRONG = {
  ends_at: t("结束须晚于开始，也晚于现在，最长一年。"),
  starts_at: t("最多提前两年安排。"),
  department: t("请选择部门。"),
  window: t("请选择窗口。"),
  reason: t("填写的内容有误。"),
  reason_en: t("填写的内容有误。"),
};

const time = (name, value) => h("input", { class: "input number", type: "time", name, defaultValue: value });

const spanFields = (length) => (length === "days"
  ? h("div", { class: "field-row", key: "days" }, field(t("第一天"), dateInput("starts_at", today())), field(t("最后一天"), dateInput("ends_at", today())))
  : h("div", { class: "field-row", key: "hours" },
    field(t("日期"), dateInput("starts_at", today())), field(t("开始"), time("from", "14:00")), field(t("结束"), time("ends_at", "17:00"), { hint: t("早于开始即为次日") })));

const placeFields = (departments, shown, choose) => h("div", { class: "field-row" },
  field(t("部门"), h("select", { class: "input", name: "department", value: shown.department, onchange: ({ target }) => choose({ department: target.value }) }, departmentOptions(departments))),
  shown.scope === "window" && field(t("窗口"), h("select", { class: "input", name: "window" },
    (shown.windows ?? []).map((code) => h("option", { value: code, key: code }, t("{code} 号窗口", { code }))))));

const fields = (departments, shown, choose) => h("div", { class: "closure-fields" },
  field(t("停办范围"), h("select", { class: "input", name: "scope", autofocus: true, value: shown.scope, onchange: ({ target }) => choose({ scope: target.value }) }, optionsOf(SCOPES))),
  shown.scope !== "hall" && placeFields(departments, shown, choose),
  group(t("时长"), "length", Object.entries(LENGTHS).map(([value, text]) =>
    choice("radio", "length", value, text, { checked: shown.length === value, onchange: () => choose({ length: value }) }))),
  spanFields(shown.length),
  field(t("原因"), h("input", { class: "input", name: "reason", maxlength: 200, autocomplete: "off" }), { hint: t("取号机会照此告诉群众。") }),
  field(t("英文原因（可不填）"), h("input", { class: "input", name: "reason_en", maxlength: 200, autocomplete: "off", lang: "en" })),
  h("div", { role: "status" }));

/** What the form says, as the API takes it; `offset` is the hall's, as "+08:00". */
function closureOf(form, { scope, length }, offset) {
  const of = form.elements;
  const [first, last, from] = [of.starts_at.value, of.ends_at.value, of.from?.value];
  const moment = (day, at) => (day && at ? `${day}T${at}:00${offset}` : "");
  const whole = length === "days";
  const lastDay = first && last && last <= from ? laterDay(first, 1) : first;
  return {
    scope,
    ...(scope === "department" && { department: of.department.value }),
    ...(scope === "window" && { window: of.window.value }),
    starts_at: moment(first, whole ? MIDNIGHT : from),
    ends_at: whole ? moment(last && laterDay(last, 1), MIDNIGHT) : moment(lastDay, last),
    reason: of.reason.value.trim(),
    ...(of.reason_en.value.trim() && { reason_en: of.reason_en.value.trim() }),
  };
}

function faultsOf({ starts_at: starts, ends_at: ends, reason, window, scope }) {
  const checks = {
    window: scope === "window" && !window && WRONG.window,
    starts_at: !starts && t("请填时间。"),
    ends_at: (!ends && t("请填时间。")) || (starts && ends <= starts && WRONG.ends_at),
    reason: !reason && t("请填写。"),
  };
  return Object.fromEntries(Object.entries(checks).filter(([, fault]) => fault));
}

function tellRefusal(form, error) {
  if (!tellAtFields(form, error, WRONG)) toast(problemTitle(error), error.detail, { bad: true });
}

/** Ask for a closure; `done(closure)` hears of the one that is made. */
export function announce({ departments, done }) {
  const shown = { scope: "department", length: "days", department: departments[0]?.code, windows: null };
  let made = null;

  async function choose(what) {
    Object.assign(shown, what);
    dialog.paint();
    if (shown.scope !== "window" || what.length) return;
    const { department } = shown;
    const windows = await list("windows", { department }).catch(() => []);
    if (department !== shown.department) return;
    shown.windows = windows.map(({ code }) => code);
    dialog.paint();
  }

  const dialog = openDialog({
    title: t("安排停办"),
    submitText: t("保存"),
    body: () => fields(departments, shown, choose),
    submit: async (form) => {
      try {
        const wanted = closureOf(form, shown, (await get("hall")).now.slice(-6));
        const faults = faultsOf(wanted);
        tellErrors(form, faults);
        if (Object.keys(faults).length || (await first(wanted))) return false;
        made = await command("closures", wanted);
        return true;
      } catch (error) {
        tellRefusal(form, error);
        return false;
      }
    },
  });
  const first = effectsFirst(dialog.querySelector("[role=status]"), "closures", EFFECTS);
  dialog.classList.add("wide");
  dialog.addEventListener("close", () => made && done(made));
}
