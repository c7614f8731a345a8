"""Who holds a number is counted before a change, and some of them are named by it."""

from typing import Any

import pytest

from services.chassis.caller import Caller
from services.chassis.effects import NotYourChange, answer
from services.chassis.errors import ServiceError
from services.ticketing.service import Ticketing
from tests.integration.ticketing.conftest import HOURS, SmallHall

MANAGER = Caller(hall="main", username="manager", roles=frozenset({"manager"}))
TODAY, TOMORROW = "2026-03-02", "2026-03-03"


def touched(hall: SmallHall, change: str, **about: Any) -> tuple[int, list[str]]:
    """Return how many a change touches, and the numbers that are named."""
    with hall.database.autocommit() as store:
        found = answer(Ticketing.touches[change], store, MANAGER, about)
    return found["tickets"], [each["number"] for each in found["examples"]]


def hours(closes: str, department: str | None = None) -> list[dict[str, Any]]:
    """Return the hall's hours with another end, or with that of a department beside them."""
    if department is None:
        return [{**row, "closes": closes} for row in HOURS]
    return [*HOURS, *({**row, "closes": closes, "department": department} for row in HOURS)]


def test_numbers_are_counted_for_what_would_change_of_them_and_three_are_named(hall: SmallHall) -> None:
    hall.furnish()
    numbers = [hall.issue("i0")["number"] for _ in range(4)]
    other = hall.issue("i2")["number"]
    assert touched(hall, "item", item="i0", **{"from": TODAY}) == (4, numbers[:3])
    assert touched(hall, "item", item="i0", **{"from": TOMORROW}) == (0, [])
    assert touched(hall, "days", days=[TODAY, TOMORROW])[0] == 5
    assert touched(hall, "days", days=[TOMORROW]) == (0, [])
    assert touched(hall, "department", department="d1", ends=True, **{"from": TODAY}) == (1, [other])
    assert touched(hall, "department", department="d1", offers=False, **{"from": TODAY}) == (0, [])
    hall.sign_in("100")
    called = hall.call_next("100")
    assert called is not None
    hall.act("start", called["id"], hall.clerk("100"))
    hall.act("finish", called["id"], hall.clerk("100"))
    assert touched(hall, "item", item="i0", **{"from": TODAY})[0] == 3, "who was served is not touched"


def test_other_hours_of_today_touch_the_numbers_of_the_departments_that_have_them(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue("i0")
    mine = hall.issue("i2")["number"]
    assert touched(hall, "hours", hours=hours("16:00"), **{"from": TODAY})[0] == 2
    assert touched(hall, "hours", hours=hours("16:00", "d1"), **{"from": TODAY}) == (1, [mine])
    assert touched(hall, "hours", hours=hours("17:30"), **{"from": TODAY}) == (0, [])
    assert touched(hall, "hours", hours=hours("16:00"), **{"from": TOMORROW}) == (0, [])
    with pytest.raises(ServiceError):
        touched(hall, "hours", hours=hours("08:00"), **{"from": TODAY})


def test_a_window_that_is_left_touches_who_waits_where_no_other_window_calls(hall: SmallHall) -> None:
    hall.furnish()
    numbers = [hall.issue(item)["number"] for item in ("i0", "i1")]
    hall.issue("i2")
    hall.sign_in("100")
    assert touched(hall, "window", window="100") == (2, numbers)
    assert touched(hall, "window", window="100", queues=["q0"]) == (1, [numbers[1]])
    assert touched(hall, "window", window="101") == (0, []), "nobody sits there"
    hall.sign_in("101", queues=["q1"])
    assert touched(hall, "window", window="100") == (1, [numbers[0]])
    with pytest.raises(ServiceError):
        touched(hall, "window", window="999")


def test_only_who_may_make_the_change_is_told(hall: SmallHall) -> None:
    hall.furnish()
    clerk = hall.clerk("100")
    with hall.database.autocommit() as store:
        with pytest.raises(NotYourChange):
            answer(Ticketing.touches["days"], store, clerk, {"days": [TODAY]})
        assert answer(Ticketing.touches["window"], store, clerk, {"window": "100"})["tickets"] == 0
