/* The console's choice of the joint case that an accepted case is a step of. */
import { list } from "../shared/hall/api.js";
import { h } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";
import { inLine } from "../shared/words/format.js";

const ACCEPTABLE = ["ready", "committed"];

const stepOf = (joint, item) => joint.steps.find((step) => step.item === item && !step.case && ACCEPTABLE.includes(step.state));

/** Make the choice, which `changed()` hears of. `view(item)` is nothing until a joint case of the department has a step of the item that
 * can begin, and without an answer of the API; `body(item)` is what the command says of it. */
export function jointChoice(department, changed) {
  let joints = [];
  let chosen = { item: "", number: "" };

  const offered = (item) => joints.filter((joint) => stepOf(joint, item));
  const choiceFor = (item) => (chosen.item === item && offered(item).find(({ number }) => number === chosen.number)) || null;

  function missingWords(joint, item) {
    const step = joint && stepOf(joint, item);
    const names = step ? joint.materials.filter((each) => each.needed_by.includes(step.step) && !each.handed_in_at).map((each) => named(each)) : [];
    return names.length ? t("还缺材料：{names}。交齐后才能受理。", { names: inLine(names) }) : "";
  }

  function view(item) {
    const onchange = ({ target }) => {
      chosen = { item, number: target.value };
      changed();
    };
    return offered(item).length > 0 && h("div", { class: "field" },
      h("label", { for: "joint" }, t("协同办理")),
      h("select", { class: "input", id: "joint", name: "joint_case", "aria-describedby": "joint-missing", value: choiceFor(item)?.number ?? "", onchange },
        h("option", { value: "" }, t("不属于协同办理")), offered(item).map(({ number, project }) => h("option", { value: number, key: number }, `${number} · ${project}`))),
      h("p", { class: "joint-missing", id: "joint-missing", role: "status" }, missingWords(choiceFor(item), item)));
  }

  list("joint-cases", { state: "open", department, limit: 100 }).then((rows) => {
    joints = rows;
    changed();
  }, () => null);
  return { view, body: (item) => (choiceFor(item) ? { joint_case: chosen.number } : {}) };
}
