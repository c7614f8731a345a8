"""Sentences with figures, each of which is taken down with its key, its value and its rule."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.statistics.reports.domain.indicators import INDICATORS
from services.statistics.reports.rendering import wording

_PLACE = re.compile(r"\{([^{}]+)\}")

FORMS: Mapping[str, Callable[[Any], str]] = {
    "count": lambda value: str(abs(value)),
    "rate": lambda value: wording.percent(abs(value)),
    "hours": lambda value: wording.hours(abs(value)),
    "seconds": wording.duration,
    "date": wording.date_text,
    "month": wording.month_text,
    "hour": wording.hour_text,
    "text": str,
}

EARLIER = {"before": "上期", "year_before": "上年同期"}
CHANGES = {
    "value": ("{earlier}{name}", "{earlier}同一指标的数值"),
    "difference": ("{name}较{earlier}增减", "本期数值与{earlier}数值之差（取绝对值）"),
    "ratio": ("{name}较{earlier}增减幅度", "本期与{earlier}之差÷{earlier}数值（取绝对值）"),
}
# Members of the rows of tables: what they are called, how they are written, by what rule.
MEMBERS: Mapping[str, tuple[str, str, str]] = {
    "name": ("名称", "text", "事项目录中的名称"),
    "department_name": ("所属单位", "text", "事项目录中的名称"),
    "month": ("月份", "month", "统计期内的自然月"),
    "hour": ("时段", "hour", "受理时间所在的整点时段"),
    "day": ("日期", "date", "统计期内的日期"),
    "cases": ("受理业务量", "count", "按受理日期计的受理办件数"),
    "share": ("占比", "rate", "该行受理业务量÷合计"),
    "ratio": ("较上年同期增减幅度", "rate", "与上年同期之差÷上年同期数值（取绝对值）"),
    "overtime_hours": ("加班时数", "hours", "加班分钟数÷60"),
    "letters": ("表扬信", "count", "登记收到的数量"),
    "banners": ("锦旗", "count", "登记收到的数量"),
    "plaques": ("牌匾", "count", "登记收到的数量"),
}
TABLES = {
    "by_month": "分月",
    "by_day": "分日",
    "by_department": "分单位",
    "by_item": "分事项",
    "by_hour": "分时段",
    "by_origin": "分来源",
    "three_services": "三项服务分单位",
}
DATES = {"first": "统计期首日", "last": "统计期末日", "counted_to": "统计截止日"}


@dataclass(frozen=True)
class Told:
    """A figure that was told: the key of its value, what it is called, how it was written, and its rule."""

    key: str
    name: str
    text: str
    rule: str


@dataclass
class Teller:
    """Makes sentences of a report's figures."""

    report: Mapping[str, Any]
    told: dict[tuple[str, str], Told] = field(default_factory=dict)

    def figures(self) -> list[Told]:
        """Return the figures that were told, names left out, in the order in which they were."""
        return [each for each in self.told.values() if describe(each.key)[1] != "text"]

    def value(self, key: str) -> Any:
        """Return the value of a dotted key, None where there is none; numbers lead into lists."""
        value: Any = self.report
        for member in key.split("."):
            if isinstance(value, Mapping):
                value = value.get(member)
            elif isinstance(value, Sequence) and not isinstance(value, str):
                value = value[int(member)] if int(member) < len(value) else None
            else:
                return None
        return value

    def say(self, template: str) -> str:
        """Fill the figures in; nothing at all is said when one of them is missing.

        Args:
            template: text with dotted keys in braces; a form may follow a colon, as in `{period.first:short}`.
        """
        places = [place.partition(":") for place in _PLACE.findall(template)]
        if any(self.value(key) is None for key, _, _ in places):
            return ""
        return _PLACE.sub(lambda matched: self._tell(*matched[1].partition(":")[::2]), template)

    def _tell(self, key: str, form: str) -> str:
        name, usual, rule = describe(key)
        write = wording.short_date if form == "short" else FORMS[form or usual]
        text = write(self.value(key))
        self.told.setdefault((key, text), Told(key, name, text, rule))
        return text


def describe(key: str) -> tuple[str, str, str]:
    """Return what a key's value is called, how it is written, and by what rule it is worked out.

    Raises:
        KeyError: there is no such key.
    """
    if key in INDICATORS:
        known = INDICATORS[key]
        return known.name, known.form, known.rule
    head, _, rest = key.partition(".")
    if head == "period":
        return (
            DATES[rest],
            "date",
            "统计截止日为统计期内大厅末个受理日" if rest == "counted_to" else "按统计期确定",
        )
    if head == "comparison":
        return _comparison(rest)
    table, row, member = rest.split(".")
    name, form, rule = MEMBERS[member]
    return f"{TABLES[table]}统计第{int(row) + 1}行：{name}", form, rule


def _comparison(rest: str) -> tuple[str, str, str]:
    which, _, rest = rest.partition(".")
    key, _, member = rest.rpartition(".")
    known = INDICATORS[key]
    words = {"earlier": EARLIER[which], "name": known.name}
    name, rule = (text.format(**words) for text in CHANGES[member])
    return name, "rate" if member == "ratio" else known.form, rule
