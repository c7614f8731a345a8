/* How the hall is arranged: departments, zones, queues, windows; and when it is open: hours, days of the calendar. */
import { t } from "../shared/words/i18n.js";
import { openStaffPage } from "../shared/shell/staff.js";
import { tabs } from "../shared/shell/tabs.js";
import { calendarView } from "./calendar.js";
import { hoursView } from "./hours.js";
import { placesView } from "./places.js";
import { KINDS } from "./kinds.js";

const run = (main) => tabs(main, t("大厅设置"), [
  ...Object.entries(KINDS).map(([id, kind]) => ({ id, icon: kind.icon, text: kind.text, open: (panel) => placesView(panel, id, kind) })),
  { id: "hours", icon: "clock", text: t("开放时间"), open: hoursView },
  { id: "calendar", icon: "calendar", text: t("工作日历"), open: calendarView },
]);

openStaffPage({ title: t("大厅设置"), account: "admin", run });
