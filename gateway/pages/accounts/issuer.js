/* What the claims of the city's issuer give to whoever signs in there: roles, and a department. */
import { command, get, list } from "../shared/hall/api.js";
import { departments } from "../shared/hall/directory.js";
import { button, choice, group } from "../shared/form/controls.js";
import { askFor } from "../shared/form/deed.js";
import { departmentOptions } from "../shared/form/choices.js";
import { field, tellErrors } from "../shared/form/form.js";
import { loadsInto, tableCard } from "../shared/form/parts.js";
import { openDialog } from "../shared/shell/dialog.js";
import { empty } from "../shared/shell/states.js";
import { toast, toastProblem } from "../shared/shell/toast.js";
import { apart, h } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";
import { roleNames } from "./words.js";

const MISSING = t("请填写。");
const TAKEN = t("这个值已经有规则。");
const WRONG = {
  roles: t("请至少选一个角色。"),
};
const HEADS = [t("声明"), t("值"), t("角色"), t("部门"), t("操作")];

/** What is sent of the table: all of it, each time. */
const save = (items) => command("auth/oidc/claims", { items: items.map(({ claim, value, roles, department }) => ({ claim, value, roles, department })) });

function askRule({ rules, roles, offices, changed }) {
  const text = (name, value, most) => h("input", { class: "input", name, required: true, maxlength: most, autocomplete: "off", spellcheck: false, defaultValue: value });

  async function submit(form) {
    const { claim, value, department } = form.elements;
    const given = {
      claim: claim.value.trim(), value: value.value.trim(), department: department.value || null,
      roles: [...form.querySelectorAll("[name=roles]:checked")].map((box) => box.value),
    };
    const wrong = { ...(!given.claim && { claim: MISSING }), ...(!given.value && { value: MISSING }), ...(!given.roles.length && { roles: WRONG.roles }), ...(rules.some((rule) => rule.claim === given.claim && rule.value === given.value) && { value: TAKEN }) };
    if (!tellErrors(form, wrong)) return false;
    try {
      await save([...rules, given]);
    } catch (error) {
      toastProblem(error);
      return false;
    }
    toast(t("下次登录起生效"));
    return changed();
  }

  openDialog({
    title: t("新增规则"), submitText: t("保存"), submit,
    body: [
      field(t("声明"), text("claim", "groups", 100), { hint: t("统一认证给出的字段名。") }),
      field(t("值"), text("value", "", 100), { hint: t("字段里有这个值的人，得到下面的角色。") }),
      group(t("角色"), "roles", roles.map((role) => choice("checkbox", "roles", role.code, named(role)))),
      field(t("部门"), h("select", { class: "input", name: "department" }, departmentOptions(offices, { all: t("全大厅") }))),
    ],
  });
}

const askEnd = (rule, rules, changed) => askFor({
  title: t("取消规则"), danger: true, done: t("已取消"), changed,
  asks: t("{claim} 为 {value} 的人下次登录时不再得到这些角色。", rule), send: () => save(rules.filter((each) => each !== rule)),
});

/** Show the rules in `panel`; `mayChange` is for administrators. */
export function issuerView(panel, { mayChange }) {
  const changed = () => view.load({ anew: false });
  const ask = () => Promise.all([get("auth/oidc/claims"), list("roles", { limit: 500 }), departments()]);

  const view = loadsInto(panel, ask, ([{ items: rules, issuer, ...addresses }, all, offices]) => {
    const roles = all.filter(({ ended }) => !ended);
    const names = roleNames(all);
    const office = new Map(offices.map((each) => [each.code, named(each)]));
    return [
      h("p", { class: "notice" }, issuer
        ? t("{issuer} 的人按下表得到角色和部门；一个人可以符合几条。", { issuer })
        : t("还没有接入统一认证，规则先存着：见运行手册的 OIDC_ISSUER。")),
      h("p", { class: "quiet" }, t("在统一认证登记的地址：{redirect_uri}，退出后回到 {logged_out_uri}", addresses)),
      mayChange && h("div", { class: "tools" },
        button("people", t("新增规则"), () => askRule({ rules, roles, offices, changed }), { primary: true, small: false, id: "new-rule" })),
      rules.length
        ? tableCard(t("单点登录"), HEADS, rules.map((rule) => h("tr", { key: `${rule.claim}=${rule.value}`, "data-rule": rule.value },
          h("td", { class: "number" }, rule.claim),
          h("th", { scope: "row" }, apart(rule.value)),
          h("td", {}, h("span", { class: "account-roles" }, rule.roles.map((role) => h("span", { class: "tag" }, names[role] ?? role)))),
          h("td", {}, rule.department ? office.get(rule.department) ?? rule.department : t("全大厅")),
          h("td", {}, mayChange && button("close", t("取消"), () => askEnd(rule, rules, changed), { deed: "end" })))))
        : empty(t("还没有规则"), t("没有规则时，任何人都不能用统一认证登录。"), "person"),
    ];
  });

  view.load();
  return view.stop;
}
