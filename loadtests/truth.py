"""Reads a run's databases and queues for the audit, as an administrator; the run itself uses the public API alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import kombu
import psycopg
from amqp.exceptions import NotFound
from psycopg.rows import dict_row

from loadtests.audit import Truth, waits_of

SERVICES = (
    "identity",
    "catalogue",
    "ticketing",
    "cases",
    "statistics",
    "quality",
    "notifications",
    "appointments",
    "dispatch",
)
QUIET_S = 2.0
QUERIES = {
    "ticketing": {
        "tickets": """SELECT id, number, issued_queue, business_date, ordinal, state, misses, issued_at,
            first_called_at, stretch_at, queued, past, p50_s, p90_s FROM tickets""",
        "ticket_states": 'SELECT ticket, version, state, "window", entered_at, left_at FROM ticket_states',
        "calls": 'SELECT ticket, "window", recall, called_at FROM calls',
        "queue_days": "SELECT queue, business_date, last_number FROM queue_days",
        "evaluations": "SELECT ticket, level FROM evaluations",
    },
    "cases": {
        "cases": "SELECT number, year, serial, origin, state, business_date, accepted_at, onsite_order FROM cases",
        "case_years": "SELECT year, last_serial FROM case_years",
    },
    "appointments": {
        "slots": "SELECT id, capacity, web_booked, phone_booked, window_booked FROM slots",
        "appointments": "SELECT id, slot, state FROM appointments",
    },
    "dispatch": {"orders": "SELECT id, state, cases FROM orders"},
}


class Databases:
    """The databases and the bus of one hall."""

    def __init__(self, dsns: Mapping[str, str], amqp_uri: str) -> None:
        """Keep where they are."""
        self._dsns, self._amqp_uri = dsns, amqp_uri

    def rows(self, service: str, query: str) -> list[dict[str, Any]]:
        """Return the rows of a query in a service's database."""
        with psycopg.connect(self._dsns[service], row_factory=dict_row) as connection:
            return connection.execute(query).fetchall()

    def read(self) -> Truth:
        """Return the rows the audit needs."""
        found = {
            name: self.rows(service, query)
            for service, queries in QUERIES.items()
            for name, query in queries.items()
        }
        return Truth(**found, unpublished=self.unpublished(), dead=self.messages("dead"))

    def unpublished(self) -> dict[str, int]:
        """Return how many events each service has yet to publish."""
        return {
            service: self.rows(service, "SELECT count(*) AS n FROM outbox")[0]["n"] for service in self._dsns
        }

    def messages(self, kind: str) -> dict[str, int]:
        """Return how many messages are ready in each service's queue of a kind: `inbox` or `dead`."""
        return self.depths([f"{service}.{kind}" for service in SERVICES])

    def depths(self, queues: Iterable[str]) -> dict[str, int]:
        """Return how many messages are ready in these queues; one that is not there has none."""
        found = {}
        with kombu.Connection(self._amqp_uri) as connection:
            for queue in queues:
                try:
                    with connection.channel() as channel:
                        found[queue] = channel.queue_declare(queue, passive=True).message_count
                except NotFound:
                    found[queue] = 0
        return found

    def copies(self, service: str) -> int:
        """Return how many copies of a service take calls."""
        with kombu.Connection(self._amqp_uri) as connection:
            return int(
                connection.default_channel.queue_declare(f"rpc-{service}", passive=True).consumer_count
            )

    def connections(self) -> int:
        """Return how many sessions PostgreSQL has of clients."""
        # Of other roles' sessions a service may see no more than this.
        query = "SELECT count(*) AS n FROM pg_stat_activity WHERE datid IS NOT NULL AND usesysid IS NOT NULL"
        return int(self.rows("ticketing", query)[0]["n"])

    def backlog(self) -> int:
        """Return how many events wait to be published or to be heard."""
        return sum(self.unpublished().values()) + sum(self.messages("inbox").values())

    def settle(self, *, within: float, sleep: Callable[[float], object] = time.sleep) -> float | None:
        """Wait until every event is published and heard; returns the seconds that took, None when it was too long."""
        begun, quiet_since = time.monotonic(), None
        while time.monotonic() - begun < within:
            if self.backlog():
                quiet_since = None
            elif quiet_since is None:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since >= QUIET_S:
                return round(quiet_since - begun, 2)
            sleep(0.3)
        return None


def coverage(tickets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return how good the estimates were: the share of waits within p90, and the mean absolute error of p50."""
    known = [each for row in tickets for each in waits_of(row) if each.p90_s is not None]
    if not known:
        return {"estimated": 0, "covered": None, "mean_abs_error_s": None}
    return {
        "estimated": len(known),
        "covered": round(sum(each.wait_s <= each.p90_s for each in known) / len(known), 4),
        "mean_abs_error_s": round(sum(abs(each.wait_s - each.p50_s) for each in known) / len(known)),
    }
