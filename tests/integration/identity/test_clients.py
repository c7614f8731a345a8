"""Machine clients: made with scopes, a quota and an owner, signed in by their secret, changed and closed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from small_identity import Desk, MovedTime, caller

from services.identity.errors import (
    AdminOnly,
    ClientNotFound,
    ClientTaken,
    InvalidCredentials,
    OwnerUnknown,
    ScopeRefused,
    TooManyAttempts,
)
from services.identity.use_cases import accounts, audit, clients, tokens
from tests.waiting import DEADLINE_S

SCREEN = {
    "code": "screen",
    "name": "政务公开屏",
    "owner": "li.wen",
    "scopes": ["get_waits", "get_floor"],
    "quota": 60,
}
NAME = "client:screen"


@pytest.fixture(autouse=True)
def owners(desk: Desk) -> None:
    """Two accounts that can answer for clients."""
    desk.hire("li.wen")
    desk.hire("wang.fang")
    desk.published()


def make(desk: Desk, **other: Any) -> dict[str, Any]:
    """Make a client."""
    made: dict[str, Any] = desk.do(clients.create_client, desk.admin, **{**SCREEN, **other})
    return made


def sign_in(desk: Desk, secret: str, code: str = "screen", **asked: Any) -> dict[str, Any]:
    """Sign a client in."""
    given = {"client_id": code, "client_secret": secret}
    answer: dict[str, Any] = desk.do(clients.issue_client_token, caller(), **given, **asked)
    return answer


def change(desk: Desk, **changes: Any) -> dict[str, Any]:
    """Change the client."""
    shown: dict[str, Any] = desk.command(clients.change_client, desk.admin, code="screen", **changes)
    return shown


def is_refused(desk: Desk, answer: dict[str, Any]) -> bool:
    """Tell whether a token is refused, by what gateways ask for."""
    claims, asked = desk.claims(answer), desk.do(tokens.revocations, caller())["subjects"]
    return any(each["username"] == claims["sub"] and claims["iat"] <= each["before"] for each in asked)


def heard(desk: Desk) -> list[float]:
    """Return up to when the client's tokens are refused, by what gateways have heard since this was asked last."""
    events = [each["data"] for each in desk.published() if each["type"] == "identity.account.revoked"]
    return [each["before"] for each in events if each["username"] == NAME]


def test_a_client_signs_in_for_what_it_was_given(desk: Desk) -> None:
    made = make(desk)
    secret = made.pop("client_secret")
    assert len(secret) == 43
    assert {name: made[name] for name in ("owner", "owner_open", "scopes", "quota", "closed")} == {
        "owner": "li.wen",
        "owner_open": True,
        "scopes": ["get_floor", "get_waits"],
        "quota": 60,
        "closed": False,
    }
    answer = sign_in(desk, secret)
    assert (answer["scope"], answer["roles"], answer["expires_in"]) == ("get_floor get_waits", [], 3600)
    claims = desk.claims(answer)
    assert {name: claims[name] for name in ("sub", "roles", "dept", "scope", "quota")} == {
        "sub": NAME,
        "roles": [],
        "dept": None,
        "scope": "get_floor get_waits",
        "quota": 60,
    }
    assert desk.claims(sign_in(desk, secret, scope="get_waits"))["scope"] == "get_waits"
    (listed,) = desk.do(clients.list_clients, desk.admin)
    assert listed["signed_in_at"] is not None
    assert "client_secret" not in listed


def test_nobody_asks_for_more_than_the_client_was_given(desk: Desk) -> None:
    secret = make(desk)["client_secret"]
    with pytest.raises(ScopeRefused) as refusal:
        sign_in(desk, secret, scope="get_waits list_cases")
    assert refusal.value.code == "invalid_scope"


def test_the_secret_is_kept_as_a_hash_alone(desk: Desk) -> None:
    secret = make(desk)["client_secret"]
    (row,) = desk.query("SELECT * FROM clients")
    assert row["secret_hash"].startswith("$argon2id$")
    assert secret not in str(row)
    assert secret not in str(desk.query("SELECT * FROM audit"))


def test_wrong_secrets_are_refused_and_have_to_wait(desk: Desk, real_time: MovedTime) -> None:
    secret = make(desk)["client_secret"]
    for _ in range(10):
        with pytest.raises(InvalidCredentials):
            sign_in(desk, "wrong")
    with pytest.raises(TooManyAttempts):
        sign_in(desk, secret)
    real_time.move(seconds=3)
    assert sign_in(desk, secret)["scope"]
    with pytest.raises(InvalidCredentials):
        sign_in(desk, secret, code="nobody")
    entries = desk.query(
        "SELECT username, by, ok FROM audit WHERE action = 'sign_in' ORDER BY id DESC LIMIT 3"
    )
    assert [(each["username"], each["by"], each["ok"]) for each in entries] == [
        (None, None, False),
        (NAME, NAME, True),
        (NAME, None, False),
    ]


def test_a_new_secret_ends_the_old_one_and_what_it_has_signed_in(desk: Desk, real_time: MovedTime) -> None:
    old = make(desk)["client_secret"]
    signed_in = sign_in(desk, old)
    new = desk.do(clients.renew_client_secret, desk.admin, code="screen")["client_secret"]
    assert is_refused(desk, signed_in)
    with pytest.raises(InvalidCredentials):
        sign_in(desk, old)
    real_time.move(seconds=3)
    assert not is_refused(desk, sign_in(desk, new))


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        ({"scopes": ["get_floor"]}, True),
        ({"quota": 5}, True),
        ({"name": "公开屏"}, False),
        ({"owner": "wang.fang"}, False),
    ],
)
def test_what_its_tokens_say_no_more_ends_them(desk: Desk, changes: dict[str, Any], ends: bool) -> None:
    signed_in = sign_in(desk, make(desk)["client_secret"])
    desk.published()
    shown = change(desk, **changes)
    assert {name: shown[name] for name in changes} == changes
    assert is_refused(desk, signed_in) is ends
    assert len(heard(desk)) == ends


