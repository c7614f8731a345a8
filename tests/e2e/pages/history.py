"""Cases of the years before, for pages that look back: sent as a file, as an analyst would."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.waiting import until

COLUMNS = ("number", "item", "accepted_at", "due_on", "decided_at", "origin")
FIRST, LAST = date(2024, 9, 2), date(2026, 2, 27)
ITEMS = ("agri-001", "agri-002", "archives-001", "housing-001")
ORIGINS = ("walk_in", "walk_in", "phone", "walk_in", "web", "extended", "walk_in", "on_site")
HOURS = (9, 10, 10, 14)
FRIDAY = 4
# On one day far more came for one thing than ever before: the analyst process finds it by itself.
BURST, BURST_ITEM, BURST_CASES = date(2026, 2, 26), "agri-001", 40


def rows() -> Iterator[dict[str, str]]:
    """Yield a few cases for each Monday and Thursday, every fortieth decided too late; and a burst."""
    number = 0
    for number in range(1, BURST_CASES + 1):
        yield _row(number, BURST_ITEM, f"{BURST}T10:00:00+08:00", BURST)
    day = FIRST
    while day <= LAST:
        for place in range(3 if day.year == FIRST.year else 4):
            number += 1
            at = f"{day}T{HOURS[place]:02d}:15:00+08:00"
            yield _row(number, ITEMS[number % len(ITEMS)], at, day)
        day += timedelta(days=3 if day.weekday() < FRIDAY - 1 else 4)


def _row(number: int, item: str, accepted_at: str, day: date) -> dict[str, str]:
    due = day + timedelta(days=5)
    decided = min(due + timedelta(days=2 if number % 40 == 0 else -2), LAST)
    return {
        "number": f"H{number:05d}",
        "item": item,
        "accepted_at": accepted_at,
        "due_on": due.isoformat(),
        "decided_at": f"{decided}T15:00:00+08:00",
        "origin": ORIGINS[number % len(ORIGINS)],
    }


def csv_of(some: Iterator[dict[str, str]] | list[dict[str, str]]) -> str:
    """Return rows as a file's content."""
    target = io.StringIO()
    writer = csv.DictWriter(target, COLUMNS)
    writer.writeheader()
    writer.writerows(some)
    return target.getvalue()


def send(analyst: Any, content: str, *, name: str = "history.csv") -> Any:
    """Import a file over the API and return what came of it."""
    answer = analyst.client.post("imports/cases", files={"file": (name, content, "text/csv")})
    began = answer.raise_for_status().json()

    def ended() -> Any:
        work = analyst.get(f"imports/{began['id']}")
        return work if work["state"] in ("done", "failed") else None

    return until(ended, what="the import ends", seen=lambda: analyst.get(f"imports/{began['id']}"))
