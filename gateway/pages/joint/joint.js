/* Joint approval: projects that several departments approve together, and the procedures they follow. */
import { t } from "../shared/words/i18n.js";
import { casesView, numberInAddress } from "./cases.js";
import { proceduresView } from "./procedures.js";
import { openStaffPage } from "../shared/shell/staff.js";
import { tabs } from "../shared/shell/tabs.js";

function run(main, me) {
  let chosen = numberInAddress(); /* before the tabs write theirs */
  return tabs(main, t("协同办理"), [
    {
      id: "cases", icon: "joint", text: t("协同项目"),
      open: (panel) => {
        const leave = casesView(panel, me, { first: chosen });
        return () => (chosen = leave());
      },
    },
    { id: "procedures", icon: "list", text: t("办理流程"), open: (panel) => proceduresView(panel, me) },
  ]);
}

openStaffPage({ title: t("协同办理"), account: "manager", run });
