/* Quality of service: evaluations and their follow-up, commendations, the assessment of departments, quarterly meetings, advice on staffing. */
import { show } from "./dom.js";
import { t } from "./i18n.js";
import { assessmentView } from "./quality-assessment.js";
import { commendationsView } from "./quality-commendations.js";
import { evaluationsView } from "./quality-evaluations.js";
import { meetingsView } from "./quality-meetings.js";
import { staffingView } from "./quality-staffing.js";
import { openStaffPage } from "./staff.js";
import { tabs } from "./tabs.js";

function run(main, me) {
  const isManager = me.roles.includes("manager");
  const { element, close } = tabs(t("服务质量"), [
    { id: "evaluations", icon: "message", text: t("差评回访"), open: (panel) => evaluationsView(panel, { mayAct: isManager }) },
    { id: "commendations", icon: "heart", text: t("表扬"), open: commendationsView },
    { id: "assessment", icon: "star", text: t("考评"), open: (panel) => assessmentView(panel, { mayPublish: isManager }) },
    { id: "meetings", icon: "people", text: t("例会"), open: meetingsView },
    { id: "staffing", icon: "desk", text: t("排班建议"), open: staffingView },
  ]);
  show(main, element);
  return close;
}

openStaffPage({ title: t("服务质量"), account: "manager", run });
