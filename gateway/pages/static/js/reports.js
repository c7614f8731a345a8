/* The report centre: the hall's reports, and the import of its history. */
import { show } from "./dom.js";
import { t } from "./i18n.js";
import { importView } from "./reports-import.js";
import { reportView } from "./reports-view.js";
import { openStaffPage } from "./staff.js";
import { tabs } from "./tabs.js";

const IMPORTERS = ["analyst", "admin"];

function run(main, me) {
  const views = [
    { id: "report", icon: "document", text: t("报表"), open: reportView },
    me.roles.some((role) => IMPORTERS.includes(role)) && { id: "import", icon: "transfer", text: t("导入历史"), open: importView },
  ];
  const { element, close } = tabs(t("统计报表"), views.filter(Boolean));
  show(main, element);
  return close;
}

openStaffPage({ title: t("统计报表"), account: "analyst", run });
