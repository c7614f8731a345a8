/* A dialog that asks for what a command needs, sends it, and tells what speaks against it. */
import { openDialog } from "../shell/dialog.js";
import { cloneElement } from "../vendor/preact.js";
import { h } from "../shell/view.js";
import { field, tellAtFields, tellErrors } from "./form.js";
import { t } from "../words/i18n.js";
import { toast, toastProblem } from "../shell/toast.js";

/** A field of several lines. */
export const longText = (name, label, { hint = "", most = 2000, rows = 4, value = "", missing = t("请填写。") } = {}) =>
  ({ name, label, hint, missing, control: () => h("textarea", { class: "input", name, rows, maxlength: most, required: Boolean(missing), defaultValue: value }) });

/** Ask for `fields` ({name, label, hint, missing, control(), read(form)}; `missing` is said of an empty one, without it one may
 * be) and `send(body)` them. `wrong` says by field what an answer 422 means, `conflict` what a 409 means where what was typed must not
 * be lost: the dialog stays then. `note` stands below the fields. `changed()` hears that things are no longer as shown. */
export function askFor({ title, asks = "", fields = [], submitText = title, danger = false, send, done, wrong = {}, conflict = null, note = null, changed }) {
  openDialog({
    title,
    danger,
    body: [asks && h("p", {}, asks), ...fields.map(({ label, hint = "", control }, index) => field(label, cloneElement(control(), { autofocus: index === 0 }), { hint })), note],
    submitText,
    submit: async (form) => {
      const body = Object.fromEntries(fields.map(({ name, read = () => form.elements[name].value.trim() }) => [name, read(form)]));
      if (!tellErrors(form, Object.fromEntries(fields.map(({ name, missing = "" }) => [name, body[name] ? "" : missing])))) return false;
      try {
        await send(body);
        toast(done);
      } catch (error) {
        if (tellAtFields(form, error, wrong)) return false;
        if (error.status === 409 && conflict) tellErrors(form, conflict);
        else toastProblem(error);
        if (error.status !== 409) return false;
      }
      changed(); /* after a conflict too: somebody else was faster, and the page shows how it stands */
      return !form.querySelector("[aria-invalid]");
    },
  });
}
