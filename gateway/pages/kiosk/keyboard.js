/* An on-screen keyboard for pinyin, initials and codes. */
import { h, icon } from "../shared/shell/dom.js";
import { t } from "../shared/words/i18n.js";

const DIGITS = "1234567890";
const LETTERS = ["qwertyuiop", "asdfghjkl", "zxcvbnm-"];

/** Make a keyboard that types into `input`. */
export function keyboard(input) {
  const rows = [DIGITS, ...LETTERS];
  const put = (value) => {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const key = (content, label, act, extra = "") =>
    h("button", { type: "button", class: `key ${extra}`, "aria-label": label, onclick: act, onpointerdown: (event) => event.preventDefault() }, content);
  const letters = (row) => [...row].map((letter) => key(letter.toUpperCase(), letter, () => put(input.value + letter)));
  const edit = [
    key([icon("erase")], t("删除一个字"), () => put([...input.value].slice(0, -1).join("")), "key-wide"),
    key([t("空格")], t("空格"), () => put(`${input.value} `), "key-wide"),
    key([t("清空")], t("清空"), () => put(""), "key-wide"),
  ];
  return h("div", { class: "keyboard", role: "group", "aria-label": t("屏幕键盘") },
    rows.map((row, index) => h("div", { class: "key-row" }, letters(row), index === rows.length - 1 && edit)));
}
