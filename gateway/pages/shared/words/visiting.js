/* On-site orders in words: their states, and why something is refused. */
import { waitText } from "./booking.js";
import { t } from "./i18n.js";
import { problemTitle } from "./codes.js";

export const ORDER_STATES = {
  requested: t("已申请，待审核"),
  screened: t("已受理，待安排"),
  scheduled: t("正在安排"),
  assigned: t("已安排上门"),
  en_route: t("在路上"),
  on_site: t("已到达"),
  done: t("上门已完成"),
  failed_visit: t("上门未成"),
  cancelled: t("已取消"),
};

const REFUSALS = {
  illegal_transition: t("任务的状态已经变化，这一步没有记下。"),
  crew_busy: t("还有一户没有结束，请先结束它。"),
  wrong_day: t("这一户不是今天的任务。"),
  called_off: t("这一户已经取消，不用再去。"),
  no_crew: t("这一户已从您的路线上撤下，等待重新安排。"),
  not_your_crew: t("这一户已经改由其他组上门。"),
  moment_invalid: t("记录的时间与任务现在的状态对不上，这一步没有记下。"),
  unknown_item: t("事项不在可办的范围内。"),
  order_not_found: t("没有找到这个申请。"),
  not_on_site: t("这个事项不提供上门服务，请到大厅办理。"),
  limit_reached: t("一个手机号最多同时有三个上门申请，请等办完或取消一个。"),
  nobody_then: t("这个时间没有能办此事的上门小组出勤，请另选日期或时间。"),
  window_invalid: t("这个时间段不能安排，请另选：至少半小时，不早于一小时后，四周以内。"),
  not_your_phone: t("手机号与验证的不一致，请重新获取验证码。"),
};

/** Why something was refused, in one sentence or two. */
export const refusalText = (error) => REFUSALS[error.code] ?? [problemTitle(error), error.problem && waitText(error)].filter(Boolean).join(" ");
