/* The form of a procedure: its steps in order, each with those before it, and the materials with the steps that need them. */
import { ApiError, command, get, patch } from "../shared/hall/api.js";
import { choice, field, group, tellErrors } from "../shared/form/form.js";
import { departmentOptions } from "../shared/form/choices.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h, icon, show } from "../shared/shell/dom.js";
import { named, t } from "../shared/words/i18n.js";
import { toast, toastProblem } from "../shared/shell/toast.js";

const FIND_AT_ONCE = 20;
const text = (name, value, attributes = {}) => h("input", { class: "input", type: "text", name, value, autocomplete: "off", ...attributes });
const numbers = (value) => [...new Set(value.split(/[^0-9]+/).filter(Boolean).map(Number))];

/** A list of rows that grows and shrinks; `line(row)` makes the controls of one. */
function rowsOf(name, addText, rows, line) {
  const body = h("ol", { class: "procedure-rows", dataset: { rows: name } });
  const add = (row = null) => {
    const element = h("li", { class: "procedure-row" }, line(row),
      h("button", { type: "button", class: "icon-button", "aria-label": t("移除这一行"), onclick: () => element.remove() }, icon("close")));
    if (row?.step || row?.material) element.dataset.code = row.step ?? row.material;
    body.append(element);
    return element;
  };
  rows.forEach(add);
  const more = h("button", { type: "button", class: "button small", dataset: { add: name }, onclick: () => add().querySelector("input").focus() }, addText);
  return [body, more];
}

/** The ordinals of steps as they are written. */
const ordinals = (steps, codes) => codes.map((code) => steps.findIndex(({ step }) => step === code) + 1).join(", ");

function stepLine(procedure, known) {
  return (step) => {
    const item = text("step_item", step?.item ?? "", { list: known.id, required: true, "aria-label": t("事项编号"), placeholder: t("事项编号，可输入名称查找") });
    item.addEventListener("input", () => offer(known, item.value));
    return [item, text("step_after", step ? ordinals(procedure.steps, step.after) : "", { "aria-label": t("前置环节的序号"), placeholder: t("前置环节，如 1, 2") })];
  };
}

/** Offer items whose name or code begins like what is typed; what is typed last wins. */
async function offer(known, typed) {
  known.dataset.asked = typed;
  const found = typed.trim() ? (await get("items", { q: typed.trim(), limit: FIND_AT_ONCE }).catch(() => ({ items: [] }))).items : [];
  if (known.dataset.asked === typed) show(known, found.map((item) => h("option", { value: item.code }, named(item))));
}

const materialLine = (procedure) => (material) => [
  text("material_name", material?.name ?? "", { maxlength: 100, "aria-label": t("材料名称"), placeholder: t("材料名称") }),
  text("material_needed", material ? ordinals(procedure.steps, material.needed_by) : "", { "aria-label": t("需要它的环节的序号"), placeholder: t("用于环节，如 1, 3") })];

function fields(procedure, departments) {
  const known = h("datalist", { id: "procedure-items" });
  const lead = h("select", { class: "input", name: "lead" }, departmentOptions(departments));
  lead.value = procedure?.lead ?? departments[0]?.code;
  const ready = choice("checkbox", "preconditioned", "yes", t("协办部门可以书面承诺（告知承诺）"), { checked: procedure?.preconditioned });
  return h("div", { class: "procedure-fields" }, known,
    h("div", { class: "field-row" }, !procedure && field(t("编号"), text("code", "", { maxlength: 64, autofocus: true })), field(t("名称"), text("name", procedure?.name ?? "", { maxlength: 100 })), field(t("英文名称（可不填）"), text("name_en", procedure?.name_en ?? "", { maxlength: 200 }))),
    h("div", { class: "field-row" }, field(t("牵头部门"), lead), ready),
    group(t("环节（按顺序，写明事项和前置环节）"), "steps", rowsOf("steps", t("添加环节"), procedure?.steps ?? [null, null], stepLine(procedure, known))),
    group(t("材料（一次提交，写明用于哪些环节）"), "materials", rowsOf("materials", t("添加材料"), procedure?.materials ?? [], materialLine(procedure))));
}

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
  openDialog({
    title, submitText: t("保存流程"),
    body: [h("p", { class: "quiet" }, t("进行中的项目仍按原来的流程办理。")), fields(procedure, departments)],
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
  }).classList.add("wide");
}
