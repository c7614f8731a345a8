"""Identity as a running process, beside the catalogue it hears."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from small_identity import PASSWORD

from deploy.hall.load import REFERENCE
from services.catalogue.tables.hall import read_hall
from services.catalogue.tables.sending import catalogue_tables
from services.chassis.bus import Bus, RemoteProblem, Reply
from tests.connected_bus import connected_bus
from tests.waiting import DEADLINE_S, until

ADMIN = {"username": "boss", "roles": ["admin"], "hall": "main"}
NOBODY = {"roles": [], "hall": "main", "address": "10.0.0.1"}


@dataclass
class Running:
    """Running services and a client of their bus."""

    stack: Any
    bus: Bus

    def call(
        self, service: str, method: str, request: dict[str, Any], *, by: dict[str, Any], key: str = ""
    ) -> Reply:
        """Ask a service."""
        caller = {**by, "command_id": key}
        return self.bus.call(service, method, request, caller=caller, call_id="c1", timeout=DEADLINE_S)


@pytest.fixture
def start(running_services: Callable[..., Any]) -> Iterator[Callable[..., Running]]:
    """Start services."""
    clients: list[Bus] = []

    def run(*names: str, **environment: str) -> Running:
        stack = running_services(*names, **environment)
        clients.append(connected_bus(stack.amqp_uri))
        return Running(stack, clients[-1])

    yield run
    for bus in clients:
        bus.close()


def test_a_clerk_of_the_loaded_hall_signs_in_and_hears_of_its_windows(start: Callable[..., Running]) -> None:
    running = start("identity", "catalogue")
    hall = read_hall(REFERENCE)
    clerks = [{name: row[name] for name in ("username", "name", "department")} for row in hall.clerks]
    running.call("catalogue", "load_hall", {"hall": hall.hall, **catalogue_tables(hall)}, by=ADMIN)
    assert running.call("identity", "load_accounts", {"clerks": clerks}, by=ADMIN).result["added"] == 363
    answer = running.call(
        "identity", "issue_token", {"username": "clerk", "password": "demo"}, by=NOBODY
    ).result
    assert answer.keys() == {"access_token", "token_type", "expires_in", "roles"}
    clerk = {
        "username": "clerk001",
        "roles": ["clerk"],
        "hall": "main",
        "department": clerks[0]["department"],
    }
    own = [row["code"] for row in hall.windows if row["department"] == clerks[0]["department"]]

    def windows() -> list[str]:
        found: list[str] = running.call("identity", "me", {}, by=clerk).result["windows"]
        return found

    until(lambda: windows() == sorted(own), what="identity hears of the clerk's windows", seen=windows)


def test_a_password_set_over_the_bus_is_stored_nowhere_but_as_its_hash(start: Callable[..., Running]) -> None:
    running = start("identity", HALL_DEMO="0")
    clerk = {"username": "clerk001", "name": "001号窗口人员", "department": "market"}
    running.call("identity", "load_accounts", {"clerks": [clerk]}, by=ADMIN)
    login = {"username": "clerk001", "password": PASSWORD}
    for _ in range(2):
        running.call("identity", "set_password", login, by=ADMIN, key="k1")
    token = running.call("identity", "issue_token", login, by=NOBODY, key="k2").result["access_token"]
    kiosk = running.call(
        "identity", "register_kiosk", {"code": "K1", "name": "一号"}, by=ADMIN, key="k3"
    ).result
    enrolled = running.call(
        "identity", "enrol_kiosk", {"enrolment_code": kiosk["enrolment_code"]}, by=NOBODY, key="k4"
    ).result
    with psycopg.connect(running.stack.databases["identity"]) as connection:
        stored = "".join(
            str(connection.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608
            for table in ("commands", "outbox", "accounts", "audit", "tokens", "kiosks", "enrolment_codes")
        )
    for secret in (PASSWORD, token, kiosk["enrolment_code"], enrolled["access_token"]):
        assert secret not in stored
    logged = running.stack.processes["identity"].log.read_text()
    assert PASSWORD not in logged
    assert token not in logged


def test_wrong_credentials_and_too_many_have_codes_of_their_own(start: Callable[..., Running]) -> None:
    running = start("identity")
    wrong = {"username": "admin", "password": "wrong"}
    for _ in range(10):
        with pytest.raises(RemoteProblem) as refusal:
            running.call("identity", "issue_token", wrong, by=NOBODY)
        assert (refusal.value.kind, refusal.value.code) == ("forbidden", "invalid_credentials")
    with pytest.raises(RemoteProblem) as refusal:
        running.call("identity", "issue_token", wrong, by=NOBODY)
    assert (refusal.value.kind, refusal.value.code) == ("conflict", "too_many_attempts")
    assert 0 < refusal.value.extra["retry_after"] <= 900
