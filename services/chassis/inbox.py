"""Facts from other services: taken in batches, each event once, the bad ones set aside.

The ids go into the inbox table in the transaction of the effect, so an event that is delivered twice is done once.
An event whose handler fails is delivered again up to the queue's limit and then moves to the dead letters; while the
database is away nothing is given back, since that would use the limit up.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Event as Signal
from time import monotonic
from typing import Any
from uuid import UUID

from amqp.exceptions import AMQPError
from kombu import Connection, Message
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerAway
from marshmallow import Schema, ValidationError
from prometheus_client import Counter

from services.chassis import clock
from services.chassis.db import AWAY, Database, Store
from services.chassis.logs import get_logger
from services.chassis.topology import inbox_queue

BATCH = 300
GATHER = 0.02
IDLE = 1.0
RETRY = 1.0
PAUSE = 0.05
SHOWN = 10

_events = Counter("hallflow_events_received", "Events by what became of them", ["type", "outcome"])

log = get_logger()


@dataclass(frozen=True, kw_only=True)
class Received:
    """An event as its consumer gets it; `data` has passed the consumer's schema."""

    id: str
    type: str
    subject: str
    time: datetime
    sequence: int
    position: int
    hall: str
    call_id: str
    data: Mapping[str, Any]


Handler = Callable[[Any, Sequence[Received]], None]
Wanted = Callable[[Mapping[str, Any]], bool]


def _every_one(_: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True)
class Hearing:
    """A type of event a service listens to, the schema of its data and the use case that takes a batch.

    Of the events only those that are `wanted` go to it; the others are settled without asking the database.
    """

    type: str
    schema: Schema
    handler: Handler
    wanted: Wanted = _every_one


def hears(type_: str, schema: Schema, handler: Handler, *, wanted: Wanted = _every_one) -> Hearing:
    """Say that events of a type go to a use case `handler(store, events)`.

    Args:
        type_: of the events.
        schema: of their data.
        handler: the use case.
        wanted: tells by its data whether an event is one for the use case; all are when left out.
    """
    return Hearing(type_, schema, handler, wanted)


class Unreadable(Exception):
    """A message is no event that this service can read."""


def read_event(body: Any, hearings: Mapping[str, Hearing]) -> Received:
    """Read an envelope and its data.

    Raises:
        Unreadable: a part is missing or of the wrong type, or nobody here listens to it.
    """
    try:
        hearing = hearings[body["type"]]
        if not isinstance(body["subject"], str) or not isinstance(body["hall"], str):
            raise TypeError("subject and hall are texts")
        return Received(
            id=str(UUID(body["id"])),
            type=body["type"],
            subject=body["subject"],
            time=datetime.fromisoformat(body["time"]),
            sequence=int(body["sequence"]),
            position=int(body.get("position", 0)),
            hall=body["hall"],
            call_id=body.get("callid", ""),
            data=hearing.schema.load(body["data"]),
        )
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, ValidationError) as fault:
        raise Unreadable(repr(fault)) from fault


