"""What can be wrong in a table, and how it is filled in, by code, in Chinese and English."""

from typing import Any, Self

NOUNS = {
    "department": "单位",
    "zone": "办事区",
    "queue": "队列",
    "window": "窗口",
    "chain": "业务链条",
    "item": "事项",
    "procedure": "协同审批流程",
    "clerk": "窗口人员",
}

# By code: in Chinese, in English.
WORDS: dict[str, tuple[str, str]] = {
    "empty": ("不能为空", "must not be empty"),
    "too_long": ("超过 {most} 个字符", "is longer than {most} characters"),
    "slug_form": (
        "应为 1 至 40 个小写字母、数字或连字符",
        "must be 1 to 40 lower case letters, digits or hyphens",
    ),
    "zone_form": (
        "应为 1 至 4 个大写字母或数字，首位为字母",
        "must be 1 to 4 capital letters or digits, a letter first",
    ),
    "window_form": ("应为 2 至 4 位数字", "must be 2 to 4 digits"),
    "prefix_form": (
        "应为一个或两个大写字母，不用 I 和 O，以免与 1 和 0 混淆",
        "must be one or two capital letters other than I and O, which look like 1 and 0",
    ),
    "username_form": (
        "应为 1 至 40 个小写字母、数字、点或连字符，首位为字母",
        "must be 1 to 40 lower case letters, digits, dots or hyphens, a letter first",
    ),
    "not_whole": ("应为整数", "must be a whole number"),
    "not_number": ("应为数字", "must be a number"),
    "not_between": ("应在 {low} 与 {high} 之间", "must be between {low} and {high}"),
    "rate_range": ("应大于 0 且不超过 100", "must be above 0 and at most 100"),
    "flag_form": ("应为 true 或 false（也可写 1 或 0）", "must be true or false (or 1 or 0)"),
    "not_one_of": ("应为下列之一：{known}", "must be one of {known}"),
    "parted": (
        "多项用“{separator}”隔开，不重复",
        "several values are parted by {separator!r}, each once",
    ),
    "parted_weekdays": (
        "1（星期一）至 7（星期日），多项用“;”隔开",
        "1 (Monday) to 7 (Sunday), several are parted by ';'",
    ),
    "text_form": ("文字，不超过 {most} 个字符", "a text of at most {most} characters"),
    "day_form": ("日期，写作 YYYY-MM-DD", "a date, as YYYY-MM-DD"),
    "time_form": ("时刻，写作 HH:MM", "a time of day, as HH:MM"),
    "part_empty": ("两个“{separator}”之间是空的", "has an empty part between two {separator!r}"),
    "part_twice": ("“{value}”写了两次", "names {value!r} twice"),
    "no_weekday": (
        "“{value}”不是星期，应写 1（星期一）至 7（星期日）",
        "{value!r} is no weekday, write 1 (Monday) to 7 (Sunday)",
    ),
    "no_date": ("“{value}”不是日期，应写 YYYY-MM-DD", "{value!r} is no date, write YYYY-MM-DD"),
    "no_time": ("“{value}”不是时刻，应写 HH:MM", "{value!r} is no time of day, write HH:MM"),
    "not_minutes": (
        "“{value}”应精确到分，不带时差，写作 HH:MM",
        "{value!r} must be in whole minutes without an offset, write HH:MM",
    ),
    "no_time_zone": ("“{value}”不是时区", "{value!r} is no time zone"),
    "half_break": ("午休要有开始和结束", "a break has a start and an end"),
    "not_after": ("应晚于 {other}", "must be after {other}"),
    "break_outside": (
        "午休应在办公时间之内，先后有序",
        "the break must lie within the opening hours, in order",
    ),
    "no_whole_slots": ("{minutes} 分钟不能整分为号源时段", "{minutes} minutes are no whole number of slots"),
    "less_than_kept": (
        "少于为各渠道预留的 {kept} 个名额",
        "is less than the {kept} places kept for channels",
    ),
    "before_first_day": ("不能早于 valid_from", "must not be before valid_from"),
    "crew_idle": (
        "小组至少能办一个单位的事项，或某些事项",
        "a crew can do the items of a department, or some items",
    ),
    "more_than_members": ("多于小组的 {members} 名成员", "is more than its {members} members"),
    "zero": ("不能为 0", "must not be 0"),
    "file_missing": ("没有这个文件", "the file is missing"),
    "not_utf8": ("文件不是 UTF-8 编码（{where}）", "the file is not UTF-8 ({where})"),
    "file_unreadable": ("文件无法读取：{reason}", "the file cannot be read: {reason}"),
    "not_csv": ("不是 CSV：{reason}", "this is not CSV: {reason}"),
    "header_missing": ("文件是空的，需要一行列名", "the file is empty, it needs a header row"),
    "no_rows": ("没有数据行", "the file has no rows"),
    "column_missing": ("缺少这一列", "the column is missing"),
    "column_unknown": ("没有这一列；已知的列有 {known}", "there is no such column; known are {known}"),
    "column_twice": ("这一列出现了两次", "the column is there twice"),
    "values_for_columns": ("{values} 个值对应 {columns} 列", "{values} values for {columns} columns"),
    "already": ("“{value}”已在第 {line} 行", "{value!r} is already on line {line}"),
    "of_another_department": (
        "“{value}”属于单位“{owner}”，本行属于“{own}”",
        "{value!r} belongs to department {owner!r}, this row to {own!r}",
    ),
    "queue_unserved": ("没有窗口办理队列“{value}”", "no window serves queue {value!r}"),
    "department_without_queue": ("单位“{value}”没有队列", "no queue is of department {value!r}"),
    "another_hall": (
        "本表只描述一个大厅，这是多余的一行",
        "the file describes one hall, this is another row",
    ),
    "no_hours_of_hall": (
        "没有一行是整个大厅的（单位留空）",
        "no row is for the whole hall (an empty department)",
    ),
    "not_bookable": (
        "“{value}”不提供三项服务，不能预约",
        "{value!r} does not offer the three services, so nobody can book there",
    ),
    "not_visiting": (
        "“{value}”不提供三项服务，不能上门",
        "{value!r} does not offer the three services, so nobody goes out",
    ),
    "in_another_crew": (
        "“{value}”已在第 {line} 行的小组里",
        "{value!r} is already in the crew on line {line}",
    ),
    "unknown_step": ("流程没有步骤“{value}”", "the procedure has no step {value!r}"),
    "hall_of_another_code": (
        "是“{value}”，而本系统的大厅代码（HALL_CODE）是“{code}”",
        "is {value!r}, but HALL_CODE says {code!r}",
    ),
    "zone_of_another_clock": (
        "是“{value}”，而本系统的时区（HALL_TZ）是“{known}”",
        "is {value!r}, but HALL_TZ says {known!r}",
    ),
    "not_a_workbook": (
        "不是可以读取的 XLSX 工作簿（旧的 XLS 文件、带密码的文件请另存为不带密码的 XLSX）",
        "this is no XLSX workbook that can be read (save an old XLS, or one with a password, as XLSX without one)",
    ),
    "workbook_too_large": ("文件展开后过大", "the file unpacks to too much"),
    "too_many_rows": ("超过 {most} 行", "has more than {most} rows"),
    "sheet_empty": ("这张工作表没有填写", "the sheet has no rows"),
    "sheet_missing": ("缺少这张工作表", "the sheet is missing"),
    "sheet_unknown": (
        "模板里没有这张工作表，请删去或改名",
        "the template has no such sheet; delete or rename it",
    ),
    "sheet_twice": ("这张工作表出现了两次", "the sheet is there twice"),
    "names_missing": (
        "没有列名的一行（{known}）",
        "has no row of column names ({known})",
    ),
    "further_faults": ("还有 {count} 处错误没有列出", "there are {count} more faults that are not listed"),
    "cell_formula": ("单元格里是公式，请粘贴为数值", "the cell holds a formula; paste its value"),
    "cell_error": ("单元格里是错误值 {value}", "the cell holds the error {value}"),
    "cell_date": (
        "表格软件把它当成了日期或时刻；请把单元格设为文本后重新填写",
        "the spreadsheet took it for a date or a time; make the cell text and type it again",
    ),
    "digits_lost": (
        "数字超过 15 位，末位已丢失；请把单元格设为文本后重新填写",
        "a number of more than 15 digits has lost its last ones; make the cell text and type it again",
    ),
    **{
        f"unknown_{noun}": (f"没有{chinese}“{{value}}”", f"there is no {noun} {{value!r}}")
        for noun, chinese in NOUNS.items()
    },
}


class Fault(str):
    """What is wrong, as its English text, which schemas hand on as it is; it knows its code and its Chinese text."""

    __slots__ = ("chinese", "code")

    code: str
    chinese: str

    def __new__(cls, code: str, /, **values: Any) -> Self:
        """Say a fault of `WORDS` with its values."""
        chinese, english = WORDS[code]
        fault = super().__new__(cls, english.format(**values))
        fault.code, fault.chinese = code, chinese.format(**values)
        return fault

    def format(self, *_args: object, **_kwargs: object) -> Self:
        """Return the fault as it is: Marshmallow puts values into the messages it is given."""
        return self
