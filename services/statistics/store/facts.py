"""What was heard of tickets, cases, appointments, overtime and on-site orders."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.chassis import db, wire

Row = Mapping[str, Any]


class Facts(db.Store):
    """The newest state of each."""

    def keep_tickets(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of tickets, whatever the order."""
        self.run("keep_tickets", rows=wire.dumps(rows))

    def keep_cases(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of cases, whatever the order."""
        self.run("keep_cases", rows=wire.dumps(rows))

    def keep_appointments(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of appointments, whatever the order."""
        self.run("keep_appointments", rows=wire.dumps(rows))

    def keep_overtime(self, rows: Sequence[Row]) -> None:
        """Keep the newest figures of overtime, whatever the order."""
        self.run("keep_overtime", rows=wire.dumps(rows))

    def keep_onsite(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of on-site orders, whatever the order."""
        self.run("keep_onsite", rows=wire.dumps(rows))

    def keep_names(self, rows: Sequence[Row]) -> None:
        """Keep the newest names, whatever the order."""
        self.run("keep_names", rows=wire.dumps(rows))

    def note_seen(self, rows: Sequence[Row]) -> None:
        """Note up to when services were heard."""
        self.run("note_seen", rows=wire.dumps(rows))
