/* What a manager plans: weekly slots, extended sessions; and the overtime that came of them. */
import { t } from "../shared/words/i18n.js";
import { dayView } from "./day.js";
import { overtimeView } from "./overtime.js";
import { plansView } from "./plans.js";
import { sessionsView } from "./sessions.js";
import { openStaffPage } from "../shared/shell/staff.js";
import { tabs } from "../shared/shell/tabs.js";

function run(main) {
  return tabs(main, t("号源与延时"), [
    { id: "plans", icon: "calendar", text: t("每周号源"), open: plansView },
    { id: "day", icon: "people", text: t("当天预约"), open: dayView },
    { id: "sessions", icon: "clock", text: t("延时服务"), open: sessionsView },
    { id: "overtime", icon: "person", text: t("加班时间"), open: overtimeView },
  ]);
}

openStaffPage({ title: t("号源与延时"), account: "manager", run });
