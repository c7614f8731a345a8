/* What visitors and staff read of a closure. */
import { dateOf, timeOf } from "./format.js";
import { named, t } from "./i18n.js";

/** That something is closed until a moment, and why. */
export const closureWords = (closure, until) =>
  t("临时停办至 {until}：{reason}", { until: `${dateOf(until)} ${timeOf(until)}`, reason: named(closure, "reason") });
