"""Commendations."""

from datetime import date, datetime
from typing import Any

from services.quality.domain.commendations import Commendation
from services.quality.errors import NoSuchCommendation
from services.quality.store.copies import Copies


class Commendations(Copies):
    """Letters, banners and plaques."""

    def add_commendation(self, commendation: Commendation) -> None:
        """Record a commendation.

        Raises:
            UnknownDepartment: there is no such department.
        """
        self.require_department(commendation.hall, commendation.department)
        self.run("add_commendation", **commendation.__dict__)

    def commendation(self, hall: str, id_: str, *, hold: bool = False) -> Commendation:
        """Return a commendation; with `hold` nobody else changes it until the transaction ends.

        Raises:
            NoSuchCommendation: there is none.
        """
        if hold:
            self.run("lock_commendation", hall=hall, id=id_)
        row = self.row("find_commendation", hall=hall, id=id_)
        if row is None:
            raise NoSuchCommendation
        return Commendation(**row)

    def save_commendation(self, commendation: Commendation, *, reason: str, by: str, at: datetime) -> None:
        """Change a commendation; what it was is kept with the reason.

        Raises:
            UnknownDepartment: there is no such department.
        """
        self.require_department(commendation.hall, commendation.department)
        self.run("save_commendation", **commendation.__dict__, reason=reason, by=by, at=at)

    def commendation_changes(self, hall: str, id_: str) -> list[dict[str, Any]]:
        """Return what a commendation was before each of its changes."""
        return self.rows("commendation_changes", hall=hall, id=id_)

    def commendations(
        self, hall: str, *, since: date, until: date, department: str | None, kind: str | None
    ) -> list[Commendation]:
        """Return the commendations of these dates that count, the newest first."""
        wanted = {"department": department, "kind": kind}
        rows = self.rows("list_commendations", hall=hall, since=since, until=until, **wanted)
        return [Commendation(**row) for row in rows]

    def commendation_counts(self, hall: str, *, since: date, until: date) -> list[dict[str, Any]]:
        """Return how many of each kind came on these dates, by department and kind."""
        return self.rows("commendation_counts", hall=hall, since=since, until=until)
