"""kill -9 of ticketing, RabbitMQ and PostgreSQL while kiosks and clerks are at work."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from deploy.local import databases, state, supervision
from deploy.local.layout import Layout
from tests.conftest import HTTP, RunningHall

RETRY_S = 0.2
PATIENCE_S = 120.0
KIOSKS = WINDOWS = 5
AWAY = {500, 502, 503, 504}


@dataclass
class Client:
    """Repeats each change under its key until it is answered, as a kiosk or console does."""

    url: str
    token: str
    repeated: int = 0

    def post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """Change something; a lost answer is asked for again."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(uuid4())}
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = HTTP.post(f"{self.url}/api/v1{path}", json=body or {}, headers=headers, timeout=15)
                if answer.status_code not in AWAY:
                    return answer
            except httpx.TransportError:
                pass
            assert time.monotonic() < deadline, f"{path} was not answered in {PATIENCE_S:.0f} s"
            self.repeated += 1
            time.sleep(RETRY_S)


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
            time.sleep(0.1)

    def serve(self, client: Client, window: str) -> None:
        """Be a clerk until the day is over."""
        assert client.post(f"/windows/{window}/sign-in").status_code == 200
        while not self.over.is_set():
            answer = client.post(f"/windows/{window}/call-next")
            assert answer.status_code in (200, 204), answer.text
            if answer.status_code == 204:
                time.sleep(0.2)
                continue
            ticket = answer.json()["id"]
            self.called.append(ticket)
            for action in ("start", "finish"):
                answer = client.post(f"/tickets/{ticket}/{action}")
                assert answer.status_code == 200, answer.text


def _token(hall: RunningHall, username: str) -> str:
    answer = HTTP.post(
        f"{hall.url}/api/v1/auth/token", json={"username": username, "password": "demo"}, timeout=30
    )
    return answer.json()["access_token"]


def _kill(hall: RunningHall, program: str) -> None:
    found = next(each for each in supervision.programs(Layout(hall.folder)) if each.name == program)
    assert found.pid
    os.kill(found.pid, signal.SIGKILL)


def _until(true: Callable[[], bool], *, within_s: float, what: str) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, f"{what} did not come true in {within_s:.0f} s"
        time.sleep(0.3)


def _is_ready(hall: RunningHall) -> bool:
    try:
        return HTTP.get(f"{hall.url}/readyz", timeout=10).status_code == 200
    except httpx.TransportError:
        return False


def _rows(hall: RunningHall, statement: str) -> list[dict[str, Any]]:
    known = state.read(Layout(hall.folder))
    assert known is not None
    dsn = databases.dsn(known.database_admin, "ticketing", password=known.role_passwords["ticketing"])
    with psycopg.connect(dsn, row_factory=dict_row) as connection:
        return connection.execute(statement).fetchall()


@pytest.mark.timeout(600)
def test_nothing_answered_is_lost_and_nobody_is_called_twice(fresh_hall: RunningHall) -> None:
    day = Day()
    clerks = [Client(fresh_hall.url, _token(fresh_hall, f"clerk{n:03d}")) for n in range(1, WINDOWS + 1)]
    manager = {"Authorization": f"Bearer {_token(fresh_hall, 'manager')}"}
    with ThreadPoolExecutor(KIOSKS + WINDOWS) as pool:
        work = [pool.submit(day.take_numbers, Client(fresh_hall.url, clerks[0].token)) for _ in range(KIOSKS)]
        work += [pool.submit(day.serve, client, str(101 + n)) for n, client in enumerate(clerks)]
        try:
            for program in ("ticketing", "rabbitmq", "postgres"):
                seen = len(day.issued)
                _until(lambda seen=seen: len(day.issued) > seen + 10, within_s=60, what="numbers are given")
                _kill(fresh_hall, program)
                time.sleep(1)
                _until(lambda: _is_ready(fresh_hall), within_s=90, what=f"ready after kill -9 of {program}")
            seen = len(day.issued)
            _until(lambda: len(day.issued) > seen + 10, within_s=60, what="numbers are given")
        finally:
            day.over.set()
        for each in work:
            each.result(timeout=PATIENCE_S)

    stored = {
        str(row["id"]): row
        for row in _rows(fresh_hall, "SELECT id, number, ordinal, calls, state FROM tickets")
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
        told.update(
            HTTP.get(f"{fresh_hall.url}/api/v1/statistics/overview", headers=manager, timeout=30).json()
        )
        return truth == {name: told.get(name) for name in truth}

    _until(statistics_agree, within_s=30, what=f"statistics {told} equal {truth}")
