/* Quarters, points and departments, for the views of quality. */
import { periodsOf, periodWords } from "../shared/charts/period.js";
import { departmentOptions } from "../shared/form/choices.js";
import { departments } from "../shared/hall/directory.js";
import { onceKnown } from "../shared/form/parts.js";
import { today } from "../shared/shell/clock.js";
import { h } from "../shared/shell/view.js";
import { laterDay } from "../shared/words/days.js";
import { locale, t } from "../shared/words/i18n.js";

const QUARTERS = 8;

export const LEVELS = { 5: t("非常满意"), 4: t("满意"), 3: t("基本满意"), 2: t("不满意"), 1: t("非常不满意") };

/** The newest quarters, this one first, as `YYYY-Qn`. */
export const quarters = () => periodsOf({ from: laterDay(today(), -2 * 366), to: today(), by: "quarter" }).reverse().slice(0, QUARTERS);

/** The first, or the last, day of a quarter: a day counted from before or after its months. */
const dayIn = (quarter, months, day) => new Date(Date.UTC(Number(quarter.slice(0, 4)), Number(quarter.slice(-1)) * 3 + months, day)).toISOString().slice(0, 10);
export const firstDayOf = (quarter) => dayIn(quarter, -3, 1);
export const lastDayOf = (quarter) => dayIn(quarter, 0, 0);

export const quarterWords = (quarter) => periodWords(quarter, "quarter");

/** Points of the assessment, to a hundredth. */
export const pointsOf = (value) => new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);

/** A choice among all departments. */
export const departmentField = (rows, value = "") => ({
  name: "department", label: t("部门"), missing: t("请选择部门。"),
  control: () => h("select", { class: "input", name: "department", required: true, value }, departmentOptions(rows, { all: t("请选择") })),
});

/** Begin a view once the departments are known. */
export const withDepartments = (panel, begin) => onceKnown(panel, departments, begin);
