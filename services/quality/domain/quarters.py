"""The quarters in which departments are assessed and window heads meet."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

CENTURY = range(2000, 2100)
MONTHS_A_QUARTER, MONTHS_A_YEAR = 3, 12

_QUARTER = re.compile(r"(\d{4})-Q([1-4])\Z", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """A quarter, its first and last day; `name` is what it is asked for by, as 2026-Q3."""

    name: str
    first: date
    last: date


def read_quarter(text: str) -> Quarter:
    """Read a quarter of this century, as `2026-Q3`.

    Raises:
        ValueError: it is none.
    """
    matched = _QUARTER.match(text)
    if matched is None or int(matched[1]) not in CENTURY:
        raise ValueError(text)
    return quarter_of(date(int(matched[1]), int(matched[2]) * MONTHS_A_QUARTER, 1))


def quarter_of(day: date) -> Quarter:
    """Return the quarter a day is in."""
    nth = (day.month - 1) // MONTHS_A_QUARTER
    year, month = divmod((nth + 1) * MONTHS_A_QUARTER, MONTHS_A_YEAR)
    return Quarter(
        name=f"{day.year}-Q{nth + 1}",
        first=date(day.year, nth * MONTHS_A_QUARTER + 1, 1),
        last=date(day.year + year, month + 1, 1) - timedelta(days=1),
    )
