"""A closure reaches visits: who is expected in it is told once and planned anew, and no route leads through it."""

from itertools import count
from typing import Any

import pytest

from services.chassis.effects import answer
from services.dispatch.errors import NobodyThen
from services.dispatch.service import Dispatch
from tests.integration.dispatch.in_process import OPERATOR, Hall
from tests.integration.dispatch.test_visits_and_changes import (
    MANAGER,
    TUESDAY,
    drafting,
    listed,
    on_tuesday,
)

_versions = count(1)


def closure(hall: Hall, since: float, until: float, **place: Any) -> dict[str, Any]:
    """Return a closure of the hall, or of a part of it, in hours after the first midnight."""
    place = {"department": None, "window": None, **place}
    return {**place, "starts_at": hall.at(since).isoformat(), "ends_at": hall.at(until).isoformat()}


def close(hall: Hall, closed: dict[str, Any], id_: str = "c1") -> None:
    told = {"id": id_, "reason": "停电", "reason_en": "", "days": [], **closed}
    hall.hear("catalogue.closure.published", told, sequence=next(_versions))
    hall.tick()


def touched(hall: Hall, closed: dict[str, Any]) -> int:
    with hall.database.autocommit() as store:
        found: int = answer(Dispatch.touches["closure"], store, MANAGER, closed)["visits"]
        return found


@pytest.mark.parametrize("place", [{}, {"department": "market"}])
def test_a_visit_within_a_closure_is_told_once_and_put_back_for_planning(
    hall: Hall, place: dict[str, Any]
) -> None:
    order = on_tuesday(hall, 1)
    hall.published(3)
    wanted = closure(hall, 24 + 8, 24 + 13, **place)
    assert touched(hall, wanted) == 1
    close(hall, wanted)
    now = hall.now_is(order)
    assert (now.state, now.crew, now.displaced) == ("screened", None, True)
    hall.tick()
    (event,) = [each for each in hall.told("dispatch.order.displaced") if each["subject"] == order.id]
    assert event["data"]["cause"] == "closure"
    assert event["data"]["alternatives"]
    assert listed(hall) == [order.id]
    assert (TUESDAY, ["order_gone"]) in drafting(hall)


@pytest.mark.parametrize("place", [{"department": "police"}, {"window": "101"}])
def test_what_another_department_or_a_window_closes_keeps_its_visits(
    hall: Hall, place: dict[str, Any]
) -> None:
    order = on_tuesday(hall, 1)
    wanted = closure(hall, 24, 48, **place)
    assert touched(hall, wanted) == 0
    close(hall, wanted)
    assert not hall.now_is(order).displaced


def test_a_visit_that_can_still_be_made_stays_and_its_day_is_drafted_around_the_closure(hall: Hall) -> None:
    order = on_tuesday(hall, 1)
    hall.published(3)
    wanted = closure(hall, 24 + 10, 24 + 11)
    assert touched(hall, wanted) == 0
    close(hall, wanted)
    assert not hall.now_is(order).displaced
    assert drafting(hall) == [(TUESDAY, ["hours"])]


def test_nobody_can_ask_for_a_closed_time_until_it_is_called_off(hall: Hall) -> None:
    wanted = closure(hall, 24, 48)
    close(hall, wanted)
    with pytest.raises(NobodyThen):
        hall.order(1, window=(24 + 10, 24 + 12), caller=OPERATOR)
    close(hall, {**wanted, "ends_at": wanted["starts_at"]})
    assert hall.order(1, window=(24 + 10, 24 + 12), caller=OPERATOR).state == "requested"
