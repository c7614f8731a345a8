"""Copies of the catalogue, and crews."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.chassis import db
from services.closures import closures_of
from services.dispatch.domain.crew import Absence, Crew
from services.dispatch.domain.hours import OpeningHours, opening_hours
from services.dispatch.domain.reach import Period
from services.dispatch.store.rows import crew_of, crew_row


class Crews(db.Store):
    """Crews, and what they need to know of the hall."""

    def keep(self, query: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Copy what others publish; the newest version stays, whatever the order."""
        self.run_many(query, rows)

    def hours(self, hall: str, zone: ZoneInfo) -> OpeningHours:
        """Return the opening hours with calendar and closures; without a copy the hall never opens."""
        years = [row["days"] for row in self.rows("list_calendar", hall=hall)]
        closures = closures_of(self.rows("list_closures", hall=hall))
        return opening_hours(self.value("find_hours", hall=hall) or [], years, zone, closures)

    def item(self, hall: str, code: str) -> list[Period]:
        """Return an item by stretches of days, in order; nothing when it is not known."""
        return [Period(**row) for row in self.rows("find_item", hall=hall, code=code)]

    def offers_three_services(self, hall: str, department: str) -> bool:
        """Tell whether a department visits people; not one that is not known."""
        return bool(self.value("find_department", hall=hall, code=department))

    def note_change(self, hall: str) -> None:
        """Note that something changed that may touch what was promised, while nobody is promised anything."""
        self.run("lock_promises", hall=hall)
        self.run("note_change", hall=hall)

    def take_change(self, hall: str) -> bool:
        """Take upon oneself to work out what was noted so far; False when there is nothing."""
        return self.row("take_change", hall=hall) is not None

    def share_promises(self, hall: str) -> None:
        """Keep what promises rest on as it is until the transaction ends."""
        self.run("share_promises", hall=hall)

    def items_heard(self, hall: str) -> int:
        """Return how many items have been heard of."""
        return int(self.value("count_items", hall=hall))

    def save_crew(self, crew: Crew) -> None:
        """Store a crew."""
        self.run("save_crew", **crew_row(crew))

    def crews(self, hall: str, since: date) -> list[Crew]:
        """Return the crews, with their absences that are not over on a day."""
        return [crew_of(row) for row in self.rows("list_crews", hall=hall, since=since)]

    def assigned_days(self, crew: Crew, *, since: date) -> list[date]:
        """Return the days, from one on, on which a crew has visits that it has not begun."""
        rows = self.rows("assigned_days", hall=crew.hall, crew=crew.code, since=since)
        return [row["day"] for row in rows]

    def lock_crew(self, hall: str, code: str, since: date) -> Crew | None:
        """Return a crew and keep it from other changes."""
        row = self.row("lock_crew", hall=hall, code=code, since=since)
        return crew_of(row) if row else None

    def lock_crew_code(self, hall: str, code: str) -> None:
        """Keep others from making or changing a crew of a code until the transaction ends."""
        self.run("lock_crew_code", hall=hall, code=code)

    def add_absence(self, crew: Crew, absence: Absence, *, at: datetime, by: str | None) -> None:
        """Note that a member, or the crew, is not there."""
        self.run(
            "add_absence",
            hall=crew.hall,
            crew=crew.code,
            member=absence.member,
            first=absence.first,
            last=absence.last,
            reason=absence.reason,
            at=at,
            by=by,
        )
