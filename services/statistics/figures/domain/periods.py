"""The periods that reports are about, and their working days."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.statistics.errors import PeriodInvalid
from services.statistics.facts.domain.workdays import PUBLISHED, Calendar

KINDS = ("daily", "monthly", "quarterly", "annual")
FORMS: Mapping[str, str] = {
    "daily": "2011-11-30",
    "monthly": "2011-11",
    "quarterly": "2011-Q4",
    "annual": "2011",
}
# Before it no hall of this kind kept records, and the calendar of holidays begins in it.
FIRST_YEAR, LAST_YEAR = 2004, 2199
DAY = timedelta(days=1)
MONTHS_A_QUARTER, MONTHS_A_YEAR = 3, 12

_DAILY = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z", re.ASCII)
_MONTHLY = re.compile(r"(\d{4})-(\d\d)\Z", re.ASCII)
_QUARTERLY = re.compile(r"(\d{4})-Q([1-4])\Z", re.ASCII)
_ANNUAL = re.compile(r"(\d{4})\Z", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Period:
    """A stretch of business dates, both ends included; `name` is what it is asked for by."""

    kind: str
    name: str
    first: date
    last: date

    def cut(self, last: date) -> "Period":
        """Return its part up to a date."""
        return replace(self, last=min(self.last, last))


def read_period(kind: str, text: str) -> Period:
    """Read a period as it stands in a request.

    Args:
        kind: one of `KINDS`.
        text: as in `FORMS`.

    Raises:
        PeriodInvalid: not of this form, or no such date.
    """
    found = _read(kind, text)
    if not FIRST_YEAR <= found.first.year <= LAST_YEAR:
        raise PeriodInvalid(errors={"period": [f"Reports begin with the year {FIRST_YEAR}."]})
    return found


def read_quarter(text: str) -> Period:
    """Read a quarter as quality asks for it, which assesses those before the first report too.

    Raises:
        PeriodInvalid: it is none.
    """
    return _read("quarterly", text)


def _read(kind: str, text: str) -> Period:
    try:
        return _READERS[kind](text)
    except ValueError as fault:
        raise PeriodInvalid(
            errors={"period": [f"A {kind} report's period is written {FORMS[kind]}."]}
        ) from fault


def _parts(pattern: re.Pattern[str], text: str) -> list[int]:
    matched = pattern.match(text)
    if matched is None:
        raise ValueError(text)
    return [int(part) for part in matched.groups()]


def _daily(text: str) -> Period:
    day = date(*_parts(_DAILY, text))
    return Period(kind="daily", name=text, first=day, last=day)


def _monthly(text: str) -> Period:
    year, month = _parts(_MONTHLY, text)
    return month_of(date(year, month, 1))


def _quarterly(text: str) -> Period:
    year, quarter = _parts(_QUARTERLY, text)
    return quarter_of(date(year, (quarter - 1) * MONTHS_A_QUARTER + 1, 1))


def _annual(text: str) -> Period:
    (year,) = _parts(_ANNUAL, text)
    return year_of(date(year, 1, 1))


_READERS: Mapping[str, Callable[[str], Period]] = {
    "daily": _daily,
    "monthly": _monthly,
    "quarterly": _quarterly,
    "annual": _annual,
}


def day_of(day: date) -> Period:
    """Return a day as a period."""
    return Period(kind="daily", name=day.isoformat(), first=day, last=day)


def month_of(day: date) -> Period:
    """Return the month a day is in."""
    last = day.replace(day=monthrange(day.year, day.month)[1])
    return Period(kind="monthly", name=f"{day.year}-{day.month:02d}", first=day.replace(day=1), last=last)


def quarter_of(day: date) -> Period:
    """Return the quarter a day is in."""
    quarter = (day.month - 1) // MONTHS_A_QUARTER
    first = date(day.year, quarter * MONTHS_A_QUARTER + 1, 1)
    last = month_of(date(day.year, (quarter + 1) * MONTHS_A_QUARTER, 1)).last
    return Period(kind="quarterly", name=f"{day.year}-Q{quarter + 1}", first=first, last=last)


def year_of(day: date) -> Period:
    """Return the year a day is in."""
    return Period(kind="annual", name=str(day.year), first=date(day.year, 1, 1), last=date(day.year, 12, 31))


def period_before(period: Period, calendar: Calendar = PUBLISHED) -> Period:
    """Return the period before: the month before a month, and so on; of a day the working day before."""
    day = period.first - DAY
    if period.kind == "daily":
        while not calendar.is_working(day):
            day -= DAY
        return day_of(day)
    return {"monthly": month_of, "quarterly": quarter_of, "annual": year_of}[period.kind](day)


def year_before(period: Period) -> Period:
    """Return the same period a year before; of the 29th of February the 28th."""
    day = same_day(period.first, period.first.year - 1)
    return {"daily": day_of, "monthly": month_of, "quarterly": quarter_of, "annual": year_of}[period.kind](
        day
    )


def same_day(day: date, year: int, month: int | None = None) -> date:
    """Return a day in another year or month, the last of its month where there is no such day."""
    month = month or day.month
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def like_stretch(earlier: Period, period: Period, counted_to: date, calendar: Calendar = PUBLISHED) -> Period:
    """Return as much of an earlier period as has passed of this one, so that like is compared with like.

    The whole of it, when no working day of this period is still to come after `counted_to`.

    Args:
        earlier: a period of the same kind.
        period: this one.
        counted_to: up to where it is counted.
        calendar: the hall's working days.
    """
    if counted_to >= period.last or not calendar.count(counted_to + DAY, period.last):
        return earlier
    months = (counted_to.year - period.first.year) * MONTHS_A_YEAR + counted_to.month - period.first.month
    year, month = divmod(earlier.first.month - 1 + months, MONTHS_A_YEAR)
    if counted_to == month_of(counted_to).last:
        return earlier.cut(month_of(date(earlier.first.year + year, month + 1, 1)).last)
    return earlier.cut(same_day(counted_to, earlier.first.year + year, month + 1))


def days_of(first: date, last: date) -> Iterator[date]:
    """Yield the days of a stretch, both ends included."""
    for offset in range((last - first).days + 1):
        yield first + offset * DAY
