/* Joint approval: projects that several departments approve together, and the procedures they follow. */
import { show } from "./dom.js";
import { t } from "./i18n.js";
import { casesView, numberInAddress } from "./joint-cases.js";
import { proceduresView } from "./joint-procedures.js";
import { openStaffPage } from "./staff.js";
import { tabs } from "./tabs.js";

function run(main, me) {
  let chosen = numberInAddress(); /* before the tabs write theirs */
  const { element, close } = tabs(t("协同办理"), [
    {
      id: "cases", icon: "joint", text: t("协同项目"),
      open: (panel) => {
        const leave = casesView(panel, me, { first: chosen });
        return () => (chosen = leave());
      },
    },
    { id: "procedures", icon: "list", text: t("办理流程"), open: (panel) => proceduresView(panel, me) },
  ]);
  show(main, element);
  return close;
}

openStaffPage({ title: t("协同办理"), account: "manager", run });
