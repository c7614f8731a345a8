"""Cases in the process of the test, with a stand-in for ticketing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from services.cases.domain.case import Case
from services.cases.service import Cases
from services.cases.store import Store
from services.cases.use_cases import cases as use_cases
from services.chassis.caller import Caller
from services.chassis.db import Database
from services.chassis.errors import NotFound
from services.chassis.inbox import read_event

HEARINGS = {hearing.type: hearing for hearing in Cases.inbox.hearings}
MONDAY_MORNING = datetime.fromisoformat("2026-03-02T09:05:00+08:00")


def clerk(username: str = "clerk001", *, department: str = "market", hall: str = "main") -> Caller:
    """Make a clerk."""
    return Caller(hall=hall, username=username, roles=frozenset({"clerk"}), department=department)


class Office:
    """Takes facts and calls as the service's edge would."""

    def __init__(self, database: Database[Store]) -> None:
        """Use a database; ticket `t1` is served by clerk001 at window 101."""
        self.database = database
        self.now = MONDAY_MORNING.astimezone(UTC)
        self.tickets: dict[str, dict[str, Any]] = {
            "t1": {
                "id": "t1",
                "number": "A001",
                "department": "market",
                "channel": "kiosk",
                "state": "serving",
                "window": "101",
                "clerk": "clerk001",
                "extended": False,
            }
        }

    def go_to(self, moment: str) -> None:
        """Set the hall's clock to a local time, as `2026-03-02T09:05`."""
        self.now = datetime.fromisoformat(f"{moment}+08:00").astimezone(UTC)

    def ticket_of(self, id_: str) -> Mapping[str, Any]:
        """Answer as ticketing does."""
        if id_ not in self.tickets:
            raise NotFound
        return self.tickets[id_]

    def hear(self, type_: str, data: Mapping[str, Any], *, sequence: int = 1, hall: str = "main") -> None:
        """Take one event."""
        envelope = {
            "id": str(uuid4()),
            "type": type_,
            "subject": "x",
            "time": "2026-03-01T00:00:00+08:00",
            "sequence": sequence,
            "hall": hall,
            "data": data,
        }
        with self.database.transaction() as store:
            HEARINGS[type_].handler(store, [read_event(envelope, HEARINGS)])

    def publish_item(
        self, code: str, *, department: str, time_limit_days: int, state: str = "active", sequence: int = 1
    ) -> None:
        """Hear of an item."""
        item = {"code": code, "department": department, "time_limit_days": time_limit_days, "state": state}
        self.hear("catalogue.item.published", item, sequence=sequence)

    def publish_holidays(self, *days: str, worked: Sequence[str] = (), sequence: int = 1) -> None:
        """Hear of the holidays of 2026, and of the days off that are worked."""
        rows = [{"day": day, "working": False, "name": "假日"} for day in days]
        rows += [{"day": day, "working": True, "name": "上班"} for day in worked]
        self.hear("catalogue.calendar.published", {"year": 2026, "days": rows}, sequence=sequence)

    def accept(
        self, caller: Caller | None = None, *, ticket: str = "t1", item: str = "market-001", **more: Any
    ) -> Case:
        """Accept a case."""
        with self.database.transaction() as store:
            return use_cases.accept_case(
                store, caller or clerk(), ticket=self.ticket_of(ticket), item=item, **more
            )

    def do(self, command: Callable[..., Any], caller: Caller | None = None, **request: Any) -> Any:
        """Carry a command out."""
        with self.database.transaction() as store:
            return command(store, caller or clerk(), **request)

    def ask(self, question: Callable[..., Any], caller: Caller | None = None, **request: Any) -> Any:
        """Ask a question."""
        with self.database.autocommit() as store:
            return question(store, caller or clerk(), **request)

    def told(self) -> list[dict[str, Any]]:
        """Return the events that wait to be published."""
        with self.database.connect() as connection:
            rows = connection.execute("SELECT body FROM outbox ORDER BY id").fetchall()
        return [row["body"] for row in rows]

    def stays(self, case: Case) -> list[tuple[str, datetime, datetime | None]]:
        """Return the stays of a case."""
        with self.database.autocommit() as store:
            return [(each.state, each.entered_at, each.left_at) for each in store.history(case)]


def local(moment: str) -> datetime:
    """Return a local time of the hall."""
    return datetime.fromisoformat(f"{moment}+08:00")


def day(text: str) -> date:
    """Return a date."""
    return date.fromisoformat(text)


def verbs(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the past-tense words of events."""
    return [event["type"].rpartition(".")[2] for event in events]
