/* What the roles of the staff are called. */
import { t } from "../shared/words/i18n.js";

export const ROLES = {
  clerk: t("窗口人员"),
  operator: t("电话预约员"),
  dispatcher: t("上门调度员"),
  crew: t("外勤人员"),
  analyst: t("统计分析员"),
  manager: t("大厅管理"),
  admin: t("系统管理员"),
};
