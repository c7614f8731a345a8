/* Messages to people: what was sent, and in which words. */
import { t } from "../shared/words/i18n.js";
import { sentView } from "./sent.js";
import { textsView } from "./texts.js";
import { may, openStaffPage } from "../shared/shell/staff.js";
import { tabs } from "../shared/shell/tabs.js";

function run(main, me) {
  return tabs(main, t("短信"), [
    { id: "sent", icon: "message", text: t("发送记录"), open: sentView },
    { id: "texts", icon: "document", text: t("短信文字"), open: (panel) => textsView(panel, { editable: may(me, "save_template") }) },
  ]);
}

openStaffPage({ title: t("短信"), account: "operator", run });
