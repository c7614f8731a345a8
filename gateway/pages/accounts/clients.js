/* Machine clients: programs that use the API in their own name. */
import { command, list } from "../shared/hall/api.js";
import { button } from "../shared/form/controls.js";
import { askFor } from "../shared/form/deed.js";
import { loadsInto, tableCard } from "../shared/form/parts.js";
import { Person } from "../shared/form/people.js";
import { people as peopleOfHall } from "../shared/hall/people.js";
import { apart, h } from "../shared/shell/view.js";
import { whenWords } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { empty } from "../shared/shell/states.js";
import { askClient, showSecret } from "./client-form.js";
import { operationWords } from "./permissions.js";

const HEADS = [t("名称"), t("编号"), t("负责人"), t("可做的操作"), [t("每分钟次数"), "figure"], t("状态"), t("操作")];

const state = ({ closed, signed_in_at: signedIn }) => {
  if (closed) return h("span", { class: "tag bad" }, t("已停用"));
  return signedIn ? t("{when} 登录", { when: whenWords(signedIn) }) : t("没有登录");
};

/** Ask for another secret, which is shown once the question is closed. */
function askSecret({ code, name }, changed) {
  let renewed = null;
  askFor({
    title: t("更换密钥"), danger: true, done: t("已更换"),
    asks: t("{name} 原来的密钥和令牌立即作废。", { name }),
    send: async () => (renewed = await command(`clients/${encodeURIComponent(code)}/secret`)),
    changed: () => {
      changed();
      if (renewed) setTimeout(() => showSecret(renewed));
    },
  });
}

const askClose = ({ code, name }, changed) => askFor({
  title: t("停用接入程序"), danger: true, done: t("已停用"), changed,
  asks: t("{name} 立即不能调用，以后也不能恢复；编号不再使用。", { name }), send: () => command(`clients/${encodeURIComponent(code)}/close`),
});

const row = (client, { mayChange, mayClose, changed, ...about }) =>
  h("tr", { key: client.code, class: client.closed ? "account-closed" : "", "data-client": client.code },
    h("th", { scope: "row" }, apart(client.name)),
    h("td", { class: "number" }, client.code),
    h("td", {}, h(Person, { username: client.owner }), " ", !client.owner_open && h("span", { class: "tag warn" }, t("负责人已停用"))),
    h("td", {}, h("span", { class: "account-roles" }, client.scopes.map((code) => h("span", { key: code, class: "tag" }, operationWords(code))))),
    h("td", { class: "figure number" }, client.quota),
    h("td", {}, state(client)),
    h("td", {}, !client.closed && h("div", { class: "account-deeds" },
      mayChange && button("document", t("修改"), () => askClient(client, { ...about, changed }), { deed: "change" }),
      mayChange && button("repeat", t("更换密钥"), () => askSecret(client, changed), { deed: "secret" }),
      mayClose && button("close", t("停用"), () => askClose(client, changed), { deed: "close" }))));

/** Show the clients in `panel`; `mayChange` is for administrators, `mayClose` for whoever a role lets. */
export function clientsView(panel, { mayChange, mayClose }) {
  const changed = () => view.load({ anew: false });
  const ask = () => Promise.all([list("clients", { limit: 500 }), mayChange ? list("permissions", { limit: 500 }) : [], mayChange ? peopleOfHall() : []]);

  const view = loadsInto(panel, ask, ([clients, permissions, people]) => {
    const about = { permissions, people, changed, mayChange, mayClose };
    return [
      mayChange && h("div", { class: "tools" },
        button("table", t("新建接入程序"), () => askClient(null, about), { primary: true, small: false, id: "new-client" })),
      clients.length
        ? tableCard(t("接入程序"), HEADS, clients.map((client) => row(client, about)))
        : empty(t("还没有接入程序"), t("其他系统要用本厅的接口，先在这里登记。"), "table"),
    ];
  });

  view.load();
  return view.stop;
}
