"""A small hall for ticketing: real PostgreSQL, a clock that is set by hand, no bus."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.commands import Answer, fingerprint, run_once
from services.chassis.db import Database, load_queries
from services.chassis.holder import token_of
from services.chassis.inbox import read_event
from services.ticketing.domain.ticket import Ticket
from services.ticketing.service import Ticketing
from services.ticketing.store import Store
from services.ticketing.use_cases import check_in, evaluations, issue, questions, serve, windows
from services.ticketing.use_cases.situation import Situations
from tests.waiting import DEADLINE_S

MORNING = datetime.fromisoformat("2026-03-02T09:05:00+08:00")
HEARINGS = {hearing.type: hearing for hearing in Ticketing.inbox.hearings}
SESSION = "5e550000-0000-4000-8000-000000000001"
RATES = {"priority": 2.0, "appointment": 1.5, "walk_in": 1.0}
HOURS = [
    {
        "department": None,
        "weekday": day,
        "opens": "09:00",
        "closes": "17:30",
        "breaks": [{"starts": "12:00", "ends": "14:00"}],
    }
    for day in range(1, 6)
]


@dataclass
class SettableClock:
    """A clock that moves when it is told to, and by ten microseconds each time it is read while `ticking`."""

    at: datetime = MORNING
    ticking: bool = False
    _lock: Lock = field(default_factory=Lock)

    def __call__(self) -> datetime:
        with self._lock:
            if self.ticking:
                self.at += timedelta(microseconds=10)
            return self.at

    def move(self, **delta: float) -> None:
        """Turn the hands on."""
        with self._lock:
            self.at += timedelta(**delta)


@dataclass
class SmallHall:
    """Ticketing with three queues of two departments and as many windows as a test wants."""

    database: Database[Store]
    clock: SettableClock
    situations: Situations = field(default_factory=Situations)

    def furnish(
        self,
        *,
        windows_each: int = 2,
        max_wait_s: int = 2700,
        queues: int = 3,
        hours: Sequence[Mapping[str, Any]] = HOURS,
    ) -> None:
        """Copy a catalogue: queues q0, q1, … with items i0, i1, … and windows 100, 101, … of department d0 or d1."""
        codes = [f"q{n}" for n in range(queues)]
        with self.database.transaction() as store:
            common = {"hall": "main", "sequence": 1}
            store.keep("keep_zone", [{**common, "code": "A", "name": "甲区", "name_en": "Zone A"}])
            store.keep(
                "keep_queue",
                [
                    {
                        **common,
                        "code": code,
                        "prefix": chr(65 + n),
                        "name": f"队列{n}",
                        "name_en": f"Queue {n}",
                        "department": _department(n),
                        "zone": "A",
                        "max_wait_s": max_wait_s,
                        "rates": RATES,
                    }
                    for n, code in enumerate(codes)
                ],
            )
            store.keep(
                "keep_item",
                [
                    {
                        **common,
                        "code": f"i{n}",
                        "name": f"事项{n}",
                        "name_en": f"Item {n}",
                        "department": _department(n),
                        "queue": code,
                        "service_seconds": 300,
                        "state": "active",
                    }
                    for n, code in enumerate(codes)
                ],
            )
            store.keep(
                "keep_window",
                [
                    {
                        **common,
                        "code": str(100 + n),
                        "name": f"{100 + n}号窗口",
                        "name_en": f"Window {100 + n}",
                        "department": _department(n % queues),
                        "zone": "A",
                        "queues": [
                            code for m, code in enumerate(codes) if _department(m) == _department(n % queues)
                        ],
                    }
                    for n in range(windows_each * queues)
                ],
            )
            store.keep("keep_hours", [{**common, "rows": list(hours)}])

    def keep(self, query: str, **row: Any) -> None:
        """Copy one more record of the catalogue, e.g. `keep("keep_zone", code="B", ...)`."""
        with self.database.transaction() as store:
            store.keep(query, [{"hall": "main", "sequence": 1, **row}])

    def keep_windows(self, count: int) -> None:
        """Put the queue q0 at windows 200, 201, … and at no others."""
        self.change("UPDATE windows SET queues = '{q1}'")
        for n in range(200, 200 + count):
            names = {"code": str(n), "name": f"{n}号窗口", "name_en": f"Window {n}"}
            self.keep("keep_window", **names, department="d0", zone="A", queues=["q0"])

    def clerk(self, window: str, *, department: str = "d0") -> Caller:
        """Return the clerk of a window."""
        return Caller(
            hall="main", username=f"clerk{window}", roles=frozenset({"clerk"}), department=department
        )

    def visitor(self, ticket: str) -> Caller:
        """Return who holds a ticket: nobody that is known, with its token."""
        return Caller(hall="main", token=token_of("ticket", "main", ticket))

    def issue(self, item: str = "i0", **more: Any) -> dict[str, Any]:
        """Issue a ticket at a kiosk, or by a clerk where only a clerk may."""
        return self.answer(item, **more).body

    def answer(self, item: str = "i0", *, key: str = "", roles: str = "", **more: Any) -> Answer:
        """Issue a ticket and return the whole answer."""
        needs_clerk = more.get("cutoff_override") or more.get("class_") == "urgent"
        caller = Caller(
            hall="main",
            username="kiosk1",
            roles=frozenset({roles or ("clerk" if needs_clerk else "kiosk")}),
            command_id=key or str(uuid4()),
        )
        request = {"item": item, "channel": "kiosk", **more}
        mark = fingerprint("issue_ticket", request, caller)
        with self.database.autocommit() as store:
            return issue.issue_ticket(store, self.situations, caller, mark, **request)

    def check_in(self, appointment: str, item: str = "i0", **more: Any) -> Answer:
        """Give somebody with an appointment for now their ticket, as the service of appointments asks for it."""
        service = Caller(hall="main", username="appointments", roles=frozenset({"service"}))
        request = {"channel": "web", "class_": "appointment", "reference_at": self.clock.at, **more}
        with self.database.autocommit() as store:
            return check_in.check_in_ticket(
                store, self.situations, service, item=item, appointment=UUID(appointment), **request
            )

    def hear_session(self, verb: str, *, sequence: int = 1, **changes: Any) -> None:
        """Hear what became of an extended session of d0 at window 100; it goes from 17:45 to 20:00 of the Monday."""
        state = {"planned": "planned", "opened": "open", "closed": "closed", "cancelled": "cancelled"}[verb]
        data = {
            "id": SESSION,
            "department": "d0",
            "windows": ["100"],
            "staff": ["clerk100"],
            "starts_at": "2026-03-02T17:45:00+08:00",
            "ends_at": "2026-03-02T20:00:00+08:00",
            "state": state,
            "opened_at": None,
            "closed_at": None,
            **changes,
        }
        body = {
            "id": str(uuid4()),
            "type": f"appointments.session.{verb}",
            "subject": data["id"],
            "time": self.clock.at.isoformat(),
            "sequence": sequence,
            "hall": "main",
            "data": data,
        }
        event = read_event(body, HEARINGS)
        self.do(HEARINGS[event.type].handler, [event])
        self.forget()

    def go_to(self, moment: str) -> None:
        """Set the clock to a local time, as `2026-03-02T17:45`, and look at the hall anew."""
        self.clock.at = datetime.fromisoformat(f"{moment}+08:00")
        self.forget()

    def sign_in(self, window: str, *, department: str = "d0", queues: list[str] | None = None) -> Caller:
        """Sign the clerk of a window in there."""
        caller = self.clerk(window, department=department)
        self.do(windows.sign_in, caller, window=window, queues=queues)
        return caller

    def waiting(self) -> list[Ticket]:
        """Return who waits, in no order."""
        rows = self.rows("SELECT * FROM tickets WHERE state = 'waiting'")
        return [Ticket(**{**row, "id": str(row["id"])}) for row in rows]

    def in_line(self, window: str) -> list[str]:
        """Return the ids of those who wait for a window, in the order in which its clerk sees them."""
        with self.database.autocommit() as store:
            [desk] = store.desks("main", {window: self.clock.at.date()}, at=self.clock.at, limit=1000)
        return [row["id"] for row in desk.waiting]

    def call_next(self, window: str) -> dict[str, Any] | None:
        """Call the next ticket to a window."""
        with self.database.autocommit() as store:
            department = store.window("main", window).department
        clerk = self.clerk(window, department=department)
        return self.do(serve.call_next, self.situations, clerk, window=window)

    def act(self, command: str, id_: str, caller: Caller, **more: Any) -> dict[str, Any]:
        """Do something to a ticket as a command of its own id: `act("hold", id, clerk)`."""
        module = evaluations if command == "evaluate" else serve
        use_case = getattr(module, f"{command}_ticket")
        knows_hall = command in ("start", "resume", "requeue", "transfer", "put_back")
        arguments = (self.situations, caller) if knows_hall else (caller,)
        return run_once(
            self.database,
            str(uuid4()),
            command,
            lambda store: use_case(store, *arguments, id=id_, **more),
            at=self.clock.at,
        ).body

    def forget(self) -> None:
        """Look at the hall anew at the next question, without waiting a second."""
        self.situations = Situations()

    def ticket(self, id_: str) -> dict[str, Any]:
        """Return a ticket as whoever holds its id sees it now."""
        self.forget()
        with self.database.autocommit() as store:
            return questions.get_ticket(store, self.situations, Caller(hall="main"), id=id_)

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Return every row of every table, to see whether anything has changed."""
        tables = self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        names = [each["tablename"] for each in tables if "yoyo" not in each["tablename"]]
        with self.database.connect() as connection:
            return {
                name: connection.execute(
                    sql.SQL("SELECT * FROM {} AS row ORDER BY row::text").format(sql.Identifier(name))
                ).fetchall()
                for name in names
            }

    def do(self, use_case: Callable[..., Any], *arguments: Any, **request: Any) -> Any:
        """Run a use case in a transaction of its own."""
        with self.database.transaction() as store:
            return use_case(store, *arguments, **request)

    def rows(self, statement: str, **params: Any) -> list[dict[str, Any]]:
        """Ask the database past the store."""
        with self.database.connect() as connection:
            return connection.execute(statement, params).fetchall()

    def change(self, statement: str, **params: Any) -> None:
        """Change the database past the store."""
        with self.database.connect() as connection:
            connection.execute(statement, params)

    def connect(self) -> psycopg.Connection[Any]:
        """Return a connection of another process."""
        return self.database.connect()


