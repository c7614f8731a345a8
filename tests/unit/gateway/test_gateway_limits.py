"""Limits hold for one client, whatever worker answers."""

import multiprocessing
import signal
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.http import counters
from gateway.http.counters import SharedCounters
from gateway.http.limits import STREAM_LAPSE_S, Limits, StreamLimits
from gateway.http.problems import Problem
from gateway.settings import Settings
from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.standing_clock import StandingClock
from tests.waiting import DEADLINE_S

READ = "/api/v1/departments"


def test_anonymous_reads_end_at_the_limit_and_say_when_to_come_again(client: FlaskClient) -> None:
    statuses = [client.get(READ).status_code for _ in range(21)]
    refused = client.get(READ)

    assert statuses == [200] * 20 + [429]
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.get_json(force=True)["code"] == "too_many_requests"


def test_changes_and_reads_are_counted_apart(client: FlaskClient) -> None:
    changes = [client.post("/api/v1/tickets", json={}).status_code for _ in range(6)]

    assert changes == [401] * 5 + [429]
    assert client.get(READ).status_code == 200


def test_each_address_has_its_own_budget(client: FlaskClient) -> None:
    for _ in range(21):
        last = client.get(READ, environ_base={"REMOTE_ADDR": "192.0.2.1"})

    assert last.status_code == 429
    assert client.get(READ, environ_base={"REMOTE_ADDR": "192.0.2.2"}).status_code == 200


def test_one_ipv6_client_does_not_escape_by_changing_its_address(client: FlaskClient) -> None:
    for n in range(21):
        last = client.get(READ, environ_base={"REMOTE_ADDR": f"2001:db8::{n:x}"})

    assert last.status_code == 429


def test_what_a_stranger_sends_elsewhere_does_not_use_up_the_owners_sign_ins(
    client: FlaskClient, answers: Any
) -> None:
    answers["identity.issue_token"] = lambda _: {"access_token": "t", "token_type": "Bearer"}
    answers["identity.issue_visitor_token"] = answers["identity.issue_token"]

    def sign_in(body: dict[str, str], address: str) -> int:
        elsewhere = {"REMOTE_ADDR": address}
        return client.post("/api/v1/auth/token", json=body, environ_base=elsewhere).status_code

    body = {"phone": "13900001111", "otp": "123456"}
    assert [sign_in(body, "203.0.113.7") for _ in range(25)][-1] == 429
    assert sign_in(body, "192.0.2.2") == 200


def test_what_a_stranger_sends_from_the_staffs_own_address_shuts_no_account(
    settings: Settings, client: FlaskClient, answers: Any
) -> None:
    answers["identity.issue_token"] = lambda _: {"access_token": "t", "token_type": "Bearer"}

    def sign_in() -> int:
        body = {"username": "clerk010", "password": "x"}
        return client.post("/api/v1/auth/token", json=body).status_code

    statuses = [sign_in() for _ in range(settings.sign_ins_per_address + 1)]
    assert statuses == [200] * settings.sign_ins_per_address + [429]


def test_a_forged_forwarded_header_changes_nothing(client: FlaskClient) -> None:
    for n in range(21):
        last = client.get(READ, headers={"X-Forwarded-For": f"192.0.2.{n}"})

    assert last.status_code == 429


def test_a_trusted_proxy_reports_the_client(settings: Settings, bus: Any) -> None:
    from ipaddress import ip_network

    app = create_app(
        replace(settings, trusted_proxies=(ip_network("127.0.0.0/8"),)), SharedCounters(slots=64)
    )
    app.extensions["hall"].bus, app.extensions["hall"]._started = bus, True
    client = app.test_client()

    client.get(READ, headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})

    assert bus.asked[-1][2]["address"] == "198.51.100.7"


def test_a_staff_token_has_a_budget_of_its_own(client: FlaskClient, signer: Signer) -> None:
    headers = signer.headers("kiosk", "kiosk")

    assert {client.get(READ, headers=headers).status_code for _ in range(40)} == {200}


def test_a_visitors_token_counts_like_its_address(client: FlaskClient, signer: Signer) -> None:
    headers = signer.headers("visitor", "visitor")

    assert [client.get(READ, headers=headers).status_code for _ in range(21)][-1] == 429


