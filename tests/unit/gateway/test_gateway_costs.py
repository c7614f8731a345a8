"""What strangers ask for costs little, and the dear things are few a minute."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Event, Lock
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import REGISTRY

from gateway.http import limits
from gateway.http.fresh import Fresh
from gateway.settings import Settings
from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.conftest import Answers, TableBus
from tests.waiting import DEADLINE_S, until

AN_ID = "316754c6-50f7-4fcb-ba9d-4d10c6ea7f0b"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Few pages, codes and assets a minute."""
    return replace(settings, pages=4, codes_drawn=3, assets=6)


@pytest.mark.parametrize("id_", ["a", "a" * 2000, "a" * 2900, f"{AN_ID}0", AN_ID.upper(), "%00"])
@pytest.mark.parametrize("kind", ["ticket", "appointment"])
def test_a_code_is_drawn_for_an_id_alone(client: FlaskClient, kind: str, id_: str) -> None:
    assert client.get(f"/{kind}/{id_}/qr.svg").status_code == 404


def test_a_code_is_not_drawn_for_a_host_of_any_length(client: FlaskClient) -> None:
    answer = client.get(f"/ticket/{uuid4()}/qr.svg", headers={"Host": "a" * 2900})

    assert answer.status_code == 400


def test_codes_pages_and_assets_have_budgets_of_their_own(client: FlaskClient) -> None:
    def statuses(path: str, times: int) -> list[int]:
        found = []
        for _ in range(times):
            with client.get(path) as answer:
                found.append(answer.status_code)
        return found

    assert statuses(f"/ticket/{uuid4()}/qr.svg", 4) == [200] * 3 + [429]
    assert statuses("/", 5) == [200] * 4 + [429]
    assert statuses("/assets/shared/hall/api.js", 7) == [200] * 6 + [429]
    assert statuses("/docs", 1) == [429]
    assert statuses("/nowhere", 1) == [429]


def test_codes_for_a_kiosk_are_counted_by_its_account_and_not_with_strangers(
    client: FlaskClient, signer: Signer
) -> None:
    def drawn(headers: Mapping[str, str]) -> int:
        return client.get(f"/ticket/{uuid4()}/qr.svg", headers=headers).status_code

    assert [drawn({}) for _ in range(4)] == [200] * 3 + [429]
    assert [drawn(signer.headers("kiosk01", "kiosk")) for _ in range(9)] == [200] * 9
    for other in (
        signer.headers("v", "visitor"),
        {"Authorization": "Bearer x.y.z"},
        {"Authorization": "Basic x"},
    ):
        assert drawn(other) == 429


def test_a_budget_is_that_of_an_address(client: FlaskClient) -> None:
    assert [client.get("/").status_code for _ in range(5)][-1] == 429

    assert client.get("/", environ_base={"REMOTE_ADDR": "192.0.2.2"}).status_code == 200


def test_a_method_that_nobody_knows_makes_no_series_of_its_own(client: FlaskClient) -> None:
    def series() -> set[str]:
        [found] = [each for each in REGISTRY.collect() if each.name == "hall_gateway_request_seconds"]
        return {sample.labels["method"] for sample in found.samples}

    for n in range(30):
        client.open("/healthz", method=f"INVENTED{n:04}")

    assert series() <= {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "other"}
    assert "other" in series()


def test_metrics_are_not_for_strangers(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Host": "127.0.0.1:9100"}).status_code == 404


def test_nobody_is_told_how_the_parts_are_from_within(client: FlaskClient, app: Flask) -> None:
    app.extensions["hall"].readiness = Fresh(
        lambda: {
            "status": "missing", "bus": "ok", "missing": ["cases"],
            "services": {"ticketing": {"database": "ok", "keys": {"k1": 7}}, "cases": {"error": "CallTimedOut"}},
        },
        keep_s=2,
    )  # fmt: skip

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json() == {
        "status": "missing", "bus": "ok", "missing": ["cases"],
        "services": {"ticketing": {"database": "ok"}, "cases": {"error": "CallTimedOut"}},
    }  # fmt: skip


class SlowFigures:
    """Answers questions for figures once it is told to; knows how many it was at."""

    def __init__(self) -> None:
        self.go, self.lock = Event(), Lock()
        self.at_once = self.most = 0

    def __call__(self, _: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        assert self.go.wait(DEADLINE_S)
        with self.lock:
            self.at_once -= 1
        return {}


@pytest.fixture
def slow(answers: Answers) -> Iterator[SlowFigures]:
    """Figures that take as long as the test likes."""
    answers["statistics.get_overview"] = made = SlowFigures()
    yield made
    made.go.set()


def _statuses(
    app: Flask, headers: Mapping[str, str], times: int, pool: ThreadPoolExecutor
) -> list[Future[int]]:
    def ask() -> int:
        return app.test_client().get("/api/v1/statistics/overview", headers=headers).status_code

    return [pool.submit(ask) for _ in range(times)]


def test_an_account_asks_for_a_few_figures_at_once_and_the_others_come_between(
    app: Flask, signer: Signer, slow: SlowFigures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TURN_S", DEADLINE_S)
    with ThreadPoolExecutor(30) as pool:
        greedy = _statuses(app, signer.headers("greedy", "analyst"), 10, pool)
        until(lambda: slow.at_once == 4, what="four questions are at work")
        modest = _statuses(app, signer.headers("modest", "manager"), 1, pool)
        until(lambda: slow.at_once == 5, what="another account's question is at work")
        slow.go.set()

        assert [each.result() for each in greedy + modest] == [200] * 11
    assert slow.most == 5


def test_who_gets_no_turn_is_told_when_to_come_again(
    app: Flask, signer: Signer, slow: SlowFigures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TURN_S", 0.0)
    headers = signer.headers("greedy", "analyst")
    with ThreadPoolExecutor(4) as pool:
        held = _statuses(app, headers, 4, pool)
        until(lambda: slow.at_once == 4, what="four questions are at work")
        refused = app.test_client().get("/api/v1/statistics/overview", headers=headers)
        slow.go.set()

        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "5")
        assert [each.result() for each in held] == [200] * 4
    assert app.test_client().get("/api/v1/statistics/overview", headers=headers).status_code == 200


def test_strangers_who_ask_for_the_windows_at_once_share_an_answer_and_staff_do_not(
    app: Flask, signer: Signer, bus: TableBus
) -> None:
    bus.answers["ticketing.list_windows"] = lambda _: {"items": []}
    client = app.test_client()
    for department in ("a", "b"):
        for _ in range(5):
            headers = {"X-Holder-Token": "mine"}
            assert client.get(f"/api/v1/windows?department={department}", headers=headers).status_code == 200
    strangers = [asked for asked in bus.asked if asked[0] == "ticketing.list_windows"]
    # A second may pass in between on a slow machine.
    assert 2 <= len(strangers) <= 4
    assert {by["token"] for _, _, by in strangers} == {None}

    for _ in range(3):
        client.get("/api/v1/windows?department=a", headers=signer.headers("c", "clerk"))
    assert len(bus.asked) - len(strangers) >= 3


def test_those_who_waited_for_an_answer_that_failed_do_not_ask_again() -> None:
    asked: list[int] = []

    def fail() -> int:
        asked.append(1)
        raise ValueError("away")

    fresh = Fresh(fail, keep_s=DEADLINE_S)
    for _ in range(5):
        with pytest.raises(ValueError, match="away"):
            fresh.get()
    assert len(asked) == 1
