/* What codes of the API are called on screen. */
import { t } from "./i18n.js";

export const STATES = {
  waiting: t("等候中"),
  called: t("请到窗口"),
  serving: t("办理中"),
  on_hold: t("暂停办理"),
  served: t("已办完"),
  missed: t("已过号"),
  transferred: t("已转到其他队列"),
  cancelled: t("已取消"),
  expired: t("已失效"),
  closed: t("已闭厅作废"),
};

export const CLASSES = {
  urgent: t("紧急"),
  priority: t("优先"),
  appointment: t("预约"),
  walk_in: t("现场"),
};

export const KINDS = {
  administrative_licence: t("行政许可"),
  licence: t("行政许可"),
  non_licence_approval: t("非行政许可审批"),
  approval: t("非行政许可审批"),
  public_service: t("公共服务"),
  service: t("公共服务"),
};

export const ORIGINS = {
  walk_in: t("现场窗口"),
  phone: t("电话预约"),
  web: t("网上预约"),
  extended: t("延时服务"),
  on_site: t("上门服务"),
};

const PROBLEMS = {
  issuer_away: t("统一身份认证暂时无法使用。请用用户名和密码登录，或稍后再试。"),
  sign_on_refused: t("统一身份认证没有同意登录，请重试。"),
  sign_on_unproven: t("统一身份认证的答复无法核实，没有登录。请告诉管理员。"),
  sign_on_expired: t("登录超时，请重试。"),
  no_role_by_claims: t("您在本大厅还没有角色，请联系管理员。"),
  no_department_by_claims: t("您的账号没有对应的部门，请联系管理员。"),
  account_closed: t("此账号已停用，请联系管理员。"),
  offline: t("网络不通，请稍后重试。"),
  timeout: t("系统没有及时答复，请重试。"),
  http_401: t("登录已过期，请重新登录。"),
  bad_credentials: t("用户名或密码不正确。"),
  wrong_password: t("用户名或密码不正确。"),
  invalid_credentials: t("用户名或密码不正确。"),
  window_busy: t("本窗口还有一个号没有办完。"),
  window_taken: t("该窗口已有人在岗。"),
  recall_limit: t("重呼次数已到上限，请按过号处理。"),
  recall_pause: t("刚刚叫过，请给对方一点时间。"),
  not_waiting: t("这个号码现在没有在等候。"),
  window_closed: t("该窗口没有人在岗。"),
  reason_needed: t("请写明原因。"),
  manager_only: t("只有管理人员可以这样操作。"),
  not_your_queue: t("只能为本部门的队列加急。"),
  clerk_elsewhere: t("您已在其他窗口上岗。"),
  window_shut: t("这个窗口临时停办，恢复后才能上岗。"),
  closure_over: t("这次停办已经结束或取消。"),
  not_yours_to_close: t("只能停办本部门和它的窗口。"),
  already_withdrawn: t("已经撤销过了。"),
  follow_up_refused: t("这条评价的回访状态已经变了。"),
  quarter_running: t("季度还没有结束。"),
  quarter_published: t("这个季度的排名已经公布，不再变动。"),
  meeting_exists: t("这个季度的会议已经召集。"),
  meeting_ahead: t("会议还没有召开。"),
  action_settled: t("这个事项已经办结。"),
  personal_data: t("不能写身份证号、电话号码等个人信息。"),
  joint_procedure_not_found: t("没有这个办理流程。"),
  joint_case_not_found: t("没有这个协同办理。"),
  unknown_joint_case: t("没有这个协同办理。"),
  step_not_found: t("没有这个环节。"),
  not_a_step: t("该事项不是这个协同办理的环节。"),
  material_not_found: t("这个协同办理不需要该材料。"),
  commitment_in_the_past: t("兑现期限不能早于今天。"),
  procedure_contradicts: t("流程前后矛盾。"),
  procedure_exists: t("已有这个编号的流程。"),
  procedure_withdrawn: t("这个流程已停用。"),
  joint_case_ended: t("这个协同办理已经办结或终止。"),
  case_under_way: t("这个环节已经受理。"),
  step_not_ready: t("前置环节还没有办结。"),
  materials_missing: t("本环节所需材料还没有交齐。"),
  handed_in_before: t("这份材料已经提交过，不再重复收取。"),
  not_preconditioned: t("只有告知承诺项目的协办部门可以提交承诺。"),
  steps_open: t("还有环节没有办结。"),
  illegal_step_transition: t("环节的状态已经变了，不能这样操作。"),
  another_departments_step: t("这是其他部门的环节。"),
  role_in_use: t("此角色还有账号在用，请先给这些账号换角色。"),
  last_administrator: t("至少要有一个能登录的系统管理员。"),
  not_the_lead: t("只有牵头部门可以这样操作。"),
};

const STATUSES = {
  401: t("登录已过期，请重新登录。"),
  403: t("没有权限进行此操作。"),
  404: t("没有找到。"),
  409: t("当前状态下不能这样操作。"),
  422: t("填写的内容有误。"),
  429: t("操作太频繁，请稍后再试。"),
  502: t("系统暂时不可用，请稍后重试。"),
  503: t("系统暂时不可用，请稍后重试。"),
  504: t("系统没有及时答复，请重试。"),
};

/** What went wrong in the page's language; the API's own `detail` says it more exactly and is shown beside it. */
export const problemTitle = (error) => PROBLEMS[error.code] ?? STATUSES[error.status] ?? t("出错了，请重试。");

/* A missed number is put back once within half an hour; after that it is void. */
export const MISSED_RULE = t("过号 30 分钟内请到窗口重新排队，限一次；超时作废。");
