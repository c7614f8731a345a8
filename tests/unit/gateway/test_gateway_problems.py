"""Every error is a problem document."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.chassis.bus import BusAway, CallTimedOut, RemoteProblem, ServiceAway
from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.conftest import Answers, TableBus

DEPARTMENTS = "/api/v1/departments"
TICKETS = "/api/v1/tickets"


def raising(error: Exception) -> Any:
    def answer(_: dict[str, Any]) -> Any:
        raise error

    return answer


def remote(kind: str, **members: Any) -> RemoteProblem:
    return RemoteProblem({"kind": kind, "code": f"{kind}_code", "detail": "Why.", **members})


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (remote("not_found"), 404, "not_found_code"),
        (remote("conflict"), 409, "conflict_code"),
        (remote("invalid"), 422, "invalid_code"),
        (remote("forbidden"), 403, "forbidden_code"),
        (remote("away"), 503, "away_code"),
        (remote("unexpected", value="Traceback: secret"), 500, "unexpected"),
        (ServiceAway("catalogue"), 503, "service_unavailable"),
        (BusAway("gone"), 503, "bus_away"),
        (CallTimedOut("catalogue.x"), 504, "timed_out"),
        (ZeroDivisionError("secret"), 500, "unexpected"),
    ],
)
def test_each_failure_behind_the_gateway_has_its_problem(
    client: FlaskClient, answers: Answers, error: Exception, status: int, code: str
) -> None:
    answers["catalogue.list_departments"] = raising(error)

    answer = client.get(DEPARTMENTS, headers={"X-Call-Id": "call-0123456789"})

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    problem = json.loads(answer.data)
    assert problem["code"] == code
    assert problem["type"] == f"/problems/{code}"
    assert problem["status"] == status
    assert problem["call_id"] == answer.headers["X-Call-Id"] == "call-0123456789"
    assert problem["title"]
    assert "secret" not in answer.text


@pytest.mark.parametrize("error", [ServiceAway("catalogue"), BusAway("gone"), remote("away")])
def test_what_may_come_back_says_when_to_try_again(
    client: FlaskClient, answers: Answers, error: Exception
) -> None:
    answers["catalogue.list_departments"] = raising(error)

    assert int(client.get(DEPARTMENTS).headers["Retry-After"]) >= 1


def test_a_services_further_members_are_part_of_the_problem(client: FlaskClient, answers: Answers) -> None:
    answers["catalogue.list_departments"] = raising(
        remote("conflict", extra={"alternatives": [1], "status": 7})
    )

    problem = client.get(DEPARTMENTS).get_json(force=True)

    assert problem["alternatives"] == [1]
    assert problem["status"] == 409


def test_a_services_wish_to_be_left_alone_is_a_429(client: FlaskClient, answers: Answers) -> None:
    answers["catalogue.list_departments"] = raising(remote("conflict", extra={"retry_after": 30}))

    answer = client.get(DEPARTMENTS)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/nowhere", "GET", 404), ("/api/v1/nowhere", "GET", 404), (DEPARTMENTS, "DELETE", 405)],
)
def test_routing_errors_are_problems_too(client: FlaskClient, path: str, method: str, status: int) -> None:
    answer = client.open(path, method=method, headers={"Accept": "text/html"})

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert status != 405 or "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"item": NaN, "channel": "kiosk"}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b"1" * 60_000, "application/json", 400),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b" " * 70_000, "application/json", 413),
        (b"[]", "application/json", 422),
        (b"", "application/json", 422),
        (b'{"item": "I1", "channel": "kiosk", "surprise": 1}', "application/json", 422),
        (b'{"item": "I1", "channel": "kiosk", "reason": "a\\u0000b"}', "application/json", 422),
        (b'{"item": "I1", "channel": "kiosk", "reason": "\\ud800"}', "application/json", 422),
        (b'{"item": "../etc", "channel": "kiosk"}', "application/json", 422),
        (b'{"item": "I1", "channel": "pigeon"}', "application/json", 422),
        (b'{"item": "I1", "channel": "kiosk", "reason": "\\ud83d\\ude00 \\u6025"}', "application/json", 201),
    ],
)
def test_bodies_are_taken_or_refused_for_their_form(
    client: FlaskClient, signer: Signer, body: bytes, content_type: str, status: int
) -> None:
    headers = signer.headers("kiosk", "kiosk")

    answer = client.post(TICKETS, data=body, content_type=content_type, headers=headers)

    assert answer.status_code == status, answer.text


def test_a_refused_field_is_named_with_its_messages(client: FlaskClient, signer: Signer) -> None:
    headers = signer.headers("kiosk", "kiosk")

    problem = client.post(TICKETS, json={"channel": "kiosk", "x": 1}, headers=headers).get_json(force=True)

    assert problem["errors"] == {"item": ["Missing data for required field."], "x": ["Unknown field."]}


def test_an_unknown_query_member_is_refused(client: FlaskClient) -> None:
    answer = client.get("/api/v1/items?departmnet=D01")

    assert answer.status_code == 422
    assert "departmnet" in answer.get_json(force=True)["errors"]


def test_a_problems_type_can_be_looked_up(client: FlaskClient) -> None:
    assert client.get("/problems/too_many_requests").get_json()["status"] == 429
    assert client.get("/problems/cut_off").get_json()["title"] == "cut off"


@pytest.mark.parametrize("key", ["", "a" * 201, "sp ace", "ü"])
def test_an_idempotency_key_that_is_none_is_refused(client: FlaskClient, signer: Signer, key: str) -> None:
    headers = signer.headers("kiosk", "kiosk") | {"Idempotency-Key": key}

    answer = client.post(TICKETS, json={"item": "I1", "channel": "kiosk"}, headers=headers)

    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.get_json(force=True)["errors"]


def test_a_key_becomes_the_accounts_command_and_a_replay_is_marked(
    client: FlaskClient, signer: Signer, bus: TableBus
) -> None:
    bus.replayed = True
    headers = signer.headers("kiosk7", "kiosk") | {"Idempotency-Key": "k-1"}

    answer = client.post(TICKETS, json={"item": "I1", "channel": "kiosk"}, headers=headers)

    assert answer.headers["Idempotent-Replayed"] == "true"
    assert bus.asked[-1][2]["command_id"] == "kiosk7:k-1"


def test_answers_carry_security_headers(client: FlaskClient, app: Flask) -> None:
    data, page = client.get("/healthz").headers, client.get("/docs").headers

    assert data["X-Content-Type-Options"] == page["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert "default-src 'none'" in data["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in page
    assert (
        "Access-Control-Allow-Origin"
        not in client.get(DEPARTMENTS, headers={"Origin": "http://evil"}).headers
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("null", 422),
        (" null ", 422),
        ("[]", 422),
        ('{"item":"I1","item":"I2","channel":"kiosk"}', 400),
        ('{"item":"I1","channel":"kiosk","class":{"a":1,"a":2}}', 400),
        ('{"item":"I1","item":"I1","channel":"kiosk"}', 400),
    ],
)
def test_a_body_that_is_no_object_or_says_a_thing_twice_is_refused(
    client: FlaskClient, signer: Signer, body: str, status: int
) -> None:
    headers = signer.headers("k1", "kiosk") | {"Content-Type": "application/json"}

    answer = client.post(TICKETS, data=body, headers=headers)

    assert answer.status_code == status
    assert client.post("/api/v1/windows/W1/call-next", data="null", headers=headers).status_code == 422
