/* How kinds of projects are approved: the graph and the materials of each procedure. */
import { h, icon } from "../shared/shell/view.js";
import { inLine, whenWords } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { askEndProcedure, rightsOf } from "./deeds.js";
import { Graph } from "./graph.js";
import { materials } from "./materials.js";
import { itemNames, learnNames } from "./names.js";
import { showAnew } from "./place.js";
import { askProcedure } from "./procedure-form.js";
import { button } from "../shared/form/controls.js";
import { loads } from "../shared/form/parts.js";
import { empty } from "../shared/shell/states.js";

function plannedCard(procedure, step, { nameOf, departmentName }) {
  const before = step.after.map((code) => procedure.steps.find((each) => each.step === code));
  return h("div", { class: "joint-step planned", "data-step": step.step },
    h("span", { class: "joint-step-tags" }, h("span", { class: "joint-ordinal number" }, procedure.steps.indexOf(step) + 1), step.department === procedure.lead && h("span", { class: "tag brand-tag" }, t("牵头"))),
    h("strong", { class: "joint-step-name" }, nameOf(step)),
    h("span", { class: "joint-step-line" }, h("span", { class: "joint-step-department" }, departmentName(step.department))),
    before.length > 0 && h("span", { class: "joint-step-before" }, t("前置：{steps}", { steps: inLine(before.map(nameOf)) })));
}

function procedureView(procedure, { names, items, rights, changed }) {
  const nameOf = (step) => items.get(step.item) ?? step.item;
  const { departmentName } = names;
  const title = `procedure-${procedure.code}`;
  const isActive = procedure.state === "active";
  const parts = { nameOf, departmentName };
  return h("article", { class: "joint-view", "aria-labelledby": title, "data-procedure": procedure.code, "data-place": title, key: procedure.code },
    h("section", { class: "card joint-card" },
      h("div", { class: "joint-head-top" },
        h("div", { class: "joint-head-text" },
          h("p", { class: "stage-tags" },
            h("span", { class: isActive ? "tag good" : "tag" }, isActive ? t("启用") : t("已停用")), h("span", { class: "tag number" }, procedure.code),
            procedure.preconditioned && h("span", { class: "tag stage-tag committed" }, icon("document"), t("告知承诺"))),
          h("h2", { class: "joint-title", id: title, tabindex: "-1" }, named(procedure)),
          h("p", { class: "quiet" }, [t("牵头：{department}", { department: departmentName(procedure.lead) }),
            t("{count} 个环节", { count: procedure.steps.length }), whenWords(procedure.defined_at)].filter(Boolean).join(" · "))),
        rights.isManager && h("div", { class: "row-deeds" },
          button("document", t("修改流程"), () => askProcedure(procedure, names.departments, changed), { small: false, deed: "change-procedure" }),
          isActive && button("close", t("停用流程"), () => askEndProcedure(procedure, changed), { small: false, deed: "end-procedure" }))),
      h(Graph, { label: named(procedure), steps: procedure.steps, card: (step) => plannedCard(procedure, step, parts) })),
    materials(procedure, { id: procedure.code, ...parts }));
}

/** Show the procedures in `panel`. */
export function proceduresView(panel, me) {
  const rights = rightsOf(me);
  const changed = () => found.load({ anew: false });

  async function ask() {
    const names = await learnNames();
    return { names, items: await itemNames(names.procedures.flatMap(({ steps }) => steps)) };
  }

  const describe = ({ names, items }) => [
    rights.isManager && h("div", { class: "tools" }, button("document", t("新建流程"), () => askProcedure(null, names.departments, changed), { primary: true, small: false, deed: "new-procedure" })),
    names.procedures.length
      ? names.procedures.map((procedure) => procedureView(procedure, { names, items, rights, changed }))
      : empty(t("没有办理流程"), t("按“新建流程”，写明环节和材料。"), "joint"),
  ];

  const found = loads(ask, describe, () => showAnew(panel, h("div", { class: "joint-procedures" }, found.view())));
  found.load();
  return found.stop;
}
