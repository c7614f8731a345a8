"""Tokens are verified here, and what was revoked no longer counts."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey
from werkzeug.test import EnvironBuilder, run_wsgi_app

from gateway.http import auth
from gateway.http.auth import Keys, Revocations, Verifier
from gateway.http.problems import Problem
from tests.integration.gateway.conftest import Signer, make_signer
from tests.unit.gateway.conftest import TableBus


@pytest.fixture
def revocations() -> Revocations:
    return Revocations()


@pytest.fixture
def verifier(signer: Signer, revocations: Revocations) -> Verifier:
    return Verifier(Keys(signer.public_keys), revocations)


def code_of(verifier: Verifier, token: str) -> str:
    with pytest.raises(Problem) as caught:
        verifier.verify(token)
    assert caught.value.status == 401
    assert "WWW-Authenticate" in caught.value.headers
    return caught.value.code


def test_a_good_token_names_its_account(verifier: Verifier, signer: Signer) -> None:
    principal = verifier.verify(signer.token("clerk001", "clerk", dept="D07"))

    assert (principal.username, principal.roles, principal.department) == ("clerk001", {"clerk"}, "D07")


def test_no_token_gives_the_role_of_a_service(verifier: Verifier, signer: Signer) -> None:
    principal = verifier.verify(signer.token("clerk001", "clerk", "service"))

    assert principal.roles == {"clerk"}


def test_both_names_of_the_signature_are_understood(verifier: Verifier, signer: Signer) -> None:
    registry = verifier._registry
    claims = {
        "iss": "hallflow",
        "sub": "a",
        "jti": "j",
        "iat": int(time.time()),
        "exp": int(time.time()) + 60,
    }
    token = jwt.encode({"alg": "EdDSA", "kid": signer.key.kid}, claims, signer.key, registry=registry)

    assert verifier.verify(token).username == "a"


@pytest.mark.parametrize(
    "claims",
    [{"iss": "another"}, {"sub": None}, {"jti": None}, {"exp": "soon"}, {"iat": 4102444800}],
)
def test_a_token_with_wrong_claims_is_refused(
    verifier: Verifier, signer: Signer, claims: dict[str, Any]
) -> None:
    assert code_of(verifier, signer.token("a", "clerk", **claims)) == "token_invalid"


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "e30.e30.", "eyJraWQiOjF9.e30.x", "ü.b.c"])
def test_what_is_no_token_is_refused(verifier: Verifier, token: str) -> None:
    assert code_of(verifier, token) == "token_invalid"


def test_an_expired_token_is_refused(verifier: Verifier, signer: Signer) -> None:
    assert code_of(verifier, signer.token("a", exp=int(time.time()) - 1)) == "token_expired"


def test_a_token_that_was_good_is_refused_once_it_expires(
    verifier: Verifier, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    expires = datetime.now(UTC) + timedelta(hours=1)
    token = signer.token("a", exp=expires.timestamp())
    verifier.verify(token)
    monkeypatch.setattr(auth, "real_now", lambda: expires + timedelta(seconds=1))

    assert code_of(verifier, token) == "token_expired"


def test_a_token_signed_by_somebody_else_is_refused(verifier: Verifier, signer: Signer) -> None:
    other = make_signer()
    forged = jwt.encode(
        {"alg": "Ed25519", "kid": signer.key.kid}, {"iss": "hallflow"}, other.key, algorithms=["Ed25519"]
    )

    assert code_of(verifier, forged) == "token_invalid"


def test_a_token_signed_with_the_public_key_as_secret_is_refused(verifier: Verifier, signer: Signer) -> None:
    secret = OctKey.import_key(str(signer.key.as_dict(private=False)["x"]))
    forged = jwt.encode({"alg": "HS256", "kid": signer.key.kid}, {"iss": "hallflow"}, secret)

    assert code_of(verifier, forged) == "token_invalid"


def test_the_keys_are_fetched_once_and_for_unknown_ones_not_again_at_once(signer: Signer) -> None:
    fetched: list[int] = []

    def fetch() -> dict[str, Any]:
        fetched.append(1)
        return signer.public_keys()

    verifier = Verifier(Keys(fetch), Revocations())
    for _ in range(3):
        verifier.verify(signer.token("a"))
        assert code_of(verifier, make_signer().token("a")) == "token_invalid"

    assert len(fetched) == 1


def test_a_revoked_token_is_refused_and_others_are_not(
    verifier: Verifier, signer: Signer, revocations: Revocations
) -> None:
    revoked, other = signer.token("a", jti="one"), signer.token("a", jti="two")
    verifier.verify(revoked)

    revocations.revoke_token("one")

    assert code_of(verifier, revoked) == "token_revoked"
    assert verifier.verify(other).jti == "two"


@pytest.mark.parametrize("as_text", [False, True])
def test_a_revoked_accounts_earlier_tokens_are_refused_and_later_ones_are_not(
    verifier: Verifier, signer: Signer, revocations: Revocations, as_text: bool
) -> None:
    before = "2026-01-01T00:00:00+00:00" if as_text else 1767225600.0

    revocations.revoke_account("a", before)

    assert code_of(verifier, signer.token("a", iat=1767225600)) == "token_revoked"
    assert verifier.verify(signer.token("a")).username == "a"
    assert verifier.verify(signer.token("b", iat=1767225600)).username == "b"


def test_a_list_under_way_does_not_undo_what_an_event_told(
    verifier: Verifier, signer: Signer, revocations: Revocations
) -> None:
    token = signer.token("a", jti="one")
    revocations.revoke_token("one")

    revocations.replace({"tokens": [], "subjects": []})

    assert code_of(verifier, token) == "token_revoked"


def test_roles_open_doors_and_an_admin_has_each(client: FlaskClient, signer: Signer) -> None:
    body = {"item": "I1", "channel": "kiosk"}

    def status(*roles: str) -> int:
        return client.post("/api/v1/tickets", json=body, headers=signer.headers("x", *roles)).status_code

    assert client.post("/api/v1/tickets", json=body).status_code == 401
    assert [status(role) for role in ("visitor", "analyst", "kiosk", "clerk", "operator", "admin")] == [
        403, 403, 201, 201, 201, 201,
    ]  # fmt: skip


def test_the_trail_is_asked_for_by_days_or_moments(client: FlaskClient, signer: Signer, answers: Any) -> None:
    asked: list[Any] = []
    answers["identity.list_audit"] = lambda request: asked.append(request) or {"items": [], "next": None}
    token = {"Authorization": f"Bearer {signer.token('boss', 'admin')}"}

    def ask(**query: str) -> int:
        return client.get("/api/v1/audit", query_string=query, headers=token).status_code

    assert ask(**{"from": "2026-03-02", "to": "2026-03-02", "who": "clerk001", "what": "reveal"}) == 200
    assert ask(**{"from": "2026-03-02T09:00:00+08:00"}) == 200
    assert (ask(to="yesterday"), ask(to="2026-02-30"), ask(to="2026-03-02T09:00:00")) == (422, 422, 422)
    assert asked == [
        {
            "from": "2026-03-02T00:00:00+08:00",
            "to": "2026-03-03T00:00:00+08:00",
            "who": "clerk001",
            "what": "reveal",
        },
        {"from": "2026-03-02T09:00:00+08:00"},
    ]


def test_who_may_send_a_file_is_asked_before_what_is_sent(client: FlaskClient) -> None:
    assert client.post("/api/v1/imports/cases", json={}).status_code == 401
    assert client.post("/api/v1/imports/cases", data=b"x", content_type="text/plain").status_code == 401


def test_a_request_of_http_1_1_without_a_host_is_refused(client: FlaskClient) -> None:
    environ = EnvironBuilder(path="/healthz", environ_base={"SERVER_PROTOCOL": "HTTP/1.1"}).get_environ()
    del environ["HTTP_HOST"]
    _, status, _ = run_wsgi_app(client.application.wsgi_app, environ)
    assert status.startswith("400")
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer x.y.z"])
def test_a_bad_authorization_is_401_even_where_none_is_needed(client: FlaskClient, header: str) -> None:
    assert client.get("/api/v1/departments", headers={"Authorization": header}).status_code == 401


def test_who_asks_goes_along(client: FlaskClient, signer: Signer, bus: TableBus) -> None:
    headers = signer.headers("k1", "kiosk", kiosk="K-01", dept=None)

    client.post("/api/v1/tickets", json={"item": "I1", "channel": "kiosk"}, headers=headers)

    caller = dict(bus.asked[-1][2])
    assert len(caller.pop("command_id")) == 36
    assert caller == {
        "username": "k1", "roles": ["kiosk"], "capacity": None, "department": None, "subject": "K-01",
        "hall": "main", "address": "127.0.0.1", "token": None,
    }  # fmt: skip


def test_a_holders_token_goes_along_and_makes_the_key_their_own(client: FlaskClient, bus: TableBus) -> None:
    bus.answers["ticketing.cancel_ticket"] = lambda request: request
    path = "/api/v1/tickets/00000000-0000-4000-8000-000000000001/cancel"
    for token in ("", "mine", "mine", "theirs", "x" * 5000):
        client.post(path, headers={"X-Holder-Token": token, "Idempotency-Key": "k"})
    callers = [caller for _, _, caller in bus.asked]
    assert [caller["token"] for caller in callers] == [None, "mine", "mine", "theirs", "x" * 100]
    keys = [caller["command_id"] for caller in callers]
    assert keys[0] == "127.0.0.1:k" and keys[1] == keys[2]
    assert len(set(keys)) == 4, "strangers behind one address do not get each other's answers"
    assert "mine" not in keys[1]
