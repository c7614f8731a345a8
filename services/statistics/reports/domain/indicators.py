"""The indicators of a report: what each is called and the rule by which it is worked out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Indicator:
    """A figure of a report.

    `form` says how it is written: `count`, `rate` (a share of one), `hours`, `date` or `seconds`; `unit` is the Chinese
    measure word.
    """

    name: str
    name_en: str
    form: str
    unit: str
    rule: str
    rule_en: str


# Keys as in the JSON of a report; a dot leads into a member.
INDICATORS: Mapping[str, Indicator] = {
    "departments": Indicator(
        "进驻单位", "Departments", "count", "个",
        "事项目录中的进驻单位数（单位报告为1）",
        "departments in the catalogue (1 in a department's report)",
    ),
    "staff": Indicator(
        "窗口工作人员", "Window staff", "count", "名",
        "具有窗口人员角色的在用账号数",
        "active accounts with the role clerk",
    ),
    "items": Indicator(
        "进驻事项", "Service items", "count", "项",
        "统计截止日已生效且未取消的事项数",
        "items in force on the last day counted, not withdrawn",
    ),
    "items_before": Indicator(
        "期初进驻事项", "Service items at the beginning", "count", "项",
        "统计期首日的前一日有效的事项数，含统计期内调整或取消的事项",
        "items in force on the day before the period, those adjusted or withdrawn within it included",
    ),
    "cases_accepted": Indicator(
        "受理业务量", "Cases accepted", "count", "件",
        "统计期内受理的办件数，按受理日期计",
        "cases accepted in the period, by the date of acceptance",
    ),
    "working_days": Indicator(
        "工作日", "Working days", "count", "天",
        "统计期内大厅首个受理日至末个受理日之间的工作日（按大厅工作日历，含调休上班日；日历未载年份按法定工作日），加上其间有受理业务的休息日",
        "from the first to the last date of the period on which the hall accepted a case: working days of the hall's "
        "own calendar, make-up workdays included (of the Chinese calendar in years it does not know), and "
        "rest days on which a case was accepted",
    ),
    "cases_per_working_day": Indicator(
        "日均业务受理量", "Cases a working day", "count", "件",
        "受理业务量÷工作日，四舍五入取整",
        "cases accepted by working days, rounded",
    ),
    "cases_peak_day": Indicator(
        "单日最高受理量", "Cases on the busiest day", "count", "件",
        "统计期内各日受理业务量的最大值",
        "the most cases accepted on one date of the period",
    ),
    "cases_peak_date": Indicator(
        "单日最高受理日期", "The busiest day", "date", "",
        "出现单日最高受理量的日期（并列时取最早）",
        "the first date with that many cases",
    ),
    "on_time_rate": Indicator(
        "按时办结率", "On-time rate", "rate", "",
        "统计期内办结的办件中，办结日期不晚于承诺办结日期的比例，截取到0.01%",
        "of the cases decided in the period the share decided on or before the due date, cut off to 0.01 %",
    ),
    "cases_decided": Indicator(
        "办结业务量", "Cases decided", "count", "件",
        "统计期内办结的办件数，按办结日期计",
        "cases decided in the period, by the date of the decision",
    ),
    "cases_granted": Indicator(
        "准予办结量", "Cases granted", "count", "件",
        "办结业务量减去不予许可的办件数（历史导入数据未载明结果的按准予计）",
        "cases decided less those refused; imported cases, of which it is not told, count as granted",
    ),
    "cases_refused": Indicator(
        "不予许可量", "Cases refused", "count", "件",
        "统计期内决定不予许可的办件数，按办结日期计",
        "cases whose decision in the period is a refusal, by the date of the decision",
    ),
    "cases_cumulative": Indicator(
        "累计受理业务量", "Cases since the beginning", "count", "件",
        "自有记录以来至统计截止日受理的办件总数",
        "all cases on record up to the last day counted",
    ),
    "records_since": Indicator(
        "运行起始月份", "First month on record", "month", "",
        "有受理记录的最早月份",
        "the first month with an accepted case",
    ),
    "three_services.departments": Indicator(
        "开展三项服务的单位", "Departments with the three services", "count", "家",
        "事项目录中开展三项服务、且统计期内有三项服务受理量的单位数",
        "departments that offer them in the catalogue and accepted such a case in the period",
    ),
    "three_services.departments_share": Indicator(
        "开展三项服务的单位占比", "Share of departments with the three services", "rate", "",
        "开展三项服务的单位数÷进驻单位数",
        "departments with the three services by departments",
    ),
    "three_services.since": Indicator(
        "三项服务统计起始日", "Three services counted from", "date", "",
        "统计期内首件三项服务办件所在月份的首日（不早于统计期首日）",
        "the first day of the month of the period's first such case, not before the period",
    ),
    "three_services.cases": Indicator(
        "三项服务受理量", "Cases of the three services", "count", "件",
        "来源为电话预约、网上预约、延时服务、上门服务的受理办件数",
        "accepted cases whose origin is a phone or web appointment, an extended session or an on-site order",
    ),
    "three_services.share": Indicator(
        "三项服务占同期业务量比例", "Share of the three services", "rate", "",
        "三项服务受理量÷同期（自三项服务统计起始日起）受理业务量",
        "cases of the three services by all cases accepted since they are counted",
    ),
    "three_services.days": Indicator(
        "三项服务服务日", "Days of the three services", "count", "天",
        "自三项服务统计起始日起的工作日，加上其间受理三项服务业务的休息日",
        "working days since they are counted, and rest days on which such a case was accepted",
    ),
    "three_services.cases_per_working_day": Indicator(
        "三项服务日均受理量", "Cases of the three services a day", "count", "件",
        "三项服务受理量÷三项服务服务日，四舍五入取整",
        "cases of the three services by their days, rounded",
    ),
    "three_services.overtime_hours": Indicator(
        "加班时数", "Overtime", "hours", "小时",
        "统计期内登记的加班分钟数合计÷60，保留一位小数",
        "minutes of overtime recorded in the period by 60, to one decimal",
    ),
    "three_services.by_service.phone": Indicator(
        "电话预约受理量", "Cases of phone appointments", "count", "件",
        "来源为电话预约的受理办件数", "accepted cases of phone appointments",
    ),
    "three_services.by_service.web": Indicator(
        "网上预约受理量", "Cases of web appointments", "count", "件",
        "来源为网上预约的受理办件数", "accepted cases of web appointments",
    ),
    "three_services.by_service.extended": Indicator(
        "延时服务受理量", "Cases of extended sessions", "count", "件",
        "来源为延时服务的受理办件数", "accepted cases of extended sessions",
    ),
    "three_services.by_service.on_site": Indicator(
        "上门服务受理量", "Cases of on-site orders", "count", "件",
        "来源为上门服务的受理办件数", "accepted cases of on-site orders",
    ),
    "evaluations": Indicator(
        "服务评价", "Evaluations", "count", "次",
        "统计期内收到的“好差评”次数，按到访日期计",
        "evaluations received, by the date of the visit",
    ),
    "positive_rate": Indicator(
        "好评率", "Positive evaluations", "rate", "",
        "评价为前三级（非常满意、满意、基本满意）的比例，截取到0.01%",
        "share of the evaluations of the three upper levels, cut off to 0.01 %",
    ),
    "letters": Indicator(
        "表扬信", "Thank-you letters", "count", "封",
        "统计期内登记收到的表扬信", "letters recorded as received in the period",
    ),
    "banners": Indicator(
        "锦旗", "Banners", "count", "面",
        "统计期内登记收到的锦旗", "banners recorded as received in the period",
    ),
    "plaques": Indicator(
        "牌匾", "Plaques", "count", "块",
        "统计期内登记收到的牌匾", "plaques recorded as received in the period",
    ),
    "anomalies.detected": Indicator(
        "业务数据异常变动", "Unusual movements", "count", "项",
        "统计期内业务日期上发现的异常变动数", "unusual movements found on dates of the period",
    ),
    "anomalies.explained": Indicator(
        "已说明的异常变动", "Explained movements", "count", "项",
        "其中已作出说明、确认、排除或反馈的数量", "of these, explained, confirmed, dismissed or fed back",
    ),
    "joint_approval.departments": Indicator(
        "接入协同办理的单位", "Departments in joint approval", "count", "家",
        "统计期内办理过的协同办理项目所涉及的单位数",
        "departments that take part in joint cases which were open in the period",
    ),
    "joint_approval.opened": Indicator(
        "发起协同办理项目", "Joint cases opened", "count", "个",
        "统计期内发起的协同办理项目数", "joint cases opened in the period",
    ),
    "joint_approval.closed": Indicator(
        "办结协同办理项目", "Joint cases closed", "count", "个",
        "统计期内由主办单位办结的协同办理项目数", "joint cases that the lead department closed in the period",
    ),
    "joint_approval.under_way": Indicator(
        "在办协同办理项目", "Joint cases under way", "count", "个",
        "统计期末仍在办理的协同办理项目数", "joint cases still open at the end of the period",
    ),
    "waits.tickets": Indicator(
        "叫号人次", "Tickets called", "count", "人次",
        "统计期内被叫号的排队号数", "tickets of the period that were called",
    ),
    "waits.median_s": Indicator(
        "等候时间中位数", "Median wait", "seconds", "",
        "自取号至首次叫号的时间的中位数", "median time from issue to the first call",
    ),
    "waits.p90_s": Indicator(
        "等候时间九成位数", "Wait of nine in ten", "seconds", "",
        "九成排队号的等候时间不超过此值", "nine of ten tickets waited no longer",
    ),
    "waits.within_15_min": Indicator(
        "十五分钟内叫号比例", "Called within 15 minutes", "rate", "",
        "等候不超过15分钟的排队号比例，截取到0.01%",
        "share of tickets that waited at most 15 minutes, cut off to 0.01 %",
    ),
}  # fmt: skip

# What is compared with earlier periods: not what is known only as it is now.
COMPARED = (
    "cases_accepted",
    "cases_per_working_day",
    "cases_peak_day",
    "on_time_rate",
    "cases_decided",
    "cases_granted",
    "cases_refused",
    "three_services.cases",
    "three_services.share",
    "three_services.cases_per_working_day",
    "three_services.overtime_hours",
    "evaluations",
    "letters",
    "banners",
    "plaques",
)


def value_of(report: Mapping[str, Any], key: str) -> Any:
    """Return the value of a dotted key, None where there is none."""
    value: Any = report
    for member in key.split("."):
        value = value.get(member) if isinstance(value, Mapping) else None
    return value


def sources() -> dict[str, dict[str, str]]:
    """Return the name and the rule of each indicator, as a report tells them."""
    return {
        key: {"name": each.name, "name_en": each.name_en, "rule": each.rule, "rule_en": each.rule_en}
        for key, each in INDICATORS.items()
    }
