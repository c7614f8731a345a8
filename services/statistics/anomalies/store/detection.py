"""Counts for the detection, and what was looked at."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.chassis import db

Row = Mapping[str, Any]


class Detection(db.Store):
    """What is examined for unusual movements, and when it was."""

    def days_to_examine(self, hall: str, *, since: date, until: date, at: datetime) -> list[date]:
        """Return the dates that have cases and were not looked at, unless their next try is ahead."""
        return [
            row["day"] for row in self.rows("days_to_examine", hall=hall, since=since, until=until, at=at)
        ]

    def is_examined(self, hall: str, day: date, part: str, *, at: datetime) -> bool:
        """Tell whether a part of a date was looked at or its next try is ahead."""
        return bool(self.value("is_examined", hall=hall, day=day, part=part, at=at))

    def days_with_cases(self, hall: str, *, since: date, until: date) -> list[date]:
        """Return the dates that have cases, in order."""
        return [row["day"] for row in self.rows("days_with_cases", hall=hall, since=since, until=until)]

    def daily_counts(self, hall: str, days: Sequence[date]) -> list[dict[str, Any]]:
        """Return the cases of each item on offer and of each department on some dates, which are in order."""
        return self.rows("daily_counts", hall=hall, days=list(days), since=days[0], until=days[-1])

    def known_findings(self, hall: str, before: date) -> list[dict[str, Any]]:
        """Return what was found in the three months before a date, and when it was last seen by then."""
        return self.rows("known_findings", hall=hall, before=before)

    def hourly_counts(self, hall: str, *, since: date, until: date) -> list[dict[str, Any]]:
        """Return the cases of each department by hour on some dates; hours without any are left out."""
        return self.rows("hourly_counts", hall=hall, since=since, until=until)

    def known_hours(self, hall: str, day: date) -> list[dict[str, Any]]:
        """Return departments and directions that were told of on a date."""
        return self.rows("known_hours", hall=hall, day=day)

    def detection_done(self, hall: str, day: date, part: str, *, at: datetime) -> None:
        """Note that a part of a date was looked at."""
        self.run("detection_done", hall=hall, day=day, part=part, at=at)

    def detection_failed(self, hall: str, day: date, part: str, *, fault: str, at: datetime) -> None:
        """Note why a part of a date could not be looked at."""
        self.run("detection_failed", hall=hall, day=day, part=part, fault=fault, at=at)

    def detection_health(self, hall: str) -> Row:
        """Return the newest date that was looked at, and how many dates wait for another try."""
        return self.rows("detection_health", hall=hall)[0]
