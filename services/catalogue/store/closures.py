"""Closures and how often each was told."""

from dataclasses import asdict

from psycopg.rows import DictRow

from services.catalogue.domain.closures import Closure
from services.chassis import db


class Closures(db.Store):
    """When the hall, a department or a window does not serve."""

    def add_closure(self, hall: str, closure: Closure) -> None:
        """Store a new closure."""
        self.run("add_closure", hall=hall, **asdict(closure))

    def closures(self, hall: str) -> list[tuple[Closure, int]]:
        """Return all closures with their versions, those that begin last first."""
        return [_versioned(row) for row in self.rows("closures", hall=hall)]

    def lock_closure(self, hall: str, id_: str) -> Closure | None:
        """Return a closure and hold it for a change."""
        row = self.row("lock_closure", hall=hall, id=id_)
        return _versioned(row)[0] if row else None

    def end_closure(self, hall: str, closure: Closure) -> int:
        """Store that a closure has ended; returns its new version."""
        ended = {"ended_at": closure.ended_at, "ended_by": closure.ended_by}
        version: int = self.value("end_closure", hall=hall, id=closure.id, **ended)
        return version


def _versioned(row: DictRow) -> tuple[Closure, int]:
    return Closure(**{name: value for name, value in row.items() if name != "version"}), row["version"]
