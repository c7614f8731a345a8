/* Controls that views describe: choices, dates, several that are one field. */
import { h, icon } from "../shell/view.js";
import { Component } from "../vendor/preact.js";

/** A choice of `options` with a label; `chosen(value)` hears it. */
export const select = (id, options, value, chosen) =>
  h("select", { class: "input", id, value, onchange: ({ target }) => chosen(target.value) }, options);

export const dateInput = (name, value, attributes = {}) => h("input", { class: "input", type: "date", name, defaultValue: value, ...attributes });

/** A date that is followed: `chosen(date)` hears of a whole one; one of which a part is missing stays as it is while others are painted. */
export class FollowedDate extends Component {
  static getDerivedStateFromProps = ({ value }, state) => (value === state.value ? null : { value, typing: false });

  #take = ({ target }) => {
    this.setState({ typing: !target.value });
    if (target.value) this.props.chosen(target.value);
  };

  render({ chosen, ...attributes }, { value, typing }) {
    return h("input", { class: "input", type: "date", ...attributes, value: typing ? "" : value, onchange: this.#take });
  }
}

export const tool = (label, control) => h("div", { class: "field" }, h("label", { for: control.props.id }, label), control);

/** Several controls that are one field. */
export const group = (label, name, controls) =>
  h("fieldset", { class: "field", "aria-describedby": `${name}-error` },
    h("legend", { class: "label" }, label), h("div", { class: "group" }, controls),
    h("p", { class: "field-error", id: `${name}-error`, role: "alert", "data-error-of": name }));

export const choice = (type, name, value, text, attributes = {}) =>
  h("label", { class: "choice-box" }, h("input", { type, name, value, ...attributes }), h("span", {}, text));

/** A button of a deed, with a sign. */
export const button = (sign, text, onclick, { primary = false, danger = false, small = true, deed, ...attributes } = {}) =>
  h("button", { type: "button", class: `button${small ? " small" : ""}${primary ? " primary" : ""}${danger ? " danger" : ""}`, "data-deed": deed, onclick, ...attributes }, icon(sign), text);
