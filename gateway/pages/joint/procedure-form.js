/* The form of a procedure: its steps in order, each with those before it, and the materials with the steps that need them. */
import { ApiError, command, get, patch } from "../shared/hall/api.js";
import { choice, group } from "../shared/form/controls.js";
import { field, tellErrors } from "../shared/form/form.js";
import { departmentOptions } from "../shared/form/choices.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h, icon } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";
import { toast, toastProblem } from "../shared/shell/toast.js";

const FIND_AT_ONCE = 20;
const text = (name, value, attributes = {}) => h("input", { class: "input", type: "text", name, defaultValue: value, autocomplete: "off", ...attributes });
const numbers = (value) => [...new Set(value.split(/[^0-9]+/).filter(Boolean).map(Number))];

/** A list of rows that grows and shrinks; `line(row)` describes the controls of one, `change(rows)` hears of others. */
function rowsOf(name, addText, rows, { line, change }) {
  const add = ({ currentTarget: more }) => {
    change([...rows, {}]);
    more.previousSibling.lastChild.querySelector("input").focus();
  };
  return [
    h("ol", { class: "procedure-rows", "data-rows": name }, rows.map((row) =>
      h("li", { class: "procedure-row", key: row, "data-code": row.step ?? row.material }, line(row),
        h("button", { type: "button", class: "icon-button", "aria-label": t("移除这一行"), onclick: () => change(rows.filter((each) => each !== row)) }, icon("close"))))),
    h("button", { type: "button", class: "button small", "data-add": name, onclick: add }, addText),
  ];
}

/** The ordinals of steps as they are written. */
const ordinals = (steps, codes) => codes.map((code) => steps.findIndex(({ step }) => step === code) + 1).join(", ");

const stepLine = (procedure, offer) => ({ item = "", after = null }) => [
  text("step_item", item, { list: "procedure-items", required: true, "aria-label": t("事项编号"), placeholder: t("事项编号，可输入名称查找"), oninput: ({ target }) => offer(target.value) }),
  text("step_after", after ? ordinals(procedure.steps, after) : "", { "aria-label": t("前置环节的序号"), placeholder: t("前置环节，如 1, 2") })];

const materialLine = (procedure) => ({ name = "", needed_by: needed = null }) => [
  text("material_name", name, { maxlength: 100, "aria-label": t("材料名称"), placeholder: t("材料名称") }),
  text("material_needed", needed ? ordinals(procedure.steps, needed) : "", { "aria-label": t("需要它的环节的序号"), placeholder: t("用于环节，如 1, 3") })];

/** The fields of a procedure. `shown` is what the dialog follows: {lead, steps, materials, found}; `change(what)` hears of another,
 * `offer(typed)` of an item that is looked for. */
const fields = (procedure, departments, { shown, change, offer }) =>
  h("div", { class: "procedure-fields" },
    h("datalist", { id: "procedure-items" }, shown.found.map((item) => h("option", { value: item.code }, named(item)))),
    h("div", { class: "field-row" }, !procedure && field(t("编号"), text("code", "", { maxlength: 64, autofocus: true })), field(t("名称"), text("name", procedure?.name ?? "", { maxlength: 100 })), field(t("英文名称（可不填）"), text("name_en", procedure?.name_en ?? "", { maxlength: 200 }))),
    h("div", { class: "field-row" },
      field(t("牵头部门"), h("select", { class: "input", name: "lead", value: shown.lead, onchange: ({ target }) => change({ lead: target.value }) }, departmentOptions(departments))),
      choice("checkbox", "preconditioned", "yes", t("协办部门可以书面承诺（告知承诺）"), { defaultChecked: procedure?.preconditioned })),
    group(t("环节（按顺序，写明事项和前置环节）"), "steps", rowsOf("steps", t("添加环节"), shown.steps, { line: stepLine(procedure, offer), change: (steps) => change({ steps }) })),
    group(t("材料（一次提交，写明用于哪些环节）"), "materials", rowsOf("materials", t("添加材料"), shown.materials, { line: materialLine(procedure), change: (materials) => change({ materials }) })));

const rowsIn = (form, name) => [...form.querySelectorAll(`[data-rows="${name}"] > li`)];

