/* A field of people: found by name or account, shown by name, sent as accounts. */
import { list } from "../shared/hall/api.js";
import { group } from "../shared/form/controls.js";
import { Component, createRef } from "../shared/vendor/preact.js";
import { h, icon } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";

const AT_ONCE = 500;
const codes = (text) => text.split(/[\s,，、;；]+/).filter(Boolean);
const words = ({ name, username }) => (name && name !== username ? t("{name}（{username}）", { name, username }) : username);

/** The people of a department, or of the hall, whom the signed-in account may see; nobody where it may not. */
export const peopleOf = (department) => list("people", { department: department || undefined, limit: AT_ONCE }).catch(() => []);

/** The field {label, name, people}: `people` are those who can be chosen, {username, name}. */
export class PeopleField extends Component {
  state = { chosen: [] };
  #typed = createRef();

  /** The account that is meant: by what the list says of it, by the account, or by a name that only one has. */
  #account(text) {
    const { people } = this.props;
    const named = people.filter(({ name }) => name === text);
    return (people.find((each) => text === words(each)) ?? people.find(({ username }) => username === text) ?? (named.length === 1 ? named[0] : null))?.username;
  }

  #add(username) {
    this.#typed.current.value = "";
    this.setState(({ chosen }) => ({ chosen: [...new Set([...chosen, username])] }));
  }

  #remove(username) {
    this.setState(({ chosen }) => ({ chosen: chosen.filter((each) => each !== username) }));
    this.#typed.current.focus();
  }

  /** What was chosen from the list is taken at once, if it cannot be the beginning of another; what was typed when it is done. */
  #take = ({ type, target }) => {
    const text = target.value.trim();
    const begun = this.props.people.map(words).filter((each) => each.startsWith(text));
    const found = this.#account(text);
    if (found && (type === "change" || (begun.length === 1 && begun[0] === text))) this.#add(found);
  };

  #onKey = (event) => {
    const { value } = event.target;
    const found = event.key === "Enter" && this.#account(value.trim());
    if (found) {
      event.preventDefault();
      this.#add(found);
    } else if (event.key === "Backspace" && !value && this.state.chosen.length) {
      this.#remove(this.state.chosen.at(-1));
    }
  };

  #one(username) {
    const called = words(this.props.people.find((each) => each.username === username) ?? { username });
    return h("li", { key: username, class: "picked-one", "data-account": username }, h("bdi", {}, called),
      h("button", { type: "button", class: "icon-button", "aria-label": t("移除 {name}", { name: called }), onclick: () => this.#remove(username) }, icon("close")));
  }

  render({ label, name, people }, { chosen }) {
    return group(label, name, [
      h("ul", { class: "picked", "data-people": name }, chosen.map((username) => this.#one(username))),
      h("input", { class: "input", type: "text", name, id: `field-${name}`, list: `${name}-known`, autocomplete: "off", maxlength: 4000, ref: this.#typed,
        placeholder: t("输入姓名或账号选择"), "aria-label": label, oninput: this.#take, onchange: this.#take, onkeydown: this.#onKey }),
      h("datalist", { id: `${name}-known` }, people.map((each) => h("option", { key: each.username, value: words(each) }))),
    ]);
  }
}

/** The accounts that a form's field of people holds, those that are only typed too: the hall says whether there are such. */
export function accountsIn(form, name) {
  const picked = [...form.querySelectorAll(`[data-people="${name}"] [data-account]`)].map((each) => each.dataset.account);
  return [...new Set([...picked, ...codes(form.elements[name].value)])];
}
