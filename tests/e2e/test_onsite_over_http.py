"""On-site service over HTTP in a running hall: from the request to the cases accepted at the applicant's place."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.e2e.test_booking_over_http import hall_now, problem, some_phone, visitor
from tests.e2e.test_hall_over_http import Api
from tests.halls import RunningHall
from tests.integration.dispatch.published import over_api, wrongs
from tests.waiting import until

CREW = "market-1"


@pytest.fixture(scope="module")
def dispatcher(hall: RunningHall) -> Api:
    return Api(hall, "dispatcher")


@pytest.fixture(scope="module")
def item(hall: RunningHall) -> str:
    code: str = Api(hall).get("/items", department="market").json()["items"][0]["code"]
    return code


def wanted(now: datetime, item: str, phone: str) -> dict[str, Any]:
    """Return an order for the next hours."""
    window = {"from": now + timedelta(hours=1), "to": now + timedelta(hours=4)}
    return {
        "item": item,
        "name": "王五",
        "phone": phone,
        "address": "福田区福中三路市民中心C区12号",
        "location": {"lat": 22.551, "lon": 114.062},
        "window": {name: moment.isoformat() for name, moment in window.items()},
    }


def drafted(dispatcher: Api, day: str) -> dict[str, Any]:
    """Have a day planned and wait for the draft."""
    asked = dispatcher.post("/dispatch-plans", {"date": day, "seconds": 1})
    assert (asked.status_code, asked.json()["state"]) == (202, "queued"), asked.text

    def look() -> dict[str, Any] | None:
        plan: dict[str, Any] = dispatcher.get(f"/dispatch-plans/{asked.json()['id']}").json()
        assert plan["state"] != "failed", plan
        return plan if plan["state"] == "draft" else None

    found: dict[str, Any] = until(look, what="the day is planned")
    return found


def published(dispatcher: Api, plan: dict[str, Any]) -> dict[str, Any]:
    """Publish a draft, and make sure that crews can drive what was published."""
    answer = dispatcher.post(f"/dispatch-plans/{plan['id']}/publish")
    assert answer.status_code == 200, answer.text
    check_published(lambda path, **query: dispatcher.get(f"/{path}", **query).json(), plan["id"])
    found: dict[str, Any] = answer.json()
    return found


def check_published(get: Callable[..., Any], plan: str) -> None:
    """Make sure, from what the API says, that crews can drive a plan that has just been published."""
    assert wrongs(over_api(get, plan)) == []


def test_a_crew_has_no_members_without_an_account(dispatcher: Api) -> None:
    usual = next(each for each in dispatcher.get("/crews").json()["items"] if each["code"] == CREW)
    kept = ("department", "name", "name_en", "least_members", "capacity", "start", "skills")
    shift = {"weekday": 1, "starts": "09:00", "ends": "17:00", "breaks": None}
    crew = {name: usual[name] for name in kept} | {"code": "market-7", "shifts": [shift], "days_off": []}
    refused = dispatcher.post("/crews", {**crew, "members": [*usual["members"], "nobody.at.all"]})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["members"]), refused.text
    assert "market-7" not in [each["code"] for each in dispatcher.get("/crews").json()["items"]]


def test_a_crew_comes_and_accepts_a_case_at_the_door(hall: RunningHall, dispatcher: Api, item: str) -> None:
    phone, now = some_phone(), hall_now(dispatcher)
    me, crew = visitor(hall, phone), Api(hall, "crew")
    taken = me.post("/onsite-orders", wanted(now, item, phone))
    assert taken.status_code == 201, taken.text
    order = taken.json()
    assert phone not in taken.text
    assert "location" not in order
    accepted = dispatcher.post(f"/onsite-orders/{order['id']}/screen", {"accept": True}).json()
    assert (accepted["state"], accepted["location"]["lat"]) == ("screened", 22.551)

    plan = drafted(dispatcher, order["date"])
    moved = dispatcher.post(
        f"/dispatch-plans/{plan['id']}/reassign", {"order": order["id"], "crew": CREW, "position": 0}
    )
    assert moved.json()["feasible"], moved.text
    plan = published(dispatcher, plan)
    assert (plan["state"], plan["current"]) == ("published", True)
    assert problem(dispatcher.post(f"/dispatch-plans/{plan['id']}/publish")) == (409, "plan_not_draft")

    looked_up = Api(hall).post("/onsite-orders/lookup", {"reference": order["reference"], "phone": phone})
    comes, opens = looked_up.json()["arrives_at"], order["window"]["from"]
    assert datetime.fromisoformat(comes) >= datetime.fromisoformat(opens)
    [own] = crew.get("/crews").json()["items"]
    route = crew.get(f"/crews/{own['code']}/route").json()
    [stop] = [each for each in route["stops"] if each["id"] == order["id"]]
    assert (stop["name"], stop["phone"][-11:], stop["state"]) == ("王五", phone, "assigned")

    operator, analyst = Api(hall, "operator"), Api(hall, "analyst")
    until(lambda: "onsite_expected" in _told(operator, order["reference"]), what="the visit is announced")
    assert crew.post(f"/onsite-orders/{order['id']}/depart").status_code == 200
    until(lambda: "onsite_on_way" in _told(operator, order["reference"]), what="the crew is announced")
    assert crew.post(f"/onsite-orders/{order['id']}/arrive").status_code == 200
    done = crew.post(f"/onsite-orders/{order['id']}/complete", {"cases": [{"item": item}]}).json()
    assert (done["state"], done["on_time"], done["cases"]) == ("done", True, [{"item": item, "number": None}])
    until(lambda: _counted(analyst, order["date"]), what="statistics count the visit")
    [case] = until(lambda: _numbered(Api(hall), order), what="the case has its number")
    number = Api(hall, "clerk").get(f"/cases/{case['number']}").json()
    assert (number["item"], number["origin"]) == (item, "on_site")


def _numbered(anybody: Api, order: dict[str, Any]) -> Any:
    cases = anybody.get(f"/onsite-orders/{order['id']}", holder=order["token"]).json()["cases"]
    return cases if cases[0]["number"] else None


def _counted(analyst: Api, day: str) -> bool:
    period = {"from": day, "to": day}
    rows = analyst.get("/statistics/onsite", **period, group="crew").json()["items"]
    cases = analyst.get("/statistics/volumes", **period, by="day", group="origin").json()["items"]
    hours = analyst.get("/statistics/heatmap", **period).json()["items"]
    return (
        any(row["group"] == CREW and row["done"] and row["cases"] and row["name"] for row in rows)
        and any(row["group"] == "on_site" and row["cases"] for row in cases)
        and sum(row["cases"] for row in hours) == sum(row["cases"] for row in cases)
    )


def _told(operator: Api, reference: str) -> list[str]:
    messages = operator.get("/messages", limit=200).json()["items"]
    return [each["kind"] for each in messages if reference in (each["text"] or "")]


def test_an_order_cancelled_while_a_plan_is_drafted_makes_the_draft_untrue(
    hall: RunningHall, dispatcher: Api, item: str
) -> None:
    tomorrow = hall_now(dispatcher) + timedelta(days=1)
    phone = some_phone()
    order = Api(hall, "operator").post("/onsite-orders", wanted(tomorrow, item, phone)).json()
    dispatcher.post(f"/onsite-orders/{order['id']}/screen", {"accept": True})
    plan = drafted(dispatcher, order["date"])
    assert visitor(hall, phone).post(f"/onsite-orders/{order['id']}/cancel").json()["state"] == "cancelled"
    refused = dispatcher.post(f"/dispatch-plans/{plan['id']}/publish")
    assert problem(refused) == (409, "plan_outdated")
    assert refused.json()["changed"][0]["reference"] == order["reference"]


def test_an_item_of_a_department_that_does_not_come_cannot_be_ordered(
    hall: RunningHall, dispatcher: Api
) -> None:
    police = Api(hall).get("/items", department="police").json()["items"][0]["code"]
    answer = dispatcher.post("/onsite-orders", wanted(hall_now(dispatcher), police, some_phone()))
    assert problem(answer) == (409, "not_on_site")
    assert problem(Api(hall).get("/onsite-days", item=police)) == (409, "not_on_site")


def test_anybody_may_ask_on_which_days_staff_comes_and_only_staff_what_is_left_over(
    hall: RunningHall, dispatcher: Api, item: str
) -> None:
    days = Api(hall).get("/onsite-days", item=item).json()["items"]
    now = hall_now(dispatcher)
    assert days[0]["date"] == now.date().isoformat()
    assert {datetime.fromisoformat(each["from"]).isoweekday() for each in days} <= {1, 2, 3, 4, 5}
    assert dispatcher.get("/onsite-orders/overdue").json() == {"items": [], "next": None}
    assert Api(hall, "crew").get("/onsite-orders/overdue").status_code == 403
    assert Api(hall).get("/onsite-days", item="nobody-001").status_code == 422
