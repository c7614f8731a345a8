/* A field of operations, in groups: what a role permits, and what a machine client may do. */
import { choice } from "../shared/form/controls.js";
import { h } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";
import { groupWords, operationWords } from "./permissions.js";

/** Operations by their group: [[group, operations]]. */
export const grouped = (permissions) =>
  [...new Set(permissions.map(({ group }) => group))].map((name) => [name, permissions.filter(({ group }) => group === name)]);

/** The field: `view()` describes it and `chosen()` gives the codes; `changed()` hears that it has to be painted. */
export function operationsField({ label, name, permissions, chosen: given, hint = "", changed }) {
  const chosen = new Set(given ?? []);
  const choose = (codes, wanted) => {
    for (const code of codes) chosen[wanted ? "add" : "delete"](code);
    changed();
  };
  const groupOf = (group, operations) => {
    const codes = operations.map(({ code }) => code);
    const has = codes.filter((code) => chosen.has(code)).length;
    return h("details", { class: "role-group", key: group, "data-group": group },
      h("summary", {}, h("span", {}, groupWords(group)), h("span", { class: "quiet number" }, t("{has} / {all}", { has, all: codes.length }))),
      h("div", { class: "group" },
        h("button", { type: "button", class: "button small", onclick: () => choose(codes, has < codes.length) }, has < codes.length ? t("全选") : t("全不选")),
        codes.map((code) => choice("checkbox", name, code, operationWords(code), { key: code, checked: chosen.has(code), onchange: ({ target }) => choose([code], target.checked) }))));
  };
  const view = () => h("fieldset", { class: "field", "aria-describedby": `${hint ? `${name}-hint ` : ""}${name}-error` },
    h("legend", { class: "label" }, label),
    hint && h("p", { class: "quiet field-hint", id: `${name}-hint` }, hint),
    grouped(permissions).map(([group, operations]) => groupOf(group, operations)),
    h("p", { class: "field-error", id: `${name}-error`, role: "alert", "data-error-of": name }));
  return { view, chosen: () => [...chosen] };
}
