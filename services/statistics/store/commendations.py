"""Letters, banners and plaques, as quality or a file tells of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.chassis import db, wire


class Commendations(db.Store):
    """The newest state of each commendation."""

    def keep_commendations(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep the newest state of commendations, whatever the order."""
        self.run("keep_commendations", rows=wire.dumps(rows))

    def commendation_counts(
        self, hall: str, *, since: date, until: date, department: str | None
    ) -> list[dict[str, Any]]:
        """Return how many of each kind came on these dates, by department and kind, of one department or all."""
        return self.rows("commendation_counts", hall=hall, since=since, until=until, department=department)
