"""Waits, services and open windows, and the advice that is made of them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.chassis import db

Row = Mapping[str, Any]


class Waits(db.Store):
    """What was measured in the queues."""

    def waits(
        self, hall: str, *, since: date, until: date, group: str, promised_s: int, at: datetime
    ) -> list[dict[str, Any]]:
        """Return the sums of waits on these dates up to a moment by group, in its order."""
        return self.rows(
            "waits", hall=hall, since=since, until=until, group=group, promised_s=promised_s, at=at
        )

    def durations(
        self, hall: str, *, since: date, until: date, queue: str | None, kind: str, last: int
    ) -> dict[int, int]:
        """Return how many waits or services took how many whole minutes, all from `last` on together."""
        rows = self.rows("durations", hall=hall, since=since, until=until, queue=queue, kind=kind, last=last)
        return {row["minute"]: row["count"] for row in rows}