def test_one_time_codes_are_few_for_a_phone_however_it_is_written(client: FlaskClient, bus: Any) -> None:
    bus.answers["identity.send_otp"] = lambda _: {}

    def send(phone: str, address: str) -> int:
        environment = {"REMOTE_ADDR": address}
        return client.post("/api/v1/auth/otp", json={"phone": phone}, environ_base=environment).status_code

    assert send("13800005678", "192.0.2.1") == 202
    assert send("138 0000 5678", "192.0.2.2") == 202
    assert send("+86 138-0000-5678", "192.0.2.3") == 429


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    """The clock of the shared counters."""
    made = StandingClock()
    monkeypatch.setattr(counters, "time", made)
    return made


def test_a_window_that_ended_begins_anew(clock: StandingClock) -> None:
    counters = SharedCounters(slots=64)

    assert counters.add("a", 3, lapse_s=10)[0] == 3
    clock.now += 11

    assert counters.add("a", 1, lapse_s=10)[0] == 1


def test_a_full_table_makes_room_by_what_lapses_first() -> None:
    counters = SharedCounters(slots=16)
    for n in range(16):
        counters.add(f"old-{n}", 1, lapse_s=100 + n)

    counters.add("new", 7, lapse_s=1000)

    assert counters.get("new")[0] == 7
    assert sum(counters.get(f"old-{n}")[0] for n in range(16)) == 15
    assert counters.get("old-0")[0] == 0


def _hit(limits: Limits, tries: int, granted: Any) -> None:
    for _ in range(tries):
        try:
            limits.spend(limits.reads, "192.0.2.1")
        except Problem:
            continue
        with granted.get_lock():
            granted.value += 1


def test_two_processes_together_grant_exactly_the_limit(settings: Settings) -> None:
    context = multiprocessing.get_context("fork")
    limits = Limits(replace(settings, reads=500), SharedCounters(slots=64))
    granted = context.Value("i", 0)
    workers = [context.Process(target=_hit, args=(limits, 400, granted)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(DEADLINE_S)

    assert granted.value == 500


def _count(counters: SharedCounters, times: int) -> None:
    for _ in range(times):
        counters.add("a", 1, lapse_s=10 * DEADLINE_S)


def test_no_count_of_two_processes_is_lost() -> None:
    context = multiprocessing.get_context("fork")
    counters = SharedCounters(slots=64)
    workers = [context.Process(target=_count, args=(counters, 20_000)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(DEADLINE_S)

    assert counters.get("a")[0] == 40_000


def test_a_killed_worker_does_not_keep_the_lock(settings: Settings) -> None:
    context = multiprocessing.get_context("fork")
    counters = SharedCounters(slots=64)
    holds = context.Event()

    def hold() -> None:
        with counters._locked():
            holds.set()
            signal.pause()

    worker = context.Process(target=hold)
    worker.start()
    assert holds.wait(DEADLINE_S)
    worker.kill()
    worker.join(DEADLINE_S)

    assert counters.add("a", 1, lapse_s=10)[0] == 1


def test_streams_of_all_workers_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    counters = SharedCounters(slots=64)
    monkeypatch.setenv("GATEWAY_SLOT", "0")
    one = StreamLimits(counters, workers=2)
    monkeypatch.setenv("GATEWAY_SLOT", "1")
    two = StreamLimits(counters, workers=2)
    one.open("a", most=2)
    two.open("a", most=2)

    with pytest.raises(Problem):
        one.open("a", most=2)
    two.close("a")
    one.open("a", most=2)


def test_streams_of_a_worker_that_died_are_forgotten(
    monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    counters = SharedCounters(slots=64)
    monkeypatch.setenv("GATEWAY_SLOT", "1")
    StreamLimits(counters, workers=2).open("a", most=1)
    monkeypatch.setenv("GATEWAY_SLOT", "0")
    living = StreamLimits(counters, workers=2)
    with pytest.raises(Problem):
        living.open("a", most=1)
    clock.now += STREAM_LAPSE_S + 1

    living.open("a", most=1)


def test_the_description_of_the_app_stays_out_of_the_limits(app: Flask) -> None:
    client = app.test_client()

    assert {client.get("/healthz").status_code for _ in range(30)} == {200}
