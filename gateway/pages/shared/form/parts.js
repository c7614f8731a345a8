/* Dates, departments, tables, and a view that loads by itself, for the views of managers. */
import { today } from "../shell/clock.js";
import { periodsOf, periodWords } from "../charts/period.js";
import { departments } from "../hall/directory.js";
import { h, icon, show } from "../shell/dom.js";
import { locale, t } from "../words/i18n.js";
import { laterDay } from "../words/days.js";
import { dateInput, departmentOptions } from "./choices.js";
import { failed, loading } from "../shell/states.js";

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

export const dayField = (name, label, value, { hint = "", min = null, max = null } = {}) =>
  ({ name, label, hint, missing: t("请填日期。"), control: () => dateInput(name, value, { min, max, required: true }) });

/** A choice among all departments. */
export const departmentField = (rows, value = "") => ({
  name: "department", label: t("部门"), missing: t("请选择部门。"),
  control: () => chosen(h("select", { class: "input", name: "department", required: true }, departmentOptions(rows, { all: t("请选择") })), value),
});

/** A select with this value chosen. */
export function chosen(control, value) {
  control.value = value;
  return control;
}

export const button = (name, text, onclick, { primary = false, small = true, ...dataset } = {}) =>
  h("button", { type: "button", class: `button${small ? " small" : ""}${primary ? " primary" : ""}`, dataset, onclick }, icon(name), text);

/** A table in a card: `heads` are texts, or [text, class]. */
export const tableCard = (caption, heads, rows) =>
  h("div", { class: "card table-wrap", tabindex: "0", role: "region", "aria-label": caption }, h("table", { class: "table" },
    h("caption", { class: "visually-hidden" }, caption),
    h("thead", {}, h("tr", {}, heads.map((head) => {
      const [text, name = null] = [head].flat();
      return h("th", { scope: "col", class: name }, text);
    }))),
    h("tbody", {}, rows)));

/** Load and show a view in `place`, also again; `ask()` resolves with what `paint(found)` makes the content of. */
export function loadsInto(place, ask, paint) {
  let turn = 0;
  async function load({ anew = true } = {}) {
    const own = (turn += 1);
    if (anew) show(place, loading());
    try {
      const found = await ask();
      if (own === turn) show(place, paint(found));
    } catch (error) {
      if (own === turn && error.status !== 401) show(place, failed(error, load));
    }
  }
  return { load, stop: () => (turn += 1) };
}

/** Begin a view once the departments are known. */
export function withDepartments(panel, begin) {
  let leave = null;
  let left = false;
  async function open() {
    show(panel, loading());
    try {
      const rows = await departments();
      if (!left) leave = begin(rows);
    } catch (error) {
      if (!left && error.status !== 401) show(panel, failed(error, open));
    }
  }
  open();
  return () => {
    left = true;
    leave?.();
  };
}