/** Codes that rows have, and free ones for those that are new. */
function codesOf(rows, letter) {
  const taken = new Set(rows.map(({ dataset }) => dataset.code).filter(Boolean));
  let next = 0;
  return rows.map(({ dataset }) => {
    if (dataset.code) return dataset.code;
    do next += 1; while (taken.has(`${letter}${next}`));
    return `${letter}${next}`;
  });
}

/** What the form says, as the API takes it; an ordinal that names no step is `undefined` among the codes. */
function procedureOf(form, procedure) {
  const of = form.elements;
  const steps = rowsIn(form, "steps");
  const codes = codesOf(steps, "s");
  const named = rowsIn(form, "materials").filter((row) => row.querySelector("[name=material_name]").value.trim());
  const materials = codesOf(named, "m");
  const value = (row, name) => row.querySelector(`[name=${name}]`).value.trim();
  const at = (written) => numbers(written).map((nth) => codes[nth - 1]);
  return {
    ...(procedure ? {} : { code: of.code.value.trim() }),
    name: of.name.value.trim(), name_en: of.name_en.value.trim() || null, lead: of.lead.value, preconditioned: of.preconditioned.checked,
    steps: steps.map((row, nth) => ({ step: codes[nth], item: value(row, "step_item"), after: at(value(row, "step_after")) })),
    materials: named.map((row, nth) => {
      const before = procedure?.materials.find(({ material }) => material === materials[nth]);
      return { material: materials[nth], name: value(row, "material_name"), name_en: before?.name_en ?? null, needed_by: at(value(row, "material_needed")) };
    }),
  };
}

function faultsOf(wanted) {
  const unknown = (codes) => codes.includes(undefined);
  const checks = {
    code: "code" in wanted && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(wanted.code) && t("只用字母、数字、点、横线，最多 64 个。"),
    name: !wanted.name && t("请填写名称。"),
    steps: (wanted.steps.length < 2 && t("至少两个环节。")) || (wanted.steps.some(({ item }) => !item) && t("请写明每个环节的事项。")) || (wanted.steps.some(({ after }) => unknown(after)) && t("前置环节的序号不对。")),
    materials: wanted.materials.some(({ needed_by: needed }) => !needed.length || unknown(needed)) && t("请写明每份材料用于哪些环节。"),
  };
  return Object.fromEntries(Object.entries(checks).filter(([, fault]) => fault));
}

/** What the hall says against it: at the steps, which hold nearly all that can be wrong. */
function tellRefusal(form, error) {
  if (!(error instanceof ApiError) || ![409, 422].includes(error.status)) return toastProblem(error);
  const said = { procedure_exists: { code: t("已有这个编号的流程。") }, procedure_contradicts: { steps: t("环节有误：事项须有效，前后不能成环，牵头部门须有环节。") } }[error.code];
  return said ? tellErrors(form, said) : toastProblem(error);
}

/** Ask for a procedure, a new one or another definition of `procedure`. */
export function askProcedure(procedure, departments, changed) {
  const title = procedure ? t("修改流程") : t("新建流程");
  const shown = { lead: procedure?.lead ?? departments[0]?.code, steps: procedure?.steps ?? [{}, {}], materials: procedure?.materials ?? [], found: [] };
  let asked = "";

  function change(what) {
    Object.assign(shown, what);
    dialog.paint();
  }

  /** Offer items whose name or code begins like what is typed; what is typed last wins. */
  async function offer(typed) {
    asked = typed;
    const found = typed.trim() ? await get("items", { q: typed.trim(), limit: FIND_AT_ONCE }).then(({ items }) => items, () => []) : [];
    if (asked === typed) change({ found });
  }

  const dialog = openDialog({
    title, submitText: t("保存流程"),
    body: () => [h("p", { class: "quiet" }, t("进行中的项目仍按原来的流程办理。")), fields(procedure, departments, { shown, change, offer })],
    submit: async (form) => {
      const wanted = procedureOf(form, procedure);
      if (!tellErrors(form, faultsOf(wanted))) return false;
      try {
        await (procedure ? patch(`joint-procedures/${encodeURIComponent(procedure.code)}`, wanted) : command("joint-procedures", wanted));
      } catch (error) {
        tellRefusal(form, error);
        return false;
      }
      toast(t("流程已保存"));
      changed();
      return true;
    },
  });
  dialog.classList.add("wide");
}
