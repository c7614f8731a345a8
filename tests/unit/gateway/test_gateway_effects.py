"""Whom a change touches: each service is asked for its own promises, and only for those who may make the change."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.conftest import Answers, TableBus

API = "/api/v1"
COUNTS: dict[str, dict[str, Any]] = {
    "appointments": {"bookings": 3, "waiting": 1},
    "ticketing": {"tickets": 2},
    "cases": {"cases": 5},
    "dispatch": {"visits": 4},
}
EXAMPLES = {
    "appointments": {"kind": "bookings", "number": "ABCD2345", "on": "2026-09-23"},
    "ticketing": {"kind": "tickets", "number": "A012", "on": "2026-09-17"},
    "cases": {"kind": "cases", "number": "2026-0000001", "on": None},
    "dispatch": {"kind": "visits", "number": "WXYZ6789", "on": "2026-09-23"},
}
ALL = {name: count for counts in COUNTS.values() for name, count in counts.items()}
CREW = {
    "code": "m1",
    "name": "上门一组",
    "department": "market",
    "members": ["crew"],
    "skills": {"departments": ["market"], "items": []},
    "shifts": [{"weekday": 1, "starts": "09:00", "ends": "12:00"}],
    "start": {"lat": 22.54, "lon": 114.05},
    "capacity": 4,
}
HOURS = [
    {"department": None, "weekday": day, "opens": "09:00", "closes": "17:00", "breaks": []} for day in (1, 2)
]
HOURS += [{"department": "drc", "weekday": 1, "opens": "09:00", "closes": "12:00", "breaks": []}]


@pytest.fixture(autouse=True)
def hall(answers: Answers) -> None:
    """What the services answer here."""
    for service, counts in COUNTS.items():
        answers[f"{service}.effects"] = lambda _, counts=counts, service=service: {
            **counts,
            "examples": [EXAMPLES[service]],
        }
    answers["catalogue.get_hall"] = lambda _: {"hours": HOURS}
    answers["catalogue.list_departments"] = lambda _: {"items": [{"code": "market"}, {"code": "drc"}]}
    answers["catalogue.list_revisions"] = lambda asked: {
        "items": [{}] if asked["item"] == "market-001" else []
    }


def get(client: FlaskClient, signer: Signer, path: str, role: str = "manager") -> Any:
    headers = signer.headers("someone", role)
    return client.get(f"{API}/{path}", headers=headers)


def asked(bus: TableBus, service: str) -> list[tuple[str, Any]]:
    found = [request for target, request, _ in bus.asked if target == f"{service}.effects"]
    return [(request["change"], request["about"]) for request in found]


@pytest.mark.parametrize(
    ("path", "change", "about"),
    [
        (
            "items/market-001/effects?effective_from=2026-09-21&department=drc",
            "item",
            {"item": "market-001", "from": "2026-09-21", "department": "drc"},
        ),
        (
            "calendar/effects?from=2026-09-28&to=2026-09-29",
            "days",
            {"days": ["2026-09-28", "2026-09-29"]},
        ),
        (
            "departments/drc/effects?effective_from=2026-09-21",
            "department",
            {"department": "drc", "from": "2026-09-21", "ends": True, "offers": None},
        ),
        (
            "departments/drc/effects?effective_from=2026-09-21&offers_three_services=false",
            "department",
            {"department": "drc", "from": "2026-09-21", "ends": False, "offers": False},
        ),
        (
            "departments/drc/effects?effective_from=2026-09-21&name=x",
            "department",
            {"department": "drc", "from": "2026-09-21", "ends": False, "offers": None},
        ),
    ],
)
def test_a_change_is_answered_by_all_who_promise(
    client: FlaskClient, signer: Signer, bus: TableBus, path: str, change: str, about: Any
) -> None:
    answer = get(client, signer, path)
    assert answer.json == {**ALL, "examples": list(EXAMPLES.values())}
    for service in COUNTS:
        assert asked(bus, service) == [(change, about)]


@pytest.mark.parametrize(
    ("query", "hours"),
    [
        (
            "weekdays=1&opens=10:00&closes=16:00&break_starts=12:00&break_ends=13:00",
            [
                *HOURS[1:],
                {
                    "department": None,
                    "weekday": 1,
                    "opens": "10:00",
                    "closes": "16:00",
                    "breaks": [{"starts": "12:00", "ends": "13:00"}],
                },
            ],
        ),
        ("weekdays=1,2", HOURS[2:]),
        ("department=drc&weekdays=1", HOURS[:2]),
        (
            "department=drc&weekdays=2&opens=09:00&closes=12:00",
            [
                *HOURS,
                {"department": "drc", "weekday": 2, "opens": "09:00", "closes": "12:00", "breaks": []},
            ],
        ),
    ],
)
def test_hours_are_asked_for_as_all_would_be_then(
    client: FlaskClient, signer: Signer, bus: TableBus, query: str, hours: Any
) -> None:
    answer = get(client, signer, f"hours/effects?effective_from=2026-09-21&{query}")
    assert answer.json == {**ALL, "examples": list(EXAMPLES.values())}
    assert asked(bus, "dispatch") == [("hours", {"hours": hours, "from": "2026-09-21"})]


def test_a_window_is_asked_for_with_what_it_would_call_from(
    client: FlaskClient, signer: Signer, bus: TableBus
) -> None:
    for query in ("", "?queues=a,b"):
        found = get(client, signer, f"windows/101/effects{query}", "clerk")
        assert found.json == {**COUNTS["ticketing"], "examples": [EXAMPLES["ticketing"]]}
    assert asked(bus, "ticketing") == [
        ("window", {"window": "101", "queues": []}),
        ("window", {"window": "101", "queues": ["a", "b"]}),
    ]
    assert not asked(bus, "dispatch")


def test_a_plan_is_asked_for_with_what_changes_alone(
    client: FlaskClient, signer: Signer, bus: TableBus
) -> None:
    query = "items=&weekdays=1,3&capacity=2&valid_to=&starts=09:00"
    answer = get(client, signer, f"slot-plans/am/effects?{query}")
    assert answer.json == {**COUNTS["appointments"], "examples": [EXAMPLES["appointments"]]}
    changes = {"items": [], "weekdays": [1, 3], "capacity": 2, "valid_to": None, "starts": "09:00"}
    assert asked(bus, "appointments") == [("plan", {"code": "am", **changes})]


def test_a_crew_is_asked_for_as_away_or_as_it_would_be(
    client: FlaskClient, signer: Signer, bus: TableBus
) -> None:
    crew = quote(json.dumps(CREW))
    for query in ("from=2026-09-28&member=crew", f"from=2026-09-28&crew={crew}", "ends=true&from=2026-09-28"):
        answer = get(client, signer, f"crews/m1/effects?{query}", "dispatcher")
        assert answer.json == {**COUNTS["dispatch"], "examples": [EXAMPLES["dispatch"]]}
    since = {"code": "m1", "from": "2026-09-28"}
    assert asked(bus, "dispatch") == [
        ("absence", {**since, "member": "crew"}),
        ("crew", {**since, "crew": CREW}),
        ("crew", {**since, "crew": None}),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "calendar/effects?from=2026-09-28&to=2026-09-27",
        "calendar/effects?from=2026-09-28&to=2028-01-01",
        "calendar/effects?from=x",
        "calendar/effects",
        "slot-plans/am/effects?weekdays=8",
        "hours/effects",
        "hours/effects?weekdays=1&opens=09:00",
        "hours/effects?weekdays=1&opens=12:00&closes=09:00",
        "hours/effects?weekdays=1&opens=09:00&closes=17:00&break_starts=12:00",
        "hours/effects?weekdays=1&opens=09:00&closes=17:00&break_starts=18:00&break_ends=19:00",
        "hours/effects?weekdays=1&break_starts=12:00&break_ends=13:00",
        "departments/drc/effects?offers_three_services=perhaps",
        "items/market-001/effects?department=unknown",
        "hours/effects?weekdays=1&department=unknown",
        "windows/101/effects?queues=%20",
        "crews/m1/effects",
        "crews/m1/effects?crew=%7B",
        "crews/m1/effects?crew=%7B%22capacity%22:0%7D",
        "crews/m1/effects?ends=true&member=crew",
    ],
)
def test_what_is_no_change_is_refused_at_its_field(client: FlaskClient, signer: Signer, path: str) -> None:
    answer = get(client, signer, path)
    assert (answer.status_code, bool(answer.json["errors"])) == (422, True), answer.json


@pytest.mark.parametrize(
    ("path", "code"),
    [("items/unknown/effects", "item_not_found"), ("departments/unknown/effects", "not_found")],
)
def test_what_the_hall_does_not_have_is_not_found_rather_than_touching_nobody(
    client: FlaskClient, signer: Signer, bus: TableBus, path: str, code: str
) -> None:
    answer = get(client, signer, path)
    assert (answer.status_code, answer.json["code"]) == (404, code)
    assert not asked(bus, "appointments")


def test_only_those_who_may_change_it_learn_whom_it_touches(client: FlaskClient, signer: Signer) -> None:
    paths = ("items/a/effects", "slot-plans/a/effects", "calendar/effects?from=2026-09-28")
    for path in (*paths, "hours/effects?weekdays=1", "departments/a/effects", "crews/m1/effects?ends=true"):
        assert get(client, signer, path, "clerk").status_code == 403
        assert get(client, signer, path, "kiosk").status_code == 403
    assert get(client, signer, "windows/101/effects", "visitor").status_code == 403
