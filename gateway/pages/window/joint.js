/* The console's choice of the joint case that an accepted case is a step of. */
import { list } from "../shared/hall/api.js";
import { h, show } from "../shared/shell/dom.js";
import { named, t } from "../shared/words/i18n.js";
import { inLine } from "../shared/words/project.js";

const ACCEPTABLE = ["ready", "committed"];

const stepOf = (joint, item) => joint.steps.find((step) => step.item === item && !step.case && ACCEPTABLE.includes(step.state));

/** Make the choice: hidden until a joint case of the department has a step of the item that can begin; without an answer of the
 * API it stays away. `offer(item)` hears which item is chosen, `body()` is what the command says of it. */
export function jointChoice(department) {
  const select = h("select", { class: "input", id: "joint", name: "joint_case", "aria-describedby": "joint-missing" });
  const missing = h("p", { class: "joint-missing", id: "joint-missing", role: "status" });
  const element = h("div", { class: "field", hidden: true }, h("label", { for: "joint" }, t("协同办理")), select, missing);
  let joints = [];
  let item = "";

  function tellMissing() {
    const joint = joints.find(({ number }) => number === select.value);
    const step = joint && stepOf(joint, item);
    const names = step ? joint.materials.filter((each) => each.needed_by.includes(step.step) && !each.handed_in_at).map((each) => named(each)) : [];
    missing.textContent = names.length ? t("还缺材料：{names}。交齐后才能受理。", { names: inLine(names) }) : "";
  }

  function offer(chosen) {
    const before = chosen === item ? select.value : "";
    item = chosen;
    const offered = joints.filter((joint) => stepOf(joint, item));
    element.hidden = !offered.length;
    show(select, h("option", { value: "" }, t("不属于协同办理")), offered.map(({ number, project }) => h("option", { value: number }, `${number} · ${project}`)));
    select.value = offered.some(({ number }) => number === before) ? before : "";
    tellMissing();
  }

  select.addEventListener("change", tellMissing);
  list("joint-cases", { state: "open", department, limit: 100 }).then((rows) => {
    joints = rows;
    if (item) offer(item);
  }, () => null);
  return { element, offer, body: () => (select.value ? { joint_case: select.value } : {}) };
}
