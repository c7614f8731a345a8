/* What administrators do with accounts, each in a dialog. */
import { command, patch } from "../shared/hall/api.js";
import { choice, group } from "../shared/form/controls.js";
import { askFor } from "../shared/form/deed.js";
import { departmentOptions } from "../shared/form/choices.js";
import { field, tellAtFields, tellErrors } from "../shared/form/form.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h, icon } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";
import { toast, toastProblem } from "../shared/shell/toast.js";

const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const PASSWORD_LENGTH = 16;
const MISSING = t("请填写。");
const WRONG = {
  username: t("以小写字母开头，只用小写字母、数字、点、横线和下划线。"),
  username_taken: t("已有这个账号，可能已经停用。"),
  name: t("填写的内容有误。"),
  roles: t("请至少选一个角色。"),
  department_needed: t("窗口人员、外勤人员和单位负责人须有部门。"),
  department: t("没有这个部门。"),
  last_administrator: t("至少要有一个能登录的系统管理员。"),
};

/** A password that nobody guesses, in groups that can be read out. */
function newPassword() {
  const drawn = crypto.getRandomValues(new Uint32Array(PASSWORD_LENGTH));
  return Array.from(drawn, (number) => LETTERS[number % LETTERS.length]).join("").match(/.{4}/g).join("-");
}

const rolesOf = (form) => [...form.querySelectorAll("[name=roles]:checked")].map(({ value }) => value);

/** Say what the hall refuses, at the field it is about; false keeps the dialog. */
function refused(form, error) {
  if (error.code === "last_administrator" && form.elements.roles) tellErrors(form, { roles: WRONG.last_administrator });
  else if (!tellAtFields(form, error, WRONG)) toastProblem(error);
  return false;
}

/** Ask for a new account, or for what of one changes; `changed()` hears when it is done. */
function askAccount(account, { departments, roles, changed }) {
  const fields = [
    field(t("姓名"), h("input", { class: "input", name: "name", required: true, maxlength: 100, autocomplete: "off", autofocus: true, defaultValue: account?.name ?? "" })),
    !account && field(t("用户名"), h("input", { class: "input", name: "username", required: true, maxlength: 64, autocomplete: "off", spellcheck: false }), { hint: WRONG.username }),
    group(t("角色"), "roles", roles.map((role) => choice("checkbox", "roles", role.code, named(role), { defaultChecked: account?.roles.includes(role.code) }))),
    field(t("部门"), h("select", { class: "input", name: "department", value: account?.department ?? "" }, departmentOptions(departments, { all: t("全大厅") }))),
  ];

  async function submit(form) {
    const given = { name: form.elements.name.value.trim(), roles: rolesOf(form), department: form.elements.department.value || null };
    const username = account ? account.username : form.elements.username.value.trim();
    const empty = { ...(!given.name && { name: MISSING }), ...(!username && { username: MISSING }), ...(!given.roles.length && { roles: WRONG.roles }) };
    if (!tellErrors(form, empty)) return false;
    try {
      if (account) await patch(`accounts/${username}`, given);
      else await command("accounts", { username, ...given });
    } catch (error) {
      return refused(form, error);
    }
    toast(account ? t("已修改") : t("账号已建立，请给出第一个密码。"));
    return changed();
  }

  openDialog({ title: account ? t("修改账号") : t("新建账号"), body: fields, submitText: t("保存"), submit });
}

/** Give an account a password, which is shown this once to be handed over. */
function askPassword(account, changed) {
  const password = newPassword();
  openDialog({
    title: t("设置密码"),
    body: [
      h("p", {}, t("{name}（{username}）的新密码：", { name: account.name, username: account.username })),
      h("p", { class: "account-password number" }, password),
      h("p", { class: "quiet" }, t("请当面或用可靠方式交给本人，关闭后不再显示。原有登录全部结束；停用的账号恢复使用。")),
    ],
    submitText: t("启用这个密码"),
    submit: async (form) => {
      try {
        await command(`accounts/${account.username}/password`, { password });
      } catch (error) {
        return refused(form, error);
      }
      toast(t("密码已启用"));
      return changed();
    },
  });
}

const askEndSessions = ({ name, username }, changed) => askFor({
  title: t("结束登录"), done: t("已结束"), changed,
  asks: t("{name} 在所有设备上的登录立即结束，可以重新登录。", { name }), send: () => command(`accounts/${username}/revoke`),
});

const askOpen = ({ name, username }, changed) => askFor({
  title: t("恢复使用"), done: t("已恢复"), changed,
  asks: t("{name} 又可以用统一认证登录。", { name }), send: () => command(`accounts/${username}/open`),
});

const askClose = ({ name, username }, changed) => askFor({
  title: t("停用账号"), danger: true, done: t("已停用"), changed,
  asks: t("{name} 的登录立即结束，以后不能登录；重新设置密码即恢复。", { name }), send: () => command(`accounts/${username}/close`),
});

export const deeds = (account, { departments, roles, changed }) => {
  const button = (name, text, run) =>
    h("button", { type: "button", class: "button small", "data-deed": name, onclick: run }, text);
  return h("div", { class: "account-deeds" },
    !account.closed && button("change", t("修改"), () => askAccount(account, { departments, roles, changed })),
    account.issuer && account.closed && button("open", t("恢复使用"), () => askOpen(account, changed)),
    !account.issuer && button("password", account.has_password ? t("重设密码") : t("设置密码"), () => askPassword(account, changed)),
    !account.closed && account.signed_in_at && button("end", t("结束登录"), () => askEndSessions(account, changed)),
    !account.closed && button("close", t("停用"), () => askClose(account, changed)));
};

export const newButton = (about) =>
  h("button", { type: "button", class: "button primary", id: "new", onclick: () => askAccount(null, about) }, icon("person"), t("新建账号"));
