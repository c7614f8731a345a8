"""Copies of what others tell, and what was taken over from them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.chassis import db, wire
from services.quality.errors import UnknownDepartment

Row = Mapping[str, Any]
TAKE_OVER: Mapping[str, str] = {
    "departments": "keep_departments",
    "commendations": "take_over_commendations",
    "commendation_changes": "take_over_commendation_changes",
    "assessment_rules": "take_over_assessment_rules",
    "awards": "take_over_awards",
    "assessments": "take_over_assessments",
    "meetings": "take_over_meetings",
    "meeting_actions": "take_over_meeting_actions",
}


class Copies(db.Store):
    """Departments, imported commendations, and the records of before."""

    def keep_departments(self, rows: Sequence[Row]) -> None:
        """Keep the newest names of departments, whatever the order."""
        self.run("keep_departments", rows=wire.dumps(rows))

    def departments(self, hall: str) -> list[dict[str, Any]]:
        """Return code, name and English name of the departments, by code."""
        return self.rows("departments", hall=hall)

    def require_department(self, hall: str, department: str) -> None:
        """Refuse a department that there is not.

        Raises:
            UnknownDepartment: there is no such department.
        """
        if not self.value("is_department", hall=hall, department=department):
            raise UnknownDepartment(errors={"department": ["There is no such department."]})

    def copies(self, hall: str) -> dict[str, int]:
        """Return how many records there are of what others tell."""
        return self.rows("copies", hall=hall)[0]

    def take_imported(self, hall: str, *, rows: Sequence[Row], by: str, at: datetime, sequence: int) -> None:
        """Take over rows of a file, unless something newer was heard of them."""
        self.run("take_imported", hall=hall, rows=wire.dumps(rows), by=by, at=at, sequence=sequence)

    def take_imported_back(self, hall: str, *, ids: Sequence[str], sequence: int) -> None:
        """Give up rows of a file, unless something newer was heard of them or they were changed here."""
        self.run("take_imported_back", hall=hall, ids=list(ids), sequence=sequence)

    def take_over(self, table: str, rows: Sequence[Row]) -> None:
        """Take over rows of a table as another service had them; those that are known stay as they are here."""
        self.run(TAKE_OVER[table], rows=wire.dumps(rows))
