/* What the operations are called of which roles are made, by the part of the hall that they belong to. */
import { t } from "../shared/words/i18n.js";

const GROUPS = {
  ticketing: t("排队叫号"), cases: t("办件"), appointments: t("预约"), sessions: t("延时服务"), dispatch: t("上门服务"), joint: t("协同办理"),
  catalogue: t("事项目录"), effects: t("改动的影响"), closures: t("停办"), notifications: t("短信"), statistics: t("统计"), quality: t("服务质量"), assessment: t("考评与例会"),
  anomalies: t("异常核查"), reports: t("报表"), imports: t("历史导入"), auth: t("账号和取号机"), roles: t("角色"), oidc: t("单点登录"), clients: t("接入程序"), arranging: t("大厅设置"), workbook: t("大厅资料表"),
};

const OPERATIONS = {
  get_floor: t("看全厅窗口和队列"), get_desk: t("看窗口屏"), stream_desk: t("随时更新窗口屏"), sign_in: t("登录窗口"), sign_out: t("退出窗口"), issue_ticket: t("发号，含加急和超时取号"), cancel_ticket: t("代为作废排队号"),
  leave_phone: t("代为登记手机号"), renew_ticket_token: t("补发小票"), call_next: t("叫下一号"), call_number: t("点名叫号"), recall_ticket: t("重呼"), start_ticket: t("开始办理"), finish_ticket: t("办理完毕"),
  miss_ticket: t("过号"), requeue_ticket: t("过号重排"), hold_ticket: t("暂停办理"), resume_ticket: t("继续办理"), transfer_ticket: t("转办"), put_back_ticket: t("放回队列"), end_ticket: t("结束排队号"),
  list_evaluations: t("看评价和意见"), assign_evaluation: t("分派回访"), follow_up_evaluation: t("填写回访结果"),
  accept_case: t("收件"), list_cases: t("查办件"), list_my_cases: t("看自己的办件"), get_case: t("看办件"), decide_case: t("办结"), deliver_case: t("送达办件"), correct_case: t("要求补正"), resume_case: t("恢复办理"), reject_case: t("退件"),
  list_day: t("看当日号源"), book_appointment: t("代为预约"), list_appointments: t("查预约"), get_appointment: t("看预约"), get_calendar_file: t("取预约日历"), find_todays_appointments: t("查今日预约"),
  confirm_appointment: t("代为确认预约"), cancel_appointment: t("代为取消预约"), reschedule_appointment: t("代为改期"), check_in: t("代为签到"), renew_appointment_token: t("补发预约凭证"), reveal_person: t("查看预约人信息"),
  get_person_history: t("看预约记录"), join_waitlist: t("登记候补"), list_slot_plans: t("看号源计划"), save_slot_plan: t("修改号源"), withdraw_slot_plan: t("取消号源计划"),
  list_sessions: t("看延时服务"), get_session: t("看一次延时服务"), plan_session: t("计划延时服务"), open_session: t("开始延时服务"), close_session: t("结束延时服务"), cancel_session: t("取消延时服务"), list_overtime: t("看加班时间"),
  request_order: t("代为申请上门"), list_orders: t("查上门工单"), list_overdue_orders: t("看逾期工单"), get_order: t("看上门工单"), screen_order: t("审核上门工单"), cancel_order: t("代为取消上门工单"), reschedule_order: t("上门改期"),
  renew_order_token: t("补发工单凭证"), reveal_order_person: t("查看申请人信息"), depart: t("出发上门"), arrive: t("到达上门地点"), complete: t("完成上门"), fail: t("未能上门"), list_crews: t("看上门小组"), save_crew: t("修改上门小组"),
  note_absence: t("登记小组缺勤"), get_route: t("看路线"), request_plan: t("编制路线"), list_plans: t("看各日路线"), get_plan: t("看编制的路线"), publish_plan: t("发布路线"), reassign: t("改派上门"),
  list_joint_procedures: t("看办理流程"), define_joint_procedure: t("新建办理流程"), change_joint_procedure: t("修改办理流程"), withdraw_joint_procedure: t("停用办理流程"), list_joint_cases: t("查协同办理"), get_joint_case: t("看协同办理"),
  open_joint_case: t("开立协同办理"), hand_in_material: t("登记材料"), commit_step: t("提交告知承诺"), urge_step: t("督办环节"), close_joint_case: t("办结协同办理"), withdraw_joint_case: t("终止协同办理"),
  add_item: t("新增事项"), adjust_item: t("调整事项"), withdraw_item: t("取消事项"),
  announce_closure: t("发布停办"), end_closure: t("结束停办"), get_closure_effects: t("看停办的影响"),
  get_item_effects: t("看调整事项的影响"), get_calendar_effects: t("看放假的影响"), get_hours_effects: t("看改开放时间的影响"), get_department_effects: t("看单位变动的影响"), get_window_effects: t("看关窗口的影响"),
  get_slot_plan_effects: t("看改号源的影响"), get_crew_effects: t("看小组变动的影响"),
  list_messages: t("看发送记录"), count_sent: t("看发送数量"), retry_message: t("重发短信"), list_templates: t("看短信文字"), save_template: t("修改短信文字"),
  get_overview: t("看当日概况"), get_volumes: t("看办理量"), get_heatmap: t("看时段分布"), get_appointment_figures: t("看预约统计"), get_onsite_figures: t("看上门统计"), get_overtime_figures: t("看加班统计"),
  get_waits: t("看等候时间"), get_distribution: t("看等候分布"), get_evaluation_figures: t("看好差评统计"), record_commendation: t("登记表扬"), list_commendations: t("看表扬"), get_commendation: t("看一条表扬"),
  correct_commendation: t("更正表扬"), withdraw_commendation: t("撤销表扬"), request_staffing_advice: t("测算窗口建议"), list_staffing_advice: t("看窗口建议"), get_staffing_advice: t("看一份窗口建议"),
  save_assessment_rule: t("修改考评规则"), list_assessment_rules: t("看考评规则"), get_assessment: t("看考评"), publish_assessment: t("发布考评"), record_award: t("登记奖励"), list_awards: t("看奖励"), withdraw_award: t("撤销奖励"),
  call_meeting: t("召集例会"), list_meetings: t("看例会"), get_meeting: t("看一次例会"), write_minutes: t("填写会议纪要"), agree_action: t("商定事项"), settle_action: t("办结商定事项"),
  list_anomalies: t("看异常"), list_owners: t("选核查人"), get_anomaly: t("看一条异常"), assign_anomaly: t("分派异常核查"), explain_anomaly: t("填写异常说明"), confirm_anomaly: t("确认异常属实"), dismiss_anomaly: t("排除异常"), feed_back_anomaly: t("反馈异常核查"),
  list_editions: t("看报表各版"), get_report: t("看报表"), get_document: t("要报表文件"), get_document_file: t("取报表文件"), make_edition: t("报表重新定稿"),
  import_cases: t("导入历史办件"), list_imports: t("看导入"), get_import: t("看一次导入"), cancel_import: t("取消导入"), take_back_import: t("撤回导入"), get_refused: t("取未导入的行"),
  list_people: t("查工作人员"), list_accounts: t("看账号"), close_account: t("停用账号"), revoke_account: t("结束他人登录"), list_kiosks: t("看取号机"), revoke_kiosk: t("停用取号机"),
  list_audit: t("查操作记录"), verify_audit: t("校验操作记录"), list_permissions: t("看权限清单"), list_roles: t("看角色"), get_claims: t("看单点登录对应表"),
  add_department: t("新增单位"), change_department: t("修改单位"), add_zone: t("新增办事区"), change_zone: t("修改办事区"), add_queue: t("新增队列"), change_queue: t("修改队列"), add_window: t("新增窗口"), change_window: t("修改窗口"),
  list_arranged_windows: t("看窗口设置"), save_hours: t("修改开放时间"), list_days: t("看工作日历"), list_official_days: t("看国家公布的安排"), save_days: t("修改工作日历"),
  list_clients: t("看接入程序"), close_client: t("停用接入程序"),
  get_hall_workbook: t("取大厅资料表"), get_workbook: t("看资料表的载入"), cancel_workbook: t("取消资料表的载入"),
};

export const groupWords = (group) => GROUPS[group] ?? group;
export const operationWords = (operation) => OPERATIONS[operation] ?? operation;
