"""The days off and the make-up workdays that the State Council has published, for a template to begin with."""

from collections.abc import Iterable

from chinese_calendar.constants import holidays, workdays

from services.catalogue.tables.hall import Record

_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
}
_SATURDAY = 5


def official_days(years: Iterable[int]) -> list[Record]:
    """Return the days of some years that differ from the plain rule that Monday to Friday are working days."""
    wanted = set(years)
    off = {day: name for day, name in holidays.items() if day.weekday() < _SATURDAY}
    on = {day: name for day, name in workdays.items() if day.weekday() >= _SATURDAY}
    return [
        {
            "day": day.isoformat(),
            "working": day in on,
            "name": _NAMES.get(name, name) + ("调休上班" if day in on else ""),
        }
        for day, name in sorted({**off, **on}.items())
        if day.year in wanted
    ]
