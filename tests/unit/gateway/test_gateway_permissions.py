"""Who gets past the gateway: every operation by every role, and by roles that the hall makes of operations."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from gateway.api.openapi import CaseConverter, CodeConverter, IdConverter, JointConverter
from gateway.http.auth import Principal
from gateway.http.context import UPLOADS
from gateway.http.permissions import GIVING_RIGHTS, OPERATIONS, SHIPPED, WITHIN_A_DEPARTMENT, Operation, Roles
from services.chassis.bus import BusError
from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.conftest import Answers, TableBus
from tests.unit.gateway.test_gateway_appointments import Anything

API = "/api/v1"
RIGHTS = Path(__file__).parent / "rights.csv"
ROOT = Path(__file__).parents[3]
NINE = ("visitor", "kiosk", "clerk", "crew", "operator", "dispatcher", "analyst", "manager", "admin")
IN_PATHS = {
    IdConverter: "0198f3a2-1111-4222-8333-444455556666",
    CaseConverter: "2026-0000001",
    JointConverter: "J2026-00001",
    CodeConverter: "some",
}

Tries = Callable[..., bool]


def rights() -> dict[str, set[str]]:
    """Return who may do each guarded operation, as the table says."""
    with RIGHTS.open() as table:
        return {row["operation"]: set(row["roles"].split()) for row in csv.DictReader(table)}


def guarded(app: Flask) -> Iterator[tuple[Operation, Rule]]:
    """Give every guarded operation with its route."""
    for rule in app.url_map.iter_rules():
        operation = OPERATIONS.get(rule.endpoint.rpartition(".")[2])
        if operation and operation.roles:
            yield operation, rule


@pytest.fixture
def tries(app: Flask, bus: TableBus, signer: Signer) -> Tries:
    """Tell whether the gateway lets somebody do an operation, where services refuse nothing."""
    app.extensions["hall"].limits.spend = lambda *_: None
    bus.answers = Anything(bus.answers)
    client = app.test_client()
    addresses = app.url_map.bind("localhost")

    def try_it(rule: Rule, *roles: str, **claims: Any) -> bool:
        method = next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        values = {name: IN_PATHS.get(type(each), "daily") for name, each in rule._converters.items()}
        address = addresses.build(rule.endpoint, values, method=method)
        place = {"dept": "D01" if {*NINE, "department_head"} & {*roles} else None}
        told = {**place, **claims}
        headers = signer.headers("somebody", *roles, **told) if roles or claims else {}
        body: dict[str, Any] = {} if method == "GET" else {"json": {}}
        if rule.endpoint in UPLOADS:
            body = {"data": {"file": (BytesIO(b""), "empty.csv")}}
        answer = client.open(address, method=method, headers=headers, **body)
        return answer.status_code not in (401, 403)

    return try_it


def test_every_operation_by_every_role(app: Flask, tries: Tries) -> None:
    """The table is written by itself: whoever changes who may do what changes it there, too."""
    roles = (*NINE, *SHIPPED, "service", "nobodys_role")
    found = {
        operation.code: {role for role in roles if tries(rule, role)} for operation, rule in guarded(app)
    }
    everybody = {*NINE, *SHIPPED, "nobodys_role", "service"}
    assert found == {name: everybody if may == {"everybody"} else may for name, may in rights().items()}


def test_nobody_is_let_through_without_a_token(app: Flask, tries: Tries) -> None:
    assert [operation.code for operation, rule in guarded(app) if tries(rule)] == []


def test_a_role_of_the_halls_own_permits_what_it_is_made_of_and_nothing_else(
    app: Flask, tries: Tries
) -> None:
    """Each operation by a role of all others, and by one of it alone; what everybody may do left out."""
    roles = app.extensions["hall"].roles
    routes = [(each.code, rule) for each, rule in guarded(app) if rights()[each.code] != {"everybody"}]
    for version, (code, rule) in enumerate(routes, start=1):
        alone = [code] if code in OPERATIONS.grantable() else []
        others = sorted(OPERATIONS.grantable().keys() - {code})
        roles.keep({"code": "alone", "permissions": alone, "ended": False, "version": version})
        roles.keep({"code": "others", "permissions": others, "ended": False, "version": version})
        assert (tries(rule, "alone"), tries(rule, "others")) == (bool(alone), False), code


def test_a_scope_lets_in_to_its_operation_and_to_no_other(app: Flask, tries: Tries) -> None:
    """Each operation by a machine client's token for it alone, and by one for all others."""
    grantable = OPERATIONS.grantable()
    for operation, rule in guarded(app):
        alone = tries(rule, scope=operation.code, quota=60, dept=None)
        others = tries(rule, scope=" ".join(grantable.keys() - {operation.code}), quota=60, dept=None)
        assert (alone, others) == (operation.code in grantable, False), operation.code


