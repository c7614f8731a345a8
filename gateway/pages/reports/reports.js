/* The report centre: the hall's reports, and the import of its history. */
import { t } from "../shared/words/i18n.js";
import { importView } from "./import.js";
import { reportView } from "./view.js";
import { may, openStaffPage } from "../shared/shell/staff.js";
import { tabs } from "../shared/shell/tabs.js";

function run(main, me) {
  const views = [
    { id: "report", icon: "document", text: t("报表"), open: reportView },
    may(me, "import_cases") && { id: "import", icon: "transfer", text: t("导入历史"), open: importView },
  ];
  return tabs(main, t("统计报表"), views.filter(Boolean));
}

openStaffPage({ title: t("统计报表"), account: "analyst", run });
