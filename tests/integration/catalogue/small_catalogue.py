"""What the tests of the catalogue share: a clock that is moved, rows of tables, and the outbox."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.catalogue.store import Store
from services.chassis.db import Database


class Clock:
    """A clock that stands still until it is moved; it starts at nine on Monday 2 March 2026, Shanghai."""

    def __init__(self) -> None:
        """Start."""
        self.shows = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def go_to(self, day: date) -> None:
        """Go to nine in the morning of a day."""
        self.shows = datetime(day.year, day.month, day.day, 1, 0, tzinfo=UTC)

    def pass_days(self, days: int) -> None:
        """Let days pass."""
        self.shows += timedelta(days=days)


def item_row(code: str, name: str, **other: Any) -> dict[str, Any]:
    """Return a row of the items as the loader sends it."""
    row = {
        "code": code,
        "name": name,
        "name_en": f"Item {code}",
        "department": "tax",
        "queue": "tax-a",
        "kind": "public_service",
        "time_limit_days": 5,
        "service_seconds": 300,
        "chains": ["trade"],
        "materials": ["身份证"],
        "guide": "请到A区办理。",
        "guide_en": "Go to zone A.",
        "effective_from": "2010-01-04",
    }
    return row | other


def queue_row(code: str, prefix: str, department: str) -> dict[str, Any]:
    """Return a row of the queues as the loader sends it."""
    return {
        "code": code,
        "prefix": prefix,
        "name": f"队列{prefix}",
        "name_en": f"Queue {prefix}",
        "department": department,
        "zone": "A",
        "max_wait_s": 1800,
        "priority_rate": 2,
        "appointment_rate": 1.5,
        "walk_in_rate": 1,
    }


def published(catalogue: Database[Store]) -> list[dict[str, Any]]:
    """Take the events out of the outbox, in order, but for the courses of items."""
    return _taken(catalogue, dated=False)


def courses(catalogue: Database[Store]) -> list[dict[str, Any]]:
    """Take what was said of items from each day on out of the outbox, in order."""
    return _taken(catalogue, dated=True)


def _taken(catalogue: Database[Store], *, dated: bool) -> list[dict[str, Any]]:
    with catalogue.connect() as connection:
        rows = connection.execute(
            "DELETE FROM outbox WHERE (type = 'catalogue.item.dated') = %s RETURNING id, body", [dated]
        ).fetchall()
    return [row["body"] for row in sorted(rows, key=lambda row: row["id"])]
