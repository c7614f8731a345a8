/* What the phone operator's console calls states and refusals, and how it says times and references. */
import { problemTitle } from "../shared/words/codes.js";
import { shortDayOf, weekdayOf } from "../shared/words/days.js";
import { dayOf, isoDayOf, timeOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";

export const STATES = {
  held: t("待确认"),
  booked: t("已预约"),
  checked_in: t("已签到"),
  fulfilled: t("已办理"),
  cancelled: t("已取消"),
  rescheduled: t("已改期"),
  no_show: t("未到"),
  displaced: t("因安排变动取消"),
  waitlisted: t("候补中"),
  offered: t("有空位，待确认"),
  lapsed: t("逾期失效"),
};

export const TONES = { booked: "good", checked_in: "good", held: "warn", offered: "warn", waitlisted: "brand-tag", no_show: "bad", displaced: "bad" };

export const CHANNELS = { web: t("网上"), phone: t("电话"), window: t("窗口") };

const LIMITS = {
  item_and_day: t("来电人这一天已有同一事项的预约。"),
  live: t("来电人已有 3 个未完成的预约，不能再约。"),
  waitlist: t("来电人已在候补这个事项。"),
};

const PROBLEMS = {
  slot_full: t("这个时段刚刚约满，请选别的时段。"),
  slot_past: t("这个时段已经开始，请选别的时段。"),
  slot_of_other_item: t("这个时段不办理该事项，请选别的时段。"),
  slot_not_found: t("这个时段已撤销，请选别的时段。"),
  not_bookable: t("该事项不开放预约，请来电人直接到大厅取号。"),
  unknown_item: t("该事项现在不办理。"),
  booking_suspended: t("来电人已被暂停网上预约。"),
  illegal_transition: t("这个预约的状态已经变了，不能这样操作。"),
  hold_expired: t("确认的期限已过。"),
  phone_invalid: t("电话号码不正确。"),
  wrong_dates: t("日期不正确。"),
};

/** What the API said against a command, in words. */
export const problemWords = (error) =>
  (error.code === "limit_reached" && LIMITS[error.problem?.limit]) || PROBLEMS[error.code] || problemTitle(error);

/** "7K3M9QXR" in two groups, as it is read out. */
export const groupsOf = (reference) => reference.match(/.{1,4}/g) ?? [];

/** "3月3日 周二 09:30–10:00"; the dates somebody would come, for one who waits. */
export function timeWords({ starts_at: starts, ends_at: ends, wanted }) {
  if (starts) {
    const day = isoDayOf(starts);
    return `${shortDayOf(day)} ${weekdayOf(day)} ${timeOf(starts)}–${timeOf(ends)}`;
  }
  return wanted ? t("{from} 至 {to}", { from: dayOf(wanted.from), to: dayOf(wanted.to) }) : "";
}
