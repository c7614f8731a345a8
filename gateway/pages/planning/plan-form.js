/* The form of a slot plan. */
import { today } from "../shared/shell/clock.js";
import { h } from "../shared/shell/view.js";
import { field } from "../shared/form/form.js";
import { choice, dateInput, group } from "../shared/form/controls.js";
import { named, t } from "../shared/words/i18n.js";
import { departmentOptions, WEEKDAYS } from "../shared/form/choices.js";

const USUAL = { weekdays: [1, 2, 3, 4, 5], starts: "09:00", ends: "12:00", slot_minutes: 30, capacity: 4, quotas: { web: 1, phone: 1, window: 0 }, items: [], valid_to: null };
const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const number = (name, value, least, most) => h("input", { class: "input number", type: "number", name, defaultValue: value, min: least, max: most, required: true });
const time = (name, value) => h("input", { class: "input number", type: "time", name, defaultValue: value.slice(0, 5), required: true });

/** Which items a plan is for: all, or `some` of the `items` that are offered. */
function itemChoice(plan, { some, items, choose }) {
  const which = (value, text) =>
    choice("radio", "which", value, text, { checked: (value === "some") === some, onchange: () => choose(value === "some") });
  return group(t("适用事项"), "items", [
    which("all", t("全部事项")), which("some", t("指定事项")),
    h("div", { class: "item-choices", hidden: !some }, items.map((item) =>
      choice("checkbox", "items", item.code, `${named(item)} · ${item.code}`, { key: item.code, defaultChecked: plan.items.includes(item.code) }))),
  ]);
}

/** The fields of a plan; a known one keeps its department and code. `shown` is what of it the dialog follows: {department, some, items};
 * `change(what)` hears of another. */
export function planFields(known, { departments, shown, change }) {
  const plan = known ?? { ...USUAL, valid_from: today() };
  const quota = (channel, text) => field(text, number(channel, plan.quotas[channel], 0, 1000));
  return h("div", { class: "plan-fields" },
    field(t("部门"), h("select", { class: "input", name: "department", disabled: Boolean(known), autofocus: !known, value: shown.department, onchange: ({ target }) => change({ department: target.value }) },
      departmentOptions(departments))),
    !known && field(t("编号（可不填）"), h("input", { class: "input number", type: "text", name: "code", maxlength: 64, autocomplete: "off" })),
    group(t("星期"), "weekdays", Object.entries(WEEKDAYS).map(([day, text], index) =>
      choice("checkbox", "weekdays", day, text, { defaultChecked: plan.weekdays.includes(Number(day)), autofocus: Boolean(known) && index === 0 }))),
    h("div", { class: "field-row" }, field(t("开始"), time("starts", plan.starts)), field(t("结束"), time("ends", plan.ends)), field(t("每段分钟"), number("slot_minutes", plan.slot_minutes, 5, 480)), field(t("每段号数"), number("capacity", plan.capacity, 1, 1000))),
    group(t("各渠道预留（其余先到先得）"), "quotas", h("div", { class: "field-row" }, quota("web", t("网上")), quota("phone", t("电话")), quota("window", t("窗口")))),
    itemChoice(plan, { ...shown, choose: (some) => change({ some }) }),
    h("div", { class: "field-row" }, field(t("启用日期"), dateInput("valid_from", plan.valid_from)), field(t("停用日期（可不填）"), dateInput("valid_to", plan.valid_to ?? ""))));
}

/** What the form says, as the API takes it. */
export function planOf(form, known) {
  const of = form.elements;
  const checked = (name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].map(({ value }) => value);
  const whole = (name) => (of[name].value === "" ? null : Number(of[name].value));
  const code = known?.code ?? of.code.value.trim();
  return {
    ...(code ? { code } : {}),
    department: of.department.value,
    items: of.which.value === "some" ? checked("items") : [],
    weekdays: checked("weekdays").map(Number),
    starts: of.starts.value,
    ends: of.ends.value,
    slot_minutes: whole("slot_minutes"),
    capacity: whole("capacity"),
    quotas: { web: whole("web"), phone: whole("phone"), window: whole("window") },
    valid_from: of.valid_from.value,
    valid_to: of.valid_to.value || null,
    ...(of.which.value === "some" && !checked("items").length ? { missing: "items" } : {}),
  };
}

const within = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;
const between = (least, most) => t("请填 {least} 到 {most} 的整数。", { least, most });

/** What is wrong with a plan by field, in words; the service has the last word. */
export function faultsOf(plan) {
  const { quotas } = plan;
  const minutes = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  const checks = {
    code: plan.code && !CODE.test(plan.code) && t("只用字母、数字、点、横线，最多 64 个。"),
    weekdays: !plan.weekdays.length && t("至少选一天。"),
    starts: !plan.starts && t("请填时间。"),
    ends: (!plan.ends && t("请填时间。")) || (minutes(plan.ends) - minutes(plan.starts || "00:00") < (plan.slot_minutes ?? 0) && t("结束时间须晚于开始时间，且至少容下一个时段。")),
    slot_minutes: !within(plan.slot_minutes, 5, 480) && between(5, 480),
    capacity: !within(plan.capacity, 1, 1000) && between(1, 1000),
    web: !within(quotas.web, 0, 1000) && between(0, 1000),
    phone: !within(quotas.phone, 0, 1000) && between(0, 1000),
    window: !within(quotas.window, 0, 1000) && between(0, 1000),
    quotas: quotas.web + quotas.phone + quotas.window > plan.capacity && t("三个渠道的预留合计不得超过总数。"),
    items: plan.missing && t("至少选一个事项。"),
    valid_from: !plan.valid_from && t("请填日期。"),
    valid_to: plan.valid_to && plan.valid_to < plan.valid_from && t("停用日期不得早于启用日期。"),
  };
  return Object.fromEntries(Object.entries(checks).filter(([, fault]) => fault));
}
