"""What was heard of tickets, cases, appointments, overtime, on-site orders and joint cases."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.chassis import db, wire
from services.statistics.facts.domain.workdays import Calendar

Row = Mapping[str, Any]


class Facts(db.Store):
    """The newest state of each."""

    def keep_tickets(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of tickets, whatever the order; each belongs to one business date."""
        heard = self._begin("ticket_facts", rows)
        if self.value("tickets_moved", rows=heard):
            self.run("move_tickets", rows=heard)
        self.run("keep_tickets", rows=heard)

    def keep_cases(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of cases, whatever the order; each belongs to one business date."""
        heard = self._begin("case_facts", rows)
        if self.value("cases_moved", rows=heard):
            self.run("move_cases", rows=heard)
        self.run("keep_cases", rows=heard)

    def _begin(self, table: str, rows: Sequence[Row]) -> str:
        self.open_months(table, [row["business_date"] for row in rows])
        return wire.dumps(rows)

    def open_months(self, table: str, dates: Sequence[date]) -> None:
        """Wait for one's turn to write, and make the months of a partitioned table.

        Facts, sums and archive have one writer at a time, until the transaction ends.

        Args:
            table: `ticket_facts`, `case_facts` or `event_archive`.
            dates: the dates that will be written; of UTC for the archive.
        """
        self.run("open_months", parent=table, dates=list(dates))

    def keep_appointments(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of appointments, whatever the order."""
        self.run("keep_appointments", rows=wire.dumps(rows))

    def keep_overtime(self, rows: Sequence[Row]) -> None:
        """Keep the newest figures of overtime, whatever the order."""
        self.run("keep_overtime", rows=wire.dumps(rows))

    def keep_onsite(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of on-site orders, whatever the order."""
        self.run("keep_onsite", rows=wire.dumps(rows))

    def keep_joint(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of joint cases, whatever the order."""
        self.run("keep_joint", rows=wire.dumps(rows))

    def keep_names(self, rows: Sequence[Row]) -> None:
        """Keep the newest names, whatever the order."""
        self.run("keep_names", rows=wire.dumps(rows))

    def keep_items(self, rows: Sequence[Row]) -> None:
        """Keep what the catalogue says of items, whatever the order."""
        self.run("keep_items", rows=wire.dumps(rows))

    def keep_terms(self, rows: Sequence[Row]) -> None:
        """Keep what items are from each day on, whatever the order."""
        self.run("keep_terms", rows=wire.dumps(rows))

    def keep_calendar(self, rows: Sequence[Row]) -> None:
        """Keep the hall's calendar, whatever the order."""
        self.run("keep_calendar", rows=wire.dumps(rows))

    def keep_departments(self, rows: Sequence[Row]) -> None:
        """Keep what the catalogue says of departments, whatever the order."""
        self.run("keep_departments", rows=wire.dumps(rows))

    def note_seen(self, rows: Sequence[Row]) -> None:
        """Note up to when services were heard."""
        self.run("note_seen", rows=wire.dumps(rows))

    def keep_windows(self, rows: Sequence[Row]) -> None:
        """Keep when windows were open, whatever the order."""
        self.run("keep_windows", rows=wire.dumps(rows))

    def keep_evaluations(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of evaluations, whatever the order."""
        self.run("keep_evaluations", rows=wire.dumps(rows))

    def keep_commendations(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep the newest state of commendations, whatever the order."""
        self.run("keep_commendations", rows=wire.dumps(rows))

    def keep_staff(self, rows: Sequence[Row]) -> None:
        """Keep the newest state of accounts of the staff, whatever the order."""
        self.run("keep_staff", rows=wire.dumps(rows))

    def calendar(self, hall: str) -> Calendar:
        """Return the hall's working days."""
        return Calendar(
            {
                row["year"]: dict.fromkeys(row["holidays"], False) | dict.fromkeys(row["workdays"], True)
                for row in self.rows("calendar", hall=hall)
            }
        )

    def copies(self, hall: str) -> dict[str, int]:
        """Return how many items and how much window staff is known of."""
        return dict(self.rows("copies", hall=hall)[0])

    def has_department(self, hall: str, code: str) -> bool:
        """Tell whether the hall has this department."""
        return bool(self.rows("report_departments", hall=hall, department=code))
