"""Whom a change touches: each service is asked for its own promises, and only for those who may make the change."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.conftest import Answers, TableBus

API = "/api/v1"
COUNTS = {
    "appointments": {"bookings": 3, "waiting": 1},
    "ticketing": {"tickets": 2},
    "cases": {"cases": 5},
    "dispatch": {"visits": 4},
}


@pytest.fixture(autouse=True)
def hall(answers: Answers) -> None:
    """What the services answer here."""
    for service, counts in COUNTS.items():
        for question in ("item_effects", "days_effects"):
            answers[f"{service}.{question}"] = lambda _, counts=counts: counts
    answers["appointments.plan_effects"] = lambda _: COUNTS["appointments"]
    answers["dispatch.absence_effects"] = lambda _: COUNTS["dispatch"]


def get(client: FlaskClient, signer: Signer, path: str, role: str = "manager") -> Any:
    headers = signer.headers("someone", role)
    return client.get(f"{API}/{path}", headers=headers)


def asked(bus: TableBus, name: str) -> list[dict[str, Any]]:
    return [request for target, request, _ in bus.asked if target == name]


def test_a_change_of_an_item_is_answered_by_all_who_promise(
    client: FlaskClient, signer: Signer, bus: TableBus
) -> None:
    answer = get(client, signer, "items/market-001/effects?effective_from=2026-09-21&department=drc")
    assert answer.json == {"bookings": 3, "waiting": 1, "tickets": 2, "cases": 5, "visits": 4}
    wanted = {"item": "market-001", "from": "2026-09-21", "department": "drc"}
    for service in COUNTS:
        assert asked(bus, f"{service}.item_effects") == [wanted]


def test_days_off_are_asked_for_one_by_one(client: FlaskClient, signer: Signer, bus: TableBus) -> None:
    assert get(client, signer, "calendar/effects?from=2026-09-28&to=2026-09-29").status_code == 200
    assert asked(bus, "dispatch.days_effects") == [{"days": ["2026-09-28", "2026-09-29"]}]
    for wrong in ("from=2026-09-28&to=2026-09-27", "from=2026-09-28&to=2028-01-01", "", "from=x"):
        assert get(client, signer, f"calendar/effects?{wrong}").status_code == 422


def test_a_plan_is_asked_for_with_what_changes_alone(
    client: FlaskClient, signer: Signer, bus: TableBus
) -> None:
    query = "items=&weekdays=1,3&capacity=2&valid_to=&starts=09:00"
    assert get(client, signer, f"slot-plans/am/effects?{query}").json == {"bookings": 3, "waiting": 1}
    (request,) = asked(bus, "appointments.plan_effects")
    assert request == {
        "code": "am",
        "items": [],
        "weekdays": [1, 3],
        "capacity": 2,
        "valid_to": None,
        "starts": "09:00",
    }
    assert get(client, signer, "slot-plans/am/effects?weekdays=8").status_code == 422


def test_only_those_who_may_change_it_learn_whom_it_touches(client: FlaskClient, signer: Signer) -> None:
    for path in ("items/a/effects", "slot-plans/a/effects", "calendar/effects?from=2026-09-28"):
        assert get(client, signer, path, "clerk").status_code == 403
    assert get(client, signer, "crews/m1/effects?from=2026-09-28", "dispatcher").json == {"visits": 4}
    assert get(client, signer, "crews/m1/effects?from=2026-09-28", "clerk").status_code == 403
