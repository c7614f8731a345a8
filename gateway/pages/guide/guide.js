/* The guide to services: finding an item, and what changed in the catalogue. */
import { ApiError } from "../shared/hall/api.js";
import { $, h, show } from "../shared/shell/view.js";
import { changesView } from "../shared/lists/changes.js";
import { findView } from "./find.js";
import { t } from "../shared/words/i18n.js";
import { startShell } from "../shared/shell/shell.js";
import { failed } from "../shared/shell/states.js";
import { tabs } from "../shared/shell/tabs.js";

async function begin() {
  const main = $("main");
  if (!(await startShell())) return show(main, failed(new ApiError({ status: 0, code: "offline", detail: "" }), () => location.reload()));
  return tabs(main, t("办事指南"), [
    { id: "find", icon: "search", text: t("查找事项"), open: findView },
    { id: "changes", icon: "calendar", text: t("变更公告"), open: (panel) => changesView(panel, { hrefOf: (code) => `/guide/${encodeURIComponent(code)}` }) },
  ], h("div", { class: "guide-top" }, h("h1", { class: "guide-title" }, t("办事指南"))));
}

begin();
