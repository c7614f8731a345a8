"""Booking over HTTP in a running hall: from the free slot to the number, and the messages on the way."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from tests.e2e.test_hall_over_http import Api
from tests.halls import RunningHall
from tests.waiting import until

DEPARTMENT = "archives"


def some_phone() -> str:
    """Return a mobile number that no other test has used."""
    return f"139{secrets.randbelow(10**8):08d}"


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


@pytest.fixture(scope="module")
def operator(hall: RunningHall) -> Api:
    return Api(hall, "operator")


@pytest.fixture(scope="module")
def kiosk(hall: RunningHall) -> Api:
    return Api(hall, "kiosk")


@pytest.fixture(scope="module")
def item(hall: RunningHall) -> str:
    found = Api(hall).get("/items", department=DEPARTMENT).json()["items"]
    code: str = found[0]["code"]
    return code


def visitor(hall: RunningHall, phone: str) -> Api:
    """Sign a visitor in by one-time code."""
    api = Api(hall)
    code = api.post("/auth/otp", {"phone": phone}).json()["demo_code"]
    token = api.post("/auth/token", {"phone": phone, "otp": code}).json()["access_token"]
    api.headers["Authorization"] = f"Bearer {token}"
    return api


def hall_now(api: Api) -> datetime:
    return datetime.fromisoformat(api.get("/hall").json()["now"])


def free_slots(api: Api, item: str, *, channel: str = "web") -> list[dict[str, Any]]:
    """Return slots with free places; the first start wait for the job that makes them."""

    def look() -> list[dict[str, Any]]:
        answer = api.get("/slots", item=item, channel=channel)
        return [slot for slot in answer.json().get("items", []) if slot["free"] > 0]

    found: list[dict[str, Any]] = until(look, what=f"free slots of {item}")
    return found


def later(slots: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Return the slots of other days than today."""
    return [slot for slot in slots if datetime.fromisoformat(slot["starts_at"]).date() > now.date()]


def test_a_visitor_books_confirms_moves_and_cancels(hall: RunningHall, operator: Api, item: str) -> None:
    phone = some_phone()
    me = visitor(hall, phone)
    first, second, *_ = later(free_slots(me, item), hall_now(me))
    wanted = {"slot": first["id"], "item": item, "name": "张三", "phone": phone, "channel": "web"}

    held = me.post("/appointments", wanted)
    assert (held.status_code, held.json()["state"]) == (201, "held"), held.text
    booked = me.post(f"/appointments/{held.json()['id']}/confirm").json()
    assert (booked["state"], booked["starts_at"], booked["department"]) == (
        "booked",
        first["starts_at"],
        DEPARTMENT,
    )
    assert phone not in str(booked)
    assert "张三" not in str(booked)

    moved = me.post(f"/appointments/{booked['id']}/reschedule", {"slot": second["id"]}).json()
    assert (moved["state"], moved["rescheduled_from"]) == ("booked", booked["id"])
    assert me.get(f"/appointments/{booked['id']}").json()["state"] == "rescheduled"

    file = Calendar.from_ical(me.get(f"/appointments/{moved['id']}/calendar.ics").content)
    [event] = file.walk("VEVENT")
    assert event.decoded("dtstart") == datetime.fromisoformat(second["starts_at"])
    [before] = Calendar.from_ical(me.get(f"/appointments/{booked['id']}/calendar.ics").content).walk("VEVENT")
    assert (before["uid"], before["sequence"], event["sequence"]) == (event["uid"], 0, 1)

    found = Api(hall).post("/appointments/lookup", {"reference": moved["reference"], "phone": phone})
    assert found.json()["id"] == moved["id"]
    wrong = {"reference": "ZZZZZZZZ" if moved["reference"] != "ZZZZZZZZ" else "YYYYYYYY", "phone": phone}
    assert problem(Api(hall).post("/appointments/lookup", wrong))[0] == 404

    assert me.post(f"/appointments/{moved['id']}/cancel").json()["state"] == "cancelled"
    assert problem(me.post(f"/appointments/{moved['id']}/confirm"))[0] == 409
    until(
        lambda: _messages_about(operator, {booked["reference"], moved["reference"]}),
        what="a message about the appointment",
    )


def _messages_about(operator: Api, references: set[str]) -> bool:
    sent = operator.get("/messages", state="sent").json()["items"]
    return any(reference in (message["text"] or "") for message in sent for reference in references)


