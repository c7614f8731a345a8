"""kill -9 of ticketing, RabbitMQ and PostgreSQL while kiosks and clerks are at work."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from deploy.local import databases, state, supervision
from deploy.local.layout import Layout
from tests.halls import RunningHall, started_hall
from tests.servers import HTTP
from tests.waiting import DEADLINE_S, until

RETRY_S = 0.2
# A kiosk or a console gives an answer up after so long and asks again under the same key.
GIVEN_UP_S = 15.0
KIOSKS = WINDOWS = 5
AWAY = {500, 502, 503, 504}


@dataclass
class Client:
    """Repeats each change under its key until it is answered, as a kiosk or console does."""

    url: str
    token: str
    # Never set: who repeats has a pause.
    over: Event = field(default_factory=Event)

    def post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """Change something; a lost answer is asked for again."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(uuid4())}

        def answered() -> tuple[httpx.Response, ...]:
            try:
                answer = HTTP.post(
                    f"{self.url}/api/v1{path}", json=body or {}, headers=headers, timeout=GIVEN_UP_S
                )
            except httpx.TransportError:
                return ()
            return (answer,) if answer.status_code not in AWAY else ()

        (answer,) = until(answered, what=f"an answer to {path}", pause=lambda _: self.over.wait(RETRY_S))
        return answer


@dataclass
class Day:
    """What was answered."""

    issued: list[dict[str, Any]] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def take_numbers(self, client: Client) -> None:
        """Be a kiosk until the day is over."""
        while not self.over.is_set():
            body = {"item": "market-001", "channel": "kiosk", "cutoff_override": "a long queue"}
            answer = client.post("/tickets", body)
            assert answer.status_code == 201, answer.text
            self.issued.append(answer.json())
            self.over.wait(0.1)  # Timed: people take their time; any time will do.

    def serve(self, client: Client, window: str) -> None:
        """Be a clerk until the day is over."""
        assert client.post(f"/windows/{window}/sign-in").status_code == 200
        while not self.over.is_set():
            answer = client.post(f"/windows/{window}/call-next")
            assert answer.status_code in (200, 204), answer.text
            if answer.status_code == 204:
                self.over.wait(0.2)  # Timed: a clerk looks again after a while; any will do.
                continue
            ticket = answer.json()["id"]
            self.called.append(ticket)
            for action in ("start", "finish"):
                answer = client.post(f"/tickets/{ticket}/{action}")
                assert answer.status_code == 200, answer.text


def _token(hall: RunningHall, username: str) -> str:
    answer = HTTP.post(f"{hall.url}/api/v1/auth/token", json={"username": username, "password": "demo"})
    return answer.json()["access_token"]


def _pid(hall: RunningHall, program: str) -> int | None:
    return next(each.pid for each in supervision.programs(Layout(hall.folder)) if each.name == program)


def _kill(hall: RunningHall, program: str) -> int:
    pid = _pid(hall, program)
    assert pid
    os.kill(pid, signal.SIGKILL)
    return pid


def _is_ready(hall: RunningHall) -> bool:
    try:
        return HTTP.get(f"{hall.url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def _rows(hall: RunningHall, statement: str) -> list[dict[str, Any]]:
    known = state.read(Layout(hall.folder))
    assert known is not None
    dsn = databases.dsn(known.database_admin, "ticketing", password=known.role_passwords["ticketing"])
    with psycopg.connect(dsn, row_factory=dict_row) as connection:
        return connection.execute(statement).fetchall()


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[RunningHall]:
    """A hall with a supervisor and servers of its own, in which nothing has happened yet."""
    with started_hall(tmp_path) as hall:
        yield hall


def test_nothing_answered_is_lost_and_nobody_is_called_twice(hall: RunningHall) -> None:
    day = Day()
    clerks = [Client(hall.url, _token(hall, f"clerk{n:03d}")) for n in range(1, WINDOWS + 1)]
    manager = {"Authorization": f"Bearer {_token(hall, 'manager')}"}
    with ThreadPoolExecutor(KIOSKS + WINDOWS) as pool:
        work = [pool.submit(day.take_numbers, Client(hall.url, clerks[0].token)) for _ in range(KIOSKS)]
        work += [pool.submit(day.serve, client, str(101 + n)) for n, client in enumerate(clerks)]
        try:
            for program in ("ticketing", "rabbitmq", "postgres"):
                seen = len(day.issued)
                until(lambda seen=seen: len(day.issued) > seen + 10, what="numbers are given")
                killed = _kill(hall, program)
                until(
                    lambda program=program, killed=killed: (
                        _pid(hall, program) not in (killed, None) and _is_ready(hall)
                    ),
                    what=f"ready after kill -9 of {program}",
                )
            seen = len(day.issued)
            until(lambda: len(day.issued) > seen + 10, what="numbers are given")
        finally:
            day.over.set()
        for each in work:
            each.result(DEADLINE_S)

    stored = {
        str(row["id"]): row for row in _rows(hall, "SELECT id, number, ordinal, calls, state FROM tickets")
    }
    assert {ticket["id"]: ticket["number"] for ticket in day.issued} == {
        id_: row["number"] for id_, row in stored.items()
    }
    assert sorted(row["ordinal"] for row in stored.values()) == list(range(1, len(stored) + 1))
    assert [id_ for id_, times in Counter(day.called).items() if times > 1] == []
    assert all(row["calls"] <= 1 for row in stored.values())
    truth = {
        "issued": len(stored),
        "called": sum(row["calls"] > 0 for row in stored.values()),
        "served": sum(row["state"] == "served" for row in stored.values()),
        "waiting_now": sum(row["state"] == "waiting" for row in stored.values()),
    }
    told: dict[str, Any] = {}

    def statistics_agree() -> bool:
        told.update(HTTP.get(f"{hall.url}/api/v1/statistics/overview", headers=manager).json())
        return truth == {name: told.get(name) for name in truth}

    until(statistics_agree, what=f"the statistics are {truth}", seen=lambda: told)
