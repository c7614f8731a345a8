/* The console's dialogs for visitors who are out of turn: chosen, set aside, left behind. */
import { openDialog } from "../shared/shell/dialog.js";
import { h } from "../shared/shell/view.js";
import { effectsNotice, WINDOW_WORDS } from "../shared/hall/effects.js";
import { field, tellErrors } from "../shared/form/form.js";
import { named, t } from "../shared/words/i18n.js";
import { askTransfer } from "./dialogs.js";

const reasonField = () => h("input", { class: "input", name: "reason", maxlength: 200, required: true, autocomplete: "off" });

const given = (form) => tellErrors(form, { reason: form.elements.reason.value.trim() ? "" : t("请写明原因。") });

/** Ask who is called out of turn, and why. */
export function askChoice(desk) {
  const waiting = h("select", { class: "input", name: "number", autofocus: true },
    desk.state.waiting.map((ticket) => h("option", { value: ticket.number }, `${ticket.number} · ${named(desk.item(ticket.item))}`)));
  openDialog({
    title: t("点名叫号"),
    submitText: t("叫号"),
    body: () => [h("p", { class: "quiet" }, t("不按次序叫号的原因会记录，并向查询者公开。")), field(t("号码"), waiting), field(t("原因"), reasonField())],
    submit: async (form) => {
      const { number, reason } = form.elements;
      return given(form) && (await desk.choose({ number: number.value, reason: reason.value.trim() })) !== undefined;
    },
  });
}

const DEEDS = [
  { verb: "miss", text: t("没有回来，按过号处理") },
  { verb: "finish", text: t("不需要再办，办结") },
  { verb: "transfer", text: t("转办到其他队列或窗口") },
];

/** Ask what becomes of one who was set aside, other than going on. */
export function askAside(desk, ticket) {
  const choice = ({ verb, text }, index) => h("label", { class: "found-item" },
    h("input", { type: "radio", name: "deed", value: verb, checked: index === 0, autofocus: index === 0 }), h("span", { class: "found-name" }, text));
  openDialog({
    title: t("{number} 的其他处理", { number: ticket.number }),
    submitText: t("确定"),
    body: () => [h("div", { class: "found", role: "radiogroup", "aria-label": t("处理方式") }, DEEDS.map(choice))],
    submit: async (form) => {
      const verb = form.elements.deed.value;
      if (verb !== "transfer") return (await desk.on(verb, { id: ticket.id })) !== undefined;
      askTransfer(desk, ticket);
      return true;
    },
  });
}

/** Tell a clerk who leaves of those who are set aside at the window, and of those who wait where nobody calls any more. */
export function askLeave(aside, effects, leave) {
  openDialog({
    title: aside.length ? t("还有人暂停在本窗口") : t("还有人在等候本窗口"),
    submitText: t("仍要离岗"),
    cancelText: t("留下处理"),
    body: () => [
      aside.length > 0 && h("ul", { class: "left-behind" }, aside.map(({ number }) => h("li", {}, h("strong", { class: "number" }, number)))),
      aside.length > 0 && h("p", { class: "quiet" }, t("离岗后，本部门任一窗口都可以继续办理、转办、过号或办结。")),
      effects?.tickets > 0 && effectsNotice(effects, WINDOW_WORDS),
    ],
    submit: leave,
  });
}
