"""Closures over HTTP: everybody reads them, managers make them, and see before whom that touches."""

from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.conftest import Answers, TableBus

API = "/api/v1"
ID = "0d9f2c6e-6f0e-4c55-9a43-6f5d3f1c2b10"
HOURS = {"starts_at": "2026-09-28T09:00:00+08:00", "ends_at": "2026-09-28T12:00:00+08:00"}
CLOSURE = {"id": ID, "scope": "hall", **HOURS, "reason": "停电"}
LOOKED_AT = {"department": None, "window": None, **HOURS, "days": []}


@pytest.fixture(autouse=True)
def hall(answers: Answers) -> None:
    """What the services answer here."""
    answers["catalogue.list_closures"] = lambda _: {"items": [CLOSURE, CLOSURE]}
    answers["catalogue.announce_closure"] = answers["catalogue.end_closure"] = lambda _: CLOSURE
    answers["catalogue.look_at_closure"] = lambda _: LOOKED_AT
    for service, count in {"appointments": 200, "ticketing": 40, "cases": 0, "dispatch": 5}.items():
        name = {"appointments": "bookings", "ticketing": "tickets", "dispatch": "visits"}.get(
            service, service
        )
        answers[f"{service}.effects"] = lambda _, name=name, count=count: {name: count, "examples": []}


def test_everybody_reads_closures_in_parts(client: FlaskClient, bus: TableBus) -> None:
    answer = client.get(f"{API}/closures?state=coming&limit=1")
    assert answer.json == {"items": [CLOSURE], "next": "1"}
    assert bus.asked[-1][:2] == ("catalogue.list_closures", {"state": "coming"})


def test_whom_a_closure_touches_is_shown_before_it_is_made(
    client: FlaskClient, signer: Signer, bus: TableBus
) -> None:
    query = urlencode({"scope": "hall", **HOURS, "reason": "停电"})
    answer = client.get(f"{API}/closures/effects?{query}", headers=signer.headers("m", "manager"))
    assert answer.json == {"bookings": 200, "tickets": 40, "cases": 0, "visits": 5, "examples": []}
    asked = [request for target, request, _ in bus.asked if target == "dispatch.effects"]
    assert asked == [{"change": "closure", "about": LOOKED_AT}]
    made = client.post(
        f"{API}/closures",
        json={"scope": "hall", **HOURS, "reason": "停电"},
        headers=signer.headers("m", "manager"),
    )
    assert (made.status_code, made.json) == (201, CLOSURE)


def test_a_closure_is_ended(client: FlaskClient, signer: Signer, bus: TableBus) -> None:
    ended = client.post(f"{API}/closures/{ID}/end", headers=signer.headers("m", "manager"))
    assert ended.json == CLOSURE
    assert bus.asked[-1][:2] == ("catalogue.end_closure", {"id": ID})


@pytest.mark.parametrize(
    "body",
    [
        {**HOURS, "reason": "停电"},
        {"scope": "hall", **HOURS},
        {"scope": "hall", "department": "market", **HOURS, "reason": "停电"},
        {"scope": "department", **HOURS, "reason": "停电"},
        {"scope": "window", "department": "market", **HOURS, "reason": "停电"},
        {"scope": "hall", "starts_at": "2026-09-28", "ends_at": "2026-09-29", "reason": "停电"},
    ],
)
def test_what_is_no_closure_is_refused(client: FlaskClient, signer: Signer, body: dict[str, Any]) -> None:
    assert (
        client.post(f"{API}/closures", json=body, headers=signer.headers("m", "manager")).status_code == 422
    )


@pytest.mark.parametrize("role", [None, "kiosk", "clerk", "operator", "analyst"])
def test_nobody_else_closes_anything(client: FlaskClient, signer: Signer, role: str | None) -> None:
    headers = signer.headers("x", role) if role else {}
    refused = 403 if role else 401
    body = {"scope": "hall", **HOURS, "reason": "停电"}
    for answer in (
        client.post(f"{API}/closures", json=body, headers=headers),
        client.post(f"{API}/closures/{ID}/end", headers=headers),
        client.get(f"{API}/closures/effects?{urlencode(body)}", headers=headers),
    ):
        assert answer.status_code == refused
