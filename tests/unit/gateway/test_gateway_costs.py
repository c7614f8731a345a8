"""What strangers ask for costs little, and the dear things are few a minute."""

from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import REGISTRY

from gateway.fresh import Fresh
from gateway.settings import Settings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Few pages, codes and assets a minute."""
    return replace(settings, pages=4, codes_drawn=3, assets=6)


@pytest.mark.parametrize(
    "id_", ["a", "a" * 2000, "a" * 2900, str(uuid4()) + "0", str(uuid4()).upper(), "%00"]
)
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
    assert statuses("/assets/js/api.js", 7) == [200] * 6 + [429]
    assert statuses("/docs", 1) == [429]
    assert statuses("/nowhere", 1) == [429]


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
