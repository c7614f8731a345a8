/* What is handed in once, and the steps that share it. */
import { Person } from "../shared/form/people.js";
import { h, icon } from "../shared/shell/view.js";
import { whenWords } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { handInButton } from "./deeds.js";
import { isDone } from "./words.js";

/** What a material that is here says of itself; a procedure's materials are not handed in at all. */
function standing(material, departmentName) {
  if (!material.handed_in_at) return h("span", { class: "tag warn" }, icon("alert"), t("未提交"));
  return h("span", { class: "joint-handed" },
    h("span", { class: "tag good" }, icon("check"), t("已提交")),
    h("span", { class: "quiet" }, [whenWords(material.handed_in_at), material.department && departmentName(material.department)].filter(Boolean).join(" · "), material.handed_in_by && [" · ", h(Person, { username: material.handed_in_by })]),
    material.reference && h("span", { class: "quiet" }, t("存放编号：{reference}", { reference: material.reference })));
}

function need(material, step, number) {
  const needed = material.needed_by.includes(step.step);
  return h("td", { class: "joint-need" }, needed && h("span", { class: isDone(step) ? "joint-tick-mark done" : "joint-tick-mark" }, icon("check"), h("span", { class: "visually-hidden" }, t("环节 {number} 需要", { number }))));
}

/** Make the table of materials against steps; `rights` and `changed` are there for a joint case only. */
export function materials({ steps, materials: rows, ...joint }, { id, nameOf, departmentName, rights = null, changed = null }) {
  const title = `joint-materials-${id}`;
  const here = rows.filter(({ handed_in_at: at }) => at).length;
  const isOpen = rights && joint.state === "open" && rights.handsIn({ ...joint, steps });
  const full = { ...joint, steps };
  const line = (material) => h("tr", { "data-material": material.material, "data-place": `material-${material.material}`, key: material.material },
    h("th", { scope: "row", class: "joint-material", tabindex: "-1", id: `material-${material.material}` }, named(material)),
    rights && h("td", { class: "joint-standing" }, standing(material, departmentName),
      isOpen && !material.handed_in_at && handInButton(full, material, changed)),
    steps.map((step, index) => need(material, step, index + 1)));
  return h("section", { class: "card joint-card", "aria-labelledby": title },
    h("div", { class: "joint-card-head" },
      h("div", {}, h("h3", { class: "joint-card-title", id: title }, t("材料")), h("p", { class: "quiet" }, t("一次提交，各环节共享"))),
      rights && rows.length > 0 && h("span", { class: here === rows.length ? "tag good" : "tag" }, t("已提交 {here}/{all}", { here, all: rows.length }))),
    rows.length
      ? h("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-label": t("材料与环节") }, h("table", { class: rights ? "table joint-matrix" : "table joint-matrix planned" },
        h("caption", { class: "visually-hidden" }, t("材料与环节")),
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("材料")), rights && h("th", { scope: "col" }, t("提交情况")),
          steps.map((step, index) => h("th", { scope: "col", class: "joint-need", title: nameOf(step) }, h("span", { class: "joint-ordinal number" }, index + 1), h("span", { class: rights ? "visually-hidden" : "joint-need-name" }, nameOf(step)))))),
        h("tbody", {}, rows.map(line))))
      : h("p", { class: "quiet" }, t("没有共享材料")));
}
