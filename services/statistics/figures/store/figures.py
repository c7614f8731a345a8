"""Sums of the facts."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from services.chassis import db
from services.statistics.figures.domain.figures import DIMENSIONS, PERIODS, Place
from services.statistics.figures.domain.stretches import Stretch

Row = Mapping[str, Any]


class Figures(db.Store):
    """Sums by date and group."""

    def overview(self, hall: str, day: date) -> Row:
        """Return the sums of a business date."""
        return self.rows("overview", hall=hall, day=day)[0]

    def dates_counted(self, hall: str) -> tuple[date, date] | None:
        """Return between which dates anything is counted, None when nothing is."""
        row = self.rows("dates_counted", hall=hall)[0]
        return (row["since"], row["until"]) if row["since"] else None

    def volumes(
        self,
        hall: str,
        stretch: Stretch,
        *,
        by: str,
        group: str,
        department: str | None,
        after: Place,
        limit: int,
    ) -> list[dict[str, Any]]:
        """Return volumes by period and group, in their order.

        Args:
            hall: the hall.
            stretch: which dates.
            by: a key of `PERIODS`.
            group: what they are grouped by.
            department: of one department only.
            after: the last row of the page before.
            limit: most rows.
        """
        return self.rows(
            "volumes",
            **asdict(stretch),
            hall=hall,
            period_format=PERIODS[by],
            group=group,
            dimension=DIMENSIONS[group],
            department=department,
            after_period=after.period,
            after_group=after.group,
            limit=limit,
        )

    def heatmap(self, hall: str, stretch: Stretch, *, department: str | None) -> list[dict[str, Any]]:
        """Return cases and tickets by weekday and hour, in their order."""
        dimension = "weekday_hour" if department else "hall_weekday_hour"
        return self.rows("heatmap", hall=hall, dimension=dimension, department=department, **asdict(stretch))

    def appointments(self, hall: str, *, since: date, until: date, group: str) -> list[dict[str, Any]]:
        """Return the sums of appointments on these dates by group, in its order."""
        return self.rows("appointments", hall=hall, since=since, until=until, group=group)

    def overtime(self, hall: str, *, since: date, until: date, group: str) -> list[dict[str, Any]]:
        """Return the minutes of overtime on these dates by group, in its order."""
        return self.rows("overtime", hall=hall, since=since, until=until, group=group)

    def onsite(self, hall: str, *, since: date, until: date, group: str) -> list[dict[str, Any]]:
        """Return the sums of on-site orders on these dates by group, in its order."""
        return self.rows("onsite", hall=hall, since=since, until=until, group=group)
