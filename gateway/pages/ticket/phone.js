/* Leaving a phone with a ticket, to be told by a message that the turn is near. */
import { ApiError, command } from "../shared/hall/api.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h, icon } from "../shared/shell/view.js";
import { field, input, LONGEST_PHONE, phoneError, tellErrors } from "../shared/form/form.js";
import { tokenHere } from "../shared/hall/holder.js";
import { language, page, t } from "../shared/words/i18n.js";
import { toast, toastProblem } from "../shared/shell/toast.js";

/* That it was done, and not the number: who holds the phone next reads none here. */
const LEFT = `ticket-${page.ticket}-phone-left`;

/** The offer while nobody has left a phone here, then that the hall will write; `again()` is called after that. */
export function phoneOffer(address, again) {
  if (localStorage.getItem(LEFT)) return h("p", { class: "notice good", id: "phone-left" }, icon("check"), t("快叫到您时，会发短信到您留下的手机号。"));
  return h("button", { type: "button", class: "button large", id: "leave-phone", onclick: () => ask(address, again) }, icon("message"), t("快叫到时发短信通知我"));
}

function ask(address, again) {
  openDialog({
    title: t("快叫到时发短信通知我"),
    body: [
      field(t("手机号"), input({ id: "phone", name: "phone", type: "tel", inputmode: "tel", autocomplete: "tel", maxlength: LONGEST_PHONE, autofocus: true })),
      h("p", { class: "quiet" }, t("手机号加密保存，90 天后删除。")),
    ],
    submitText: t("确定"),
    submit: (form) => leave(address, form, again),
  });
}

async function leave(address, form, again) {
  const phone = form.elements.phone.value.trim();
  if (!tellErrors(form, { phone: phoneError(phone) })) return false;
  let left;
  try {
    left = await command(`${address}/phone`, { phone, language }, { token: tokenHere() });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 422) return tellErrors(form, { phone: phoneError("") });
    toastProblem(error);
    return true;
  }
  localStorage.setItem(LEFT, "yes");
  toast(t("已登记"), left.same_phone > 0 ? t("这个手机号在同一队列还取了 {count} 个号；不需要的请取消。", { count: left.same_phone }) : "");
  again();
  return true;
}
