"""Single sign-on at the gateway: what comes back from the issuer is believed only if all of it holds."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from werkzeug import Response

from gateway.http import issuer as issuers
from gateway.settings import Settings, SingleSignOn, read_settings
from services.chassis.bus import RemoteProblem
from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.conftest import Answers, TableBus
from tests.unit.gateway.small_issuer import CLIENT, SECRET, SmallIssuer, small_issuer
from tests.waiting import DEADLINE_S

BELOW = "/api/v1/auth/oidc"
TOKEN = {
    "access_token": "t",
    "token_type": "Bearer",
    "expires_in": 9,
    "roles": ["clerk"],
    "single_sign_on": True,
}

GoAndComeBack = Callable[..., Any]


@pytest.fixture
def issuer() -> Iterator[SmallIssuer]:
    """An issuer that says what is right."""
    with small_issuer() as issuer:
        yield issuer


@pytest.fixture
def settings(settings: Settings, issuer: SmallIssuer) -> Settings:
    """A hall that knows the issuer."""
    known = SingleSignOn(
        issuer=issuer.url, client_id=CLIENT, client_secret=SECRET, scopes=("openid", "groups")
    )
    return replace(settings, single_sign_on=known, sign_ins_per_address=1000, reads=1000, changes=1000)


@pytest.fixture
def answers(answers: Answers) -> Answers:
    """Identity makes something of everybody."""
    return answers | {
        "identity.sign_in_by_claims": lambda _: {"code": "one-use"},
        "identity.token_by_code": lambda _: TOKEN,
        "identity.end_issuer_session": lambda _: {"id_token": "a.b.c"},
    }


@pytest.fixture
def comes_back(client: FlaskClient, issuer: SmallIssuer) -> GoAndComeBack:
    """Go to the issuer and come back; returns what the page fetches."""

    def go(*, return_to: str = "/joint", **answer: str | None) -> Any:
        away = client.get(f"{BELOW}/login", query_string={"return_to": return_to})
        assert away.status_code == 302
        back = client.get(f"{BELOW}/callback?{issuer.answer_to(away.headers['Location'], **answer)}")
        assert (back.status_code, back.headers["Location"]) == (302, return_to)
        return client.post(f"{BELOW}/token")

    return go


def refused(answer: Any) -> str:
    assert answer.status_code == 401
    return str(answer.get_json()["code"])


def test_who_comes_back_gets_a_token_and_the_page_they_came_from(
    comes_back: GoAndComeBack, bus: TableBus, issuer: SmallIssuer, client: FlaskClient
) -> None:
    issuer.claims = {"name": "李娜"}
    answer = comes_back(return_to="/accounts#sign-in")
    assert (answer.status_code, answer.get_json()) == (200, TOKEN)
    name, told, caller = bus.asked[0]
    assert (name, caller["roles"]) == ("identity.sign_in_by_claims", ["service"])
    assert (told["issuer"], told["subject"], told["claims"]["groups"]) == (issuer.url, "s-1", ["desk"])
    assert told["claims"]["name"] == "李娜"
    assert bus.asked[1][:2] == ("identity.token_by_code", {"code": "one-use"})
    assert refused(client.post(f"{BELOW}/token")) == "sign_on_expired", "it is fetched once"


def test_no_secret_stands_in_an_address_and_no_script_reads_one(
    client: FlaskClient, issuer: SmallIssuer
) -> None:
    away = client.get(f"{BELOW}/login")
    back = client.get(f"{BELOW}/callback?{issuer.answer_to(away.headers['Location'])}")
    assert back.headers["Location"] == "/window"
    for cookie in away.headers.getlist("Set-Cookie") + back.headers.getlist("Set-Cookie"):
        if not cookie.startswith("hall_signed_on=1;"):
            assert "HttpOnly" in cookie or "Max-Age=0" in cookie
            assert "Path=/api/v1/auth/oidc" in cookie
        assert "SameSite" in cookie or "Max-Age=0" in cookie
    assert away.headers["Referrer-Policy"] == back.headers["Referrer-Policy"] == "no-referrer"


WRONG_CLAIMS = {
    "iss of another": {"iss": "http://127.0.0.1:1"},
    "no iss": {"iss": None},
    "aud of another": {"aud": "another"},
    "no aud": {"aud": None},
    "several without azp": {"aud": [CLIENT, "another"]},
    "azp of another": {"aud": [CLIENT, "another"], "azp": "another"},
    "nonce of another sign-in": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "expired": {"exp": 1_700_000_000},
    "no exp": {"exp": None},
    "no sub": {"sub": None},
    "an empty sub": {"sub": ""},
}


@pytest.mark.parametrize("claims", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS.keys())
def test_a_claim_that_does_not_hold_signs_nobody_in(
    comes_back: GoAndComeBack, issuer: SmallIssuer, bus: TableBus, claims: dict[str, Any]
) -> None:
    issuer.claims = claims
    assert refused(comes_back()) == "sign_on_unproven"
    assert bus.asked == []


@pytest.mark.parametrize("claims", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS.keys())
def test_the_gateways_own_check_finds_the_same_without_the_librarys(
    comes_back: GoAndComeBack, issuer: SmallIssuer, claims: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("authlib.oidc.core.CodeIDToken.validate", lambda *_, **__: None)
    issuer.claims = claims
    assert refused(comes_back()) == "sign_on_unproven"


@pytest.mark.parametrize("answer", [{"iss": "http://127.0.0.1:1"}, {"iss": None}])
def test_an_answer_of_another_issuer_is_none(comes_back: GoAndComeBack, answer: dict[str, Any]) -> None:
    assert refused(comes_back(**answer)) == "sign_on_unproven"


def test_an_issuer_that_does_not_say_who_it_is_in_answers_need_not(
    comes_back: GoAndComeBack, issuer: SmallIssuer
) -> None:
    issuer.metadata = {"authorization_response_iss_parameter_supported": False}
    assert comes_back(iss=None).status_code == 200
    assert refused(comes_back(iss="http://127.0.0.1:1")) == "sign_on_unproven"


@pytest.mark.parametrize("state", ["another", "", None])
def test_an_answer_to_what_was_not_begun_here_is_none(comes_back: GoAndComeBack, state: str | None) -> None:
    assert refused(comes_back(state=state)) == "sign_on_expired"


def test_who_has_begun_nothing_comes_back_to_nothing(client: FlaskClient) -> None:
    back = client.get(f"{BELOW}/callback?code=c&state=s")
    assert (back.status_code, back.headers["Location"]) == (302, "/window")
    assert refused(client.post(f"{BELOW}/token")) == "sign_on_expired"
    client.set_cookie("hall_sign_on_done", "eyJjb2RlIjoiYSJ9.made.up", path=BELOW)
    assert refused(client.post(f"{BELOW}/token")) == "sign_on_expired"


def test_a_code_is_of_no_use_without_the_verifier_it_was_asked_with(
    comes_back: GoAndComeBack, issuer: SmallIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = issuer._token
    monkeypatch.setattr(
        issuer, "_token", lambda request: setattr(issuer, "challenge", "of another") or real(request)
    )
    assert refused(comes_back()) == "sign_on_refused"


@pytest.mark.parametrize("by", ["none", "the hall's secret", "the public key"])
def test_only_what_the_issuer_alone_can_sign_counts(
    comes_back: GoAndComeBack, issuer: SmallIssuer, bus: TableBus, by: str
) -> None:
    secrets = {"the hall's secret": SECRET.encode(), "the public key": issuer.key.as_pem(private=False)}
    issuer.sign_as_others_can("none" if by == "none" else "HS256", secrets.get(by, b""))
    assert refused(comes_back()) == "sign_on_unproven"
    assert bus.asked == []


@pytest.mark.parametrize("kid", ["two", "one"], ids=["a new id", "the same id"])
def test_a_new_key_is_fetched_once_under_whatever_id(
    comes_back: GoAndComeBack, issuer: SmallIssuer, kid: str
) -> None:
    comes_back()
    comes_back()
    assert issuer.asked.count("/keys") == 1, "keys are kept"
    issuer.key = RSAKey.generate_key(2048, {"kid": kid})
    assert comes_back().status_code == 200
    assert issuer.asked.count("/keys") == 2
    issuer.signer = RSAKey.generate_key(2048, {"kid": kid})
    assert refused(comes_back()) == "sign_on_unproven"
    assert issuer.asked.count("/keys") == 3, "and not again and again"


def test_user_info_about_somebody_else_is_none(comes_back: GoAndComeBack, issuer: SmallIssuer) -> None:
    issuer.userinfo = {"sub": "s-2", "groups": ["admins"]}
    assert refused(comes_back()) == "sign_on_unproven"


def test_what_the_issuer_refuses_is_said_and_so_is_nonsense(
    comes_back: GoAndComeBack, issuer: SmallIssuer
) -> None:
    assert refused(comes_back(code=None, error="access_denied")) == "sign_on_refused"
    issuer.broken = lambda: Response("no", status=403)
    assert refused(comes_back()) == "issuer_away"
    issuer.broken = lambda: Response("[]", content_type="application/json")
    assert refused(comes_back()) == "sign_on_unproven"
    issuer.broken = lambda: Response("", status=502)
    assert refused(comes_back()) == "issuer_away"


def test_an_issuer_that_is_away_or_another_is_said_at_once(
    client: FlaskClient, issuer: SmallIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.metadata = {"issuer": issuer.url + "/"}
    for _ in range(2):
        away = client.get(f"{BELOW}/login?return_to=/joint")
        assert (away.status_code, away.headers["Location"]) == (302, "/joint")
        assert refused(client.post(f"{BELOW}/token")) == "issuer_away"
    issuer.metadata = {}
    monkeypatch.setattr(issuers, "WAIT_S", 0.05)
    told = Event()
    monkeypatch.setattr(issuer, "_openid_configuration", lambda _: Response(str(told.wait(DEADLINE_S))))
    assert client.get(f"{BELOW}/login?return_to=/joint").headers["Location"] == "/joint"
    assert refused(client.post(f"{BELOW}/token")) == "issuer_away"
    told.set()


def test_what_identity_refuses_reaches_the_page(comes_back: GoAndComeBack, bus: TableBus) -> None:
    def refuse(_: Any) -> Any:
        raise RemoteProblem({"kind": "forbidden", "code": "no_role_by_claims", "detail": ""})

    bus.answers["identity.sign_in_by_claims"] = refuse
    assert refused(comes_back()) == "no_role_by_claims"


@pytest.mark.parametrize(
    "page", ["//evil.example", "https://evil.example", "/\\evil.example", "joint", "/a?b=c"]
)
def test_one_comes_back_to_a_page_of_the_hall_alone(client: FlaskClient, page: str) -> None:
    assert client.get(f"{BELOW}/login", query_string={"return_to": page}).status_code == 422


def test_signing_out_ends_the_issuers_session_too(
    client: FlaskClient, issuer: SmallIssuer, signer: Signer, bus: TableBus
) -> None:
    owner = signer.headers("li", "clerk")
    url = client.post(f"{BELOW}/logout", headers=owner, json={"return_to": "/joint"}).get_json()["url"]
    assert url.startswith(f"{issuer.url}/end?id_token_hint=a.b.c")
    state = url.partition("state=")[2].partition("&")[0]
    assert client.get(f"{BELOW}/logged-out?state={state}").headers["Location"] == "/joint"
    assert client.get(f"{BELOW}/logged-out?state=made.up").headers["Location"] == "/window"
    assert client.get("/api/v1/auth/me", headers=owner).status_code == 401
    bus.answers["identity.end_issuer_session"] = lambda _: {"id_token": None}
    assert client.post(f"{BELOW}/logout", headers=signer.headers("zhang", "clerk")).get_json() == {
        "url": None
    }


def test_the_table_tells_what_the_issuer_has_to_know(
    client: FlaskClient, bus: TableBus, signer: Signer
) -> None:
    bus.answers["identity.claim_rules"] = lambda _: {"items": []}
    found = client.get(f"{BELOW}/claims", headers=signer.headers("boss", "admin")).get_json()
    assert found["redirect_uri"] == "http://localhost/api/v1/auth/oidc/callback"
    assert client.get(f"{BELOW}/claims", headers=signer.headers("m", "manager")).status_code == 403


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({}, True),
        ({"OIDC_ISSUER": "https://id"}, False),
        ({"OIDC_ISSUER": "https://id", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}, True),
        (
            {
                "OIDC_ISSUER": "https://id",
                "OIDC_CLIENT_ID": "a",
                "OIDC_CLIENT_SECRET": "b",
                "OIDC_SCOPES": "x",
            },
            False,
        ),
    ],
)
def test_settings_go_together(given: dict[str, str], taken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    if taken:
        assert (read_settings().single_sign_on is not None) is bool(given)
    else:
        with pytest.raises(ValueError, match="OIDC"):
            read_settings()
