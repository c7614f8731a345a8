/* Choosing an item of a department. */
import { list } from "../hall/api.js";
import { departmentsByCode } from "../hall/directory.js";
import { h } from "../shell/view.js";
import { named, t } from "../words/i18n.js";
import { itemButton } from "./item-finder.js";
import { empty } from "../shell/states.js";

export const heading = (text) => h("h1", { class: "step-title", tabindex: "-1", "data-focus": true }, text);

export const openItem = (way) => (item) => way.go(`item/${item.code}`);

export async function listDepartment(way, code) {
  const [departments, items] = await Promise.all([departmentsByCode(), list("items", { department: code, state: "active", limit: 100 })]);
  const department = departments.get(code);
  return () => h("div", { class: "step-view" },
    heading(named(department) || t("没有找到。")),
    h("p", { class: "quiet" }, t("共 {count} 个事项，请选择", { count: items.length })),
    items.length
      ? h("ul", { class: "item-choices" }, items.map((item) => h("li", {}, itemButton(item, { choose: openItem(way) }))))
      : empty(t("没有找到。")));
}
