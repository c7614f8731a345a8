"""`make bench-statistics`: how fast the running hall's statistics hears events and answers the dashboard.

1. Events of visits in a hall of their own are put into the inbox of statistics, all at once; it is timed until all of
   them are counted. Nobody else hears them, and they are taken away again.
2. The questions of the dashboard are asked through the gateway, over all the years there are.

Prints its progress, then one line of JSON with every figure, which it keeps under loadtests/results/.
"""

from gevent import monkey

monkey.patch_all()

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from kombu import Connection

from loadtests import stack
from loadtests.client import Api, sign_in
from loadtests.figures import keep, percentile_ms

HALL = "bench"
INBOX = "statistics.inbox"
PATIENCE_S = 300.0
# A first answer may find the database's memory empty; the figures are of what follows.
WARMING = 2
TABLES = (
    "ticket_facts",
    "case_facts",
    "ticket_numbers",
    "case_numbers",
    "volumes",
    "events_seen",
    "event_archive",
)

State = dict[str, Any]


def say(text: str) -> None:
    """Show progress."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - progress of a long run


def event(type_: str, subject: str, sequence: int, at: datetime, data: State) -> State:
    """Return an event as services publish it."""
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": f"/hallflow/{type_.partition('.')[0]}",
        "type": type_,
        "subject": subject,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "hall": HALL,
        "sequence": sequence,
        "callid": "",
        "position": sequence,
        "data": data,
    }


def visit(items: list[State], day: datetime) -> Iterator[State]:
    """Tell of one visit: a ticket from issue to finish, and a case that is accepted and decided."""
    item, at = random.choice(items), day + timedelta(seconds=random.randrange(8 * 3600))
    what = {"item": item["code"], "department": item["department"], "business_date": day.date().isoformat()}
    ticket = {
        **what,
        "id": str(uuid4()),
        "queue": item["queue"],
        "channel": "kiosk",
        "extended": False,
        "state": "waiting",
        "issued_at": at.isoformat(),
        "misses": 0,
        "p50_s": 300,
        "p90_s": 900,
    }
    told = ticket["id"]
    yield event("ticketing.ticket.issued", told, 1, at, ticket)
    yield event("ticketing.ticket.called", told, 2, at, ticket | {"state": "called", "wait_s": 240})
    yield event("ticketing.ticket.started", told, 3, at, ticket | {"state": "serving", "wait_s": 240})
    served = {"state": "served", "wait_s": 240, "service_s": 600, "finished_at": at.isoformat()}
    yield event("ticketing.ticket.finished", told, 4, at, ticket | served)
    case = {**what, "number": f"bench-{uuid4()}", "origin": "walk_in", "state": "accepted"}
    case |= {"accepted_at": at.isoformat(), "due_on": day.date().isoformat()}
    yield event("cases.case.accepted", case["number"], 2, at, case)
    decided = {"state": "decided", "decided_at": at.isoformat(), "on_time": True}
    yield event("cases.case.decided", case["number"], 4, at, case | decided)


def events_of(items: list[State], count: int) -> list[State]:
    """Tell of visits of a week, in any order."""
    began = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0)
    told: list[State] = []
    while len(told) < count:
        told += visit(items, began - timedelta(days=random.randrange(7)))
    del told[count:]
    random.shuffle(told)
    return told


def consume(bus: str, database: psycopg.Connection[Any], events: list[State]) -> State:
    """Put events into the inbox and wait until all are counted; returns how fast that went."""
    begun = time.perf_counter()
    with Connection(bus) as connection:
        producer = connection.Producer()
        for each in events:
            producer.publish(
                json.dumps(each), routing_key=INBOX, content_type="application/json", delivery_mode=2
            )
    published = time.perf_counter() - begun
    while (heard := _heard(database)) < len(events):
        if time.perf_counter() - begun > PATIENCE_S:
            raise SystemExit(f"only {heard} of {len(events)} events were counted in {PATIENCE_S:.0f} s")
        time.sleep(0.1)
    spent = time.perf_counter() - begun
    return {
        "events": len(events),
        "published_per_second": round(len(events) / published),
        "events_per_second": round(len(events) / spent),
    }


def _heard(database: psycopg.Connection[Any]) -> int:
    row = database.execute("SELECT count(*) FROM event_archive WHERE hall = %s", [HALL]).fetchone()
    return int(row[0]) if row else 0


def forget(database: psycopg.Connection[Any]) -> None:
    """Take away what the hall of this program has left."""
    for table in TABLES:
        database.execute(f"DELETE FROM {table} WHERE hall = %s", [HALL])  # noqa: S608


def questions(departments: list[str], *, since: str, until: str) -> dict[str, list[str]]:
    """Return the dashboard's questions, by name: the same one over everything, a year and a department."""
    year, dates = f"{until[:4]}-01-01", {"from": since, "to": until}
    asked = {"overview": ["/statistics/overview", f"/statistics/overview?date={until}"]}
    for by, group in (
        ("year", "item"),
        ("month", "department"),
        ("month", "origin"),
        ("day", "hour"),
        ("day", "department"),
        ("quarter", "item"),
    ):
        each = {"by": by, "group": group, "limit": 500}
        dates["from"] = since if by != "day" else max(since, f"{int(until[:4]) - 2}-01-01")
        asked[f"{by}_{group}"] = [
            "/statistics/volumes?" + urlencode({**dates, **each}),
            "/statistics/volumes?" + urlencode({**dates, "from": year, **each}),
            "/statistics/volumes?" + urlencode({**dates, **each, "department": random.choice(departments)}),
        ]
    asked["heatmap"] = [
        "/statistics/heatmap?" + urlencode(dates),
        "/statistics/heatmap?" + urlencode({**dates, "from": year}),
        "/statistics/heatmap?" + urlencode({**dates, "department": random.choice(departments)}),
    ]
    return asked


