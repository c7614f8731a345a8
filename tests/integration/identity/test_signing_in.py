"""Staff sign in by password, with limits on guessing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from small_identity import PASSWORD, Desk, MovedTime, caller

from services.identity.errors import AdminOnly, InvalidCredentials, PasswordPlain, TooManyAttempts
from services.identity.use_cases import accounts, audit, tokens

Demo = Callable[[bool], None]


def guess(desk: Desk, times: int, username: str, *, address: str | None = "10.0.0.9") -> None:
    for _ in range(times):
        with pytest.raises(InvalidCredentials):
            desk.sign_in(username, "wrong password", address=address)


def test_a_clerk_signs_in_with_the_password_that_was_set(desk: Desk) -> None:
    desk.hire("clerk001")
    answer = desk.sign_in("clerk001")
    assert (answer["token_type"], answer["expires_in"], answer["roles"]) == ("Bearer", 43_200, ["clerk"])
    claims = desk.claims(answer)
    assert (claims["sub"], claims["dept"], claims["roles"]) == ("clerk001", "market", ["clerk"])


def test_a_clerk_without_a_password_cannot_sign_in_unless_this_is_a_demo(desk: Desk, demo: Demo) -> None:
    desk.load("clerk001")
    for password in ("try-me", "", "demo"):
        with pytest.raises(InvalidCredentials):
            desk.sign_in("clerk001", password)
    demo(True)
    assert desk.claims(desk.sign_in("clerk001", "try-me"))["sub"] == "clerk001"


def test_a_clerk_with_a_password_has_no_demo_password(desk: Desk, demo: Demo) -> None:
    desk.hire("clerk001")
    demo(True)
    with pytest.raises(InvalidCredentials):
        desk.sign_in("clerk001", "try-me")


def test_a_demo_has_an_account_for_each_role(desk: Desk, demo: Demo) -> None:
    demo(True)
    desk.load("clerk001")
    for role in ("visitor", "kiosk", "operator", "dispatcher", "crew", "analyst", "manager", "admin"):
        claims = desk.claims(desk.sign_in(role, "try-me"))
        assert (claims["sub"], claims["roles"]) == (role, [role])
    assert desk.claims(desk.sign_in("clerk", "try-me"))["sub"] == "clerk001"


def test_demo_accounts_are_of_no_use_where_this_is_no_demo(desk: Desk, demo: Demo) -> None:
    with pytest.raises(InvalidCredentials):
        desk.sign_in("admin", "try-me")
    assert desk.query("SELECT username FROM accounts") == []
    demo(True)
    answer = desk.sign_in("admin", "try-me")
    demo(False)
    with pytest.raises(InvalidCredentials):
        desk.sign_in("admin", "try-me")
    with pytest.raises(KeyError):
        desk.claims(answer)


def test_each_wrong_password_beyond_ten_doubles_the_wait_at_that_address(
    desk: Desk, real_time: MovedTime
) -> None:
    desk.hire("clerk001")
    guess(desk, 10, "clerk001")
    for wait in (15, 30, 60, 120):
        with pytest.raises(TooManyAttempts) as refusal:
            desk.sign_in("clerk001", address="10.0.0.9")
        assert (refusal.value.kind, refusal.value.code) == ("conflict", "too_many_attempts")
        assert refusal.value.extra == {"retry_after": wait}
        real_time.move(seconds=wait)
        guess(desk, 1, "clerk001")
    real_time.move(minutes=16)
    assert desk.sign_in("clerk001", address="10.0.0.9")["roles"] == ["clerk"]


def test_a_stranger_shuts_nobody_out_anywhere_else(desk: Desk) -> None:
    desk.hire("clerk001")
    desk.sign_in("clerk001", address="10.0.0.1")
    guess(desk, 10, "clerk001", address="203.0.113.7")
    with pytest.raises(TooManyAttempts):
        desk.sign_in("clerk001", address="203.0.113.7")
    assert desk.sign_in("clerk001", address="10.0.0.1")
    assert desk.sign_in("clerk001", address="10.0.0.2"), "an address that is new to the account"


def test_many_strangers_shut_only_where_the_account_has_never_been(desk: Desk) -> None:
    desk.hire("clerk001")
    desk.sign_in("clerk001", address="10.0.0.1")
    for address in range(10):
        guess(desk, 10, "clerk001", address=f"203.0.113.{address}")
    with pytest.raises(TooManyAttempts):
        desk.sign_in("clerk001", address="10.0.0.2")
    assert desk.sign_in("clerk001", address="10.0.0.1")


def test_a_wait_where_one_has_signed_in_stays_short(desk: Desk, real_time: MovedTime) -> None:
    desk.hire("clerk001")
    desk.sign_in("clerk001")
    guess(desk, 10, "clerk001", address="10.0.0.1")
    for _ in range(6):
        real_time.move(seconds=15)
        guess(desk, 1, "clerk001", address="10.0.0.1")
    with pytest.raises(TooManyAttempts) as refusal:
        desk.sign_in("clerk001")
    assert refusal.value.extra == {"retry_after": 15}
    real_time.move(seconds=15)
    assert desk.sign_in("clerk001")
    guess(desk, 1, "clerk001", address="10.0.0.1")
    assert desk.sign_in("clerk001"), "whoever succeeds begins anew"


def test_a_whole_network_of_ipv6_is_one_address(desk: Desk) -> None:
    desk.hire("clerk001")
    for host in range(10):
        guess(desk, 1, "clerk001", address=f"2001:db8::{host:x}")
    with pytest.raises(TooManyAttempts):
        desk.sign_in("clerk001", address="2001:db8::ffff")
    assert desk.sign_in("clerk001", address="2001:db8:1::1")


def test_ten_wrong_passwords_shut_an_address_whatever_the_account(desk: Desk) -> None:
    desk.hire("clerk001")
    for number in range(10):
        guess(desk, 1, f"nobody{number}")
    with pytest.raises(TooManyAttempts):
        desk.sign_in("clerk001", address="10.0.0.9")
    assert desk.sign_in("clerk001", address="10.0.0.8")


def test_the_mistakes_of_colleagues_do_not_shut_out_who_signed_in_there_before(desk: Desk) -> None:
    desk.hire("clerk001")
    desk.sign_in("clerk001", address="10.0.0.9")
    for number in range(10):
        guess(desk, 1, f"nobody{number}")
    assert desk.sign_in("clerk001", address="10.0.0.9")


def test_the_trail_has_each_sign_in_and_no_password(desk: Desk) -> None:
    desk.hire("clerk001")
    desk.sign_in("clerk001")
    guess(desk, 1, "clerk001")
    guess(desk, 1, "my-password-in-the-wrong-box")
    listed = desk.do(audit.list_audit, desk.admin, limit=3)["items"]
    assert [(each["action"], each["username"], each["ok"], each["address"]) for each in listed] == [
        ("sign_in", None, False, "10.0.0.9"),
        ("sign_in", "clerk001", False, "10.0.0.9"),
        ("sign_in", "clerk001", True, "10.0.0.1"),
    ]
    dump = str(desk.query("SELECT * FROM audit")) + str(desk.query("SELECT * FROM tokens"))
    assert PASSWORD not in dump
    assert "wrong" not in dump


@pytest.mark.parametrize("statement", ["UPDATE audit SET ok = true", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_database_refuses_to_change_the_trail(desk: Desk, statement: str) -> None:
    desk.hire("clerk001")
    with psycopg.connect(desk.master_dsn) as master, pytest.raises(psycopg.errors.RestrictViolation):
        master.execute(statement)


def test_the_trail_is_paged_without_gap_or_repeat_for_administrators_alone(desk: Desk) -> None:
    desk.hire("clerk001")
    guess(desk, 5, "clerk001")
    seen, cursor = [], None
    while True:
        page = desk.do(audit.list_audit, desk.admin, username="clerk001", limit=2, cursor=cursor)
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 6
    with pytest.raises(AdminOnly):
        desk.do(audit.list_audit, caller("clerk001", "clerk"))


def test_a_closed_account_is_shut_until_it_gets_a_new_password(desk: Desk) -> None:
    desk.hire("clerk001")
    desk.command(accounts.revoke_account, desk.admin, username="clerk001", close=True)
    with pytest.raises(InvalidCredentials):
        desk.sign_in("clerk001")
    desk.do(accounts.set_password, desk.admin, username="clerk001", password=PASSWORD)
    assert desk.sign_in("clerk001")


def test_only_an_administrator_loads_accounts_and_sets_passwords(desk: Desk) -> None:
    clerk = caller("clerk001", "clerk")
    with pytest.raises(AdminOnly):
        desk.command(accounts.load_accounts, clerk, clerks=[])
    with pytest.raises(AdminOnly):
        desk.do(accounts.set_password, clerk, username="clerk001", password=PASSWORD)
    with pytest.raises(AdminOnly):
        desk.command(accounts.revoke_account, clerk, username="clerk001")
    with pytest.raises(AdminOnly):
        desk.command(tokens.rotate_keys, clerk)


def test_loading_the_same_clerks_again_changes_nothing(desk: Desk) -> None:
    assert desk.load("clerk001", "clerk002")["added"] == 2
    done = desk.load("clerk001", "clerk002")
    assert (done["added"], done["changed"], done["unchanged"]) == (0, 0, 2)
    assert desk.load("clerk001")["missing"] == ["clerk002"]


def test_a_clerk_who_changes_the_department_has_to_sign_in_again(desk: Desk) -> None:
    desk.load("clerk001")
    desk.published()
    assert desk.load("clerk001", department="police")["changed"] == 1
    revoked, published = desk.published()
    assert (revoked["type"], revoked["data"]["username"]) == ("identity.account.revoked", "clerk001")
    assert (published["type"], published["data"]["department"]) == ("identity.account.published", "police")


def test_keys_made_by_many_at_once_are_one_key(desk: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: desk.do(tokens.public_keys, caller()), range(16)))
    assert len({key["kid"] for each in found for key in each["keys"]}) == 1


def test_a_password_that_is_easy_to_guess_is_refused(desk: Desk) -> None:
    desk.load("clerk001")
    with pytest.raises(PasswordPlain) as refusal:
        desk.do(accounts.set_password, desk.admin, username="clerk001", password="clerk001-clerk001")
    assert list(refusal.value.errors) == ["password"]
    with pytest.raises(InvalidCredentials):
        desk.sign_in("clerk001", "clerk001-clerk001")
