/* Asking for a reference and a phone number, and opening what they belong to. */
import { ApiError, post } from "../hall/api.js";
import { waitText } from "../words/booking.js";
import { Component } from "../vendor/preact.js";
import { h, icon } from "../shell/view.js";
import { LONGEST_PHONE, field, input, phoneError, tellErrors, whileBusy } from "./form.js";
import { withToken } from "../hall/holder.js";
import { t } from "../words/i18n.js";
import { problemTitle } from "../words/codes.js";

const REFERENCE = /^[0-9A-Za-z]{8}$/;

/** The form. `path` is asked, `page` opened with the id that it answers; `words` are {reference, wrong, phone, missing}. */
export class LookupForm extends Component {
  state = { problem: "" };

  #textOf(error) {
    if (error.status === 404 || error.status === 422) return this.props.words.missing;
    return [problemTitle(error), waitText(error)].filter(Boolean).join(" ");
  }

  async #find(form) {
    const { path, page, words } = this.props;
    const reference = form.elements.reference.value.replace(/[\s-]/g, "").toUpperCase();
    const phone = form.elements.phone.value.trim();
    this.setState({ problem: "" });
    const right = tellErrors(form, { reference: REFERENCE.test(reference) ? "" : words.wrong, phone: phoneError(phone) });
    if (!right) return;
    try {
      const { id, token } = await post(path, { reference, phone }, { anonymous: true });
      location.assign(withToken(`${page}/${encodeURIComponent(id)}`, token));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.setState({ problem: this.#textOf(error) });
    }
  }

  #submit = (event) => {
    event.preventDefault();
    const { currentTarget: form } = event;
    whileBusy(form.querySelector("[type=submit]"), () => this.#find(form));
  };

  render({ words }, { problem }) {
    return h("form", { class: "step-form", novalidate: true, onsubmit: this.#submit },
      field(words.reference, input({ id: "reference", name: "reference", autocomplete: "off", autocapitalize: "characters", spellcheck: false, maxlength: 20 }),
        { hint: t("在短信里，8 位字母和数字") }),
      field(t("手机号"), input({ id: "phone", name: "phone", type: "tel", inputmode: "tel", autocomplete: "tel", maxlength: LONGEST_PHONE }), { hint: words.phone }),
      h("p", { class: "notice bad", role: "alert", hidden: !problem }, problem && icon("alert"), problem),
      h("button", { type: "submit", class: "button primary large" }, icon("search"), t("查询")));
  }
}
