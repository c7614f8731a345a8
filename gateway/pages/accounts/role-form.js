/* The form of a role: what it is called, and the operations of which it is made, in groups. */
import { command, patch } from "../shared/hall/api.js";
import { field, tellAtFields, tellErrors } from "../shared/form/form.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";
import { toast, toastProblem } from "../shared/shell/toast.js";
import { groupWords, operationWords } from "./permissions.js";
import { grouped, operationsField } from "./operations.js";

const MISSING = t("请填写。");
const WRONG = {
  code: t("以小写字母开头，只用小写字母、数字和下划线。"),
  role_taken: t("已有这个代码的角色，可能已经停用。"),
  name: t("填写的内容有误。"),
  name_en: t("填写的内容有误。"),
  permissions: t("请至少选一项权限。"),
};

/** Ask for a new role, perhaps made like another, or for what of one changes; `changed()` hears when it is done. */
export function askRole(role, permissions, changed) {
  const isNew = !role?.code;
  const operations = operationsField({ label: t("权限"), name: "permissions", permissions, chosen: role?.permissions, changed: () => dialog.paint() });
  const line = (name, label, value, more = {}) =>
    field(label, h("input", { class: "input", name, required: true, maxlength: 100, autocomplete: "off", defaultValue: value, ...more }), { hint: name === "code" ? WRONG.code : "" });
  const body = () => [
    line("name", t("名称"), role?.name ?? "", { autofocus: true }),
    line("name_en", t("英文名称"), role?.name_en ?? "", { lang: "en" }),
    isNew && line("code", t("代码"), "", { maxlength: 40, spellcheck: false }),
    operations.view(),
    !isNew && h("p", { class: "quiet" }, t("改动立即对所有有此角色的人生效，不必重新登录。")),
    h("p", { class: "quiet" }, t("账号有部门的，只得到限于本部门的权限；其余的给全大厅的账号。")),
  ];

  async function submit(form) {
    const { name, name_en: english, code } = form.elements;
    const given = { name: name.value.trim(), name_en: english.value.trim(), permissions: operations.chosen() };
    const empty = { ...(!given.name && { name: MISSING }), ...(!given.name_en && { name_en: MISSING }), ...(isNew && !code.value.trim() && { code: MISSING }), ...(!given.permissions.length && { permissions: WRONG.permissions }) };
    if (!tellErrors(form, empty)) return false;
    try {
      if (isNew) await command("roles", { ...given, code: code.value.trim() });
      else await patch(`roles/${role.code}`, given);
    } catch (error) {
      if (!tellAtFields(form, error, WRONG)) toastProblem(error);
      return false;
    }
    toast(isNew ? t("角色已建立") : t("已修改"));
    return changed();
  }

  const dialog = openDialog({ title: isNew ? t("新建角色") : t("修改角色"), body, submitText: t("保存"), submit });
}

/** Show what a role permits. */
export function showRole(role, permissions) {
  const chosen = new Set(role.permissions);
  const parts = grouped(permissions.filter(({ code }) => chosen.has(code)));
  openDialog({
    title: named(role),
    body: () => parts.map(([name, operations]) => h("section", { key: name },
      h("h3", { class: "small-title" }, groupWords(name)),
      h("p", {}, operations.map(({ code }) => operationWords(code)).join(t("、"))))),
  });
}
