"""On-site service over HTTP: who may do what, and what does not get past the gateway."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.conftest import Answers, TableBus
from tests.unit.gateway.test_gateway_appointments import API, ID, ROLES, Anything, asked, nobody

ORDER = {
    "item": "market-001",
    "name": "张三",
    "phone": "13800005678",
    "address": "福田区福中三路1号",
    "location": {"lat": 22.54, "lon": 114.06},
    "window": {"from": "2026-03-05T09:00:00+08:00", "to": "2026-03-05T12:00:00+08:00"},
}
CREW = {
    "code": "m1",
    "name": "一组",
    "department": "market",
    "members": ["crew"],
    "skills": {"departments": ["market"], "items": []},
    "shifts": [{"weekday": 1, "starts": "09:00", "ends": "17:45"}],
    "start": {"lat": 22.54, "lon": 114.06},
    "capacity": 8,
}
PLANNERS = {"dispatcher", "manager"}
# (method, path, body, roles that may)
GUARDED = [
    ("POST", "/onsite-orders", {}, {"visitor", "operator", "dispatcher"}),
    ("GET", "/onsite-orders", None, {"operator", *PLANNERS}),
    ("GET", f"/onsite-orders/{ID}", None, set(ROLES)),
    ("POST", f"/onsite-orders/{ID}/screen", {}, {"dispatcher"}),
    ("POST", f"/onsite-orders/{ID}/cancel", {}, set(ROLES)),
    ("POST", f"/onsite-orders/{ID}/reschedule", {}, {"operator", "dispatcher"}),
    ("POST", f"/onsite-orders/{ID}/reveal", {}, {"operator", *PLANNERS}),
    *(
        ("POST", f"/onsite-orders/{ID}/{verb}", {}, {"crew"})
        for verb in ("depart", "arrive", "complete", "fail")
    ),
    ("POST", "/crews", {}, PLANNERS),
    ("GET", "/crews", None, {"crew", *PLANNERS}),
    ("POST", "/crews/m1/absences", {}, PLANNERS),
    ("GET", "/crews/m1/route", None, {"crew", *PLANNERS}),
    ("POST", "/dispatch-plans", {}, {"dispatcher"}),
    ("GET", "/dispatch-plans", None, PLANNERS),
    ("GET", f"/dispatch-plans/{ID}", None, PLANNERS),
    ("POST", f"/dispatch-plans/{ID}/publish", {}, {"dispatcher"}),
    ("POST", f"/dispatch-plans/{ID}/reassign", {}, {"dispatcher"}),
]


def test_only_these_roles_get_past_the_gateway(app: Any, bus: TableBus, signer: Signer) -> None:
    app.extensions["hall"].limits.spend = lambda *_: None
    bus.answers = Anything(bus.answers)
    client = app.test_client()

    def passes(role: str, method: str, path: str, body: Any) -> bool:
        headers = signer.headers(f"some-{role}", role)
        return bool(client.open(f"{API}{path}", method=method, json=body, headers=headers).status_code != 403)

    passed = {
        f"{method} {path}": {role for role in ROLES if passes(role, method, path, body)}
        for method, path, body, _ in GUARDED
    }
    assert passed == {f"{method} {path}": may for method, path, _, may in GUARDED}


def test_an_order_goes_to_dispatch_as_it_was_sent(
    client: FlaskClient, bus: TableBus, answers: Answers, signer: Signer
) -> None:
    answers["dispatch.request_order"] = lambda request: {"id": ID, **request}
    answer = client.post(f"{API}/onsite-orders", json=ORDER, headers=signer.headers("v", "visitor"))
    assert answer.status_code == 201
    assert asked(bus, "dispatch.request_order") == [ORDER]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/onsite-orders", ORDER | {"location": {"lat": 91, "lon": 0}}, "location"),
        ("/onsite-orders", ORDER | {"location": {"lat": "22", "lon": 0}}, "location"),
        ("/onsite-orders", ORDER | {"window": {"from": "2026-03-05", "to": "2026-03-06"}}, "window"),
        ("/onsite-orders", ORDER | {"priority": "now"}, "priority"),
        ("/onsite-orders", {**ORDER, "address": "1"}, "address"),
        ("/onsite-orders", ORDER | {"crew": "m1"}, "crew"),
        (f"/onsite-orders/{ID}/screen", {"accept": "maybe"}, "accept"),
        ("/crews", CREW | {"shifts": [{"weekday": 8, "starts": "09:00", "ends": "10:00"}]}, "shifts"),
        ("/crews", CREW | {"capacity": 0}, "capacity"),
        ("/crews/m1/absences", {"member": "crew"}, "from"),
    ],
)
def test_what_makes_no_sense_is_named_by_field(
    client: FlaskClient, signer: Signer, path: str, body: dict[str, Any], field: str
) -> None:
    answer = client.post(f"{API}{path}", json=body, headers=signer.headers("d", "dispatcher"))
    assert answer.status_code == 422
    assert any(name.split(".")[0] == field for name in answer.get_json(force=True)["errors"])


MORNING = ORDER["window"]


@pytest.mark.parametrize(
    "window",
    [
        {"from": "0001-01-01T00:00:00Z", "to": "9999-12-31T23:59:59-23:59"},
        MORNING | {"to": "9999-12-31T23:59:59-23:59"},
        MORNING | {"from": "0001-01-01T00:00:00Z"},
        MORNING | {"from": "0001-01-01T00:00:00+23:59"},
        MORNING | {"from": "1999-12-31T23:59:59Z"},
        MORNING | {"to": "2100-01-01T00:00:00Z"},
    ],
)
def test_a_time_outside_this_century_is_refused(
    client: FlaskClient, signer: Signer, bus: TableBus, window: dict[str, str]
) -> None:
    for path, body in (("onsite-orders", ORDER), (f"onsite-orders/{ID}/reschedule", {})):
        answer = client.post(
            f"{API}/{path}", json={**body, "window": window}, headers=signer.headers("d", "dispatcher")
        )
        assert answer.status_code == 422
        assert all(name.startswith("window") for name in answer.get_json(force=True)["errors"])


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "2100-06-01T00:00:00Z"]
)
def test_what_happened_at_the_ends_of_time_is_refused(
    client: FlaskClient, signer: Signer, moment: str
) -> None:
    for verb in ("depart", "arrive", "complete"):
        answer = client.post(
            f"{API}/onsite-orders/{ID}/{verb}",
            json={"happened_at": moment},
            headers=signer.headers("c", "crew"),
        )
        assert (answer.status_code, list(answer.get_json(force=True)["errors"])) == (422, ["happened_at"])


def test_guessing_references_of_orders_and_appointments_ends_together(
    client: FlaskClient, answers: Answers
) -> None:
    for service in ("appointments", "dispatch"):
        answers[f"{service}.lookup"] = nobody
    lookup = {"reference": "AAAA0000", "phone": "13800005678"}
    paths = ("appointments", "onsite-orders", "onsite-orders")
    statuses = [client.post(f"{API}/{path}/lookup", json=lookup).status_code for path in paths]
    assert statuses == [404, 404, 429]
