/* What unusual movements are of, and their states, are called. */
import { t } from "./i18n.js";

/** The states in the order of the follow-up, and how urgent each looks. */
export const STATES = {
  detected: { text: t("待分派"), tone: "warn" },
  assigned: { text: t("待说明"), tone: "brand-tag" },
  explained: { text: t("待核实"), tone: "brand-tag" },
  confirmed: { text: t("属实，待反馈"), tone: "bad" },
  dismissed: { text: t("已排除，待反馈"), tone: "" },
  fed_back: { text: t("已反馈"), tone: "good" },
};
export const KINDS = { item: t("事项"), department: t("部门"), hour: t("时段") };
