"""What ticketing keeps of what others publish."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from psycopg.rows import DictRow

from services.chassis import db, wire
from services.closures import closures_of
from services.ticketing.domain.hours import OpeningHours, opening_hours
from services.ticketing.domain.queue import Item, Queue
from services.ticketing.domain.session import ExtendedSession, Sessions, sessions_of

# Sessions that ended before this have no effect any more.
SESSIONS_KNOWN = timedelta(days=1)
# Longer than a day is kept open at its end.
CLOSURES_KNOWN = timedelta(days=7)


class Copies(db.Store):
    """Copies of the catalogue and of the extended sessions."""

    def reference_version(self) -> int:
        """Return which version of the copies is in force."""
        return int(self.value("reference_version"))

    def queues(self, hall: str) -> dict[str, Queue]:
        """Return the queues by code."""
        return {row["code"]: Queue(**row) for row in self.rows("list_queues", hall=hall)}

    def items(self, hall: str) -> dict[str, Item]:
        """Return the items by code."""
        return {row["code"]: Item(**row) for row in self.rows("list_items", hall=hall)}

    def zones(self, hall: str) -> dict[str, DictRow]:
        """Return the zones by code."""
        return {row["code"]: row for row in self.rows("list_zones", hall=hall)}

    def departments(self, hall: str) -> dict[str, DictRow]:
        """Return the departments by code."""
        return {row["code"]: row for row in self.rows("list_departments", hall=hall)}

    def sessions(self, hall: str, at: datetime, zone: ZoneInfo) -> Sessions:
        """Return the extended sessions that take place or have ended lately."""
        rows = self.rows("list_extended_sessions", hall=hall, since=at - SESSIONS_KNOWN)
        return sessions_of([_session(row, zone) for row in rows])

    def closures(self, hall: str, at: datetime) -> list[DictRow]:
        """Return the closures that are on, come, or have ended lately, with their words."""
        return self.rows("list_closures", hall=hall, since=at - CLOSURES_KNOWN)

    def hours(self, hall: str, at: datetime, zone: ZoneInfo) -> OpeningHours:
        """Return the opening hours with calendar, sessions and closures; without a copy the hall never opens."""
        years = [row["days"] for row in self.rows("list_calendar", hall=hall)]
        rows = self.value("find_hours", hall=hall) or []
        closures = closures_of(self.closures(hall, at))
        return opening_hours(rows, years, zone, self.sessions(hall, at, zone), closures)

    def keep(self, query: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Copy published records and say that the copies have changed."""
        self.run_many(query, [{**row, **_json(row)} for row in rows])
        self.run("bump_reference")

    def tickets_touched(
        self,
        hall: str,
        *,
        since: date | None = None,
        days: Sequence[date] = (),
        item: str | None = None,
        departments: Sequence[str] | None = None,
        queues: Sequence[str] | None = None,
    ) -> list[DictRow]:
        """Return `{number, day, count}` of some tickets that are not done with, each with how many there are."""
        which = {"since": since, "days": list(days), "item": item}
        places = {"departments": _list(departments), "queues": _list(queues)}
        return self.rows("tickets_touched", hall=hall, **which, **places)

    def count_copies(self, hall: str) -> DictRow | None:
        """Return how much of the catalogue is here."""
        return self.row("count_copies", hall=hall)


def _list(codes: Sequence[str] | None) -> list[str] | None:
    return None if codes is None else list(codes)


def _session(row: DictRow, zone: ZoneInfo) -> ExtendedSession:
    found = {**row, "windows": frozenset(row["windows"])}
    return ExtendedSession(**found, day=row["starts_at"].astimezone(zone).date())


def _json(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: wire.dumps(row[name]) for name in ("rates", "rows", "days", "terms") if name in row}
