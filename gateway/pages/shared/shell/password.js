/* A new password for whoever is signed in. */
import { post } from "../hall/api.js";
import { field, tellErrors } from "../form/form.js";
import { openDialog } from "./dialog.js";
import { h, icon } from "./view.js";
import { t } from "../words/i18n.js";
import { toast, toastProblem } from "./toast.js";

const LEAST = 12;
export const PASSWORD_RULE = t("至少 12 个字符，不能只有数字，不能是连续按键，也不能含用户名。");

const secret = (name, autocomplete, attributes = {}) =>
  h("input", { class: "input", type: "password", name, required: true, maxlength: 128, autocomplete, ...attributes });

/** What is wrong with the form before it is sent, by field. */
function faults({ password, new_password: next, again }) {
  return {
    ...(!password.value && { password: t("请填写。") }),
    ...(next.value.length < LEAST && { new_password: PASSWORD_RULE }),
    ...(again.value !== next.value && { again: t("两次输入的密码不一样。") }),
  };
}

function askPassword(session) {
  openDialog({
    title: t("修改密码"),
    body: [
      field(t("现在的密码"), secret("password", "current-password", { autofocus: true })),
      field(t("新密码"), secret("new_password", "new-password"), { hint: PASSWORD_RULE }),
      field(t("再输入一次密码"), secret("again", "new-password")),
      h("p", { class: "quiet" }, t("其他设备上的登录全部结束。")),
    ],
    submitText: t("修改密码"),
    submit: async (form) => {
      const { password, new_password: next } = form.elements;
      if (!tellErrors(form, faults(form.elements))) return false;
      try {
        session.keep(await post("auth/password", { password: password.value, new_password: next.value }));
      } catch (error) {
        if (error.code === "wrong_password") tellErrors(form, { password: t("密码不正确。") });
        else if (error.errors) tellErrors(form, { new_password: PASSWORD_RULE });
        else toastProblem(error);
        return false;
      }
      toast(t("密码已修改"));
      return true;
    },
  });
}

/** Whose account is signed in, with the way to its new password. */
export const accountButton = ({ username }, session) => session.isSingle()
  ? h("span", { class: "account-name", id: "own-account" }, icon("person"), username)
  : h("button", { type: "button", class: "account-name", id: "own-account", title: t("修改密码"), onclick: () => askPassword(session) }, icon("person"), username);
