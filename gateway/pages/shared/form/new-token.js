/* A new token for who lost theirs: the one before ends at once, and the next is shown as a code, to scan or to print. */
import { post } from "../hall/api.js";
import { hallNow } from "../shell/clock.js";
import { askFor } from "./deed.js";
import { openDialog } from "../shell/dialog.js";
import { h, icon } from "../shell/view.js";
import { isoTimeOf } from "../words/format.js";
import { codeImage } from "../hall/holder.js";
import { language, t } from "../words/i18n.js";

const reasonField = () => ({
  name: "reason", label: t("原因"), missing: t("请写明原因。"),
  control: () => h("input", { class: "input", name: "reason", maxlength: 200, required: true, autocomplete: "off", list: "token-reasons" }),
});

const usual = () => h("datalist", { id: "token-reasons" }, [t("小票丢失"), t("手机丢失"), t("二维码被他人拿到")].map((text) => h("option", { value: text })));

/** What the paper says: the number or reference, and the code that opens its page from now on. */
function showPaper({ heading, page, token }) {
  openDialog({
    title: t("新的二维码"),
    body: [
      h("div", { class: "paper" },
        h("p", { class: "paper-heading number" }, heading),
        codeImage(`${page}/qr.svg?lang=${language}`, token, { text: t("新的二维码"), size: "220" }),
        h("p", {}, t("手机扫码，查看进度。以前的二维码和链接已经失效。")),
        h("p", { class: "quiet number" }, isoTimeOf(hallNow() ?? Date.now()))),
      h("button", { type: "button", class: "button primary", "data-deed": "print", onclick: () => print() }, icon("print"), t("打印")),
    ],
  });
}

/** Ask why, withdraw the token of `things`, of which the first is chosen (`{id, heading}`), and show the next.
 * `path` and `page` give the address of a thing in the API and of its page. */
export function askNewToken({ title, things, path, page, changed = () => {} }) {
  const which = { name: "which", label: t("号码"), control: () => h("select", { class: "input", name: "which" }, things.map(({ id, heading }) => h("option", { value: id }, heading))) };
  let made = null;
  askFor({
    title,
    asks: h("span", {}, t("以前的小票、二维码和链接立即失效，谁在何时为何补发都会记录。"), usual()),
    fields: things.length > 1 ? [which, reasonField()] : [reasonField()],
    submitText: t("补发"),
    send: async ({ which: id = things[0].id, reason }) => {
      const answer = await post(`${path(id)}/token`, { reason });
      made = { heading: things.find((each) => each.id === id).heading, page: page(id), token: answer.token };
    },
    done: t("已补发"),
    changed: () => {
      changed();
      if (made) setTimeout(() => showPaper(made)); /* once the question's dialog is closed */
    },
  });
}

/** Ask for a new slip of one of some tickets. */
export const askNewSlip = (tickets, changed) => askNewToken({
  title: t("补发小票"),
  things: tickets.map(({ id, number }) => ({ id, heading: number })),
  path: (id) => `tickets/${encodeURIComponent(id)}`,
  page: (id) => `/ticket/${encodeURIComponent(id)}`,
  changed,
});