def ask(manager: Api, asked: dict[str, list[str]], *, times: int) -> State:
    """Ask each question some times; returns the 95th percentile of each kind and of all, in milliseconds."""
    taken: dict[str, list[float]] = {}
    for name, paths in asked.items():
        for nth in range(times + WARMING):
            for path in paths:
                begun = time.perf_counter()
                manager.get(path)
                if nth >= WARMING:
                    taken.setdefault(name, []).append(time.perf_counter() - begun)
    every = [each for times_ in taken.values() for each in times_]
    return {
        "dashboard_p95_ms": percentile_ms(every, 0.95),
        "dashboard_p95_ms_by_question": {name: percentile_ms(each, 0.95) for name, each in taken.items()},
    }


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="root of the running gateway")
    parser.add_argument("--bus", required=True, help="AMQP URI of the hall's broker")
    parser.add_argument("--database", required=True, help="DSN of PostgreSQL's administrator")
    parser.add_argument("--name", default="hall_statistics", help="the database of statistics")
    parser.add_argument("--password", default="demo", help="password of the demo accounts")
    parser.add_argument("--events", type=int, default=20_000, help="how many events are told")
    parser.add_argument("--since", default="2004-05-01", help="first date of the longest questions")
    parser.add_argument("--until", default=datetime.now(UTC).date().isoformat(), help="their last date")
    parser.add_argument("--times", type=int, default=20, help="how often each question is asked")
    parser.add_argument("--supervisor", type=int, help="pid of the local start's supervisor, for its memory")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    asked = arguments()
    manager = sign_in(asked.url, "manager", asked.password)
    items = manager.get("/items?limit=500&state=active").body["items"]
    figures: State = {}
    dsn = urlunsplit(urlsplit(asked.database)._replace(path=f"/{asked.name}"))
    with psycopg.connect(dsn, autocommit=True) as database:
        forget(database)
        say(f"{asked.events} events into {INBOX}")
        try:
            figures |= consume(asked.bus, database, events_of(items, asked.events))
        finally:
            forget(database)
        row = database.execute("SELECT count(*) FROM case_facts").fetchone()
        figures["cases"] = row[0] if row else 0
    say(f"{figures['events_per_second']} a second; the dashboard over {figures['cases']} cases")
    departments = sorted({item["department"] for item in items})
    figures |= ask(manager, questions(departments, since=asked.since, until=asked.until), times=asked.times)
    if asked.supervisor:
        figures["statistics_resident_mb"] = stack.resident_mb_of(asked.supervisor, "statistics")
    keep("statistics", figures)


if __name__ == "__main__":
    main()
