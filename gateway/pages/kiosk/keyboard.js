/* An on-screen keyboard for pinyin, initials and codes. */
import { h, icon } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";

const DIGITS = "1234567890";
const LETTERS = ["qwertyuiop", "asdfghjkl", "zxcvbnm-"];

/** A keyboard that goes on from `text`; `type(text)` hears it. */
export function keyboard(text, type) {
  const rows = [DIGITS, ...LETTERS];
  const key = (content, label, act, extra = "") =>
    h("button", { type: "button", class: `key ${extra}`, "aria-label": label, onclick: act, onpointerdown: (event) => event.preventDefault() }, content);
  const letters = (row) => [...row].map((letter) => key(letter.toUpperCase(), letter, () => type(text + letter)));
  const edit = [
    key([icon("erase")], t("删除一个字"), () => type([...text].slice(0, -1).join("")), "key-wide"),
    key([t("空格")], t("空格"), () => type(`${text} `), "key-wide"),
    key([t("清空")], t("清空"), () => type(""), "key-wide"),
  ];
  return h("div", { class: "keyboard", role: "group", "aria-label": t("屏幕键盘") },
    rows.map((row, index) => h("div", { class: "key-row" }, letters(row), index === rows.length - 1 && edit)));
}
