"""Who gives people work sees who there is, by name; nobody else does."""

import pytest
from small_identity import Desk, caller

from services.identity.errors import AdminOnly, NobodysToKnow
from services.identity.use_cases import accounts


def test_who_gives_work_sees_the_people_of_the_hall_or_of_the_own_department(desk: Desk) -> None:
    desk.load("clerk001", "clerk002")
    desk.load("clerk003", department="drc")
    with desk.database.connect() as connection:
        connection.execute("UPDATE accounts SET closed = true WHERE username = 'clerk002'")

    def seen(department: str | None = None, *, role: str = "manager", own: str | None = None) -> list[str]:
        by = caller("someone", role, department=own)
        found = desk.do(accounts.list_people, by, department=department)
        return [each["username"] for each in found]

    assert seen() == ["clerk003", "clerk001"], "by department; whose account is closed works here no more"
    assert seen("market", role="dispatcher") == ["clerk001"]
    assert seen(own="drc", role="analyst") == ["clerk003"]
    assert seen("market", own="drc") == []
    for role in ("clerk", "operator", "crew", "kiosk", "visitor"):
        with pytest.raises(NobodysToKnow):
            seen(role=role)


def test_an_administrator_sees_the_clerks_with_the_windows_where_they_usually_are(desk: Desk) -> None:
    seat = {"username": "clerk001", "name": "王芳", "department": "market", "window": "101"}
    desk.command(accounts.load_accounts, desk.admin, clerks=[seat])
    desk.load("clerk002", "clerk003")
    with desk.database.connect() as connection:
        connection.execute("UPDATE accounts SET closed = true WHERE username = 'clerk003'")
    other = {"username": "clerk002", "name": "clerk002", "department": "market", "window": None}
    assert desk.do(accounts.list_clerks, desk.admin) == [seat, other]
    moved = desk.command(accounts.load_accounts, desk.admin, clerks=[{**seat, "window": "102"}, other])
    assert (moved["changed"], moved["unchanged"]) == (1, 1)
    with pytest.raises(AdminOnly):
        desk.do(accounts.list_clerks, caller("someone", "manager"))


def test_who_gives_work_is_told_which_names_no_open_account_has(desk: Desk) -> None:
    desk.load("clerk001", "clerk002")
    with desk.database.connect() as connection:
        connection.execute("UPDATE accounts SET closed = true WHERE username = 'clerk002'")
    asked = {"usernames": ["nobody", "clerk001", "clerk002"]}
    for role in ("manager", "dispatcher"):
        assert desk.do(accounts.no_accounts, caller("someone", role), **asked) == {
            "usernames": ["clerk002", "nobody"]
        }
    for role in ("clerk", "operator", "analyst", "visitor"):
        with pytest.raises(NobodysToKnow):
            desk.do(accounts.no_accounts, caller("someone", role), **asked)
