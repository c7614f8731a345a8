/* What the views of planning share: the departments they are for, and telling refusals in words. */
import { departments } from "../shared/hall/directory.js";
import { tellAtFields } from "../shared/form/form.js";
import { t } from "../shared/words/i18n.js";
import { toast } from "../shared/shell/toast.js";
import { problemTitle } from "../shared/words/codes.js";

/** The departments that offer appointments, extended hours and on-site service. */
export const offering = async () => (await departments()).filter(({ offers_three_services: offers }) => offers);

export const offeringByCode = async () => new Map((await offering()).map((each) => [each.code, each]));

const WRONG = {
  valid_from: t("日期不正确。"),
  valid_to: t("停用日期不得早于启用日期。"),
  from: t("日期不正确，也不得早于启用日期。"),
  ends: t("结束时间须晚于开始时间，且至少容下一个时段。"),
  quotas: t("三个渠道的预留合计不得超过总数。"),
  ends_at: t("结束时间须晚于开始时间。"),
  staff: t("没有这样的账号，或不能在此时加班。"),
  windows: t("没有这样的窗口。"),
};
const REFUSALS = {
  slot_plan_not_found: t("这个计划已不存在。"),
  session_overlaps: t("与已有的延时服务时间重叠。"),
  illegal_transition: t("延时服务的状态已经变了。"),
};

/** Show what the API refuses: at the fields of `form` it names, the rest in the corner. */
export function tellRefusal(form, error) {
  if (!tellAtFields(form, error, WRONG)) toast(REFUSALS[error.code] ?? problemTitle(error), error.detail, { bad: true });
}

export const refusalWords = (error) => REFUSALS[error.code] ?? problemTitle(error);
