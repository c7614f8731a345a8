/* What a crew is asked when a visit ends: which items it accepted, or why nothing came of it. */
import { openDialog } from "../shared/shell/dialog.js";
import { apart, h } from "../shared/shell/view.js";
import { choice, group } from "../shared/form/controls.js";
import { field, tellErrors } from "../shared/form/form.js";
import { named, t } from "../shared/words/i18n.js";

const MOST_FOUND = 8;
const REASONS = [t("没有人在"), t("地址不对"), t("材料不齐"), t("申请人不办了"), t("约了改天")];
const OTHER = "other";

/** Ask what was accepted; `submit(codes)` gets the items' codes. The item ordered is marked already. */
export function askCases(ordered, items, submit) {
  let chosen = [ordered];
  let text = "";
  const paint = () => dialog.paint();
  const search = ({ target }) => {
    text = target.value;
    paint();
  };
  const take = (item) => {
    chosen = [...chosen, item];
    text = "";
    paint();
    dialog.querySelector("[name=more]").focus();
  };
  const fits = (item) => {
    const sought = text.trim().toLowerCase();
    return sought && [item.code, item.name, item.name_en ?? ""].some((each) => each.toLowerCase().includes(sought)) && !chosen.some(({ code }) => code === item.code);
  };
  const dialog = openDialog({
    title: t("完成上门"),
    body: () => [
      h("fieldset", { class: "field" }, h("legend", { class: "label" }, t("当场受理的事项")),
        h("div", { class: "group case-items" }, chosen.map((item) => choice("checkbox", "item", item.code, named(item), { defaultChecked: true })))),
      field(t("还受理了其他事项？"), h("input", {
        class: "input", type: "search", name: "more", autocomplete: "off", maxlength: 60, value: text,
        oninput: search, onkeydown: (event) => event.key === "Enter" && event.preventDefault(),
      }), { hint: t("输入名称或编号") }),
      h("div", { class: "found-items", "aria-live": "polite" }, items.filter(fits).slice(0, MOST_FOUND).map((item) =>
        h("button", { type: "button", class: "button found-item", key: item.code, onclick: () => take(item) }, named(item)))),
    ],
    submitText: t("完成"),
    submit: (form) => submit([...form.querySelectorAll("input[name='item']:checked")].map(({ value }) => value)),
  });
}

/** Ask before what tells the applicant, or cannot be taken back: `submit()` does it. `early` says how many minutes before
 * the planned arrival a crew would set out. */
export const askMove = (stop, verb, { early, submit }) =>
  openDialog({
    title: verb === "depart" ? t("出发去这一户？") : t("已到达这一户？"),
    body: [
      stop.address && h("p", {}, apart(stop.address)),
      early && h("p", { class: "notice warn", id: "early" }, t("现在离预计到达还有 {minutes} 分钟，确定现在出发？", { minutes: early })),
      verb === "depart" && h("p", { class: "quiet" }, t("确定后会发短信告诉申请人。")),
    ],
    submitText: verb === "depart" ? t("出发") : t("到达"),
    cancelText: t("还没有"),
    submit,
  });

/** Ask why a visit came to nothing; `submit(reason)` gets it in words. */
export function askReason(submit) {
  return openDialog({
    title: t("为什么没有办成？"),
    danger: true,
    body: [
      group(t("原因"), "reason", [...REASONS.map((reason) => choice("radio", "reason", reason, reason)), choice("radio", "reason", OTHER, t("其他"))]),
      field(t("说明"), h("input", { class: "input", name: "text", maxlength: 100 })),
    ],
    submitText: t("记为未办成"),
    submit: (form) => {
      const marked = new FormData(form).get("reason");
      const said = form.elements.text.value.trim();
      const errors = { reason: marked || said ? "" : t("请选择原因。"), text: marked === OTHER && !said ? t("请写明原因。") : "" };
      if (!tellErrors(form, errors)) return false;
      return submit([marked === OTHER ? "" : marked, said].filter(Boolean).join("："));
    },
  });
}
