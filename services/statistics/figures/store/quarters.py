"""What a quarter was like, for the assessment of departments and the meeting of window heads."""

from dataclasses import asdict
from typing import Any

from services.chassis import db
from services.statistics.figures.domain.periods import Period
from services.statistics.figures.domain.stretches import stretch_of


class Quarters(db.Store):
    """Sums and findings of whole quarters."""

    def quarter_volumes(self, hall: str, quarter: Period) -> dict[str, int]:
        """Return cases, tickets, served, decided and on time of a quarter, or of its part up to a day."""
        return self.rows("quarter_volumes", hall=hall, **asdict(stretch_of(quarter.first, quarter.last)))[0]

    def quarter_anomalies(self, hall: str, quarter: Period) -> list[dict[str, Any]]:
        """Return the unusual movements of a quarter, the most unusual first."""
        return self.rows("quarter_anomalies", hall=hall, since=quarter.first, until=quarter.last)

    def quarter_departments(self, hall: str, quarter: Period) -> list[dict[str, Any]]:
        """Return cases, decisions and evaluations of each department in a quarter."""
        return self.rows("quarter_departments", hall=hall, since=quarter.first, until=quarter.last)