def _department(n: int) -> str:
    return "d0" if n < 2 else "d1"


@pytest.fixture
def hall_clock() -> Iterator[SettableClock]:
    """A clock that stands at five past nine on a Monday until a test moves it."""
    hands = SettableClock()
    with clock.showing(hands):
        yield hands


@pytest.fixture(scope="session")
def shared_database(database_of_session: Callable[[str], str]) -> Iterator[Database[Store]]:
    """One database for all tests of a session: to empty it takes a tenth of the time that to clone it does."""
    url = database_of_session("ticketing")
    made = Database(Store, load_queries("services.ticketing"), url=url, size=50, timeout=DEADLINE_S)
    yield made
    made.close()


@pytest.fixture
def hall(shared_database: Database[Store], hall_clock: SettableClock) -> SmallHall:
    """An empty small hall; `furnish` it first."""
    with shared_database.connect() as connection:
        tables = connection.execute("""
            SELECT string_agg(quote_ident(tablename), ', ') AS names FROM pg_tables
            WHERE schemaname = 'public' AND tablename NOT LIKE '%yoyo%'
                AND tablename NOT IN ('relay', 'reference_version')
        """).fetchone()
        assert tables is not None
        with connection.transaction():
            # It is only ever added to, and its triggers say so to its owner too.
            connection.execute("ALTER TABLE personal_accesses DISABLE TRIGGER USER")
            connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(tables["names"])))
            connection.execute("ALTER TABLE personal_accesses ENABLE TRIGGER USER")
    return SmallHall(shared_database, hall_clock)
