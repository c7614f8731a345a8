"""When the time that a crew has to spare is of use to others."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.dispatch.domain.crew import Crew
from services.dispatch.domain.day import Day
from services.dispatch.domain.hours import OpeningHours
from services.dispatch.domain.order import Order, Person

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)
LAT, LON = 22.5431, 114.0579
# At the usual speeds a crew takes some ten minutes for these five kilometres as the crow flies.
NORTH = LAT + 0.045


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=ZONE)


def order(**more: Any) -> Order:
    """Return an order that nobody makes, to be visited until noon."""
    person = Person(
        phone_hash="h", name_sealed="s", phone_sealed="s", address_sealed="s",
        name="张*", phone="138****0001", address="福田区****", lat=LAT, lon=LON, language="zh",
    )  # fmt: skip
    if place := more.pop("lat", None):
        person = Person(**{**vars(person), "lat": place})
    usual: dict[str, Any] = {
        "state": "scheduled", "item": "market-001", "department": "market", "window_from": at(9),
        "window_to": at(12), "service_seconds": 900, "person": person,
    }  # fmt: skip
    return Order(
        hall="main", id="o", reference="0000001A", channel="web", day=MONDAY, priority="normal",
        created_at=at(8), **usual | more,
    )  # fmt: skip


def promised(hour: int, minute: int = 0, **more: Any) -> Order:
    begins = at(hour, minute)
    return order(state="assigned", crew="m2", arrives_at=begins, **more)


def day(order: Order, *, now: datetime, **more: Any) -> Day:
    crew: dict[str, Any] = {"members": ["crew"], "least_members": 1, "departments": ["market"], "items": []}
    crew |= {"lat": LAT, "lon": LON, "capacity": 8, "days_off": [], "shifts": {1: (time(9), time(18))}}
    m1 = Crew(hall="main", code="m1", name="一组", name_en=None, department="market", **crew | more)
    hours = OpeningHours(weekly={}, exceptions={}, zone=ZONE)
    offered = {"offered": {order.item: order.department}}
    return Day(on=MONDAY, today=MONDAY, at=now, orders=[order], crews=[m1], hours=hours, **offered)


@pytest.mark.parametrize(
    ("order", "now", "crew", "gains"),
    [
        (order(), at(9, 30), {}, True),
        (order(), at(12, 1), {}, False),
        (order(lat=NORTH), at(11, 55), {}, False),
        (order(state="done", departed_at=at(9), crew="m2"), at(9, 30), {}, False),
        (order(), at(9, 30), {"departments": ["tax"]}, False),
        (order(), at(9, 30), {"days_off": [MONDAY]}, False),
        (order(window_to=at(18)), at(17, 50), {}, False),
        (promised(11), at(9, 30), {}, True),
        (promised(11), at(10, 55), {}, False),
        (promised(11, lat=NORTH), at(10, 45), {}, False),
        (promised(11, window_from=at(11)), at(9, 30), {}, False),
    ],
    ids=[
        "nobody makes it", "its window is over", "too far for its window", "it is done", "another skill",
        "the crew is off", "after the shift", "long before", "a little before", "the way takes it all",
        "the window opens no earlier",
    ],
)  # fmt: skip
def test_time_to_spare_is_of_use_for_what_nobody_makes_or_much_earlier(
    order: Order, now: datetime, crew: dict[str, Any], gains: bool
) -> None:
    assert day(order, now=now, **crew).gains("m1", least=timedelta(minutes=10)) is gains
