/* A field of people: found by name or account, shown by name, sent as accounts. */
import { list } from "../shared/hall/api.js";
import { h, icon, show } from "../shared/shell/dom.js";
import { t } from "../shared/words/i18n.js";
import { group } from "../shared/form/form.js";

const AT_ONCE = 500;
const codes = (text) => text.split(/[\s,，、;；]+/).filter(Boolean);
const words = ({ name, username }) => (name && name !== username ? t("{name}（{username}）", { name, username }) : username);

/** The people of a department, or of the hall, whom the signed-in account may see; nobody where it may not. */
export const peopleOf = (department) => list("people", { department: department || undefined, limit: AT_ONCE }).catch(() => []);

/** Make the field; `accounts` are chosen already. Its `offer(people)` says who can be chosen: {username, name}. */
export function peopleField(label, name, accounts = []) {
  let people = new Map();
  let chosen = [...accounts];
  const known = h("datalist", { id: `${name}-known` });
  const picked = h("ul", { class: "picked", dataset: { people: name } });
  const typed = h("input", { class: "input", type: "text", name, id: `field-${name}`, list: known.id, autocomplete: "off", maxlength: 4000,
    placeholder: t("输入姓名或账号选择"), "aria-label": label, oninput: take, onchange: take, onkeydown: onKey });

  /** The account that is meant: by what the list says of it, by the account, or by a name that only one has. */
  function account(text) {
    const all = [...people.values()];
    const named = all.filter(({ name }) => name === text);
    return (all.find((each) => text === words(each)) ?? people.get(text) ?? (named.length === 1 ? named[0] : null))?.username;
  }

  function add(username) {
    if (!chosen.includes(username)) chosen.push(username);
    typed.value = "";
    paint();
  }

  /** What was chosen from the list is taken at once, if it cannot be the beginning of another; what was typed when it is done. */
  function take(event) {
    const text = typed.value.trim();
    const begun = [...people.values()].map(words).filter((each) => each.startsWith(text));
    const found = account(text);
    if (found && (event.type === "change" || (begun.length === 1 && begun[0] === text))) add(found);
  }

  function onKey(event) {
    const found = event.key === "Enter" && account(typed.value.trim());
    if (found) {
      event.preventDefault();
      add(found);
    } else if (event.key === "Backspace" && !typed.value && chosen.length) {
      remove(chosen.at(-1));
    }
  }

  function remove(username) {
    chosen = chosen.filter((each) => each !== username);
    paint();
    typed.focus();
  }

  function paint() {
    show(picked, chosen.map((username) => {
      const called = words(people.get(username) ?? { username });
      return h("li", { class: "picked-one", dataset: { account: username } }, h("bdi", {}, called),
        h("button", { type: "button", class: "icon-button", "aria-label": t("移除 {name}", { name: called }), onclick: () => remove(username) }, icon("close")));
    }));
  }

  function offer(found) {
    people = new Map(found.map((each) => [each.username, each]));
    show(known, found.map((each) => h("option", { value: words(each) })));
    paint();
  }

  paint();
  return { element: group(label, name, [picked, typed, known]), offer };
}

/** The accounts that a form's field of people holds, those that are only typed too: the hall says whether there are such. */
export function accountsIn(form, name) {
  const picked = [...form.querySelectorAll(`[data-people="${name}"] [data-account]`)].map((each) => each.dataset.account);
  return [...new Set([...picked, ...codes(form.elements[name].value)])];
}
