"""The only caller of the queries of statistics."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.chassis import db, wire
from services.statistics.domain import Place

Row = Mapping[str, Any]


class Store(db.Store):
    """The database of statistics."""

    def keep_tickets(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of tickets, whatever the order."""
        self.run("keep_tickets", rows=wire.dumps(rows))

    def keep_cases(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of cases, whatever the order."""
        self.run("keep_cases", rows=wire.dumps(rows))

    def keep_appointments(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of appointments, whatever the order."""
        self.run("keep_appointments", rows=wire.dumps(rows))

    def keep_overtime(self, rows: Sequence[Row]) -> None:
        """Keep the newest figures of overtime, whatever the order."""
        self.run("keep_overtime", rows=wire.dumps(rows))

    def keep_onsite(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of on-site orders, whatever the order."""
        self.run("keep_onsite", rows=wire.dumps(rows))

    def keep_names(self, rows: Sequence[Row]) -> None:
        """Keep the newest names, whatever the order."""
        self.run("keep_names", rows=wire.dumps(rows))

    def note_seen(self, rows: Sequence[Row]) -> None:
        """Note up to when services were heard."""
        self.run("note_seen", rows=wire.dumps(rows))

    def overview(self, hall: str, day: date) -> Row:
        """Return the sums of a business date."""
        return self.rows("overview", hall=hall, day=day)[0]

    def volumes(
        self,
        hall: str,
        *,
        since: date,
        until: date,
        period_format: str,
        group: str,
        after: Place,
        limit: int,
    ) -> list[dict[str, Any]]:
        """Return volumes by period and group, in their order.

        Args:
            hall: the hall.
            since: first business date.
            until: last business date.
            period_format: how a date becomes a period, in PostgreSQL's `to_char` patterns.
            group: what they are grouped by.
            after: the last row of the page before.
            limit: most rows.
        """
        return self.rows(
            "volumes",
            hall=hall,
            since=since,
            until=until,
            period_format=period_format,
            group=group,
            after_period=after.period,
            after_group=after.group,
            limit=limit,
        )

    def appointments(self, hall: str, *, since: date, until: date, group: str) -> list[dict[str, Any]]:
        """Return the sums of appointments on these dates by group, in its order."""
        return self.rows("appointments", hall=hall, since=since, until=until, group=group)

    def overtime(self, hall: str, *, since: date, until: date, group: str) -> list[dict[str, Any]]:
        """Return the minutes of overtime on these dates by group, in its order."""
        return self.rows("overtime", hall=hall, since=since, until=until, group=group)

    def onsite(self, hall: str, *, since: date, until: date, group: str) -> list[dict[str, Any]]:
        """Return the sums of on-site orders on these dates by group, in its order."""
        return self.rows("onsite", hall=hall, since=since, until=until, group=group)
