/* What services and acts of the staff are called; an act that is not known here is shown by its own name. */
import { t } from "../shared/words/i18n.js";

export const SERVICES = {
  identity: t("账号"), catalogue: t("事项目录"), ticketing: t("排队叫号"), cases: t("办件"), appointments: t("预约"),
  dispatch: t("上门服务"), notifications: t("短信"), statistics: t("统计"), quality: t("服务质量"),
};

export const ACTS = {
  sign_in: t("登录"), sign_out: t("退出登录"), password_set: t("设置密码"), password_changed: t("修改密码"), hall_set_up: t("开通大厅"),
  account_created: t("新建账号"), account_changed: t("修改账号"), account_opened: t("恢复账号"), claims_changed: t("修改单点登录对应表"), account_revoked: t("停用令牌"), accounts_loaded: t("载入账号"),
  role_created: t("新建角色"), role_changed: t("修改角色"), role_ended: t("停用角色"),
  client_created: t("新建接入程序"), client_changed: t("修改接入程序"), client_secret_renewed: t("更换接入程序密钥"), client_closed: t("停用接入程序"),
  kiosk_registered: t("登记取号机"), kiosk_enrolled: t("启用取号机"), kiosk_revoked: t("停用取号机"), keys_rotated: t("更换签名密钥"),
  reveal: t("查看个人信息"), save_template: t("修改短信文字"), add_department: t("新增单位"), change_department: t("修改单位"), add_zone: t("新增办事区"), change_zone: t("修改办事区"), add_queue: t("新增队列"), change_queue: t("修改队列"),
  add_window: t("新增窗口"), change_window: t("修改窗口"), save_hours: t("修改开放时间"), save_days: t("修改工作日历"), add_item: t("新增事项"), adjust_item: t("调整事项"), announce_closure: t("发布停办"), end_closure: t("结束停办"), withdraw_item: t("取消事项"),
  transfer_ticket: t("转办"), cancel_ticket: t("作废排队号"), issue_ticket: t("加急或超时取号"), cancel: t("取消预约"), book: t("代为预约"), reschedule: t("改期"),
  screen_order: t("审核上门工单"), cancel_order: t("取消上门工单"), publish_plan: t("发布路线"), save_slot_plan: t("修改号源"), begin_import: t("导入历史办件"),
  begin_workbook: t("上传大厅工作簿"), queue_workbook: t("检查大厅工作簿"), apply_workbook: t("确认载入大厅工作簿"), cancel_workbook: t("放弃大厅工作簿"),
  publish_assessment: t("发布考评"), decide_case: t("办结"), reject_case: t("退件"),
  agree_action: t("商定事项"), arrive: t("到达上门地点"), assign_anomaly: t("分派异常核查"), assign_evaluation: t("分派回访"), call_meeting: t("召集例会"),
  call_number: t("点名叫号"), cancel_import: t("取消导入"), cancel_session: t("取消延时服务"), change_joint_procedure: t("修改办理流程"), check_in: t("预约签到"),
  close_joint_case: t("办结协同办理"), close_session: t("结束延时服务"), commit_step: t("提交告知承诺"), complete: t("完成上门"), confirm: t("确认预约"),
  confirm_anomaly: t("确认异常属实"), correct_case: t("要求补正"), correct_commendation: t("更正表扬"), define_joint_procedure: t("新建办理流程"), deliver_case: t("送达办件"),
  depart: t("出发上门"), dismiss_anomaly: t("排除异常"), end_ticket: t("结束排队号"), explain_anomaly: t("填写异常说明"), fail: t("未能上门"), feed_back_anomaly: t("反馈异常核查"),
  follow_up_evaluation: t("填写回访结果"), answer_follow_up: t("填写回访结果"), hand_in_material: t("登记材料"), join_waitlist: t("登记候补"), leave_phone: t("登记手机号"), load_assessment_rules: t("载入考评规则"),
  load_crews: t("载入上门小组"), load_hall: t("载入大厅资料"), load_joint_procedures: t("载入办理流程"), load_slot_plans: t("载入号源计划"), make_edition: t("报表重新定稿"),
  note_absence: t("登记小组缺勤"), open_joint_case: t("开立协同办理"), open_session: t("开始延时服务"), plan_session: t("计划延时服务"), publish_hall: t("重新公布大厅资料"),
  put_back_ticket: t("放回队列"), queue_import: t("开始导入"), reassign: t("改派上门"), record_award: t("登记奖励"), record_commendation: t("登记表扬"),
  renew_token: t("补发小票"), request_advice: t("测算窗口建议"), request_order: t("申请上门"), request_plan: t("编制路线"), reschedule_order: t("上门改期"),
  resume_case: t("恢复办理"), retry_delivery: t("重发短信"), save_assessment_rule: t("修改考评规则"), save_crew: t("修改上门小组"), settle_action: t("办结商定事项"),
  take_back_import: t("撤回导入"), urge_step: t("督办环节"), withdraw_award: t("撤销奖励"), withdraw_commendation: t("撤销表扬"), withdraw_joint_case: t("终止协同办理"),
  withdraw_joint_procedure: t("停用办理流程"), withdraw_slot_plan: t("取消号源计划"), write_minutes: t("填写会议纪要"),
};

export const actWords = (action) => ACTS[action] ?? action;
export const serviceWords = (service) => SERVICES[service] ?? service;
