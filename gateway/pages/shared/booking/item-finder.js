/* Finding an item by its name, pinyin, initials or code, as a field with its results. */
import { get } from "../hall/api.js";
import { departmentsByCode } from "../hall/directory.js";
import { h, icon, show } from "../shell/dom.js";
import { timeLimit } from "../words/format.js";
import { named, t } from "../words/i18n.js";
import { empty, failed, loading } from "../shell/states.js";

const PAUSE_MS = 250;
const MOST_RESULTS = 60;

/** An item as a button; `note(item)` adds a mark. */
export function itemButton(item, { choose, note, department = "" }) {
  return h("button", { type: "button", class: "item-choice card", onclick: () => choose(item) },
    h("span", { class: "item-choice-text" },
      h("span", { class: "item-choice-name" }, named(item)),
      h("span", { class: "item-choice-tags" },
        note?.(item),
        department && h("span", { class: "tag brand-tag" }, department),
        h("span", { class: "tag" }, timeLimit(item.time_limit_days)))),
    icon("forward"));
}

/** Make the field and what it finds. `choose(item)` is called on a choice, `typed(text)` on every change, `idle()` makes
 * what is shown while the field is empty, `note(item)` marks a result; `text` is what stands in the field first. */
export function itemFinder({ choose, note, idle = () => null, text = "", typed = () => {} }) {
  const results = h("div", { class: "item-results" });
  const said = h("p", { class: "visually-hidden", role: "status" });
  const input = h("input", {
    class: "input", type: "search", id: "item-search", value: text, autocomplete: "off", spellcheck: "false", maxlength: "60",
    placeholder: t("例如：qysl、营业执照"),
  });
  let planned = null;
  let asked = 0;

  const find = async () => {
    const wanted = input.value.trim();
    const own = (asked += 1);
    typed(wanted);
    if (!wanted) return show(results, idle());
    if (!results.childElementCount) show(results, loading());
    try {
      const [{ items }, departments] = await Promise.all([
        get("items", { q: wanted, state: "active", limit: MOST_RESULTS }, { anonymous: true }),
        departmentsByCode(),
      ]);
      return own === asked && showFound(items, departments, wanted);
    } catch (error) {
      return own === asked && show(results, failed(error, find));
    }
  };

  const showFound = (items, departments, wanted) => {
    said.textContent = t("找到 {count} 个事项", { count: items.length });
    const department = (item) => named(departments.get(item.department));
    show(results, items.length
      ? h("ul", { class: "item-choices" }, items.map((item) => h("li", {}, itemButton(item, { choose, note, department: department(item) }))))
      : empty(t("没有找到“{text}”", { text: wanted }), t("换一个说法试试，或在下面按部门选择。"), "search"),
    !items.length && idle());
  };

  input.addEventListener("input", () => {
    clearTimeout(planned);
    planned = setTimeout(find, PAUSE_MS);
  });
  if (text) find();
  else show(results, idle());
  return h("div", { class: "item-finder" },
    h("search", { class: "field" }, h("label", { for: "item-search" }, t("搜索事项")), h("div", { class: "search-field" }, icon("search"), input)),
    said, results);
}