def test_an_operator_books_and_the_kiosk_gives_the_number(
    hall: RunningHall, operator: Api, kiosk: Api, item: str
) -> None:
    phone = some_phone()
    now = hall_now(operator)
    soon = [
        slot
        for slot in free_slots(operator, item, channel="phone")
        if datetime.fromisoformat(slot["starts_at"]) - now <= timedelta(minutes=30)
    ]
    wanted = {"slot": soon[0]["id"], "item": item, "name": "李四", "phone": phone, "channel": "phone"}
    booked = operator.post("/appointments", wanted)
    assert (booked.status_code, booked.json()["state"]) == (201, "booked"), booked.text

    assert problem(kiosk.get("/appointments/today", q=phone[-4:])) == (422, "more_needed")
    [named] = kiosk.get("/appointments/today", q=f"李{phone[-4:]}").json()["items"]
    digits = {"q": phone[-8:]}
    [shown] = kiosk.get("/appointments/today", **digits).json()["items"]
    assert shown["id"] == named["id"] == booked.json()["id"]
    assert booked.json()["reference"] not in str(shown)
    assert phone not in str(shown)
    arrived = kiosk.post(f"/appointments/{shown['id']}/check-in").json()
    again = kiosk.post(f"/appointments/{shown['id']}/check-in").json()
    assert "token" not in again["ticket"], "who comes after is not its holder"
    assert (arrived["state"], arrived["ticket"]["id"]) == ("checked_in", again["ticket"]["id"])
    ticket = Api(hall).get(f"/tickets/{arrived['ticket']['id']}").json()
    assert (ticket["class"], ticket["channel"], ticket["item"]) == ("appointment", "phone", item)

    person = operator.post(f"/appointments/{shown['id']}/reveal", {"purpose": "test"}).json()
    assert person["name"] == "李四"
    assert person["phone"].endswith(phone)
    until(lambda: _statistics_know(hall, item), what="statistics count who came")
    history = operator.get("/persons/history", phone=phone).json()
    assert [each["id"] for each in history["appointments"]] == [shown["id"]]
    gone = Api(hall).post(f"/tickets/{ticket['id']}/cancel", holder=arrived["ticket"]["token"])
    assert gone.json()["state"] == "cancelled"


def _statistics_know(hall: RunningHall, item: str) -> bool:
    analyst = Api(hall, "analyst")
    today = hall_now(analyst).date().isoformat()
    query = {"from": today, "to": today, "group": "item"}
    rows = analyst.get("/statistics/appointments", **query).json()["items"]
    return any(row["group"] == item and row["checked_in"] and row["show_rate"] for row in rows)


def test_a_visitor_books_for_their_own_phone_only(hall: RunningHall, item: str) -> None:
    me = visitor(hall, some_phone())
    slot = later(free_slots(me, item), hall_now(me))[0]
    wanted = {"slot": slot["id"], "item": item, "name": "张三", "phone": some_phone(), "channel": "web"}
    assert me.post("/appointments", wanted).status_code in (403, 422)


def test_who_comes_on_another_day_gets_no_number(
    hall: RunningHall, operator: Api, kiosk: Api, item: str
) -> None:
    slot = later(free_slots(operator, item, channel="phone"), hall_now(operator))[0]
    wanted = {"slot": slot["id"], "item": item, "name": "张三", "phone": some_phone(), "channel": "phone"}
    booked = operator.post("/appointments", wanted).json()
    assert problem(kiosk.post(f"/appointments/{booked['id']}/check-in")) == (409, "wrong_day")
    operator.post(f"/appointments/{booked['id']}/cancel")


def test_an_item_of_a_department_without_appointments_cannot_be_booked(hall: RunningHall) -> None:
    other = Api(hall).get("/items", department="police").json()["items"][0]["code"]
    assert problem(Api(hall).get("/slots", item=other)) == (409, "not_bookable")


def test_a_manager_plans_and_calls_off_an_extended_session(hall: RunningHall) -> None:
    manager = Api(hall, "manager")
    windows = manager.get("/windows", department=DEPARTMENT).json()["items"]
    evening = hall_now(manager).replace(hour=18, minute=0, second=0, microsecond=0) + timedelta(days=1)
    plan = {
        "department": DEPARTMENT,
        "windows": [windows[0]["code"]],
        "staff": ["clerk001"],
        "starts_at": evening.isoformat(),
        "ends_at": (evening + timedelta(hours=2)).isoformat(),
    }
    strange = manager.post("/extended-sessions", {**plan, "staff": ["clerk001", "nobody.at.all"]})
    assert (strange.status_code, list(strange.json()["errors"])) == (422, ["staff"]), strange.text
    planned = manager.post("/extended-sessions", plan)
    assert (planned.status_code, planned.json()["state"]) == (201, "planned"), planned.text
    called_off = manager.post(f"/extended-sessions/{planned.json()['id']}/cancel").json()
    assert (called_off["state"], called_off["overtime_minutes"]) == ("cancelled", 0)
    day = evening.date().isoformat()
    found = manager.get("/extended-sessions", **{"from": day, "to": day}).json()["items"]
    assert planned.json()["id"] in {session["id"] for session in found}
