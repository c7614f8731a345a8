/* Finding an item by code, name, pinyin or initials without leaving the keyboard (a combobox, WAI-ARIA 1.2). */
import { get } from "../shared/hall/api.js";
import { departmentsByCode } from "../shared/hall/directory.js";
import { h, icon, show } from "../shared/shell/dom.js";
import { named, t } from "../shared/words/i18n.js";
import { problemWords } from "./words.js";

const PAUSE_MS = 120;
const AT_MOST = 30;

/** The item's part; `onChoose(item)` gets what was chosen. */
export function itemPart({ onChoose }) {
  const list = h("ul", { class: "options", id: "item-options", role: "listbox", "aria-label": t("事项"), hidden: true });
  const input = h("input", {
    class: "input", id: "item", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: 60,
    placeholder: t("名称、拼音、首字母或编号"), "aria-expanded": "false", "aria-controls": "item-options", "aria-autocomplete": "list",
    "aria-describedby": "item-error", "aria-keyshortcuts": "F4",
  });
  const error = h("p", { class: "field-error", id: "item-error", role: "alert" });
  let found = [];
  let active = 0;
  let planned = null;
  let turn = 0;
  let hurry = false; /* Enter came before the answer: take the first */

  const optionId = (index) => `item-option-${index}`;

  function open(shown) {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) input.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((option, each) => option.setAttribute("aria-selected", String(each === index)));
    const option = list.children[index];
    if (!option?.id) return;
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function choose(index) {
    const item = found[index];
    if (!item) return;
    if (!item.offered) {
      error.textContent = t("“{name}”不开放预约，请来电人直接到大厅取号。", { name: named(item) });
      return;
    }
    open(false);
    error.textContent = "";
    input.value = named(item);
    onChoose(item);
  }

  const optionOf = (item, index) =>
    h("li", { class: "option", role: "option", id: optionId(index), "aria-selected": "false", "aria-disabled": item.offered ? null : "true", onmousedown: (event) => { event.preventDefault(); choose(index); } },
      h("span", { class: "option-name" }, named(item)),
      h("span", { class: "option-meta" }, h("span", { class: "quiet" }, item.departmentName), h("span", { class: "tag number" }, item.code),
        !item.offered && h("span", { class: "tag warn" }, t("不开放预约"))));

  async function find() {
    const text = input.value.trim();
    const own = (turn += 1);
    error.textContent = "";
    found = [];
    if (!text) return open(false);
    try {
      const [departments, answer] = await Promise.all([departmentsByCode(), get("items", { q: text, state: "active", limit: AT_MOST })]);
      if (own !== turn) return undefined;
      const known = answer.items.map((item) => {
        const department = departments.get(item.department);
        return { ...item, offered: department?.offers_three_services !== false, departmentName: named(department) };
      });
      found = [...known.filter(({ offered }) => offered), ...known.filter(({ offered }) => !offered)];
    } catch (problem) {
      if (own === turn) error.textContent = problemWords(problem);
      return undefined;
    }
    show(list, found.length ? found.map(optionOf) : h("li", { class: "option quiet", role: "option", "aria-selected": "false", "aria-disabled": "true" }, t("没有找到“{text}”", { text })));
    open(true);
    mark(0);
    if (hurry) choose(0);
    hurry = false;
    return undefined;
  }

  input.addEventListener("input", () => {
    clearTimeout(planned);
    turn += 1;
    found = [];
    hurry = false;
    planned = setTimeout(find, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      if (list.hidden) open(true);
      mark((active + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (found.length) choose(active);
      else hurry = Boolean(input.value.trim());
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      open(false);
    }
  });
  input.addEventListener("blur", () => open(false));

  return {
    element: h("div", { class: "item-find" },
      h("label", { class: "part-title", for: "item" }, icon("search"), t("事项"), h("kbd", {}, "F4")),
      h("div", { class: "combobox" }, input, list), error),
    focus: () => input.select(),
    set: (item) => {
      open(false);
      error.textContent = "";
      input.value = named(item);
    },
    clear: () => {
      clearTimeout(planned);
      turn += 1;
      found = [];
      input.value = "";
      error.textContent = "";
      open(false);
    },
  };
}
