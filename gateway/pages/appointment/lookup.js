/* Finding one's appointment by its reference and phone. */
import { $, focusOn, h, show } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";
import { LookupForm } from "../shared/form/reference.js";
import { startShell } from "../shared/shell/shell.js";

const main = $("main");

startShell();
show(main, h("div", { class: "step-page" }, h("div", { class: "step-view" },
  h("h1", { class: "step-title", tabindex: "-1", "data-focus": true }, t("查询我的预约")),
  h("p", { class: "quiet" }, t("查看、改约或取消。")),
  h(LookupForm, {
    path: "appointments/lookup",
    page: "/appointment",
    words: {
      reference: t("预约号"),
      wrong: t("预约号是 8 位字母和数字。"),
      phone: t("预约时填写的号码"),
      missing: t("没有找到这个预约。请核对预约号和预约时填写的手机号。"),
    },
  }),
  h("p", { class: "step-manage" }, h("a", { href: "/book" }, t("还没有预约？去预约"))))));
focusOn(main);
