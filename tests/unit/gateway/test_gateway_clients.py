"""Machine clients at the gateway: their tokens, a quota that counts, and an end that is heeded at once."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.http.auth import LONGEST_TOKEN
from gateway.http.permissions import GIVING_RIGHTS, OPERATIONS
from gateway.http.runtime import _heed
from services.chassis.bus import RemoteProblem
from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.conftest import Answers, TableBus
from tests.unit.gateway.test_gateway_appointments import Anything

API = "/api/v1"
SCREEN = {"code": "screen", "name": "公开屏", "owner": "li.wen", "scopes": ["get_waits"], "quota": 60}
NAME = "client:screen"


def scoped(signer: Signer, *scopes: str, **claims: Any) -> dict[str, str]:
    """Return the header of a client's token, as identity issues it."""
    return signer.headers(NAME, **{"scope": " ".join(scopes), "quota": 60, "dept": None, **claims})


def test_what_gives_rights_is_in_no_scope(client: FlaskClient, signer: Signer) -> None:
    assert {"create_client", "change_client", "renew_client_secret"} <= GIVING_RIGHTS
    boss = signer.headers("boss", "admin")
    made = client.post(
        f"{API}/clients", json={**SCREEN, "scopes": ["get_waits", "create_client"]}, headers=boss
    )
    changed = client.patch(
        f"{API}/clients/screen", json={"scopes": ["get_waits", "set_password"]}, headers=boss
    )
    for asked, code in ((made, "create_client"), (changed, "set_password")):
        assert (asked.status_code, asked.json["errors"]) == (
            422,
            {"scopes": [f"Not one of /permissions: {code}."]},
        )


def test_a_client_acts_in_the_widest_capacity(app: Flask, bus: TableBus, signer: Signer) -> None:
    bus.answers = Anything(bus.answers)
    app.test_client().get(f"{API}/appointments", headers=scoped(signer, "list_appointments"))
    (caller,) = [caller for name, _, caller in bus.asked if name == "appointments.list_appointments"]
    assert (caller["username"], caller["roles"], caller["capacity"]) == (NAME, [], "manager")


def test_calls_beyond_the_quota_are_refused_and_told_when_to_come_again(
    app: Flask, bus: TableBus, signer: Signer
) -> None:
    """Counted by the client, whatever token of it, and by nobody else's address."""
    bus.answers = Anything(bus.answers)
    client = app.test_client()
    for nth in range(3):
        headers = scoped(signer, "list_appointments", quota=3)
        assert client.get(f"{API}/appointments", headers=headers).status_code == 200, nth
    refused = client.get(f"{API}/appointments", headers=scoped(signer, "list_appointments", quota=3))
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    other = signer.headers("client:other", scope="list_appointments", quota=3, dept=None)
    assert client.get(f"{API}/appointments", headers=other).status_code == 200
    assert client.get(f"{API}/departments").status_code == 200


def test_a_client_whose_closing_is_told_is_refused_at_once(app: Flask, bus: TableBus, signer: Signer) -> None:
    bus.answers = Anything(bus.answers)
    client, parts = app.test_client(), app.extensions["hall"]
    headers = scoped(signer, "list_appointments")
    assert client.get(f"{API}/appointments", headers=headers).status_code == 200
    told = {"username": NAME, "before": datetime.now(UTC).timestamp()}
    _heed(parts.revocations, parts.roles, "identity.account.revoked", told)
    refused = client.get(f"{API}/appointments", headers=headers)
    assert (refused.status_code, refused.json["code"]) == (401, "token_revoked")


def test_a_client_gets_its_token_for_its_secret(client: FlaskClient, answers: Answers, bus: TableBus) -> None:
    answers["identity.issue_client_token"] = lambda _: {
        "access_token": "t", "token_type": "Bearer", "expires_in": 3600, "roles": [], "scope": "get_waits",
    }  # fmt: skip
    given = {"client_id": "screen", "client_secret": "s" * 43, "scope": "get_waits"}
    assert client.post(f"{API}/auth/token", json=given).json["scope"] == "get_waits"
    assert bus.asked[-1][:2] == ("identity.issue_client_token", given)


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "screen"},
        {"client_id": "screen", "client_secret": "s", "password": "p"},
        {"client_id": "screen", "client_secret": "s", "challenge": "c"},
        {"client_id": "screen", "client_secret": "s", "scope": "get_waits  get_floor"},
        {"username": "boss", "password": "p", "scope": "get_waits"},
    ],
)
def test_credentials_are_of_one_kind(client: FlaskClient, wrong: dict[str, str]) -> None:
    assert client.post(f"{API}/auth/token", json=wrong).status_code == 422


def test_a_wrong_secret_is_a_failed_sign_in(client: FlaskClient, answers: Answers) -> None:
    def refuse(_: Any) -> Any:
        raise RemoteProblem({"kind": "forbidden", "code": "invalid_credentials"})

    answers["identity.issue_client_token"] = refuse
    refused = client.post(f"{API}/auth/token", json={"client_id": "screen", "client_secret": "s"})
    assert (refused.status_code, refused.json["code"]) == (401, "invalid_credentials")


def test_a_token_with_the_longest_scopes_fits(signer: Signer) -> None:
    longest = sorted(OPERATIONS.grantable(), key=len)[-50:]
    name = f"client:{'c' * 64}"
    token = signer.token(name, scope=" ".join(longest), quota=60_000, dept=None)
    assert len(token) < LONGEST_TOKEN


def test_the_trail_has_words_for_what_becomes_of_clients() -> None:
    root = Path(__file__).parents[3]
    source = (root / "services" / "identity" / "use_cases" / "clients.py").read_text("utf-8")
    words = (root / "gateway" / "pages" / "audit" / "words.js").read_text("utf-8")
    actions = set(re.findall(r'"(client_(?:created|changed|closed|secret_renewed))"', source))
    assert len(actions) == 4
    assert all(f"{action}: t(" in words for action in actions)
