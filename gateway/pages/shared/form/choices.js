/* Options of choices, and the days of a week. */
import { h } from "../shell/view.js";
import { named, t } from "../words/i18n.js";

export const WEEKDAYS = { 1: t("周一"), 2: t("周二"), 3: t("周三"), 4: t("周四"), 5: t("周五"), 6: t("周六"), 7: t("周日") };

export const departmentOptions = (rows, { all = "" } = {}) => [
  all && h("option", { value: "" }, all),
  rows.map((department) => h("option", { value: department.code }, named(department))),
];

/** An option for each of `names` ({key: text or {text}}), or for these `keys` of it; `all` stands before them. */
export const optionsOf = (names, { keys = Object.keys(names), all = "" } = {}) => [
  all && h("option", { value: "" }, all),
  keys.map((key) => h("option", { value: key }, names[key].text ?? names[key])),
];