def test_an_account_of_a_department_has_by_such_a_role_what_keeps_to_departments_alone(
    app: Flask, tries: Tries
) -> None:
    """A role of everything lets the hall's own accounts in to all of it, and a department's to the rest."""
    roles = app.extensions["hall"].roles
    grantable = OPERATIONS.grantable()
    roles.keep({"code": "all", "permissions": [*grantable], "ended": False, "version": 1})
    routes = [(each, rule) for each, rule in guarded(app) if each.code in grantable]
    assert [each.code for each, rule in routes if not tries(rule, "all")] == []
    reached = {each.code for each, rule in routes if tries(rule, "all", dept="tax")}
    assert reached == {each.code for each, _ in routes if each.keeps_to_department}
    assert reached.isdisjoint(
        {"list_messages", "reveal_order_person", "confirm_anomaly", "list_audit", "save_slot_plan"}
    )
    assert all(OPERATIONS[code].keeps_to_department for code in SHIPPED["department_head"])


def test_the_page_has_words_for_every_operation_of_which_roles_are_made(app: Flask) -> None:
    text = (ROOT / "gateway" / "pages" / "accounts" / "permissions.js").read_text("utf-8")
    groups, operations = text.split("const OPERATIONS")
    grantable = OPERATIONS.grantable()
    assert set(re.findall(r"(\w+): t\(", operations)) == grantable.keys()
    assert set(re.findall(r"(\w+): t\(", groups)) == {each.group for each in grantable.values()}


def test_what_gives_rights_is_in_no_role(client: FlaskClient, signer: Signer) -> None:
    permissions = client.get(f"{API}/permissions", headers=signer.headers("boss", "admin")).json["items"]
    assert {each["code"] for each in permissions} & GIVING_RIGHTS == set()
    assert OPERATIONS.keys() >= GIVING_RIGHTS | WITHIN_A_DEPARTMENT
    wrong = client.post(
        f"{API}/roles",
        json={"code": "own", "name": "自设", "name_en": "Own", "permissions": ["list_cases", "create_role"]},
        headers=signer.headers("boss", "admin"),
    )
    assert (wrong.status_code, wrong.json["errors"]) == (
        422,
        {"permissions": ["Not one of /permissions: create_role."]},
    )


def test_roles_that_come_with_hallflow_are_made_of_operations_that_there_are(
    client: FlaskClient, answers: Answers, signer: Signer
) -> None:
    own = {"code": "own", "name": "自设", "name_en": "Own", "permissions": ["list_cases"], "ended": False}
    answers["identity.list_roles"] = lambda _: {"items": [{**own, "version": 1, "accounts": 2}]}
    listed = client.get(f"{API}/roles", headers=signer.headers("boss", "admin")).json["items"]
    by_code = {role["code"]: role for role in listed}
    assert by_code["own"]["shipped"] is False
    assert by_code["own"]["accounts"] == 2
    grantable = OPERATIONS.grantable().keys()
    assert all(set(role["permissions"]) <= grantable for role in listed)
    assert set(by_code["admin"]["permissions"]) == set(grantable)
    for code, operations in SHIPPED.items():
        assert set(by_code[code]["permissions"]) == operations


