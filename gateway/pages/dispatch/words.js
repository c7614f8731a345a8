/* What the dispatcher's page calls states, reasons and changes. */
import { timeOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { problemTitle } from "../shared/words/codes.js";

export const PRIORITIES = { urgent: t("紧急"), normal: t("普通"), low: t("可缓") };

export const ORDER_STATES = {
  requested: t("待审核"),
  screened: t("已受理"),
  scheduled: t("已排入草案"),
  assigned: t("已派单"),
  en_route: t("在路上"),
  on_site: t("上门中"),
  done: t("已完成"),
  failed_visit: t("未办成"),
  cancelled: t("已取消"),
};

export const PLAN_STATES = {
  queued: t("排队求解"),
  solving: t("正在求解"),
  draft: t("草案"),
  published: t("已发布"),
  failed: t("求解失败"),
};
export const PLAN_TONES = { queued: "warn", solving: "warn", draft: "brand-tag", published: "good", failed: "bad" };

const REDRAFT_REASONS = {
  absence: t("有人缺勤"),
  crew: t("小组资料有变"),
  hours: t("小组休息时间有变"),
  urgent_order: t("有紧急工单"),
  failed_visit: t("有上门未办成"),
  order_gone: t("有工单取消或改期"),
};

const UNSERVED = {
  skill: t("没有小组能办这个事项"),
  window: t("没有小组赶得上约定时间"),
  shift: t("下班前来不及返回"),
  break: t("正值小组休息时间"),
  capacity: t("小组当天户数已满"),
  time: t("与其他工单排不开，或为它绕路太远"),
};

const WHY_NOT = {
  skill: t("这个小组不能办该事项"),
  window: t("赶不上约定时间"),
  shift: t("下班前来不及返回"),
  break: t("与小组休息时间冲突"),
  capacity: t("超出小组当天户数"),
};

const CHANGES = {
  cancelled: t("已取消"),
  changed: t("已变更"),
  gone: t("已不在当天"),
  published: t("另一份计划已发布"),
  hours: t("小组休息时间有变"),
  time_passed: t("出发时间已过"),
};

const REFUSALS = {
  plan_not_draft: t("这份计划已不是草案，不能再改。"),
  plan_outdated: t("编制之后情况有变，请重新编制。"),
  not_feasible: t("这个小组不能这样安排。"),
  order_not_found: t("这个工单不在这份草案里，请重新编制。"),
  crew_not_found: t("这个小组当天不出勤。"),
  illegal_transition: t("工单的状态已经变了。"),
  date_invalid: t("只能编制今天起 28 天内的计划。"),
  crew_invalid: t("小组资料有矛盾，请核对。"),
  reason_missing: t("请填写理由。"),
  nobody_then: t("这个时间没有能办此事的上门小组出勤，请另选日期或时间。"),
  window_invalid: t("这个时间段不能安排，请另选：至少半小时，不早于一小时后，四周以内。"),
  person_erased: t("申请人的资料已经删除，只能取消。"),
};

/** Why a plan was made without a dispatcher's asking. */
export const reasonWords = (reasons) => reasons.map((each) => REDRAFT_REASONS[each] ?? each).join(t("、"));

export const unservedWords = (reason) => UNSERVED[reason] ?? reason;

export const refusalWords = (error) => REFUSALS[error.code] ?? problemTitle(error);

/** "09:00–12:00" of `{from, to}`, which no line break parts. */
export const stretchOf = ({ from, to }) => `${timeOf(from)}\u2060–\u2060${timeOf(to)}`;

export const kilometres = (metres) => t("{km} 公里", { km: (metres / 1000).toFixed(1) });

/** What stands against a visit; `labelOf` names an order. */
export const whyNot = (reasons, labelOf) =>
  reasons.map(({ order, reason }) => t("{order}：{reason}", { order: labelOf(order), reason: WHY_NOT[reason] ?? reason }));

/** What has changed since a draft was made, a line each. */
export const changeWords = (changes, { labelOf, crewName }) =>
  changes.map(({ order, reference, crew, change }) => {
    const what = CHANGES[change] ?? change;
    if (crew) return t("小组 {crew}：{change}", { crew: crewName(crew), change: what });
    if (order) return t("工单 {order}：{change}", { order: reference ?? labelOf(order), change: what });
    return what;
  });

/** Whether who is here may look but not act. */
export const looksOnly = () => document.documentElement.hasAttribute("data-looking");
