/* Accounts of the staff: who signs in, as what, where. */
import { list } from "../shared/hall/api.js";
import { departments } from "../shared/hall/directory.js";
import { departmentOptions, optionsOf } from "../shared/form/choices.js";
import { select, tool } from "../shared/form/controls.js";
import { loads, tableCard } from "../shared/form/parts.js";
import { apart, h, show } from "../shared/shell/view.js";
import { whenWords } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { empty } from "../shared/shell/states.js";
import { deeds, newButton } from "./people-deeds.js";
import { roleNames } from "./words.js";

const A_PART = 500;
const SEARCH_PAUSE_MS = 250;
const STATES = { open: t("使用中"), closed: t("已停用") };
const HEADS = [t("姓名"), t("用户名"), t("角色"), t("部门"), t("状态"), t("操作")];

function state({ closed, issuer, has_password: hasPassword, signed_in_at: signedIn }) {
  if (closed) return h("span", { class: "tag bad" }, STATES.closed);
  if (issuer && !signedIn) return t("用统一认证登录");
  if (!issuer && !hasPassword) return h("span", { class: "tag warn" }, t("还没有密码"));
  return signedIn ? t("{when} 登录", { when: whenWords(signedIn) }) : t("没有登录");
}

const row = (account, { nameOf, roles, deed }) =>
  h("tr", { key: account.username, class: account.closed ? "account-closed" : "", "data-account": account.username },
    h("td", {}, apart(account.name)),
    h("td", { class: "number" }, account.username),
    h("td", {}, h("span", { class: "account-roles" }, account.roles.map((role) => h("span", { class: "tag" }, roles[role] ?? role)))),
    h("td", {}, account.department ? nameOf(account.department) : t("全大厅")),
    h("td", {}, state(account)),
    h("td", {}, deed));

/** Show the accounts in `panel`, for administrators with what they do. */
export function peopleView(panel, { mayChange, knowsRoles }) {
  const wanted = { q: "", role: "", department: "", state: "open" };
  let typing = null;

  const again = () => load({ anew: false });

  const choose = (what) => {
    Object.assign(wanted, what);
    return again();
  };

  const search = ({ target }) => {
    clearTimeout(typing);
    typing = setTimeout(() => choose({ q: target.value.trim() }), SEARCH_PAUSE_MS);
  };

  function paint() {
    const { known, roles } = found();
    show(panel,
      h("div", { class: "tools", role: "search" },
        tool(t("姓名或用户名"), h("input", { class: "input", id: "q", type: "search", autocomplete: "off", maxlength: 100, oninput: search })),
        tool(t("角色"), select("role", optionsOf(roleNames(roles), { all: t("全部") }), wanted.role, (role) => choose({ role }))),
        tool(t("部门"), select("department", departmentOptions(known, { all: t("全部") }), wanted.department, (department) => choose({ department }))),
        tool(t("状态"), select("state", optionsOf(STATES, { all: t("全部") }), wanted.state, (chosen) => choose({ state: chosen }))),
        mayChange && roles.length > 0 && newButton({ departments: known, roles, changed: again })),
      view());
  }

  async function ask() {
    const [accounts, known, theirs] = await Promise.all([list("accounts", { ...wanted, limit: A_PART }), departments(), knowsRoles ? list("roles", { limit: A_PART }) : []]);
    return { accounts, known, roles: theirs.filter(({ ended }) => !ended) };
  }

  function describe({ accounts, known, roles }) {
    if (!accounts.length) return empty(t("没有这样的账号"), t("换一个条件再查。"), "person");
    const names = new Map(known.map((each) => [each.code, named(each)]));
    const about = { nameOf: (code) => names.get(code) ?? code, roles: roleNames(roles) };
    const rows = accounts.map((each) => row(each, { ...about, deed: mayChange && deeds(each, { departments: known, roles, changed: again }) }));
    return [h("p", { class: "quiet", role: "status" }, t("共 {count} 个账号", { count: rows.length })), tableCard(t("工作人员账号"), HEADS, rows)];
  }

  const { load, found, view, stop } = loads(ask, describe, paint, { accounts: [], known: [], roles: [] });
  load();
  return () => {
    stop();
    clearTimeout(typing);
  };
}
