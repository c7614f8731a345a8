/* The dispatcher's page: a day of on-site service, and the crews. */
import { crewsView } from "./crews.js";
import { dayView } from "./day.js";
import { t } from "../shared/words/i18n.js";
import { may, openStaffPage } from "../shared/shell/staff.js";
import { tabs } from "../shared/shell/tabs.js";

/** Managers look at the day; what is done there is the dispatchers'. */
function run(main, me) {
  document.documentElement.toggleAttribute("data-looking", !may(me, "publish_plan"));
  return tabs(main, t("上门调度"), [
    { id: "day", icon: "calendar", text: t("当日调度"), open: dayView },
    { id: "crews", icon: "people", text: t("上门小组"), open: crewsView },
  ]);
}

openStaffPage({ title: t("上门调度"), account: "dispatcher", run });
