"""Sums of the facts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.chassis import db
from services.statistics.domain.figures import Place

Row = Mapping[str, Any]


class Figures(db.Store):
    """Sums by date and group."""

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
