/* What messages, their faults and their languages are called on screen. */
import { t } from "../shared/words/i18n.js";

export const KINDS = {
  booked: t("预约成功"),
  rescheduled: t("改期成功"),
  cancelled: t("取消通知"),
  displaced: t("安排变动"),
  offered: t("候补有空位"),
  wish_cancelled: t("候补取消"),
  wish_displaced: t("候补因安排变动结束"),
  reminder_day: t("前一天提醒"),
  reminder_hour: t("一小时前提醒"),
  no_show_limit_near: t("爽约警告"),
  cancellation_limit_near: t("取消警告"),
  approaching: t("即将叫号"),
  ticket_paused: t("排队暂停"),
  ticket_stopped: t("今日不再叫号"),
  otp: t("验证码"),
  onsite_received: t("上门申请收到"),
  onsite_declined: t("上门申请不受理"),
  onsite_expected: t("上门时间通知"),
  onsite_on_way: t("上门人员出发"),
  onsite_failed: t("上门未办成"),
  onsite_waiting: t("上门待安排"),
  onsite_rescheduled: t("上门改期"),
  onsite_displaced: t("上门安排变动"),
  onsite_cancelled: t("上门取消"),
};

const FAULTS = {
  gateway_away: t("短信网关无应答"),
  contact_unreadable: t("联系方式无法读取"),
  seal_broken: t("联系方式无法读取"),
  out_of_date: t("预约已变，不再需要"),
  too_late: t("已过时，不再需要"),
  nobody_to_tell: t("没有联系方式"),
};

/** Why a message was not sent; a code nobody named is shown as it is. */
export const faultWords = (fault) =>
  fault && (FAULTS[fault] ?? (fault.startsWith("http_") ? t("短信网关拒收（{code}）", { code: fault.slice(5) }) : fault));

export const LANGUAGE_NAMES = { zh: t("中文"), en: t("英文") };
