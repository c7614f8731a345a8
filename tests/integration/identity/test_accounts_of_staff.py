"""Accounts that administrators make and change: whose, as what, where."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from small_identity import PASSWORD, Desk, MovedTime, caller

from services.chassis.errors import ServiceError
from services.identity.errors import (
    AccountNotFound,
    AdminOnly,
    DepartmentNeeded,
    DepartmentUnknown,
    InvalidCredentials,
    LastAdministrator,
    PasswordPlain,
    SignInNeeded,
    TooManyAttempts,
    UsernameTaken,
    WrongPassword,
)
from services.identity.use_cases import accounts, signing_in, tokens
from tests.waiting import DEADLINE_S

DEPARTMENTS = ["market", "tax"]


def create(desk: Desk, username: str, *roles: str, department: str | None = None) -> Any:
    """Make an account."""
    return desk.command(
        accounts.create_account,
        desk.admin,
        username=username,
        name=f"{username} 的姓名",
        roles=list(roles),
        department=department,
        departments=DEPARTMENTS,
    )


def change(desk: Desk, username: str, **changes: Any) -> Any:
    """Change an account."""
    return desk.command(
        accounts.change_account, desk.admin, username=username, departments=DEPARTMENTS, **changes
    )


def administrator(desk: Desk, username: str) -> None:
    """Make somebody who can administer the hall."""
    create(desk, username, "admin")
    desk.do(accounts.set_password, desk.admin, username=username, password=PASSWORD)


def last_entry(desk: Desk) -> dict[str, Any]:
    """Return the last entry of the trail."""
    return desk.query("SELECT action, username, before, after FROM audit ORDER BY id DESC LIMIT 1")[0]


def test_an_account_signs_in_once_it_has_a_password(desk: Desk) -> None:
    desk.published()
    made = create(desk, "li.wen", "clerk", "manager", department="market")
    assert (
        made["roles"],
        made["department"],
        made["closed"],
        made["has_password"],
        made["signed_in_at"],
    ) == (
        ["clerk", "manager"],
        "market",
        False,
        False,
        None,
    )
    (told,) = desk.published()
    assert told["data"] | {"active": True, "department": "market"} == told["data"]
    assert last_entry(desk)["after"]["roles"] == ["clerk", "manager"]
    with pytest.raises(InvalidCredentials):
        desk.sign_in("li.wen")
    desk.do(accounts.set_password, desk.admin, username="li.wen", password=PASSWORD)
    assert desk.sign_in("li.wen")["roles"] == ["clerk", "manager"]
    (listed,) = desk.do(accounts.list_accounts, desk.admin)
    assert listed["has_password"]
    assert listed["signed_in_at"] is not None


def test_who_changes_the_department_or_the_roles_signs_in_again_and_who_is_renamed_does_not(
    desk: Desk,
) -> None:
    create(desk, "li.wen", "clerk", department="market")
    desk.published()
    assert change(desk, "li.wen", name="李闻")["name"] == "李闻"
    assert [event["type"] for event in desk.published()] == ["identity.account.published"]
    assert last_entry(desk)["before"]["name"] != "李闻"
    changed = change(desk, "li.wen", department="tax", roles=["clerk", "crew"])
    assert (changed["department"], changed["roles"]) == ("tax", ["clerk", "crew"])
    assert {event["type"] for event in desk.published()} == {
        "identity.account.revoked",
        "identity.account.published",
    }
    entry = last_entry(desk)
    assert (entry["before"]["department"], entry["after"]["department"]) == ("market", "tax")
    assert change(desk, "li.wen", department="tax") == changed
    assert desk.published() == [], "nothing changed"


@pytest.mark.parametrize(
    ("roles", "department", "refusal"),
    [
        (["clerk"], None, DepartmentNeeded),
        (["crew"], None, DepartmentNeeded),
        (["manager"], "nowhere", DepartmentUnknown),
    ],
)
def test_a_clerk_has_a_department_that_there_is(
    desk: Desk, roles: list[str], department: str | None, refusal: type[ServiceError]
) -> None:
    with pytest.raises(refusal) as refused:
        create(desk, "li.wen", *roles, department=department)
    assert set(refused.value.errors or {}) == {"department"}
    create(desk, "wang.fang", "manager")
    with pytest.raises(refusal):
        change(desk, "wang.fang", roles=roles, department=department)


def test_a_name_is_given_once(desk: Desk) -> None:
    create(desk, "li.wen", "manager")
    with pytest.raises(UsernameTaken):
        create(desk, "li.wen", "admin")
    assert desk.query("SELECT roles FROM accounts") == [{"roles": ["manager"]}]


def test_what_is_not_there_or_is_a_demo_account_cannot_be_changed(
    desk: Desk, demo: Callable[[bool], None]
) -> None:
    with pytest.raises(AccountNotFound):
        change(desk, "nobody", name="无")
    demo(True)
    desk.sign_in("manager", "try-me")
    with pytest.raises(AccountNotFound):
        change(desk, "manager", roles=["admin"])
    assert desk.do(accounts.list_accounts, desk.admin) == []


def test_accounts_are_found_by_name_role_department_and_whether_they_are_closed(desk: Desk) -> None:
    create(desk, "li.wen", "clerk", department="market")
    create(desk, "wang.fang", "manager", "analyst", department="tax")
    create(desk, "zhao", "manager")
    desk.command(accounts.revoke_account, desk.admin, username="zhao", close=True)

    def found(**wanted: Any) -> list[str]:
        return [each["username"] for each in desk.do(accounts.list_accounts, desk.admin, **wanted)]

    assert found() == ["li.wen", "wang.fang", "zhao"], "closed ones last"
    assert found(q="WEN") == ["li.wen"]
    assert found(q="的姓名") == ["li.wen", "wang.fang", "zhao"]
    assert found(q="%") == []
    assert found(role="manager") == ["wang.fang", "zhao"]
    assert found(role="manager", closed=False) == ["wang.fang"]
    assert found(department="tax", role="clerk") == []


def test_loading_the_clerks_again_takes_no_role_that_an_administrator_has_given(desk: Desk) -> None:
    desk.load("clerk001")
    change(desk, "clerk001", roles=["clerk", "crew", "manager"])
    desk.load("clerk001")
    assert desk.query("SELECT roles FROM accounts") == [{"roles": ["clerk", "manager"]}], (
        "in no crew any more"
    )


def test_the_last_administrator_stays_one(desk: Desk) -> None:
    administrator(desk, "first")
    create(desk, "second", "admin")  # has no password yet
    with pytest.raises(LastAdministrator):
        change(desk, "first", roles=["manager"])
    with pytest.raises(LastAdministrator):
        desk.command(accounts.revoke_account, desk.admin, username="first", close=True)
    desk.do(accounts.set_password, desk.admin, username="second", password=PASSWORD)
    desk.command(accounts.revoke_account, desk.admin, username="first", close=True)
    with pytest.raises(LastAdministrator):
        change(desk, "second", roles=["manager"])


def test_of_two_administrators_who_end_each_other_one_stays(desk: Desk) -> None:
    pair = ("first", "second")
    for username in pair:
        administrator(desk, username)
    begin = Barrier(len(pair), timeout=DEADLINE_S)

    def end(username: str) -> str:
        begin.wait()
        try:
            change(desk, username, roles=["manager"])
        except ServiceError as refused:
            return refused.code
        return "ended"

    with ThreadPoolExecutor(len(pair)) as pool:
        assert sorted(pool.map(end, pair)) == ["ended", "last_administrator"]


def change_own(desk: Desk, username: str, password: str, new_password: str) -> Any:
    """Change one's own password."""
    return desk.do(
        signing_in.change_password,
        caller(username, "manager", address="10.0.0.1"),
        password=password,
        new_password=new_password,
    )


