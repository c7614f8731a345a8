/* What the managers' views share: options, and telling refusals in words. */
import { departments } from "../hall/directory.js";
import { h } from "../shell/view.js";
import { tellErrors } from "./form.js";
import { named, t } from "../words/i18n.js";
import { toast } from "../shell/toast.js";
import { problemTitle } from "../words/codes.js";

export const WEEKDAYS = { 1: t("周一"), 2: t("周二"), 3: t("周三"), 4: t("周四"), 5: t("周五"), 6: t("周六"), 7: t("周日") };

/** The departments that offer appointments, extended hours and on-site service. */
export const offering = async () => (await departments()).filter(({ offers_three_services: offers }) => offers);

export const departmentOptions = (rows, { all = "" } = {}) => [
  all && h("option", { value: "" }, all),
  rows.map((department) => h("option", { value: department.code }, named(department))),
];

/** An option for each of `names` ({key: text or {text}}), or for these `keys` of it; `all` stands before them. */
export const optionsOf = (names, { keys = Object.keys(names), all = "" } = {}) => [
  all && h("option", { value: "" }, all),
  keys.map((key) => h("option", { value: key }, names[key].text ?? names[key])),
];

const WRONG = {
  valid_from: t("日期不正确。"),
  valid_to: t("停用日期不得早于启用日期。"),
  from: t("日期不正确，也不得早于启用日期。"),
  ends: t("结束时间须晚于开始时间，且至少容下一个时段。"),
  quotas: t("三个渠道的预留合计不得超过总数。"),
  ends_at: t("结束时间须晚于开始时间。"),
  staff: t("没有这样的账号，或不能在此时加班。"),
  windows: t("没有这样的窗口。"),
};
const REFUSALS = {
  slot_plan_not_found: t("这个计划已不存在。"),
  session_overlaps: t("与已有的延时服务时间重叠。"),
  illegal_transition: t("延时服务的状态已经变了。"),
};

/** Show what the API refuses: at the fields of `form` it names, the rest in the corner. */
export function tellRefusal(form, error) {
  const errors = error.errors ?? {};
  const known = Object.keys(errors).filter((name) => form.querySelector(`[data-error-of="${CSS.escape(name)}"]`));
  tellErrors(form, Object.fromEntries(known.map((name) => [name, WRONG[name] ?? t("填写的内容有误。")])));
  if (!known.length) toast(REFUSALS[error.code] ?? problemTitle(error), error.detail, { bad: true });
}

export const refusalWords = (error) => REFUSALS[error.code] ?? problemTitle(error);