class InboxConsumer:
    """Consumes one service's inbox for as long as `run` runs."""

    def __init__(
        self,
        service: str,
        database: Database[Store],
        amqp_uri: str,
        hearings: Sequence[Hearing],
        *,
        gather_s: float = GATHER,
    ) -> None:
        """Describe a consumer; connects when it runs.

        Args:
            service: whose inbox it is.
            database: the service's.
            amqp_uri: where the broker is.
            hearings: what it listens to.
            gather_s: seconds to wait after a first event for those that go into the same batch.
        """
        self._service, self._database, self._amqp_uri = service, database, amqp_uri
        self._gather_s = gather_s
        self._hearings = {hearing.type: hearing for hearing in hearings}
        self._waiting: list[Message] = []
        self._stopping = Signal()
        self.stopped = Signal()

    def stop(self) -> None:
        """End `run` after the batch in hand."""
        self._stopping.set()

    def run(self) -> None:
        """Consume until stopped; a lost broker is looked for again."""
        while not self._stopping.is_set():
            try:
                self._consume()
            except (AMQPError, KombuError, BrokerAway, OSError, *AWAY) as fault:
                log.warning("inbox.fault", fault=repr(fault))
                self._stopping.wait(RETRY)
        self.stopped.set()

    def _consume(self) -> None:
        self._waiting.clear()
        with Connection(self._amqp_uri, heartbeat=20, connect_timeout=5) as connection:
            # Without a limit kombu would look for the broker for ever, deaf to a stop.
            connection.ensure_connection(max_retries=1, interval_start=0.5)
            channel = connection.default_channel
            channel.basic_qos(0, 2 * BATCH, False)
            consumer = connection.Consumer(
                inbox_queue(self._service),
                on_message=self._waiting.append,
                accept=["json"],
                channel=channel,
                auto_declare=False,
            )
            with consumer:
                log.info("inbox.listens", types=sorted(self._hearings))
                while not self._stopping.is_set():
                    self._gather(connection)
                    while self._waiting:
                        self._take_batch(connection)

    def _gather(self, connection: Connection) -> None:
        """Wait for a message, then a moment longer for those behind it."""
        deadline = monotonic() + IDLE
        try:
            while len(self._waiting) < BATCH and (left := deadline - monotonic()) > 0:
                connection.drain_events(timeout=left)
                deadline = min(deadline, monotonic() + self._gather_s)
        except TimeoutError:
            connection.heartbeat_check()

    def _take_batch(self, connection: Connection) -> None:
        batch, self._waiting[:] = self._waiting[:BATCH], self._waiting[BATCH:]
        readable: list[tuple[Message, Received]] = []
        for message in batch:
            try:
                readable.append((message, read_event(message.decode(), self._hearings)))
            except Exception as fault:  # whatever is wrong with a message, only that message suffers
                log.error(
                    "inbox.unreadable",
                    fault=repr(fault),
                    routing_key=message.delivery_info.get("routing_key"),
                )
                _events.labels("?", "unreadable").inc()
                message.reject()
        if len(readable) == 1 or (readable and not self._settle(connection, readable)):
            for pair in readable:
                self._settle_alone(connection, pair)

    def _settle(self, connection: Connection, batch: list[tuple[Message, Received]]) -> bool:
        """Do a batch in one transaction; False when one of its events fails."""
        events = [event for _, event in batch]
        while True:
            try:
                self._do(events)
            except AWAY as fault:
                log.warning("inbox.database_away", fault=repr(fault))
                self._rest(connection)
                if self._stopping.is_set():
                    raise
            except Exception:
                log.exception("inbox.failed", events=[event.id for event in events][:3], size=len(events))
                return False
            else:
                batch[-1][0].ack(multiple=True)
                return True

    def _settle_alone(self, connection: Connection, pair: tuple[Message, Received]) -> None:
        if not self._settle(connection, [pair]):
            _events.labels(pair[1].type, "failed").inc()
            pair[0].reject(requeue=True)
            self._stopping.wait(PAUSE)

    def _rest(self, connection: Connection) -> None:
        """Wait a moment, taking what comes: a connection nobody reads from counts as dead, heartbeats and all."""
        deadline = monotonic() + RETRY
        with suppress(TimeoutError):
            while not self._stopping.is_set() and (left := deadline - monotonic()) > 0:
                connection.drain_events(timeout=left)
        connection.heartbeat_check()

    def _do(self, events: Sequence[Received]) -> None:
        wanted = [event for event in events if self._hearings[event.type].wanted(event.data)]
        new = hear(self._database, self._hearings, wanted) if wanted else set()
        for event in wanted:
            _events.labels(event.type, "done" if event.id in new else "repeated").inc()
        _tell(events, new=len(new))


def hear(database: Database[Any], hearings: Mapping[str, Hearing], events: Sequence[Received]) -> set[str]:
    """Give events to their use cases, in one transaction; returns the ids of those that were not heard before.

    Args:
        database: of the service that hears them.
        hearings: what it listens to, by type.
        events: of these types, some of which may have been heard before.
    """
    with database.transaction() as store:
        rows = store.rows("receive_events", event_ids=[event.id for event in events], at=clock.now())
        new = {str(row["event_id"]) for row in rows}
        fresh = list({event.id: event for event in events if event.id in new}.values())
        # By handler, not by type: a stream of mixed types still reaches a handler as one batch.
        for handler in dict.fromkeys(hearing.handler for hearing in hearings.values()):
            if group := [event for event in fresh if hearings[event.type].handler is handler]:
                handler(store, group)
    return new


def _tell(events: Sequence[Received], *, new: int) -> None:
    """Write one line a batch, with the call ids of a small one; a busy hall has hundreds of events a second."""
    calls = sorted({event.call_id for event in events}) if len(events) <= SHOWN else None
    log.info("inbox.done", events=len(events), new=new, call_ids=calls)
