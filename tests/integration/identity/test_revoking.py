"""Tokens, accounts and keys that count no more; what a clerk is told of itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from small_identity import PASSWORD, Desk, MovedTime, caller

from services.chassis.inbox import Received
from services.identity.errors import SignInNeeded, TokenNotFound
from services.identity.use_cases import accounts, kiosks, signing_in, tokens

Demo = Callable[[bool], None]


def test_who_signs_out_has_the_token_refused_until_it_expires(desk: Desk, real_time: MovedTime) -> None:
    desk.hire("clerk001")
    jti = desk.claims(desk.sign_in("clerk001"))["jti"]
    exp = int((real_time.shows + timedelta(hours=12)).timestamp())
    desk.published()
    assert desk.command(tokens.revoke_token, caller("clerk001", "clerk"), jti=jti) == {"tokens": 1}
    (event,) = desk.published()
    assert (event["type"], event["data"]) == ("identity.token.revoked", {"jti": jti, "exp": exp})
    assert desk.do(tokens.revocations, caller())["tokens"] == [jti]
    assert desk.command(tokens.revoke_token, caller("clerk001", "clerk"), jti=jti) == {"tokens": 0}
    assert desk.published() == []
    real_time.move(hours=12)
    assert desk.do(tokens.revocations, caller())["tokens"] == []


def test_signing_out_without_naming_a_token_signs_out_everywhere(desk: Desk) -> None:
    desk.hire("clerk001")
    desk.hire("clerk002")
    jtis = {desk.claims(desk.sign_in("clerk001"))["jti"] for _ in range(2)}
    desk.sign_in("clerk002")
    desk.command(tokens.revoke_token, caller("clerk001", "clerk"))
    assert set(desk.do(tokens.revocations, caller())["tokens"]) == jtis


def test_nobody_but_an_administrator_revokes_the_token_of_another(desk: Desk) -> None:
    desk.hire("clerk001")
    jti = desk.claims(desk.sign_in("clerk001"))["jti"]
    with pytest.raises(TokenNotFound):
        desk.command(tokens.revoke_token, caller("clerk002", "clerk"), jti=jti)
    with pytest.raises(SignInNeeded):
        desk.command(tokens.revoke_token, caller(), jti=jti)
    assert desk.command(tokens.revoke_token, desk.admin, jti=jti) == {"tokens": 1}


def test_a_revoked_account_is_refused_up_to_that_moment_and_no_longer(
    desk: Desk, real_time: MovedTime
) -> None:
    desk.hire("clerk001")
    before = desk.claims(desk.sign_in("clerk001"))
    desk.published()
    real_time.move(seconds=30.5)
    desk.command(accounts.revoke_account, desk.admin, username="clerk001")
    (event,) = desk.published()
    (subject,) = desk.do(tokens.revocations, caller())["subjects"]
    assert event["data"] == subject == {"username": "clerk001", "before": real_time.shows.timestamp()}
    after = desk.claims(desk.sign_in("clerk001"))
    assert before["iat"] <= subject["before"] < after["iat"]
    real_time.move(days=30)
    assert desk.do(tokens.revocations, caller())["subjects"] == []


def test_each_revocation_of_an_account_has_the_next_sequence(desk: Desk) -> None:
    desk.load("clerk001")
    desk.published()
    for _ in range(2):
        desk.command(accounts.revoke_account, desk.admin, username="clerk001")
    assert [event["sequence"] for event in desk.published()] == [1, 2]


def test_a_new_password_ends_the_old_one_and_its_tokens(desk: Desk) -> None:
    desk.hire("clerk001")
    desk.sign_in("clerk001")
    desk.published()
    desk.do(accounts.set_password, desk.admin, username="clerk001", password=PASSWORD + "!")
    (event,) = desk.published()
    assert event["type"] == "identity.account.revoked"
    assert desk.sign_in("clerk001", PASSWORD + "!")


def test_tokens_of_a_retired_key_count_until_the_last_has_expired(desk: Desk, real_time: MovedTime) -> None:
    desk.hire("clerk001")
    old = desk.sign_in("clerk001")
    desk.command(tokens.rotate_keys, desk.admin)
    new = desk.sign_in("clerk001")
    assert desk.claims(old)["sub"] == desk.claims(new)["sub"] == "clerk001"
    assert len(desk.query("SELECT FROM signing_keys WHERE private_key IS NOT NULL")) == 1
    real_time.move(days=30)
    assert len(desk.do(tokens.public_keys, caller())["keys"]) == 1


def window(code: str, department: str, sequence: int) -> Received:
    return Received(
        id=code,
        type="catalogue.window.published",
        subject=code,
        time=datetime(2026, 3, 2, tzinfo=UTC),
        sequence=sequence,
        position=0,
        hall="main",
        call_id="",
        data={"code": code, "department": department},
    )


def test_a_clerk_is_told_the_windows_of_its_department(desk: Desk) -> None:
    events = [
        window("102", "market", 1),
        window("101", "market", 2),
        window("101", "tax", 1),
        window("201", "tax", 1),
    ]
    with desk.database.transaction() as store:
        accounts.keep_windows(store, events)
        accounts.keep_windows(store, [window("201", "market", 1)])
    clerk = replace(caller("clerk001", "clerk"), department="market")
    assert desk.do(accounts.me, clerk) == {
        "username": "clerk001",
        "roles": ["clerk"],
        "department": "market",
        "windows": ["101", "102"],
    }
    assert desk.do(accounts.me, desk.admin)["windows"] == []
    with pytest.raises(SignInNeeded):
        desk.do(accounts.me, caller())


def states(desk: Desk) -> list[tuple[str, int, bool]]:
    """Return what was published of accounts: which, in which version, and whether it is active."""
    told = [event for event in desk.published() if event["type"] == "identity.account.published"]
    return [(event["subject"], event["sequence"], event["data"]["active"]) for event in told]


def test_others_hear_who_is_staff_and_whether_still(desk: Desk) -> None:
    desk.load("clerk001", "clerk002")
    assert states(desk) == [("clerk001", 1, True), ("clerk002", 1, True)]
    desk.load("clerk001", "clerk002")
    assert states(desk) == [], "nothing has changed"
    desk.command(accounts.revoke_account, desk.admin, username="clerk001")
    assert states(desk) == [], "who has to sign in again is still staff"
    desk.command(accounts.revoke_account, desk.admin, username="clerk001", close=True)
    assert states(desk) == [("clerk001", 3, False)]
    desk.hire("clerk001")
    ((username, version, active),) = states(desk)
    assert (username, active) == ("clerk001", True)
    assert desk.command(accounts.publish_accounts, desk.admin) == {"facts": 2}
    assert states(desk) == [("clerk001", version, True), ("clerk002", 1, True)], "in the versions they have"


@pytest.mark.parametrize("how", ["sign in", "own password"])
def test_what_is_revoked_twice_in_a_second_is_refused_with_what_was_issued_between(
    desk: Desk, how: str
) -> None:
    """A token that is issued in the second of a revocation counts from the next one on, until the second revocation."""
    desk.hire("clerk001")
    desk.command(accounts.revoke_account, desk.admin, username="clerk001")
    if how == "sign in":
        answer = desk.sign_in("clerk001")
    else:
        given = {"password": PASSWORD, "new_password": "another long sentence"}
        answer = desk.do(signing_in.change_password, caller("clerk001", "clerk"), **given)
    claims = desk.claims(answer)
    (standing,) = desk.do(tokens.revocations, caller())["subjects"]
    assert claims["iat"] > standing["before"]
    desk.command(accounts.revoke_account, desk.admin, username="clerk001")
    (standing,) = desk.do(tokens.revocations, caller())["subjects"]
    assert claims["iat"] <= standing["before"]
    told = [
        event["data"]["before"] for event in desk.published() if event["type"] == "identity.account.revoked"
    ]
    assert claims["iat"] <= told[-1]
    (listed,) = desk.do(accounts.list_accounts, desk.admin, username="clerk001")
    assert listed["signed_in_at"] is None, "nothing of it counts any more"


def test_a_kiosk_that_is_revoked_twice_in_a_second_is_locked_out(desk: Desk) -> None:
    told = {"code": "K1", "name": "东门", "zone": None}
    for _ in range(2):
        made = desk.do(kiosks.register_kiosk, desk.admin, **told)
        enrolled = desk.do(kiosks.enrol_kiosk, caller(), enrolment_code=made["enrolment_code"])
        claims = desk.claims(enrolled)
        desk.command(kiosks.revoke_kiosk, desk.admin, code="K1")
        (standing,) = desk.do(tokens.revocations, caller())["subjects"]
        assert claims["iat"] <= standing["before"]
