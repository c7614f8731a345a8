"""Cases, their history, and the copies of the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from services.cases.domain.calendar import Calendar
from services.cases.domain.case import Case, Interval, Item
from services.chassis import db


class Cases(db.Store):
    """Cases and what they are accepted by."""

    def keep_items(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Copy items; the newest version stays, whatever the order."""
        self.run_many("keep_items", rows)

    def keep_terms(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Copy what items are from each day on; the newest version stays, whatever the order."""
        self.run_many("keep_terms", rows)

    def keep_calendar_years(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Copy years of the calendar; the newest version stays, whatever the order."""
        self.run_many("keep_calendar_years", rows)

    def keep_closures(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Copy the days that closures take of the hall; the newest version stays, whatever the order."""
        self.run_many("keep_closure", rows)

    def use_calendar(self, hall: str) -> None:
        """Have the calendar stay as it is until the transaction ends, for what is derived from it.

        Taken before any row is locked, as `change_calendar`, so that neither waits for the other in a circle.
        """
        self.run("use_calendar", hall=hall)

    def change_calendar(self, hall: str) -> None:
        """Be the only one who uses the calendar until the transaction ends."""
        self.run("change_calendar", hall=hall)

    def calendar(self, hall: str, *, since: int = 0) -> Calendar:
        """Return the working days from a year on."""
        exceptions = {}
        for year in self.rows("calendar", hall=hall, year=since):
            exceptions.update(dict.fromkeys(year["holidays"], False) | dict.fromkeys(year["workdays"], True))
        return Calendar(exceptions)

    def item_and_calendar(self, hall: str, code: str, *, since: int) -> tuple[Item | None, Calendar]:
        """Return an item, None when the catalogue has published none of this code, and the working days."""
        asked = self.ask("item", hall=hall, code=code)
        calendar = self.calendar(hall, since=since)
        found = asked()
        return Item(**found) if found else None, calendar

    def items(self, hall: str, codes: Sequence[str]) -> dict[str, Item]:
        """Return those of several items that the catalogue has published, by code."""
        return {row["code"]: Item(**row) for row in self.rows("items", hall=hall, codes=list(codes))}

    def cases_touched(
        self,
        hall: str,
        *,
        item: str | None = None,
        department: str | None = None,
        due_since: date | None = None,
    ) -> list[dict[str, Any]]:
        """Return `{number, day, count}` of some open cases, the first due first, each with how many there are."""
        which = {"item": item, "department": department, "due_since": due_since}
        return list(self.rows("cases_touched", hall=hall, **which))

    def next_serial(self, hall: str, year: int) -> int:
        """Take the next number of a year."""
        return int(self.value("next_serial", hall=hall, year=year))

    def add_case(self, case: Case, *, year: int, serial: int) -> None:
        """Store a new case under a number that `next_serial` gave."""
        self.run("add_case", **asdict(case), year=year, serial=serial)

    def save_case(self, case: Case) -> None:
        """Store what a command changed of a case."""
        self.run("save_case", **asdict(case))

    def save_cases(self, cases: Sequence[Case]) -> None:
        """Store what a change of the calendar changed of cases."""
        self.run_many("save_case", [asdict(each) for each in cases])

    def open_cases(self, hall: str) -> list[Case]:
        """Return the cases whose time runs or stands still, and keep others from changing them."""
        return [Case(**row) for row in self.rows("open_cases", hall=hall)]

    def stops(self, hall: str, numbers: Sequence[str]) -> list[tuple[str, datetime, datetime | None]]:
        """Return number, beginning and end of each correction of accepted cases, in their order."""
        rows = self.rows("stops", hall=hall, numbers=list(numbers)) if numbers else []
        return [(row["number"], row["entered_at"], row["left_at"]) for row in rows]

    def case(self, hall: str, number: str) -> Case | None:
        """Return a case, None when there is none of this number."""
        found = self.row("case", hall=hall, number=number)
        return Case(**found) if found else None

    def cases(self, hall: str, numbers: Sequence[str]) -> dict[str, Case]:
        """Return several cases by number."""
        rows = self.rows("cases_of_numbers", hall=hall, numbers=list(numbers)) if numbers else []
        return {row["number"]: Case(**row) for row in rows}

    def corrections(self, hall: str, numbers: Sequence[str]) -> dict[str, str]:
        """Return what is asked for in those of several cases whose materials are being corrected, by number."""
        rows = self.rows("corrections", hall=hall, numbers=list(numbers)) if numbers else []
        return {row["number"]: row["reason"] for row in rows}

    def case_to_change(self, hall: str, number: str) -> Case | None:
        """Return a case and keep others from changing it until the transaction ends."""
        found = self.row("case_to_change", hall=hall, number=number)
        return Case(**found) if found else None

    def accepted_on_site(self, hall: str, order: str) -> set[int]:
        """Return which of the acceptances of an on-site order have their case."""
        return {row["onsite_nth"] for row in self.rows("accepted_on_site", hall=hall, order=order)}

    def cases_of_ticket(self, hall: str, ticket: str) -> list[Case]:
        """Return the cases of a ticket, the first first."""
        return [Case(**row) for row in self.rows("cases_of_ticket", hall=hall, ticket=ticket)]

    def cases_of_clerk(self, hall: str, clerk: str, day: date) -> list[Case]:
        """Return what a clerk accepted on a day, the newest first."""
        return [Case(**row) for row in self.rows("cases_of_clerk", hall=hall, clerk=clerk, day=day)]

    def enter_states(
        self, case: Case, states: Sequence[str], *, at: datetime, by: str | None, reason: str | None = None
    ) -> None:
        """Store that a case has entered states at a moment; all but the last lasted no time.

        Args:
            case: the case as it is now, in the last of them.
            states: the states in order.
            at: when.
            by: username of the clerk.
            reason: why the last of them.
        """
        self.run("leave_state", hall=case.hall, number=case.number, at=at)
        first = case.version - len(states) + 1
        rows = [
            {"version": first + nth, "state": state, "left_at": at, "reason": None}
            for nth, state in enumerate(states)
        ]
        rows[-1] |= {"left_at": None, "reason": reason}
        common = {"hall": case.hall, "number": case.number, "clerk": by, "entered_at": at}
        self.run_many("enter_state", [{**common, **row} for row in rows])

    def history(self, case: Case) -> list[Interval]:
        """Return the stays of a case in its states, the first first."""
        return [Interval(**row) for row in self.rows("history", hall=case.hall, number=case.number)]
