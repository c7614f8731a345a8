/* Finding an item by code, name, pinyin or initials without leaving the keyboard (a combobox, WAI-ARIA 1.2). */
import { get } from "../shared/hall/api.js";
import { departmentsByCode } from "../shared/hall/directory.js";
import { $, h, icon } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";
import { problemWords } from "./words.js";

const PAUSE_MS = 120;
const AT_MOST = 30;

const optionId = (index) => `item-option-${index}`;

/** The item's part; `onChoose(item)` gets what was chosen, `paint()` shows all again. */
export function itemPart({ onChoose, paint }) {
  let text = "";
  let error = "";
  let found = []; /* what is listed, and */
  let sought = ""; /* for what */
  let isFresh = false; /* what is listed answers what was typed */
  let shown = false;
  let active = 0;
  let planned = null;
  let turn = 0;
  let hurry = false; /* Enter came before the answer: take the first */

  const optionOf = (item, index) =>
    h("li", { class: "option", key: item.code, role: "option", id: optionId(index), "aria-selected": String(index === active), "aria-disabled": item.offered ? null : "true", onmousedown: (event) => { event.preventDefault(); choose(index); } },
      h("span", { class: "option-name" }, named(item)),
      h("span", { class: "option-meta" }, h("span", { class: "quiet" }, item.departmentName), h("span", { class: "tag number" }, item.code),
        !item.offered && h("span", { class: "tag warn" }, t("不开放预约"))));

  const view = () => h("div", { class: "item-find" },
    h("label", { class: "part-title", for: "item" }, icon("search"), t("事项"), h("kbd", {}, "F4")),
    h("div", { class: "combobox" },
      h("input", {
        class: "input", id: "item", type: "text", role: "combobox", autocomplete: "off", spellcheck: false, maxlength: 60,
        placeholder: t("名称、拼音、首字母或编号"), "aria-expanded": String(shown), "aria-controls": "item-options", "aria-autocomplete": "list",
        "aria-activedescendant": shown && found.length ? optionId(active) : null, "aria-describedby": "item-error", "aria-keyshortcuts": "F4",
        value: text, oninput: typed, onkeydown: onKey, onblur: () => open(false),
      }),
      h("ul", { class: "options", id: "item-options", role: "listbox", "aria-label": t("事项"), hidden: !shown },
        found.length ? found.map(optionOf) : sought && h("li", { class: "option quiet", role: "option", "aria-selected": "true", "aria-disabled": "true" }, t("没有找到“{text}”", { text: sought })))),
    h("p", { class: "field-error", id: "item-error", role: "alert" }, error));

  /** Say what is wrong; again when it is the same. */
  function tell(words) {
    for (error of ["", words]) paint();
  }

  function open(now) {
    shown = now;
    paint();
  }

  function mark(index) {
    active = index;
    open(true);
    $(optionId(index))?.scrollIntoView({ block: "nearest" });
  }

  function set(item) {
    text = named(item);
    error = "";
    open(false);
  }

  function choose(index) {
    const item = isFresh && found[index];
    if (!item) return;
    if (!item.offered) {
      tell(t("“{name}”不开放预约，请来电人直接到大厅取号。", { name: named(item) }));
      return;
    }
    set(item);
    onChoose(item);
  }

  async function find() {
    const words = text.trim();
    const own = (turn += 1);
    tell("");
    if (!words) return open(false);
    try {
      const [departments, answer] = await Promise.all([departmentsByCode(), get("items", { q: words, state: "active", limit: AT_MOST })]);
      if (own !== turn) return undefined;
      const known = answer.items.map((item) => {
        const department = departments.get(item.department);
        return { ...item, offered: department?.offers_three_services !== false, departmentName: named(department) };
      });
      found = [...known.filter(({ offered }) => offered), ...known.filter(({ offered }) => !offered)];
    } catch (problem) {
      if (own === turn) tell(problemWords(problem));
      return undefined;
    }
    sought = words;
    isFresh = true;
    mark(0);
    if (hurry) choose(0);
    hurry = false;
    return undefined;
  }

  function typed({ target }) {
    text = target.value;
    clearTimeout(planned);
    turn += 1;
    isFresh = false;
    hurry = false;
    planned = setTimeout(find, PAUSE_MS);
  }

  function onKey(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const offers = isFresh ? found.length : 0;
    if (step && offers) {
      event.preventDefault();
      mark((active + step + offers) % offers);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (offers) choose(active);
      else hurry = Boolean(text.trim());
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      event.stopPropagation();
      open(false);
    }
  }

  return {
    view,
    focus: () => $("item").select(),
    set,
    clear: () => {
      clearTimeout(planned);
      turn += 1;
      isFresh = false;
      text = error = "";
      open(false);
    },
  };
}
