"""The outbox relay: publishes what commands wrote, in order, each event at least once.

One process of a service leads (advisory lock), the others stand by. After a commit `wake` rouses the leader: at
once in its own process, by NOTIFY from another. The NOTIFY is sent beside the command and at most twenty-five times a
second, because PostgreSQL lets only one transaction at a time commit that has notified; a missed one costs a second,
the leader looks that often by itself. A row leaves the outbox only after the broker confirmed its event, so a crash
in between publishes it again, and inboxes know it by its id.
"""

from contextlib import suppress
from datetime import timedelta
from threading import Event as Signal
from time import monotonic, sleep
from typing import Any

import psycopg
from amqp.exceptions import AMQPError
from kombu.exceptions import OperationalError as BrokerAway
from prometheus_client import Counter, Gauge
from psycopg import sql
from psycopg.errors import ReadOnlySqlTransaction
from psycopg_pool import PoolTimeout

from services.chassis import clock
from services.chassis.db import Database, Store
from services.chassis.logs import get_logger
from services.chassis.publisher import ConfirmingPublisher, NotConfirmed, Outgoing
from services.chassis.topology import EVENTS

BATCH = 500
IDLE = 1.0
GATHER = 0.04
RETRY = 1.0
STAND_BY = 2.0
KEEP_RECEIVED = timedelta(days=30)
KEEP_COMMANDS = timedelta(days=1)
TIDY_EVERY = 3600.0
MEASURE_EVERY = 0.9
CHANNEL = "hallflow_outbox"

TRANSIENT = (psycopg.Error, PoolTimeout, AMQPError, BrokerAway, NotConfirmed, OSError)

_published = Counter("hallflow_events_published", "Events published by this process")
_backlog = Gauge("hallflow_outbox_backlog", "Events that wait to be published")
_oldest = Gauge("hallflow_outbox_oldest_seconds", "Age of the oldest event that waits")

log = get_logger()


def wake_relay(database: Database[Any]) -> None:
    """Have what was published later sent at once, by whichever process leads."""
    with database.autocommit() as store:
        store.run("wake_relay", channel=CHANNEL)


class Relay:
    """Publishes the outbox of one database for as long as `run` runs."""

    def __init__(self, database: Database[Store], amqp_uri: str) -> None:
        """Describe a relay; connects when it runs."""
        self._database = database
        self._publisher = ConfirmingPublisher(amqp_uri)
        self._woken, self._notify, self._stopping = Signal(), Signal(), Signal()
        self._leading = False
        self._tidied = self._measured = float("-inf")

    def wake(self) -> None:
        """Say that a commit has left events in the outbox; costs nothing."""
        (self._woken if self._leading else self._notify).set()

    def stop(self) -> None:
        """End `run`, `pass_on` and `listen` soon."""
        self._stopping.set()
        self._woken.set()
        self._notify.set()

    def run(self) -> None:
        """Lead or stand by until stopped; a fault of database or broker is logged and tried again."""
        while not self._stopping.is_set():
            try:
                with self._database.connect() as connection:
                    store = Store(connection, self._database.queries)
                    if store.value("is_read_only"):
                        # What it publishes it could not take out, and would publish again and again.
                        raise ReadOnlySqlTransaction("the database takes no changes")
                    if store.value("lead_relay"):
                        self._lead(store)
                    else:
                        _backlog.set(0)
                        _oldest.set(0)
                        self._stopping.wait(STAND_BY)
            except TRANSIENT as fault:
                log.warning("relay.fault", fault=repr(fault))
                self._stopping.wait(RETRY)
            finally:
                self._leading = False
        self._publisher.close()

    def _lead(self, store: Store) -> None:
        self._leading = True
        log.info("relay.leads")
        while not self._stopping.is_set():
            self._woken.clear()
            # Before the batch: while the broker takes nothing, the figures have to show it.
            self._measure(store)
            if self.publish_batch(store):
                sleep(GATHER)
            else:
                self._publisher.heartbeat()
                self._tidy(store)
                self._woken.wait(IDLE)

    def publish_batch(self, store: Store) -> int:
        """Publish the oldest events of the outbox and take them out; returns how many.

        Raises:
            NotConfirmed: the broker did not confirm them; they stay in the outbox.
        """
        rows = store.rows("next_events", limit=BATCH)
        if not rows:
            return 0
        position = store.value("relay_position")
        messages = [
            Outgoing(EVENTS.name, row["type"], with_position(row["body"], position + nth))
            for nth, row in enumerate(rows, start=1)
        ]
        self._publisher.publish(messages)
        store.run("events_published", ids=[row["id"] for row in rows], position=position + len(rows))
        _published.inc(len(rows))
        return len(rows)

    def _measure(self, store: Store) -> None:
        if monotonic() - self._measured < MEASURE_EVERY:
            return
        self._measured = monotonic()
        found = store.row("outbox_backlog")
        if found:
            _backlog.set(found["waiting"])
            _oldest.set((clock.now() - found["oldest"]).total_seconds() if found["oldest"] else 0)

    def _tidy(self, store: Store) -> None:
        if monotonic() - self._tidied > TIDY_EVERY:
            self._tidied = monotonic()
            store.run("forget_received", before=clock.now() - KEEP_RECEIVED)
            store.run("forget_commands", before=clock.now() - KEEP_COMMANDS)

    def pass_on(self) -> None:
        """Send NOTIFY for the commits of this process while another one leads."""
        while not self._stopping.is_set():
            self._notify.wait()
            self._notify.clear()
            if self._leading:
                self._woken.set()
            elif not self._stopping.is_set():
                with suppress(*TRANSIENT):
                    wake_relay(self._database)
            sleep(GATHER)

    def listen(self) -> None:
        """Hear the NOTIFY of other processes while this one leads."""
        while not self._stopping.is_set():
            try:
                with self._database.connect() as connection:
                    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                    while not self._stopping.is_set():
                        for _ in connection.notifies(timeout=IDLE, stop_after=1):
                            self._woken.set()
            except TRANSIENT as fault:
                log.warning("relay.deaf", fault=repr(fault))
                self._stopping.wait(RETRY)


def with_position(body: str, position: int) -> str:
    """Return the JSON text of an event with its position as last member; nothing is parsed, events are many."""
    return f'{body[:-1]},"position":{position}}}'
