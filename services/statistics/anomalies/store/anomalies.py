"""Unusual movements and their follow-up."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from services.chassis import db, wire
from services.statistics.anomalies.domain.anomalies import Anomaly

Row = Mapping[str, Any]

_MEMBERS = [field.name for field in fields(Anomaly)]


def anomaly_of(row: Row) -> Anomaly:
    """Return an anomaly."""
    return Anomaly(**{name: row[name] for name in _MEMBERS} | {"id": str(row["id"])})


def _row_of(anomaly: Anomaly) -> dict[str, Any]:
    row = {name: getattr(anomaly, name) for name in _MEMBERS}
    return row | {"series": wire.dumps(anomaly.series)}


class Anomalies(db.Store):
    """Findings and their states."""

    def try_job(self, job: str) -> bool:
        """Tell whether this session may do a job; another copy does it otherwise."""
        return bool(self.value("try_job", job=job))

    def wait_for_job(self, job: str) -> None:
        """Wait until nobody else does a job, and keep others from it until the session ends."""
        self.run("wait_for_job", job=job)

    def add_anomaly(self, anomaly: Anomaly) -> bool:
        """Store a finding; False when it was found before."""
        return self.changed("add_anomaly", **_row_of(anomaly)) == 1

    def anomaly_goes_on(self, hall: str, *, kind: str, subject: str, direction: str, day: date) -> None:
        """Note that what was found last of an item or department goes on."""
        self.run("anomaly_goes_on", hall=hall, kind=kind, subject=subject, direction=direction, day=day)

    def lock_anomaly(self, hall: str, id_: str) -> Anomaly | None:
        """Return an anomaly, locked."""
        row = self.row("lock_anomaly", hall=hall, id=id_)
        return None if row is None else anomaly_of(row)

    def change_anomaly(self, anomaly: Anomaly, *, at: datetime, by: str | None) -> None:
        """Store an anomaly in its next state."""
        self.run("change_anomaly", **_row_of(anomaly), at=at, by=by)

    def anomalies_to_explain(self, hall: str, owners: Sequence[str], *, limit: int) -> list[dict[str, Any]]:
        """Return what an account or a department was given to explain, what is due first."""
        return self.rows("anomalies_to_explain", hall=hall, owners=list(owners), limit=limit)

    def list_anomalies(
        self,
        hall: str,
        *,
        limit: int,
        id_: str | None = None,
        since: date | None = None,
        until: date | None = None,
        state: str | None = None,
        department: str | None = None,
        overdue_on: date | None = None,
        own: Sequence[str] = (),
        after: tuple[str, str] | None = None,
    ) -> list[dict[str, Any]]:
        """Return anomalies with the names of what they are about, the newest first.

        Args:
            hall: the hall.
            limit: most rows.
            id_: only this one.
            since: first business date.
            until: last business date.
            state: only those in this state, or those that are `open`: not fed back.
            department: only those of this department.
            overdue_on: only those that are overdue on this date.
            own: a department and an account: only those that concern it, or were given to either.
            after: business date and id of the last row of the page before.
        """
        after_date, after_id = after or (None, None)
        department_of_own, account = own or (None, None)
        return self.rows(
            "list_anomalies",
            hall=hall,
            id=id_,
            since=since,
            until=until,
            state=state,
            department=department,
            overdue_on=overdue_on,
            own=department_of_own,
            account=account,
            after_date=after_date,
            after_id=after_id,
            limit=limit,
        )

    def is_owner(self, hall: str, owner: str) -> bool:
        """Tell whether an account of the staff that is open, or a department, has this name."""
        return bool(self.value("is_owner", hall=hall, owner=owner))

    def owners(self, hall: str, department: str | None) -> list[dict[str, Any]]:
        """Return the departments, the accounts of one of them, and those of the staff that belong to none."""
        return self.rows("owners", hall=hall, department=department)

    def anomaly_history(self, hall: str, id_: str) -> list[dict[str, Any]]:
        """Return the states of an anomaly in their order."""
        return self.rows("anomaly_history", hall=hall, id=id_)
