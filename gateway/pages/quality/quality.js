/* Quality of service: evaluations and their follow-up, commendations, the assessment of departments, quarterly meetings, advice on staffing. */
import { t } from "../shared/words/i18n.js";
import { assessmentView } from "./assessment.js";
import { commendationsView } from "./commendations.js";
import { evaluationsView } from "./evaluations.js";
import { meetingsView } from "./meetings.js";
import { staffingView } from "./staffing.js";
import { may, openStaffPage } from "../shared/shell/staff.js";
import { tabs } from "../shared/shell/tabs.js";

function run(main, me) {
  const can = (operation) => may(me, operation);
  return tabs(main, t("服务质量"), [
    can("list_evaluations") && { id: "evaluations", icon: "message", text: t("差评回访"), open: (panel) => evaluationsView(panel, { mayAct: can("assign_evaluation") }) },
    can("list_commendations") && { id: "commendations", icon: "heart", text: t("表扬"), open: commendationsView },
    can("get_assessment") && { id: "assessment", icon: "star", text: t("考评"), open: (panel) => assessmentView(panel, { mayPublish: can("publish_assessment") }) },
    can("list_meetings") && { id: "meetings", icon: "people", text: t("例会"), open: (panel) => meetingsView(panel, { leads: can("call_meeting"), settles: ({ department }) => can("settle_action") && (can("call_meeting") || department === me.department) }) },
    can("list_staffing_advice") && { id: "staffing", icon: "desk", text: t("排班建议"), open: staffingView },
  ].filter(Boolean));
}

openStaffPage({ title: t("服务质量"), account: "manager", run });
