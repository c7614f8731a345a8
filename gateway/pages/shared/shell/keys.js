/* The keys of a console, and turning the single letters off. */
import { openDialog } from "./dialog.js";
import { h } from "./view.js";
import { t } from "../words/i18n.js";

/** Show the keys, and let the clerk turn the single letters off (WCAG 2.1.4). */
export function showKeys(actions, letters) {
  openDialog({
    title: t("键盘快捷键"),
    body: [
      h("dl", { class: "keys" }, actions.map(({ key, text }) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, text)))),
      h("label", { class: "letters" }, h("input", { type: "checkbox", id: "letters", checked: letters.on(), onchange: ({ target }) => letters.set(target.checked) }), t("启用单个字母的快捷键")),
    ],
  });
}
