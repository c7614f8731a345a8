/* What closures are called on screen: their scopes and states, and where they are. */
import { named, t } from "../shared/words/i18n.js";

export const SCOPES = { hall: t("整个大厅"), department: t("一个部门"), window: t("一个窗口") };
export const STATES = { running: t("停办中"), coming: t("未开始"), past: t("停办已过"), called_off: t("已取消") };
export const TONES = { running: "bad", coming: "brand-tag" };

/** What is closed. */
export const placeOf = ({ scope, department, window }, departments) => {
  if (scope === "window") return t("{code} 号窗口", { code: window });
  return scope === "hall" ? SCOPES.hall : named(departments.get(department)) || department;
};
