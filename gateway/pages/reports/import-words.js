/* What the states of an import and the reasons of refusal are called. */
import { t } from "../shared/words/i18n.js";

export const IMPORT_STATES = { queued: t("排队中"), running: t("导入中"), done: t("已完成"), failed: t("失败") };
export const IMPORT_TONES = { queued: "warn", running: "brand-tag", done: "good", failed: "bad" };

const COLUMNS = { number: t("办件编号"), item: t("事项"), accepted_at: t("受理时间"), due_on: t("应办结日期"), decided_at: t("办结时间"), origin: t("来源"), outcome: t("办理结果") };
const FAULTS = {
  missing: t("{column}没有填写"),
  malformed: t("{column}格式不正确"),
  damaged: t("{column}被电子表格（如 Excel）改成了科学计数法，请把这一列设为文本，重新录入后导出"),
  unknown: t("{column}不在目录中"),
  too_early: t("{column}过早"),
  in_future: t("{column}晚于今天"),
  before_accepted_at: t("{column}早于受理时间"),
  without_decision: t("{column}已填，但没有办结时间"),
};
const REASONS = {
  number_known: t("办件编号已存在，但内容不同"),
  personal_data: t("这一行含有电话号码或身份证号"),
  line_too_long: t("这一行太长"),
  not_csv: t("这一行不是 CSV"),
  not_utf8: t("这一行不是 UTF-8 编码"),
  columns_wrong: t("这一行的列数不对"),
  control_characters: t("这一行含有不可见字符"),
  upload_incomplete: t("文件没有传完。"),
  header_missing: t("文件第一行没有列名。"),
  header_wrong: t("文件第一行不是规定的列名。"),
  header_lacks_column: t("文件第一行缺少列。"),
  header_extra_column: t("文件第一行多了规定以外的列，请删去。"),
  header_empty_column: t("文件多了一列没有列名的空列，请在电子表格中删去后重新导出。"),
  header_twice: t("文件第一行有重复的列名。"),
  header_case: t("列名的大小写不对，请全部用小写。"),
  header_semicolon: t("文件用分号分隔，请另存为以逗号分隔的 CSV。"),
  header_tab: t("文件用制表符分隔，请另存为以逗号分隔的 CSV。"),
  header_bar: t("文件用竖线分隔，请另存为以逗号分隔的 CSV。"),
  header_utf16: t("文件是 UTF-16 编码（“Unicode 文本”），请另存为“CSV UTF-8（逗号分隔）”。"),
  header_gbk: t("文件是 GBK 编码，请另存为“CSV UTF-8（逗号分隔）”。"),
  header_not_utf8: t("文件不是 UTF-8 编码，请另存为“CSV UTF-8（逗号分隔）”。"),
  header_not_csv: t("文件第一行不是 CSV，请检查引号。"),
  no_lines: t("文件里没有可读的行。"),
  gzip_cut_off: t("压缩文件不完整。"),
  gzip_damaged: t("压缩文件已损坏。"),
  line_without_end: t("文件里有一行太长，没有换行。"),
  unpacks_to_too_much: t("压缩文件解开后太大，不像办件数据。"),
  too_many_lines: t("文件的行数太多，请分成几个文件。"),
  called_off: t("导入已取消。"),
  given_up: t("多次尝试都没有成功。"),
};

/** Why a row was refused; a reason that is not known here is shown as it came. */
export function refusalWords(reason) {
  if (REASONS[reason]) return REASONS[reason];
  const [column] = Object.keys(COLUMNS).filter((name) => reason.startsWith(`${name}_`));
  const fault = column && FAULTS[reason.slice(column.length + 1)];
  return fault ? fault.replace("{column}", COLUMNS[column]) : reason;
}

/** Why a file was not taken in, and what stood there instead. */
export const importFault = ({ fault, found }) =>
  [REASONS[fault] ?? t("导入没有成功：{fault}", { fault: fault ?? "" }), found && t("文件中是：{found}", { found })].filter(Boolean).join(" ");