def test_a_closed_client_is_refused_at_once_and_stays_closed(desk: Desk) -> None:
    secret = make(desk)["client_secret"]
    first = sign_in(desk, secret)
    change(desk, quota=30)
    # Issued in the second in which the first was refused, so that its time of issue is the next one.
    second = sign_in(desk, secret)
    assert not is_refused(desk, second)
    assert desk.command(clients.close_client, desk.admin, code="screen")["closed"]
    assert is_refused(desk, first)
    assert is_refused(desk, second)
    assert desk.claims(second)["iat"] <= heard(desk)[-1]
    with pytest.raises(InvalidCredentials):
        sign_in(desk, secret)
    for deed in (clients.change_client, clients.close_client):
        with pytest.raises(ClientNotFound):
            desk.command(deed, desk.admin, code="screen")
    with pytest.raises(ClientNotFound):
        desk.do(clients.renew_client_secret, desk.admin, code="screen")
    with pytest.raises(ClientTaken):
        make(desk)


def test_a_client_that_is_closed_while_it_signs_in_gets_no_token(desk: Desk) -> None:
    secret = make(desk)["client_secret"]

    def right_but_late(*_: str) -> bool:
        desk.command(clients.close_client, desk.admin, code="screen")
        return True

    with pytest.raises(InvalidCredentials):
        sign_in(desk, secret, verify=right_but_late)


def test_somebody_answers_for_each_client(desk: Desk) -> None:
    for owner in ("nobody", "client:screen"):
        with pytest.raises(OwnerUnknown):
            make(desk, owner=owner)
    make(desk)
    desk.command(accounts.revoke_account, desk.admin, username="wang.fang", close=True)
    with pytest.raises(OwnerUnknown):
        change(desk, owner="wang.fang")
    desk.command(accounts.revoke_account, desk.admin, username="li.wen", close=True)
    (listed,) = desk.do(clients.list_clients, desk.admin)
    assert listed["owner_open"] is False
    assert change(desk, name="公开屏")["name"] == "公开屏"


def test_an_owner_is_closed_or_answers_and_never_both_unseen(desk: Desk) -> None:
    """Whichever comes first: a client made after its owner was closed is refused."""
    together = Barrier(2)

    def made() -> bool:
        together.wait(DEADLINE_S)
        try:
            make(desk)
        except OwnerUnknown:
            return False
        return True

    def closed() -> None:
        together.wait(DEADLINE_S)
        desk.command(accounts.revoke_account, desk.admin, username="li.wen", close=True)

    with ThreadPoolExecutor(2) as pool:
        making, closing = pool.submit(made), pool.submit(closed)
    closing.result()
    acts = [each["action"] for each in desk.query("SELECT action FROM audit ORDER BY id")]
    if making.result():
        assert acts.index("client_created") < acts.index("account_revoked")
    with pytest.raises(OwnerUnknown):
        make(desk, code="other")


def test_clients_are_no_accounts(desk: Desk) -> None:
    sign_in(desk, make(desk)["client_secret"])
    assert {each["username"] for each in desk.do(accounts.list_accounts, desk.admin)} == {
        "li.wen",
        "wang.fang",
    }
    people = desk.do(accounts.list_people, caller("head", "manager"), department=None)
    assert {each["username"] for each in people} == {"li.wen", "wang.fang"}


def test_the_trail_tells_what_became_of_a_client(desk: Desk) -> None:
    secret = make(desk)["client_secret"]
    sign_in(desk, secret)
    change(desk, scopes=["get_floor"], owner="wang.fang")
    change(desk, scopes=["get_floor"])
    desk.do(clients.renew_client_secret, desk.admin, code="screen")
    desk.command(clients.close_client, desk.admin, code="screen")
    told = desk.do(audit.list_audit, desk.admin, username=NAME)["items"][::-1]
    assert [(each["action"], each["by"]) for each in told] == [
        ("client_created", "boss"),
        ("sign_in", NAME),
        ("client_changed", "boss"),
        ("client_secret_renewed", "boss"),
        ("client_closed", "boss"),
    ]
    changed = told[2]
    assert (changed["before"]["scopes"], changed["after"]["scopes"]) == (
        ["get_floor", "get_waits"],
        ["get_floor"],
    )
    assert (changed["before"]["owner"], changed["after"]["owner"]) == ("li.wen", "wang.fang")
    assert (told[4]["before"]["closed"], told[4]["after"]["closed"]) == (False, True)


@pytest.mark.parametrize(
    ("use_case", "request_"),
    [
        (clients.list_clients, {}),
        (clients.create_client, SCREEN),
        (clients.change_client, {"code": "screen", "quota": 1}),
        (clients.renew_client_secret, {"code": "screen"}),
        (clients.close_client, {"code": "screen"}),
    ],
)
def test_administrators_alone_see_and_make_clients(
    desk: Desk, use_case: Any, request_: dict[str, Any]
) -> None:
    with pytest.raises(AdminOnly):
        desk.command(use_case, caller("head", "manager"), **request_)
