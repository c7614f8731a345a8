/* Who and what signs in: accounts of the staff, and kiosks. */
import { t } from "../shared/words/i18n.js";
import { openStaffPage } from "../shared/shell/staff.js";
import { tabs } from "../shared/shell/tabs.js";
import { kiosksView } from "./kiosks.js";
import { peopleView } from "./people.js";

const run = (main) => tabs(main, t("账号管理"), [
  { id: "people", icon: "people", text: t("工作人员"), open: peopleView },
  { id: "kiosks", icon: "kiosk", text: t("取号机"), open: kiosksView },
]);

openStaffPage({ title: t("账号管理"), account: "admin", run });
