"""Commendations and evaluations."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.chassis import db, wire
from services.statistics.domain.commendations import Commendation, commended
from services.statistics.domain.evaluations import evaluation_row, level_sums
from services.statistics.domain.sums import totals
from services.statistics.errors import NoSuchCommendation, UnknownDepartment

Row = Mapping[str, Any]


class Quality(db.Store):
    """What visitors thought of the service."""

    def add_commendation(self, commendation: Commendation) -> None:
        """Record a commendation.

        Raises:
            UnknownDepartment: there is no such department.
        """
        if self.row("add_commendation", **commendation.__dict__) is None:
            raise UnknownDepartment(errors={"department": ["There is no such department."]})

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

    def commendation_counts(
        self, hall: str, *, since: date, until: date, department: str | None = None
    ) -> dict[str, int]:
        """Return `letters`, `banners` and `plaques` of these dates, of one department or the whole hall."""
        rows = self.rows("commendation_counts", hall=hall, since=since, until=until, department=department)
        return commended(totals(rows, "kind", "count"))

    def keep_evaluations(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of evaluations, whatever the order."""
        self.run("keep_evaluations", rows=wire.dumps(rows))

    def evaluations(self, hall: str, *, since: date, until: date, group: str) -> list[dict[str, Any]]:
        """Return the sums of evaluations of visits on these dates by group, in its order."""
        return self.rows("evaluations", hall=hall, since=since, until=until, group=group)

    def evaluation_counts(
        self, hall: str, *, since: date, until: date, department: str | None = None
    ) -> dict[str, Any]:
        """Return the evaluation figures of these dates, of one department or the whole hall."""
        rows = self.rows("evaluation_counts", hall=hall, since=since, until=until, department=department)
        return evaluation_row(level_sums(rows))

    def require_department(self, hall: str, department: str) -> None:
        """Refuse a department that there is not.

        Raises:
            UnknownDepartment: there is no such department.
        """
        if not self.value("is_department", hall=hall, department=department):
            raise UnknownDepartment(errors={"department": ["There is no such department."]})
