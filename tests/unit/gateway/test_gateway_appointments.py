"""Appointments over HTTP: who may do what, looking one's own up, and the calendar file."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from gateway.settings import Place
from services.chassis.bus import RemoteProblem, ServiceAway
from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.conftest import Answers, TableBus

API = "/api/v1"
ID = "9b1f6c52-7a0e-4c55-8f43-2d9d3c1a7e10"


def appointment(**members: Any) -> dict[str, Any]:
    """Return an appointment as the service answers it."""
    return {
        "id": ID, "reference": "7K3M9QXR", "hall": "main", "state": "booked", "item": "market-001",
        "department": "market", "slot": "s1", "starts_at": "2026-03-05T14:00:00+08:00",
        "ends_at": "2026-03-05T14:30:00+08:00", "channel": "web", "name": "张*", "phone": "138****5678",
        "held_until": None, "offer_until": None, "wanted": None, "rescheduled_from": None,
        "rescheduled_to": None, "ticket": None, "booked_at": "2026-03-02T09:05:00+08:00", "warning": None,
    } | members  # fmt: skip


@pytest.fixture(autouse=True)
def hall(answers: Answers) -> None:
    """What the services answer here."""
    answers["appointments.get_appointment"] = lambda _: appointment()
    answers["appointments.get_moves"] = lambda _: {"first": ID, "moves": 0}
    answers["appointments.lookup"] = lambda _: appointment()
    answers["appointments.list_slots"] = lambda _: {"items": []}
    answers["catalogue.get_item"] = lambda _: {
        "name": "公司设立登记", "name_en": "Company registration", "materials": ["章程", "身份证明"],
    }  # fmt: skip
    answers["catalogue.get_hall"] = lambda _: {
        "name": "市行政服务大厅",
        "name_en": "City Government Service Hall",
    }


def asked(bus: TableBus, name: str) -> list[dict[str, Any]]:
    return [request for target, request, _ in bus.asked if target == name]


def calendar_event(client: FlaskClient, query: str = "") -> Any:
    answer = client.get(f"{API}/appointments/{ID}/calendar.ics{query}")
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    [event] = Calendar.from_ical(answer.data).walk("VEVENT")
    return event


def test_the_calendar_file_has_the_time_the_place_and_what_to_bring(client: FlaskClient) -> None:
    event = calendar_event(client)
    assert event.decoded("dtstart") == datetime(2026, 3, 5, 6, tzinfo=UTC)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=30)
    assert (str(event["summary"]), str(event["location"])) == ("办事预约：公司设立登记", "市行政服务大厅")
    assert str(event["description"]) == "预约号 7K3M9QXR\n请带材料：\n- 章程\n- 身份证明"
    assert (str(event["uid"]), str(event["status"])) == (f"{ID}@main.hallflow", "CONFIRMED")
    [alarm] = event.walk("VALARM")
    assert alarm.decoded("trigger") == -timedelta(hours=1)


def test_the_calendar_file_says_where_the_hall_is_and_how_to_get_there(
    app: Flask, client: FlaskClient
) -> None:
    parts = app.extensions["hall"]
    place = Place(
        address="福中三路1号", address_en="1 Fuzhong 3rd Road", directions="地铁2号线市民中心站A出口"
    )
    parts.settings = replace(parts.settings, place=place)
    event = calendar_event(client)
    assert str(event["location"]) == "市行政服务大厅（福中三路1号）"
    assert str(event["description"]).endswith("怎么去：地铁2号线市民中心站A出口")
    event = calendar_event(client, "?lang=en")
    assert str(event["location"]) == "City Government Service Hall, 1 Fuzhong 3rd Road"
    assert str(event["description"]).endswith("Getting there: 地铁2号线市民中心站A出口"), (
        "nobody said it in English"
    )
    assert client.get(f"{API}/hall").json["place"] == asdict(place)


def test_the_calendar_file_defines_the_time_zone_it_names(client: FlaskClient) -> None:
    answer = client.get(f"{API}/appointments/{ID}/calendar.ics")
    calendar = Calendar.from_ical(answer.data)
    [zone] = calendar.walk("VTIMEZONE")
    [event] = calendar.walk("VEVENT")
    assert event["dtstart"].params["TZID"] == event["dtend"].params["TZID"] == str(zone["tzid"])
    assert [each.decoded("tzoffsetto") for each in zone.walk("STANDARD")][-1] == timedelta(hours=8)
    assert b"\r\n" in answer.data
    assert max(map(len, answer.data.split(b"\r\n"))) <= 75


def test_an_appointment_that_was_moved_is_the_same_entry_of_a_calendar(
    client: FlaskClient, answers: Answers
) -> None:
    first = "0c9b7a5e-0000-4000-8000-000000000001"
    answers["appointments.get_moves"] = lambda _: {"first": first, "moves": 2}
    event = calendar_event(client)
    assert (str(event["uid"]), event["sequence"]) == (f"{first}@main.hallflow", 2)


def test_the_calendar_file_is_to_be_had_in_english(client: FlaskClient) -> None:
    assert str(calendar_event(client, "?lang=en")["summary"]) == "Appointment: Company registration"


def test_the_calendar_file_has_no_word_about_the_person(client: FlaskClient) -> None:
    text = client.get(f"{API}/appointments/{ID}/calendar.ics").text
    assert "138" not in text
    assert "张" not in text


def test_an_appointment_that_was_called_off_is_cancelled_in_the_calendar(
    client: FlaskClient, answers: Answers
) -> None:
    answers["appointments.get_appointment"] = lambda _: appointment(state="displaced")
    event = calendar_event(client)
    assert (str(event["status"]), event.walk("VALARM")) == ("CANCELLED", [])


def test_who_waits_for_a_place_has_nothing_for_the_calendar(client: FlaskClient, answers: Answers) -> None:
    answers["appointments.get_appointment"] = lambda _: appointment(
        state="waitlisted", starts_at=None, ends_at=None
    )
    answer = client.get(f"{API}/appointments/{ID}/calendar.ics")
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (409, "no_time_yet")


def look_up(
    client: FlaskClient,
    phone: str = "13800005678",
    *,
    reference: str = "AAAA0000",
    address: str = "192.0.2.1",
) -> int:
    body = {"reference": reference, "phone": phone}
    path = f"{API}/appointments/lookup"
    return client.post(path, json=body, environ_base={"REMOTE_ADDR": address}).status_code


def nobody(_: Any) -> Any:
    raise RemoteProblem({"kind": "not_found", "code": "appointment_not_found"})


def test_guessing_references_of_a_phone_ends_as_guessing_one_time_codes_does(
    client: FlaskClient, bus: TableBus, answers: Answers
) -> None:
    answers["appointments.lookup"] = nobody
    written = ["13800005678", "138 0000 5678", "+86 138-0000-5678", "13800005678"]
    assert [look_up(client, phone) for phone in written] == [404, 404, 429, 429]
    assert len(asked(bus, "appointments.lookup")) == 2


def test_who_knows_a_reference_cannot_try_phone_after_phone(client: FlaskClient, answers: Answers) -> None:
    found = answers["appointments.lookup"]
    assert look_up(client) == 200, "right ones do not count"
    answers["appointments.lookup"] = nobody
    written = ["AAAA0000", "aaaa 0000", "AAAA-0000", "AAAA0000"]
    tried = [look_up(client, f"1390000567{last}", reference=each) for last, each in enumerate(written)]
    assert tried == [404, 404, 429, 429]
    answers["appointments.lookup"] = found
    assert look_up(client, address="198.51.100.7") == 200


def test_a_stranger_who_guesses_does_not_keep_the_owner_out(client: FlaskClient, answers: Answers) -> None:
    found = answers["appointments.lookup"]
    answers["appointments.lookup"] = nobody
    assert [look_up(client) for _ in range(3)] == [404, 404, 429]
    answers["appointments.lookup"] = found
    assert look_up(client, address="198.51.100.7") == 200, "from an address of their own"
    assert look_up(client, "13900001234", reference="BBBB0000") == 200, "and others from the stranger's"


def test_who_stands_behind_one_address_has_guesses_enough_and_staff_their_own(
    client: FlaskClient, answers: Answers, signer: Signer
) -> None:
    answers["appointments.lookup"] = nobody
    tried = [look_up(client, f"1390000567{last}", reference=f"AAAA000{last}") for last in range(4)]
    assert tried == [404, 404, 404, 429], "of whatever reference and phone"
    body = {"reference": "AAAA0009", "phone": "13900005679"}
    for name in ("operator", "kiosk"):
        headers = signer.headers(name, name, kiosk="K1" if name == "kiosk" else None)
        path, where = f"{API}/appointments/lookup", {"REMOTE_ADDR": "192.0.2.1"}
        answer = client.post(path, json=body, headers=headers, environ_base=where)
        assert answer.status_code == 404, "at the same address"


def test_looking_up_what_is_ones_own_is_never_too_often(client: FlaskClient) -> None:
    assert [look_up(client) for _ in range(4)] == [200] * 4


def test_a_look_up_that_nobody_answered_is_no_guess(client: FlaskClient, answers: Answers) -> None:
    def away(_: Any) -> Any:
        raise ServiceAway("appointments")

    answers["appointments.lookup"] = away
    assert [look_up(client) for _ in range(4)] == [503] * 4


def test_a_kiosk_searches_so_often_and_staff_at_a_desk_as_they_need(
    client: FlaskClient, answers: Answers, signer: Signer
) -> None:
    answers["appointments.lookup_today"] = lambda _: {"items": []}

    def search(role: str, name: str) -> int:
        headers = signer.headers(name, role, kiosk=name if role == "kiosk" else None)
        return client.get(f"{API}/appointments/today?q=05678", headers=headers).status_code

    assert [search("kiosk", "K1") for _ in range(4)] == [200] * 3 + [429]
    assert search("kiosk", "K2") == 200
    assert [search("clerk", "clerk001") for _ in range(4)] == [200] * 4


def test_the_token_of_a_code_that_is_read_goes_along(
    client: FlaskClient, bus: TableBus, answers: Answers, signer: Signer
) -> None:
    answers["appointments.lookup_today"] = lambda _: {"items": []}
    headers = signer.headers("kiosk", "kiosk")
    for text, given in ((f"https://hall/appointment/{ID}#abc/move", {}), (ID, {"X-Holder-Token": "abc"})):
        query = {"q": text}
        client.get(f"{API}/appointments/today", query_string=query, headers=headers | given)
    tokens = [caller["token"] for name, _, caller in bus.asked if name == "appointments.lookup_today"]
    assert tokens == ["abc", "abc"]


@pytest.mark.parametrize(
    ("shown", "ways"),
    [
        (ID.upper(), [{"id": ID}]),
        (f"https://hall.example/appointment/{ID}?lang=zh", [{"id": ID}]),
        ("7k3m-9qxr", [{"reference": "7K3M9QXR"}]),
        ("5678", [{"phone_digits": "5678"}]),
        ("138 0000 5678", [{"phone_digits": "13800005678"}]),
        ("张 5678", [{"phone_digits": "5678", "initial": "张"}]),
        ("５６７８张", [{"phone_digits": "5678", "initial": "张"}]),
        ("A5678", [{"phone_digits": "5678", "initial": "A"}]),
        ("张三5678", []),
        ("20260302", [{"reference": "20260302"}, {"phone_digits": "20260302"}]),
        ("????", []),
    ],
)
def test_the_kiosk_finds_by_code_reference_or_phone_digits(
    client: FlaskClient,
    bus: TableBus,
    answers: Answers,
    signer: Signer,
    shown: str,
    ways: list[dict[str, str]],
) -> None:
    answers["appointments.lookup_today"] = lambda _: {"items": []}
    answer = client.get(
        f"{API}/appointments/today", query_string={"q": shown}, headers=signer.headers("kiosk", "kiosk")
    )
    assert answer.get_json() == {"items": [], "next": None}
    assert asked(bus, "appointments.lookup_today") == ways


def test_the_first_way_that_finds_one_is_enough(
    client: FlaskClient, bus: TableBus, answers: Answers, signer: Signer
) -> None:
    answers["appointments.lookup_today"] = lambda _: {"items": [appointment()]}
    answer = client.get(
        f"{API}/appointments/today?q=20260302", headers=signer.headers("kiosk", "kiosk")
    ).get_json()
    assert [each["id"] for each in answer["items"]] == [ID]
    assert asked(bus, "appointments.lookup_today") == [{"reference": "20260302"}]


def test_slots_are_asked_for_from_today_unless_told_otherwise(client: FlaskClient, bus: TableBus) -> None:
    client.get(f"{API}/slots?item=market-001")
    client.get(f"{API}/slots?item=market-001&from=2026-03-09&to=2026-03-10")
    first, second = asked(bus, "appointments.list_slots")
    assert set(first) == {"item", "from"}
    assert second == {"item": "market-001", "from": "2026-03-09", "to": "2026-03-10"}


# (method, path, body, roles that may)
GUARDED = [
    ("POST", "/appointments", {}, {"visitor", "clerk", "operator"}),
    ("GET", "/appointments?phone=13800005678", None, {"clerk", "operator", "manager"}),
    ("GET", "/appointments/today?q=5678", None, {"kiosk", "clerk", "operator"}),
    ("POST", f"/appointments/{ID}/reveal", {}, {"clerk", "operator", "manager"}),
    ("GET", "/persons/history?phone=13800005678", None, {"operator"}),
    ("POST", "/waitlist", {}, {"visitor", "operator"}),
    ("POST", "/slot-plans", {}, {"manager"}),
    ("GET", "/slot-plans", None, {"operator", "manager"}),
    ("POST", "/slot-plans/p1/withdraw", {}, {"manager"}),
    ("POST", "/extended-sessions", {}, {"manager"}),
    ("POST", f"/extended-sessions/{ID}/open", {}, {"manager"}),
    ("GET", "/overtime?from=2026-03-02&to=2026-03-02", None, {"manager"}),
    ("GET", "/messages", None, {"operator", "manager"}),
    ("GET", "/messages/sent", None, {"operator", "manager"}),
    ("POST", f"/messages/{ID}/retry", {}, {"operator", "manager"}),
    ("PUT", "/message-templates", {}, {"manager"}),
    ("GET", "/statistics/overtime?from=2026-03-02&to=2026-03-02&group=staff", None, {"analyst", "manager"}),
]
ROLES = ("visitor", "kiosk", "clerk", "operator", "dispatcher", "crew", "analyst", "manager", "service")


def test_only_these_roles_get_past_the_gateway(app: Any, bus: TableBus, signer: Signer) -> None:
    # Services that refuse nothing: who is not stopped here comes through.
    app.extensions["hall"].limits.spend = lambda *_: None
    bus.answers = Anything(bus.answers)
    client = app.test_client()

    def passes(role: str, method: str, path: str, body: Any) -> bool:
        headers = signer.headers(f"some-{role}", role)
        answer = client.open(f"{API}{path}", method=method, json=body, headers=headers)
        return bool(answer.status_code != 403)

    passed = {
        f"{method} {path}": {role for role in ROLES if passes(role, method, path, body)}
        for method, path, body, _ in GUARDED
    }
    assert passed == {f"{method} {path}": may for method, path, _, may in GUARDED}


class Anything(dict[str, Callable[[dict[str, Any]], Any]]):
    """Answers every call that the table does not know with an empty list."""

    def __missing__(self, name: str) -> Callable[[dict[str, Any]], Any]:
        return lambda _: {"items": []}
