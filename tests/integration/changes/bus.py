"""The bus as a test drives it: events go from each outbox to those who listen when the test says so.

Each service may hear at another time, out of order and twice, as after a crash, a requeue or a replay of dead letters.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import psycopg

from services.appointments.service import Appointments
from services.cases.service import Cases
from services.catalogue.service import Catalogue
from services.chassis.db import Database, load_queries
from services.chassis.inbox import Hearing, hear, read_event
from services.chassis.service import Service
from services.dispatch.service import Dispatch
from services.notifications.service import Notifications
from services.ticketing.service import Ticketing
from tests.waiting import DEADLINE_S

SERVICES = (Catalogue, Appointments, Ticketing, Dispatch, Cases, Notifications)
Body = Mapping[str, Any]


@dataclass(frozen=True)
class Peer:
    """A service on a database of its own; `line` is a connection past its store."""

    name: str
    database: Database[Any]
    hearings: Mapping[str, Hearing]
    line: psycopg.Connection[Any]

    def rows(self, statement: str, *params: object) -> list[dict[str, Any]]:
        """Ask the database past the store."""
        return self.line.execute(statement, params).fetchall()

    def take(self, bodies: Sequence[Body]) -> None:
        """Hear events as one batch, in a transaction."""
        events = [read_event(body, self.hearings) for body in bodies]
        if wanted := [event for event in events if self.hearings[event.type].wanted(event.data)]:
            hear(self.database, self.hearings, wanted)


@contextmanager
def connected(database: Callable[[str], str]) -> Iterator[dict[str, Peer]]:
    """Give the services by name, each on a database that `database` makes."""
    with ExitStack() as stack:
        yield {service.name: _peer(stack, service, database(service.name)) for service in SERVICES}


def _peer(stack: ExitStack, service: type[Service], url: str) -> Peer:
    package = f"services.{service.name}"
    store = import_module(f"{package}.store").Store
    opened: Database[Any] = Database(store, load_queries(package), url=url, size=20, timeout=DEADLINE_S)
    stack.callback(opened.close)
    hearings = getattr(service, "inbox", None)
    by_type = {hearing.type: hearing for hearing in hearings.hearings} if hearings else {}
    return Peer(service.name, opened, by_type, stack.enter_context(opened.connect()))


class Bus:
    """Carries what the services of one hall tell; `told` is all of it, in order."""

    def __init__(self, peers: Mapping[str, Peer], *, hall: str) -> None:
        """Connect services; what they tell of other halls is thrown away."""
        self.told: list[Body] = []
        self._peers, self._hall = peers, hall
        self._waiting: dict[str, list[Body]] = {name: [] for name in peers}
        self._heard: dict[str, list[Body]] = {name: [] for name in peers}

    def carry(self, name: str, *, most: int, newest: bool = False) -> None:
        """Let a service hear some of what waits for it, as one batch: the oldest, or the newest."""
        self._collect()
        waiting = self._waiting[name]
        since = max(0, len(waiting) - most) if newest else 0
        batch = waiting[since : since + most]
        del waiting[since : since + most]
        if batch:
            self._peers[name].take(batch)
            self._heard[name] += batch

    def hand_out(self, name: str) -> list[Body]:
        """Give what waits for a service to a test that lets it hear that by itself."""
        self._collect()
        waiting, self._waiting[name] = self._waiting[name], []
        return waiting

    def repeat(self, name: str, nth: int) -> None:
        """Let a service hear again what it heard before."""
        if heard := self._heard[name]:
            self._peers[name].take([heard[nth % len(heard)]])

    def carry_all(self) -> None:
        """Let all hear all there is, until nobody tells more."""
        while not self.quiet:
            for name, waiting in self._waiting.items():
                self.carry(name, most=len(waiting))

    @property
    def quiet(self) -> bool:
        """Whether everybody has heard everything."""
        self._collect()
        return not any(self._waiting.values())

    def _collect(self) -> None:
        for peer in self._peers.values():
            rows = peer.rows("DELETE FROM outbox RETURNING id, body")
            bodies = [row["body"] for row in sorted(rows, key=lambda row: row["id"])]
            fresh = [body for body in bodies if body["hall"] == self._hall]
            self.told += fresh
            for name, listener in self._peers.items():
                self._waiting[name] += [body for body in fresh if body["type"] in listener.hearings]
