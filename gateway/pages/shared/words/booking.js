/* Appointments in words: their states, the limits that are near, and why the hall refuses one. */
import { dateOf } from "./format.js";
import { t } from "./i18n.js";
import { problemTitle } from "./codes.js";

export const APPOINTMENT_STATES = {
  held: t("待确认"),
  booked: t("已预约"),
  checked_in: t("已签到取号"),
  fulfilled: t("已办理"),
  cancelled: t("预约已取消"),
  rescheduled: t("已改约"),
  no_show: t("未到场"),
  displaced: t("时段已取消"),
  lapsed: t("未确认，已失效"),
  waitlisted: t("候补中"),
  offered: t("有空位，等您确认"),
};

export const WARNINGS = {
  no_show_limit_near: t("您近一个月有一次预约未到场。再有一次未到，30 天内不能网上预约；来不了请提前取消。"),
  cancellation_limit_near: t("您近一个月已取消四次预约。再取消一次，30 天内不能网上预约。"),
};

const unproved = () => [t("手机号的验证已过期"), t("请重新获取验证码。")];

const LIMITS = {
  item_and_day: () => [t("您当天已经约过这个事项"), t("请另选一天，或查询原来的预约后改约。")],
  live: () => [t("一个手机号最多同时有三个预约"), t("请先办完或取消一个，再约新的。")],
  waitlist: () => [t("您已经在候补这个事项"), t("有空位时会发短信给您，不用重复登记。")],
};

const REFUSALS = {
  slot_full: () => [t("这个时段刚刚约满"), t("请另选一个时间，或登记候补。")],
  slot_past: () => [t("这个时段已经开始，不能再约"), t("请另选一个时间。")],
  limit_reached: ({ problem }) => (LIMITS[problem.limit] ?? LIMITS.live)(),
  booking_suspended: ({ problem }) => [
    problem.until ? t("网上预约暂停到{date}", { date: dateOf(problem.until) }) : t("暂时不能网上预约"),
    t("近一个月有预约未到场或多次取消。您仍可以拨打大厅电话预约，或在办公时间到取号机取号。"),
  ],
  not_bookable: () => [t("这个事项不用预约"), t("请在办公时间到大厅，在取号机上选择这个事项取号。")],
  unknown_item: () => [t("大厅现在不办理这个事项"), t("请重新选择事项。")],
  hold_expired: () => [t("保留时间已过，没有约成"), t("您填写的内容还在，可以再约一次。")],
  not_your_phone: () => [t("手机号与验证的不一致"), t("请重新获取验证码。")],
  illegal_transition: () => [t("预约的状态已经变化"), t("请看最新的状态。")],
};

/** Why a command about an appointment was refused and what to do, as `{title, text}` in the page's language. */
export function refusalOf(error) {
  const words = error.status === 401 ? unproved : REFUSALS[error.code];
  const [title, text] = words?.(error) ?? [problemTitle(error), waitText(error) || error.detail];
  return { title, text };
}

/** When one may try again, of an answer that said so; empty otherwise. */
export function waitText(error) {
  const seconds = error.retryAfter ?? error.problem.retry_after;
  if (!seconds || ![403, 429].includes(error.status)) return "";
  return seconds < 90
    ? t("请 {seconds} 秒后再试。", { seconds })
    : t("请 {minutes} 分钟后再试。", { minutes: Math.ceil(seconds / 60) });
}

/** A reference as people read it aloud: in two groups of four. */
export const spoken = (reference) => reference.replace(/(.{4})(?=.)/g, "$1 ");
