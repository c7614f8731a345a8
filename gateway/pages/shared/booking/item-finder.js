/* Finding an item by its name, pinyin, initials or code, as a field with its results. */
import { Component } from "../vendor/preact.js";
import { get } from "../hall/api.js";
import { departmentsByCode } from "../hall/directory.js";
import { h, icon } from "../shell/view.js";
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

/** The field and what it finds. `choose(item)` is called on a choice, `typed(text)` on every change, `idle()` describes
 * what is shown while the field is empty, `note(item)` marks a result; `text` is what stands in the field first. */
export class ItemFinder extends Component {
  state = { results: this.props.text ? loading : this.props.idle, said: "" };
  #planned = null;
  #asked = 0;

  componentDidMount() {
    if (this.props.text) this.#find(this.props.text);
  }

  async #find(wanted) {
    const { typed, idle } = this.props;
    const own = (this.#asked += 1);
    typed(wanted);
    if (!wanted) return this.setState({ results: idle });
    const found = await Promise.all([
      get("items", { q: wanted, state: "active", limit: MOST_RESULTS }, { anonymous: true }),
      departmentsByCode(),
    ]).then(
      ([{ items }, departments]) => ({ results: () => this.#results(items, departments, wanted), said: t("找到 {count} 个事项", { count: items.length }) }),
      (error) => ({ results: () => failed(error, () => this.#find(wanted)) }),
    );
    return own === this.#asked && this.setState(found);
  }

  #results(items, departments, wanted) {
    const { choose, note, idle } = this.props;
    if (!items.length) return [empty(t("没有找到“{text}”", { text: wanted }), t("换一个说法试试，或在下面按部门选择。"), "search"), idle()];
    return h("ul", { class: "item-choices" },
      items.map((item) => h("li", { key: item.code }, itemButton(item, { choose, note, department: named(departments.get(item.department)) }))));
  }

  #type = ({ target }) => {
    clearTimeout(this.#planned);
    this.#planned = setTimeout(() => this.#find(target.value.trim()), PAUSE_MS);
  };

  render({ text }, { results, said }) {
    return h("div", { class: "item-finder" },
      h("search", { class: "field" }, h("label", { for: "item-search" }, t("搜索事项")),
        h("div", { class: "search-field" }, icon("search"), h("input", {
          class: "input", type: "search", id: "item-search", defaultValue: text, autocomplete: "off", spellcheck: false, maxlength: 60,
          placeholder: t("例如：qysl、营业执照"), oninput: this.#type,
        }))),
      h("p", { class: "visually-hidden", role: "status" }, said),
      h("div", { class: "item-results" }, results()));
  }
}
