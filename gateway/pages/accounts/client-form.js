/* The form of a machine client: what it is, who answers for it, how often it may call and what it may do; and its secret. */
import { command, patch } from "../shared/hall/api.js";
import { field, tellAtFields, tellErrors } from "../shared/form/form.js";
import { accountsIn, PeopleField } from "../shared/form/people.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";
import { toast, toastProblem } from "../shared/shell/toast.js";
import { operationsField } from "./operations.js";

const USUAL_QUOTA = 60;
const MOST_CALLS = 60000;
const MOST_SCOPES = 50;
const MISSING = t("请填写。");
const WRONG = {
  code: t("只用字母、数字、点、横线和下划线。"),
  client_taken: t("已有这个编号的接入程序，可能已经停用。"),
  name: t("填写的内容有误。"),
  owner: t("没有这个使用中的账号。"),
  quota: t("1 到 60000 之间的整数。"),
  scopes: t("请选 1 到 50 项操作。"),
};

/** Show a secret, which the hall does not know any more. */
export const showSecret = ({ code, client_secret: secret }) => openDialog({
  title: t("接入程序密钥"),
  body: [
    h("p", {}, t("{code} 用它到 {address} 换取令牌：", { code, address: `${location.origin}/api/v1/auth/token` })),
    h("p", { class: "account-password client-secret number" }, secret),
    h("p", { class: "quiet" }, t("请用可靠方式交给负责人，关闭后不再显示。")),
  ],
});

/** What is typed wrong, by field. */
function wrongIn({ code, name, owner, quota, scopes }, isNew) {
  return {
    ...(isNew && !code && { code: MISSING }),
    ...(!name && { name: MISSING }),
    ...(!owner && { owner: MISSING }),
    ...(!(Number.isInteger(quota) && quota >= 1 && quota <= MOST_CALLS) && { quota: WRONG.quota }),
    ...((!scopes.length || scopes.length > MOST_SCOPES) && { scopes: WRONG.scopes }),
  };
}

/** Ask for a new client, or for what of one changes; `changed()` hears when it is done. */
export function askClient(client, { permissions, people, changed }) {
  const operations = operationsField({ label: t("可做的操作"), name: "scopes", permissions, chosen: client?.scopes, hint: t("最多 50 项；给人权限的操作不在其中。"), changed: () => dialog.paint() });
  const line = (name, label, value, { hint, ...more } = {}) =>
    field(label, h("input", { class: "input", name, required: true, maxlength: 100, autocomplete: "off", defaultValue: value, ...more }), { hint });
  const body = () => [
    line("name", t("名称"), client?.name ?? "", { autofocus: true, hint: t("例如：市政务公开屏") }),
    !client && line("code", t("编号"), "", { maxlength: 64, spellcheck: false, hint: WRONG.code }),
    field(t("负责人"), h(PeopleField, { name: "owner", people, chosen: client ? [client.owner] : [], required: true })),
    line("quota", t("每分钟最多调用"), String(client?.quota ?? USUAL_QUOTA), { type: "number", min: 1, max: MOST_CALLS, step: 1, inputmode: "numeric" }),
    operations.view(),
    client && h("p", { class: "quiet" }, t("改动操作或次数后，已发的令牌立即作废，程序要重新换取。")),
  ];

  async function submit(form) {
    const { name, quota, code } = form.elements;
    const [owner = ""] = accountsIn(form, "owner");
    const given = { name: name.value.trim(), owner, quota: Number(quota.value), scopes: operations.chosen() };
    if (!client) given.code = code.value.trim();
    if (!tellErrors(form, wrongIn(given, !client))) return false;
    let made = null;
    try {
      if (client) await patch(`clients/${encodeURIComponent(client.code)}`, given);
      else made = await command("clients", given);
    } catch (error) {
      if (!tellAtFields(form, error, WRONG)) toastProblem(error);
      return false;
    }
    toast(client ? t("已修改") : t("接入程序已建立"));
    if (made) setTimeout(() => showSecret(made)); /* once the question's dialog is closed */
    return changed();
  }

  const dialog = openDialog({ title: client ? t("修改接入程序") : t("新建接入程序"), body, submitText: t("保存"), submit });
}
