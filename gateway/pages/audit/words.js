/* What services and acts of the staff are called; an act that is not known here is shown by its own name. */
import { t } from "../shared/words/i18n.js";

export const SERVICES = {
  identity: t("账号"), catalogue: t("事项目录"), ticketing: t("排队叫号"), cases: t("办件"), appointments: t("预约"),
  dispatch: t("上门服务"), notifications: t("短信"), statistics: t("统计"), quality: t("服务质量"),
};

export const ACTS = {
  sign_in: t("登录"), sign_out: t("退出登录"), password_set: t("设置密码"), password_changed: t("修改密码"), hall_set_up: t("开通大厅"),
  account_created: t("新建账号"), account_changed: t("修改账号"), account_revoked: t("停用令牌"), accounts_loaded: t("载入账号"),
  kiosk_registered: t("登记取号机"), kiosk_enrolled: t("启用取号机"), kiosk_revoked: t("停用取号机"), keys_rotated: t("更换签名密钥"),
  reveal: t("查看个人信息"), save_template: t("修改短信文字"), add_item: t("新增事项"), adjust_item: t("调整事项"), withdraw_item: t("取消事项"),
  transfer_ticket: t("转办"), cancel_ticket: t("作废排队号"), issue_ticket: t("加急或超时取号"), cancel: t("取消预约"), book: t("代为预约"), reschedule: t("改期"),
  screen_order: t("审核上门工单"), cancel_order: t("取消上门工单"), publish_plan: t("发布路线"), save_slot_plan: t("修改号源"), begin_import: t("导入历史办件"),
  publish_assessment: t("发布考评"), decide_case: t("办结"), reject_case: t("退件"),
};

export const actWords = (action) => ACTS[action] ?? action;
export const serviceWords = (service) => SERVICES[service] ?? service;
