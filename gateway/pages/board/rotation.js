/* Rows that do not fit the board at once, in pages that take turns. */
import { show } from "../shared/shell/view.js";

/** Show rows in `container`, as many as fit; `mark` tells which page is shown. Returns a function taking new rows. */
export function rotate(container, mark, { size, everyMs, render, none }) {
  let rows = [];
  let page = 0;
  const paint = () => {
    const pages = Math.max(1, Math.ceil(rows.length / size));
    page %= pages;
    show(container, rows.length ? rows.slice(page * size, (page + 1) * size).map(render) : none());
    mark.textContent = pages > 1 ? `${page + 1} / ${pages}` : "";
  };
  setInterval(() => {
    if (rows.length <= size) return;
    page += 1;
    paint();
  }, everyMs);
  return (next, { fromStart = false } = {}) => {
    rows = next;
    if (fromStart) page = 0;
    paint();
  };
}
