/* Where somebody begins who has nothing to search for: kinds, business chains and departments with how many items each has. */
import { listOnce } from "../shared/hall/api.js";
import { departments } from "../shared/hall/directory.js";
import { h, icon } from "../shared/shell/view.js";
import { count } from "../shared/words/format.js";
import { ITEM_KINDS } from "../shared/words/changes.js";
import { named, t } from "../shared/words/i18n.js";
import { KINDS } from "../shared/words/codes.js";

const CHAIN_ICONS = {
  "enterprise-registration": "building", "foreign-investment": "globe", "import-export": "transfer",
  "basic-construction": "home", talent: "people", "key-commodities": "case",
};

export const chains = () => listOnce("chains");

/** All items that are done today, asked once: what the counts come from. */
export const everyItem = () => listOnce("items", { state: "active", limit: 700 });

const section = (id, title, content) =>
  h("section", { class: "guide-begin", "aria-labelledby": `begin-${id}` }, h("h2", { class: "guide-subtitle", id: `begin-${id}` }, title), content);

const itemCount = (number) => h("span", { class: "list-count" }, t("{count} 项", { count: count(number) }));

/** The beginnings; `link(choice, attributes, ...content)` makes a link to a choice of items. */
export async function beginnings(link) {
  const [items, allChains, allDepartments] = await Promise.all([everyItem(), chains(), departments()]);
  const many = (fits) => items.filter(fits).length;
  return h("div", { class: "guide-beginnings" },
    h("p", { class: "quiet", role: "status" }, t("大厅现办理 {departments} 个部门的 {items} 个事项。", { departments: count(allDepartments.length), items: count(items.length) })),
    section("chains", t("按业务链"), h("ul", { class: "guide-chains" }, allChains.map((chain) =>
      h("li", {}, link({ chain: chain.code }, { class: "guide-chain card" },
        h("span", { class: "guide-chain-icon" }, icon(CHAIN_ICONS[chain.code] ?? "list")),
        h("span", { class: "guide-chain-name" }, named(chain)),
        itemCount(many((item) => item.chains.includes(chain.code)))))))),
    section("kinds", t("按事项类型"), h("ul", { class: "guide-kinds" }, ITEM_KINDS.map((kind) =>
      h("li", {}, link({ kind }, { class: "guide-kind card" }, h("span", {}, KINDS[kind]), itemCount(many((item) => item.kind === kind))))))),
    section("departments", t("按部门"), h("ul", { class: "guide-departments card" }, allDepartments.map((department) =>
      h("li", {}, link({ department: department.code }, { class: "guide-department" }, h("span", {}, named(department)), itemCount(many((item) => item.department === department.code))))))));
}
