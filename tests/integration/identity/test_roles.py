"""Roles that the hall makes of operations: made, changed, ended, given and told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from small_identity import Desk, caller

from services.chassis.errors import ServiceError
from services.identity.errors import AdminOnly, RoleInUse, RoleNotFound, RoleTaken, RoleUnknown
from services.identity.use_cases import accounts, roles
from tests.waiting import DEADLINE_S

OWN = {"code": "supervisor", "name": "值班长", "name_en": "Supervisor"}


def make(desk: Desk, **other: Any) -> Any:
    """Make a role."""
    return desk.command(
        roles.create_role, desk.admin, **{**OWN, "permissions": ["get_floor", "list_cases"], **other}
    )


def give(desk: Desk, username: str, *given: str) -> Any:
    """Make an account with these roles."""
    return desk.command(
        accounts.create_account,
        desk.admin,
        username=username,
        name="李闻",
        roles=list(given),
        department="market",
        departments=["market"],
    )


def trail(desk: Desk) -> list[tuple[str, Any, Any]]:
    """Return what the trail tells of roles."""
    rows = desk.query("SELECT action, before, after FROM audit WHERE subject = 'supervisor' ORDER BY id")
    return [(row["action"], row["before"], row["after"]) for row in rows]


def test_a_role_is_made_changed_and_ended_and_each_time_told(desk: Desk) -> None:
    made = make(desk)
    assert (made["permissions"], made["ended"], made["accounts"]) == (["get_floor", "list_cases"], False, 0)
    changed = desk.command(roles.change_role, desk.admin, code="supervisor", permissions=["get_floor"])
    assert changed["permissions"] == ["get_floor"]
    assert desk.command(roles.change_role, desk.admin, code="supervisor", name=OWN["name"]) == changed
    assert desk.command(roles.end_role, desk.admin, code="supervisor")["ended"]
    told = [event["data"] for event in desk.published() if event["type"] == "identity.role.published"]
    assert [(each["version"], each["permissions"], each["ended"]) for each in told] == [
        (1, ["get_floor", "list_cases"], False),
        (2, ["get_floor"], False),
        (3, ["get_floor"], True),
    ]
    created, altered, ended = trail(desk)
    assert (created[0], created[1]) == ("role_created", None)
    assert altered[1]["permissions"] == ["get_floor", "list_cases"]
    assert altered[2]["permissions"] == ["get_floor"]
    assert ended[2]["ended"]
    with pytest.raises(RoleNotFound):
        desk.command(roles.change_role, desk.admin, code="supervisor", name="另名")
    with pytest.raises(RoleTaken):
        make(desk)


@pytest.mark.parametrize("code", ["manager", "kiosk", "visitor", "service", "front_desk"])
def test_no_role_takes_the_place_of_one_that_comes_with_hallflow(desk: Desk, code: str) -> None:
    with pytest.raises(RoleTaken):
        make(desk, code=code)


def test_an_account_has_roles_that_there_are(desk: Desk) -> None:
    with pytest.raises(RoleUnknown):
        give(desk, "li.wen", "clerk", "supervisor")
    make(desk)
    assert give(desk, "li.wen", "clerk", "supervisor")["roles"] == ["clerk", "supervisor"]
    assert desk.do(roles.list_roles, desk.admin)[0]["accounts"] == 1
    with pytest.raises(RoleInUse) as refusal:
        desk.command(roles.end_role, desk.admin, code="supervisor")
    assert refusal.value.extra == {"accounts": 1}
    desk.do(accounts.set_password, desk.admin, username="li.wen", password="correct horse battery")
    assert desk.claims(desk.sign_in("li.wen"))["roles"] == ["clerk", "supervisor"]
    desk.command(
        accounts.change_account, desk.admin, username="li.wen", roles=["clerk"], departments=["market"]
    )
    desk.command(roles.end_role, desk.admin, code="supervisor")
    with pytest.raises(RoleUnknown):
        give(desk, "wang.fang", "supervisor")


def test_a_role_is_given_or_ended_and_never_both(desk: Desk) -> None:
    """Eight times over, each ends with a role that is there and had, or has ended and nobody has it."""
    for nth in range(8):
        code = f"role{nth}"
        make(desk, code=code)
        together = Barrier(2)

        def at_once(deed: Any, *given: Any, **named: Any) -> bool:
            together.wait(DEADLINE_S)  # noqa: B023 - each round has ended before the next begins
            try:
                deed(*given, **named)
            except (RoleInUse, RoleUnknown):
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            given = pool.submit(at_once, give, desk, f"person{nth}", code)
            ended = pool.submit(at_once, desk.command, roles.end_role, desk.admin, code=code)
        assert given.result() is not ended.result(), nth


@pytest.mark.parametrize(
    ("use_case", "request_"),
    [
        (roles.create_role, {**OWN, "permissions": ["get_floor"]}),
        (roles.change_role, {"code": "supervisor", "name": "另名"}),
        (roles.end_role, {"code": "supervisor"}),
    ],
)
def test_administrators_alone_make_roles(desk: Desk, use_case: Any, request_: dict[str, Any]) -> None:
    with pytest.raises(AdminOnly):
        desk.command(use_case, caller("head", "manager"), **request_)


def test_a_department_head_has_a_department(desk: Desk) -> None:
    with pytest.raises(ServiceError, match="department"):
        desk.command(
            accounts.create_account,
            desk.admin,
            username="li.wen",
            name="李闻",
            roles=["department_head"],
            department=None,
            departments=["market"],
        )
