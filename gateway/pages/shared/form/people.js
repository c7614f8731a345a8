/* People by name: how one is shown, and a field in which they are found by name or account. */
import { peopleByAccount } from "../hall/people.js";
import { Component, createRef } from "../vendor/preact.js";
import { apart, h, icon } from "../shell/view.js";
import { t } from "../words/i18n.js";

const AT_MOST = 50;
const codes = (text) => text.split(/[\s,，、;；]+/).filter(Boolean);
const isNamed = ({ name, username }) => Boolean(name) && name !== username;

/** Name and account as one text. */
export const personWords = ({ name, username }) => (isNamed({ name, username }) ? t("{name}（{username}）", { name, username }) : username);

/** Who has an account: the name with the account quiet beside it, or what `words(text)` makes of it; the account where no name is known. */
export class Person extends Component {
  state = { known: new Map() };

  componentDidMount() {
    peopleByAccount().then((known) => !this.left && this.setState({ known }));
  }

  componentWillUnmount() {
    this.left = true;
  }

  render({ username, words }, { known }) {
    const one = known.get(username) ?? { username };
    if (words) return words(personWords(one));
    if (!isNamed(one)) return apart(username);
    return h("span", { class: "person" }, apart(one.name), " ", h("span", { class: "quiet number" }, username));
  }
}

/** A field {name, people, several, chosen, placeOf}: a combobox that finds among `people` ({username, name, department}) by what
 * is typed; `chosen` are the accounts it begins with, `placeOf(department)` says it in words. Other attributes are the input's. */
export class PeopleField extends Component {
  #typed = createRef();
  #list = createRef();

  constructor({ people, several, chosen = [] }) {
    super();
    this.state = { picked: several ? chosen : [], open: false, active: -1, text: several ? "" : this.#wordsOf(people, chosen[0] ?? "") };
  }

  #wordsOf(people, username) {
    return personWords(people.find((each) => each.username === username) ?? { username });
  }

  /** The account that is meant: by what the list says of it, by the account, or by a name that only one has. */
  #account(text) {
    const { people } = this.props;
    const called = people.filter(({ name }) => name === text);
    return (people.find((each) => text === personWords(each)) ?? people.find(({ username }) => username === text) ?? (called.length === 1 ? called[0] : null))?.username;
  }

  #found() {
    const { people } = this.props;
    const { picked, text } = this.state;
    const wanted = text.trim().toLowerCase();
    const free = people.filter(({ username }) => !picked.includes(username));
    const whole = this.#account(text.trim()) && !this.props.several;
    return free.filter((each) => whole || personWords(each).toLowerCase().includes(wanted)).slice(0, AT_MOST);
  }

  #take(username) {
    const { several, people } = this.props;
    this.setState(({ picked }) => several
      ? { picked: [...new Set([...picked, username])], text: "", open: false, active: -1 }
      : { text: this.#wordsOf(people, username), open: false, active: -1 });
  }

  #remove(username) {
    this.setState(({ picked }) => ({ picked: picked.filter((each) => each !== username) }));
    this.#typed.current.focus();
  }

  /** What was typed to its end is taken when the field is left. */
  #leave = () => {
    const found = this.#account(this.state.text.trim());
    if (found) this.#take(found);
    else this.setState({ open: false, active: -1 });
  };

  #move(step) {
    const { length } = this.#found();
    this.setState(({ open, active }) => ({ open: true, active: !open || active < 0 ? (step > 0 ? 0 : length - 1) : (active + step + length) % length }));
  }

  #onKey = (event) => {
    const { open, active, picked, text } = this.state;
    const chosen = open && active >= 0 ? this.#found()[active]?.username : this.#account(text.trim());
    const does = {
      ArrowDown: () => this.#move(1),
      ArrowUp: () => this.#move(-1),
      Enter: (active >= 0 || (this.props.several && text)) && chosen && (() => this.#take(chosen)),
      Escape: open && (() => this.setState({ open: false, active: -1 })),
      Backspace: !text && picked.length > 0 && (() => this.#remove(picked.at(-1))),
    }[event.key];
    if (!does || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  };

  componentDidUpdate() {
    this.#list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  #one(username) {
    const called = this.#wordsOf(this.props.people, username);
    return h("li", { key: username, class: "picked-one", "data-account": username }, h("bdi", {}, called),
      h("button", { type: "button", class: "icon-button", "aria-label": t("移除 {name}", { name: called }), onclick: () => this.#remove(username) }, icon("close")));
  }

  #option(each, index) {
    const { name, placeOf = () => "" } = this.props;
    return h("li", { key: each.username, id: `${name}-option-${index}`, class: "found-one", role: "option", "aria-selected": index === this.state.active ? "true" : "false", "data-option": each.username,
      onpointerdown: (event) => event.preventDefault(), onclick: () => this.#take(each.username) },
    isNamed(each) ? apart(each.name) : each.username, h("span", { class: "quiet" }, isNamed(each) && h("span", { class: "number" }, each.username), " ", placeOf(each.department)));
  }

  render({ name, several, people, chosen, placeOf, ...attributes }, { picked, open, active, text }) {
    const found = open ? this.#found() : [];
    const list = `${name}-found`;
    return h("div", { class: "people-field", "data-people": name },
      several && h("ul", { class: "picked" }, picked.map((username) => this.#one(username))),
      h("input", { class: "input", type: "text", name, role: "combobox", autocomplete: "off", spellcheck: false, maxlength: 4000, placeholder: t("输入姓名或账号选择"), ...attributes,
        ref: this.#typed, value: text, "aria-autocomplete": "list", "aria-expanded": found.length > 0 ? "true" : "false", "aria-controls": list,
        "aria-activedescendant": found[active] ? `${name}-option-${active}` : null, "data-means": this.#account(text.trim()) ?? null,
        oninput: ({ target }) => this.setState({ text: target.value, open: true, active: -1 }), onclick: () => this.setState({ open: true }), onblur: this.#leave, onkeydown: this.#onKey }),
      h("ul", { class: "found", role: "listbox", ref: this.#list, id: list, "aria-label": t("人员"), hidden: !found.length }, found.map((each, index) => this.#option(each, index))));
  }
}

/** The accounts that a form's field of people holds, those that are only typed too: the hall says whether there are such. */
export function accountsIn(form, name) {
  const picked = [...form.querySelectorAll(`[data-people="${name}"] [data-account]`)].map((each) => each.dataset.account);
  const { value, dataset } = form.elements[name];
  return [...new Set([...picked, ...(dataset.means ? [dataset.means] : codes(value))])];
}
