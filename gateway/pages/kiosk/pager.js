/* A long list in pages that fit the screen: nobody scrolls at a kiosk. */
import { Component } from "../shared/vendor/preact.js";
import { h, icon } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";

/** The `rows`, `size()` a page, each described by `row(each)`; `none` is shown when there are none. Other rows have another `key`. */
export class Pages extends Component {
  state = { page: 0 };

  render({ rows, size, row, none }, { page }) {
    const pages = Math.max(1, Math.ceil(rows.length / size()));
    const at = Math.min(page, pages - 1);
    const turn = (step, name, text) =>
      h("button", { type: "button", class: "button large", disabled: at + step < 0 || at + step >= pages, onclick: () => this.setState({ page: at + step }) },
        step < 0 && icon(name), text, step > 0 && icon(name));
    return [
      rows.length ? h("ul", { class: "choices" }, rows.slice(at * size(), (at + 1) * size()).map((each) => h("li", {}, row(each)))) : none,
      pages > 1 && h("nav", { class: "pager", "aria-label": t("翻页") },
        turn(-1, "back", t("上一页")),
        h("span", { class: "number", role: "status" }, t("第 {page} / {pages} 页", { page: at + 1, pages })),
        turn(1, "forward", t("下一页"))),
    ];
  }
}
