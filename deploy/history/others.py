"""Overtime of the three services, and letters, banners and plaques: small tables beside the cases."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import numpy as np

from deploy.history import figures
from deploy.history.plan import Day, apportion

OVERTIME_COLUMNS = ("id", "department", "staff", "date", "minutes")
COMMENDATION_COLUMNS = ("id", "department", "kind", "received_on", "note")
NOTES = {
    "letter": "表扬信：办事热情，高效便民",
    "banner": "锦旗：热情服务暖人心",
    "plaque": "牌匾：服务企业，共促发展",
}
_NAMESPACE = UUID("5b0d6c1e-6a53-4c39-9a0a-8f6a2f1f2011")
_WEEKDAY, _REST_DAY = (5, 2, 70), (8, 3, 170)  # departments, clerks of each, minutes of each

Record = Mapping[str, Any]
Row = Sequence[str | int]


def overtime(
    days: Sequence[Day], clerks: Sequence[Record], departments: Sequence[Record], *, seed: int
) -> Iterator[Row]:
    """Yield the rows of overtime.csv; their minutes add up to the report's hours.

    Args:
        days: the plan.
        clerks: rows of clerks.csv.
        departments: rows of departments.csv.
        seed: as for the plan.
    """
    chance = np.random.default_rng([seed, 5])
    offering = [row["code"] for row in departments if row["offers_three_services"]]
    worked: list[tuple[date, str, str]] = []
    lengths: list[float] = []
    for day in (each for each in days if each.three_services):
        many, staff, minutes = _WEEKDAY if day.walk_in else _REST_DAY
        for department in sorted(chance.choice(offering, many, replace=False)):
            those = [clerk["username"] for clerk in clerks if clerk["department"] == department]
            for clerk in sorted(chance.choice(those, min(staff, len(those)), replace=False)):
                worked.append((day.date, str(department), str(clerk)))
                lengths.append(minutes * float(chance.uniform(0.5, 1.5)))
    for (at, department, clerk), whole in zip(
        worked, apportion(figures.OVERTIME_MINUTES, lengths), strict=True
    ):
        yield f"{at:%Y%m%d}-{clerk}", department, clerk, at.isoformat(), whole


def commendations(departments: Sequence[Record], *, seed: int) -> Iterator[Row]:
    """Yield the rows of commendations.csv, year by year; those of the report's year are as many as it says.

    Args:
        departments: rows of departments.csv.
        seed: as for the plan.
    """
    chance = np.random.default_rng([seed, 7])
    parts = {**figures.COMMENDED_BEFORE, figures.REPORT_YEAR: 1.0}
    kinds = {"letter": figures.LETTERS, "banner": figures.BANNERS, "plaque": figures.PLAQUES}
    for year, part in sorted(parts.items()):
        first, last = max(date(year, 1, 1), figures.OPENED), min(date(year, 12, 31), figures.ENDS)
        for kind, count in kinds.items():
            for n in range(round(count * part)):
                at = first + timedelta(days=int(chance.integers(0, (last - first).days + 1)))
                department = departments[int(chance.integers(0, len(departments)))]["code"]
                yield (
                    str(uuid5(_NAMESPACE, f"{seed}/{year}/{kind}/{n}")),
                    department,
                    kind,
                    at.isoformat(),
                    NOTES[kind],
                )
