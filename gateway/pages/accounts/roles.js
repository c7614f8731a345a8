/* Roles: those that come with HallFlow, and the hall's own, made of operations. */
import { command, list } from "../shared/hall/api.js";
import { button } from "../shared/form/controls.js";
import { askFor } from "../shared/form/deed.js";
import { loadsInto, tableCard } from "../shared/form/parts.js";
import { apart, h } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";
import { askRole, showRole } from "./role-form.js";

const HEADS = [t("角色"), t("代码"), [t("权限"), "figure"], [t("账号"), "figure"], t("来源"), t("操作")];

const origin = ({ shipped, ended }) => {
  if (ended) return h("span", { class: "tag bad" }, t("已停用"));
  return shipped ? t("系统自带") : h("span", { class: "tag good" }, t("本厅自设"));
};

const askEnd = (role, changed) => askFor({
  title: t("停用角色"), danger: true, done: t("已停用"), changed,
  asks: t("{name} 以后不能再给任何账号；代码不再使用。", { name: named(role) }), send: () => command(`roles/${role.code}/end`),
});

const row = (role, { permissions, changed, mayChange }) => {
  const own = mayChange && !role.shipped && !role.ended;
  return h("tr", { key: role.code, class: role.ended ? "account-closed" : "", "data-role": role.code },
    h("th", { scope: "row" }, apart(named(role))),
    h("td", { class: "number" }, role.code),
    h("td", { class: "figure number" }, role.permissions.length),
    h("td", { class: "figure number" }, role.accounts ?? "–"),
    h("td", {}, origin(role)),
    h("td", {}, h("div", { class: "account-deeds" },
      own
        ? button("document", t("修改"), () => askRole(role, permissions, changed), { deed: "change" })
        : button("list", t("查看"), () => showRole(role, permissions), { deed: "show" }),
      mayChange && button("repeat", t("照此新建"), () => askRole({ ...role, code: "", name: "", name_en: "" }, permissions, changed), { deed: "copy" }),
      own && button("close", t("停用"), () => askEnd(role, changed), { deed: "end" }))));
};

/** Show the roles in `panel`; `mayChange` is for administrators. */
export function rolesView(panel, { mayChange }) {
  const changed = () => view.load({ anew: false });

  const view = loadsInto(panel, () => Promise.all([list("roles", { limit: 500 }), list("permissions", { limit: 500 })]), ([roles, permissions]) => [
    mayChange && h("div", { class: "tools" },
      button("people", t("新建角色"), () => askRole(null, permissions, changed), { primary: true, small: false, id: "new-role" })),
    tableCard(t("角色"), HEADS, roles.map((role) => row(role, { permissions, changed, mayChange }))),
  ]);

  view.load();
  return view.stop;
}
