/* The date that the dispatcher's views look at; both tabs keep the same one. */
import { today } from "../shared/shell/clock.js";
import { FollowedDate } from "../shared/form/controls.js";
import { h, icon } from "../shared/shell/view.js";
import { dayOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { laterDay } from "../shared/words/days.js";

let date = null;

export const chosenDate = () => (date ??= today());

/** A field for the date with a step back and forth; `onChange` is called when another is chosen. */
export function dateTool(onChange) {
  const choose = (day) => {
    date = day;
    onChange();
  };
  const field = h(FollowedDate, { class: "input number", id: "date", required: true, value: chosenDate(), chosen: choose });
  const step = (count, name, text) =>
    h("button", { type: "button", class: "icon-button", "aria-label": text, title: text, onclick: () => choose(laterDay(chosenDate(), count)) }, icon(name));
  return h("div", { class: "field" }, h("label", { for: "date" }, t("上门日期")),
    h("div", { class: "date-steps" }, step(-1, "back", t("前一天")), field, step(1, "forward", t("后一天"))));
}

export const dateWords = () => dayOf(chosenDate());
