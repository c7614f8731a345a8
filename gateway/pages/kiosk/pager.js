/* A long list in pages that fit the screen: nobody scrolls at a kiosk. */
import { h, icon, show } from "../shared/shell/dom.js";
import { t } from "../shared/words/i18n.js";

/** Show `rows` in `container`, `size()` a page, each made by `render(row)`. `none` is shown when there are none. */
export function showPages(container, rows, { size, render, none, listClass = "choices" }) {
  let page = 0;
  const paint = () => {
    const pages = Math.max(1, Math.ceil(rows.length / size()));
    page = Math.min(page, pages - 1);
    const turn = (step, name, text) =>
      h("button", { type: "button", class: "button large", disabled: page + step < 0 || page + step >= pages, onclick: () => move(step) },
        step < 0 && icon(name), text, step > 0 && icon(name));
    show(container,
      rows.length ? h("ul", { class: listClass }, rows.slice(page * size(), (page + 1) * size()).map((row) => h("li", {}, render(row)))) : none,
      pages > 1 && h("nav", { class: "pager", "aria-label": t("翻页") },
        turn(-1, "back", t("上一页")),
        h("span", { class: "number", role: "status" }, t("第 {page} / {pages} 页", { page: page + 1, pages })),
        turn(1, "forward", t("下一页"))));
  };
  const move = (step) => {
    page += step;
    paint();
  };
  paint();
}
