/* Quality of service: evaluations and their follow-up, commendations, the assessment of departments, quarterly meetings, advice on staffing. */
import { t } from "../shared/words/i18n.js";
import { assessmentView } from "./assessment.js";
import { commendationsView } from "./commendations.js";
import { evaluationsView } from "./evaluations.js";
import { meetingsView } from "./meetings.js";
import { staffingView } from "./staffing.js";
import { openStaffPage } from "../shared/shell/staff.js";
import { tabs } from "../shared/shell/tabs.js";

function run(main, me) {
  const isManager = me.roles.includes("manager");
  return tabs(main, t("服务质量"), [
    { id: "evaluations", icon: "message", text: t("差评回访"), open: (panel) => evaluationsView(panel, { mayAct: isManager }) },
    { id: "commendations", icon: "heart", text: t("表扬"), open: commendationsView },
    { id: "assessment", icon: "star", text: t("考评"), open: (panel) => assessmentView(panel, { mayPublish: isManager }) },
    { id: "meetings", icon: "people", text: t("例会"), open: meetingsView },
    { id: "staffing", icon: "desk", text: t("排班建议"), open: staffingView },
  ]);
}

openStaffPage({ title: t("服务质量"), account: "manager", run });
