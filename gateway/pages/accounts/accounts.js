/* Who and what signs in: accounts of the staff, kiosks, and programs. */
import { t } from "../shared/words/i18n.js";
import { may, openStaffPage } from "../shared/shell/staff.js";
import { tabs } from "../shared/shell/tabs.js";
import { clientsView } from "./clients.js";
import { issuerView } from "./issuer.js";
import { kiosksView } from "./kiosks.js";
import { peopleView } from "./people.js";
import { rolesView } from "./roles.js";

/** Who is no administrator looks, where a role of the hall's own lets them. */
function run(main, me) {
  const isAdmin = me.roles.includes("admin");
  return tabs(main, t("账号管理"), [
    may(me, "list_accounts") && { id: "people", icon: "people", text: t("工作人员"), open: (panel) => peopleView(panel, { mayChange: isAdmin, knowsRoles: may(me, "list_roles") }) },
    may(me, "list_roles") && may(me, "list_permissions") && { id: "roles", icon: "table", text: t("角色"), open: (panel) => rolesView(panel, { mayChange: isAdmin }) },
    may(me, "get_claims") && { id: "sign-in", icon: "forward", text: t("单点登录"), open: (panel) => issuerView(panel, { mayChange: isAdmin }) },
    may(me, "list_kiosks") && { id: "kiosks", icon: "kiosk", text: t("取号机"), open: kiosksView },
    may(me, "list_clients") && { id: "clients", icon: "table", text: t("接入程序"), open: (panel) => clientsView(panel, { mayChange: isAdmin, mayClose: may(me, "close_client") }) },
  ].filter(Boolean));
}

openStaffPage({ title: t("账号管理"), account: "admin", run });