def test_who_changes_their_password_goes_on_and_is_signed_out_everywhere_else(
    desk: Desk, real_time: MovedTime
) -> None:
    administrator(desk, "li.wen")
    real_time.move(seconds=5)
    elsewhere = desk.claims(desk.sign_in("li.wen"))
    real_time.move(seconds=5)
    here = desk.claims(change_own(desk, "li.wen", PASSWORD, "another long phrase 8"))
    (subject,) = desk.do(tokens.revocations, caller())["subjects"]
    assert elsewhere["iat"] <= subject["before"] < here["iat"]
    assert here["roles"] == ["admin"]
    with pytest.raises(InvalidCredentials):
        desk.sign_in("li.wen")
    desk.sign_in("li.wen", "another long phrase 8")
    assert [row["action"] for row in desk.query("SELECT action FROM audit ORDER BY id")][-2:] == [
        "sign_in",
        "sign_in",
    ]
    assert desk.query("SELECT by FROM audit WHERE action = 'password_changed'") == [{"by": "li.wen"}]


def test_a_password_is_changed_by_who_knows_it_to_one_that_nobody_guesses(
    desk: Desk, demo: Callable[[bool], None]
) -> None:
    administrator(desk, "li.wen")
    with pytest.raises(PasswordPlain):
        change_own(desk, "li.wen", PASSWORD, "li.wen-li.wen")
    for _ in range(10):
        with pytest.raises(WrongPassword):
            change_own(desk, "li.wen", "not the password", "another long phrase 8")
    with pytest.raises(TooManyAttempts):
        change_own(desk, "li.wen", PASSWORD, "another long phrase 8")
    with pytest.raises(SignInNeeded):
        change_own(desk, "nobody", PASSWORD, "another long phrase 8")
    demo(True)
    desk.sign_in("manager", "try-me")
    with pytest.raises(SignInNeeded):
        change_own(desk, "manager", "try-me", "another long phrase 8")


def test_nobody_else_sees_or_makes_accounts(desk: Desk) -> None:
    for by in (caller("m", "manager"), caller("clerk001", "clerk"), caller()):
        with pytest.raises(AdminOnly):
            desk.do(accounts.list_accounts, by)
        with pytest.raises(AdminOnly):
            desk.command(
                accounts.create_account,
                by,
                username="x",
                name="x",
                roles=["admin"],
                department=None,
                departments=[],
            )
        with pytest.raises(AdminOnly):
            desk.command(accounts.change_account, by, username="x", departments=[], roles=["admin"])