@pytest.mark.parametrize(
    ("role", "department", "capacity"),
    [("own", None, "manager"), ("own", "tax", "clerk"), ("clerk", "tax", None), ("manager", None, None)],
)
def test_services_hear_in_which_capacity_a_role_of_operations_acts(
    app: Flask, bus: TableBus, signer: Signer, role: str, department: str | None, capacity: str | None
) -> None:
    """The widest for the whole hall, the narrowest for one department; none where a shipped role suffices."""
    own = {"code": "own", "permissions": ["list_appointments"], "ended": False, "version": 1}
    app.extensions["hall"].roles.keep(own)
    bus.answers = Anything(bus.answers)
    app.test_client().get(f"{API}/appointments", headers=signer.headers("li.wen", role, dept=department))
    (caller,) = [caller for name, _, caller in bus.asked if name == "appointments.list_appointments"]
    assert (caller["roles"], caller["capacity"]) == ([role], capacity)


def test_staff_acts_for_others_where_everybody_acts_for_themselves(
    app: Flask, bus: TableBus, signer: Signer
) -> None:
    bus.answers = Anything(bus.answers)
    client = app.test_client()
    for headers in (signer.headers("li.wen", "front_desk", dept=None), {}):
        answer = client.post(f"{API}/appointments/{IN_PATHS[IdConverter]}/check-in", headers=headers)
        assert answer.status_code == 200
    capacities = [caller["capacity"] for name, _, caller in bus.asked if name.startswith("appointments.")]
    assert set(capacities[: len(capacities) // 2]) == {"manager"}
    assert set(capacities[len(capacities) // 2 :]) == {None}


def test_who_is_signed_in_hears_what_their_roles_permit(
    client: FlaskClient, answers: Answers, signer: Signer
) -> None:
    answers["identity.me"] = lambda _: {"username": "li.wen"}
    headers = signer.headers("li.wen", "auditor", dept=None)
    assert client.get(f"{API}/auth/me", headers=headers).json["permissions"] == sorted(SHIPPED["auditor"])
    visitor = client.get(f"{API}/auth/me", headers=signer.headers("visitor:1", "visitor")).json
    assert "list_audit" not in visitor["permissions"]


def principal(*roles: str) -> Principal:
    """Return an account of the hall."""
    return Principal("li.wen", frozenset(roles), None, None, "jti", 0.0, 1e12)


def test_a_change_is_heeded_whichever_way_it_comes_and_an_older_one_is_not() -> None:
    state = {"code": "own", "permissions": ["list_cases"], "ended": False, "version": 2}
    roles = Roles(lambda: [{**state, "version": 1, "permissions": ["get_case"]}])
    roles.keep(state)
    roles.refresh()
    assert roles.permissions(principal("own")) == ["list_cases"]
    roles.keep({**state, "ended": True, "version": 3})
    assert roles.permissions(principal("own")) == []
    roles.keep(state)
    assert roles.permissions(principal("own")) == []


def test_a_role_that_is_not_known_yet_is_asked_for_once_and_not_again_soon() -> None:
    asked: list[str] = []

    def fetch() -> Sequence[dict[str, Any]]:
        asked.append("asked")
        return [{"code": "own", "permissions": ["list_cases"], "ended": False, "version": 1}]

    roles = Roles(fetch)
    assert roles.permissions(principal("clerk", "admin")) == sorted(OPERATIONS.grantable())
    assert asked == []
    assert roles.permissions(principal("own")) == ["list_cases"]
    assert roles.permissions(principal("no_such")) == []
    assert asked == ["asked"]


def test_a_role_that_is_not_known_is_no_refusal_while_identity_is_away() -> None:
    def away() -> Sequence[dict[str, Any]]:
        raise BusError("away")

    with pytest.raises(BusError):
        Roles(away).permits(principal("own"), OPERATIONS["list_cases"])
