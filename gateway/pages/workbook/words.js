/* What tables, steps and states of the hall's workbook are called. */
import { t } from "../shared/words/i18n.js";

export const TABLES = {
  hall: t("大厅"), departments: t("单位"), zones: t("办事区"), chains: t("业务链条"), queues: t("队列"), windows: t("窗口"), clerks: t("窗口人员"),
  items: t("事项"), hours: t("办公时间"), calendar: t("日历"), slot_plans: t("号源计划"), crews: t("上门小组"), assessment: t("考评规则"),
  procedures: t("协同审批流程"), procedure_steps: t("审批步骤"), procedure_materials: t("共享材料"),
};

export const STEPS = {
  catalogue: t("单位、窗口、事项、办公时间和日历"), clerks: t("窗口人员账号"), heard: t("各服务收到新资料"), slot_plans: t("号源计划"), crews: t("上门小组"),
  assessment: t("考评规则"), procedures: t("协同审批流程"), slots: t("生成可预约的号源"),
};

export const STATES = {
  uploading: t("正在上传"), checking: t("正在检查"), checked: t("检查无误"), faulty: t("有错误"), applying: t("正在载入"), applied: t("已载入"),
  failed: t("没有成功"), cancelled: t("已放弃"),
};
export const TONES = { checking: "brand-tag", checked: "good", faulty: "bad", applying: "brand-tag", applied: "good", failed: "bad" };

export const KINDS = { added: t("新增"), changed: t("有改动"), ends: t("将终止"), kept: t("表中没有，保留") };

const EFFECTS = {
  days: ({ subject }) => t("新增 {count} 个休息日", { count: subject }),
  hours: () => t("办公时间改变"),
  department: ({ subject }) => t("{department} 不再提供预约和上门", { department: subject }),
  item: ({ subject }) => t("事项 {item} 终止或改由别的单位办理", { item: subject }),
};

export const effectWords = (effect) => EFFECTS[effect.change](effect);

const FAILURES = {
  another_workbook: t("正在载入另一个工作簿，请等它载入后再上传一次。"),
  given_up: t("多次尝试都没有成功。"),
  unexpected: t("系统没有处理成功，请再试一次；还不行，请与系统维护人员联系。"),
};

export function failureWords(failure) {
  if (failure.startsWith("service_away")) return t("有服务长时间没有应答，请稍后再上传一次。");
  return FAILURES[failure] ?? t("有服务没有接受：{reason}", { reason: failure });
}
