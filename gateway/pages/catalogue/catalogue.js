/* The catalogue for those who keep it: the items, what is going to change, and what changed. */
import { itemsView } from "./items.js";
import { changesView } from "../shared/lists/changes.js";
import { t } from "../shared/words/i18n.js";
import { openStaffPage } from "../shared/shell/staff.js";
import { tabs } from "../shared/shell/tabs.js";

const hrefOf = (code) => `/catalogue?item=${encodeURIComponent(code)}#items`;

function run(main) {
  return tabs(main, t("事项管理"), [
    { id: "items", icon: "table", text: t("事项"), open: itemsView },
    { id: "coming", icon: "clock", text: t("即将生效"), open: (panel) => changesView(panel, { hrefOf, full: true, period: "coming" }) },
    { id: "changes", icon: "calendar", text: t("变更记录"), open: (panel) => changesView(panel, { hrefOf, full: true }) },
  ]);
}

openStaffPage({ title: t("事项管理"), account: "admin", run });
