"""Letters, banners and plaques, as quality or a file tells of them."""

from datetime import date
from typing import Any

from services.chassis import db


class Commendations(db.Store):
    """The newest state of each commendation."""

    def commendation_counts(
        self, hall: str, *, since: date, until: date, department: str | None
    ) -> list[dict[str, Any]]:
        """Return how many of each kind came on these dates, by department and kind, of one department or all."""
        return self.rows("commendation_counts", hall=hall, since=since, until=until, department=department)
