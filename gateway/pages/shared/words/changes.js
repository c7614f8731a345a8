/* How changes of items are said: what was done with an item, and each field as it was and as it is. */
import { duration, timeLimit } from "./format.js";
import { language, t } from "./i18n.js";
import { KINDS } from "./codes.js";

export const ITEM_KINDS = ["administrative_licence", "non_licence_approval", "public_service"];

export const ACTIONS = {
  added: { text: t("新增"), tone: "good", icon: "check" },
  adjusted: { text: t("调整"), tone: "brand-tag", icon: "repeat" },
  withdrawn: { text: t("取消办理"), tone: "bad", icon: "close" },
};

const FIELDS = {
  name: t("事项名称"),
  name_en: t("英文名称"),
  department: t("办理单位"),
  queue: t("排队队列"),
  kind: t("事项类型"),
  time_limit_days: t("办理时限"),
  service_seconds: t("窗口用时"),
  chains: t("业务链"),
  materials: t("所需材料"),
  guide: t("办理说明"),
  guide_en: t("英文说明"),
};

const SEPARATOR = language === "zh" ? "、" : ", ";

/** Several words in one line. */
export const joined = (words) => words.join(SEPARATOR);

const VALUES = {
  kind: (value) => KINDS[value] ?? value,
  time_limit_days: timeLimit,
  service_seconds: duration,
};
const PLACES = { department: "departments", queue: "queues", chains: "chains" };
const LONG = ["guide", "guide_en"];

const without = (values, others) => (values ?? []).filter((value) => !(others ?? []).includes(value));

function partsOf(field, before, after, wordOf) {
  const told = (template, values) => values.length > 0 && template(joined(values.map(wordOf)));
  return [
    told((words) => t("增加 {words}", { words }), without(after, before)),
    told((words) => t("减少 {words}", { words }), without(before, after)),
  ].filter(Boolean).join(language === "zh" ? "；" : "; ") || t("顺序有变");
}

/** What became of a field, as [name, words]; `nameOf(kind, code)` names departments, queues and chains. */
export function changeWords({ field, before, after }, nameOf) {
  const wordOf = (value) => (PLACES[field] ? nameOf(PLACES[field], value) : VALUES[field]?.(value) ?? String(value));
  if (LONG.includes(field)) return [FIELDS[field], t("内容已更新")];
  if (Array.isArray(after)) return [FIELDS[field], partsOf(field, before, after, wordOf)];
  if (before === null || before === undefined || before === "") return [FIELDS[field] ?? field, wordOf(after)];
  return [FIELDS[field] ?? field, `${wordOf(before)} → ${wordOf(after) || "—"}`];
}
