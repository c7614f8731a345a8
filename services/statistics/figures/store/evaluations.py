"""How visitors found the service."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.chassis import db
from services.statistics.figures.domain.evaluations import evaluation_row, level_sums

Row = Mapping[str, Any]


class Evaluations(db.Store):
    """What visitors thought of the service."""

    def evaluations(self, hall: str, *, since: date, until: date, group: str) -> list[dict[str, Any]]:
        """Return the sums of evaluations of visits on these dates by group, in its order."""
        return self.rows("evaluations", hall=hall, since=since, until=until, group=group)

    def evaluation_counts(
        self, hall: str, *, since: date, until: date, department: str | None = None
    ) -> dict[str, Any]:
        """Return the evaluation figures of these dates, of one department or the whole hall."""
        rows = self.rows("evaluation_counts", hall=hall, since=since, until=until, department=department)
        return evaluation_row(level_sums(rows))
