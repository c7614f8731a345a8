"""A dated change reaches visits: whom nobody can reach as promised is told once, and stands before the dispatcher."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.effects import answer
from services.chassis.errors import Forbidden, ServiceError
from services.dispatch.domain.order import Order
from services.dispatch.errors import NobodyThen, PlaceTooFar, PlanOutdated, UnknownItem
from services.dispatch.service import Dispatch
from services.dispatch.use_cases import crews, field, looking, orders, plans, solving, visiting
from tests.integration.dispatch.in_process import (
    CREW,
    DISPATCHER,
    ITEM,
    OPERATOR,
    OTHER_CREW,
    Hall,
    Settling,
    crew_fields,
)

MANAGER = Caller(hall="main", username="manager", roles=frozenset({"manager"}))
TUESDAY, WEDNESDAY = date(2026, 3, 3), date(2026, 3, 4)
_versions = count(2)


def close(hall: Hall, *days: date) -> None:
    off = [{"day": day.isoformat(), "working": False, "name": "台风停业"} for day in days]
    hall.hear("catalogue.calendar.published", {"year": 2026, "days": off}, sequence=next(_versions))
    hall.tick()


def change(hall: Hall, *terms: Mapping[str, Any]) -> None:
    course = [term(date(2010, 1, 4)), *terms]
    hall.hear("catalogue.item.dated", {"code": ITEM, "terms": course}, sequence=next(_versions))
    hall.tick()


def term(since: date, department: str = "market", state: str = "active") -> dict[str, Any]:
    return {
        "effective_from": since.isoformat(),
        "state": state,
        "department": department,
        "queue": "q",
        "time_limit_days": 5,
        "service_seconds": 900,
    }


def on_tuesday(hall: Hall, nth: int) -> Order:
    return hall.screened(nth, window=(24 + 10, 24 + 12))


def listed(hall: Hall) -> list[str]:
    found = hall.do(looking.list_overdue, DISPATCHER, limit=50, cursor=None)
    return [each.id for each in found["items"]]


def drafting(hall: Hall) -> list[tuple[date, Sequence[str]]]:
    found = hall.do(plans.list_plans, DISPATCHER, date=None, limit=50, cursor=None)["items"]
    return [(each.date, list(each.reasons)) for each in found if each.state == "queued"]


def test_a_visit_on_a_day_that_becomes_a_rest_day_is_told_once_with_other_days(hall: Hall) -> None:
    asked, accepted = hall.order(1, window=(34, 36)), on_tuesday(hall, 2)
    close(hall, TUESDAY)
    close(hall, TUESDAY)
    for order, state in ((asked, "requested"), (accepted, "screened")):
        assert (hall.now_is(order).state, hall.now_is(order).displaced) == (state, True)
        (event,) = [each for each in hall.told("dispatch.order.displaced") if each["subject"] == order.id]
        assert event["data"]["cause"] == "day_off"
        assert [each["date"] for each in event["data"]["alternatives"]] == [
            "2026-03-04",
            "2026-03-05",
            "2026-03-06",
        ]
    assert set(listed(hall)) == {asked.id, accepted.id}
    window = {"from_": hall.at(24 * 2 + 10), "to": hall.at(24 * 2 + 12)}
    moved = hall.do(orders.reschedule_order, DISPATCHER, id=UUID(accepted.id), window=window)
    assert (moved.displaced, moved.day) == (False, WEDNESDAY)
    hall.do(orders.cancel_order, DISPATCHER, id=UUID(asked.id), reason="电话取消")
    assert listed(hall) == []


def test_a_published_visit_of_a_closed_day_leaves_its_crew_and_the_day_is_drafted_anew(hall: Hall) -> None:
    order = on_tuesday(hall, 1)
    hall.published(3)
    assert hall.now_is(order).state == "assigned"
    close(hall, TUESDAY)
    now = hall.now_is(order)
    assert (now.state, now.crew, now.displaced) == ("screened", None, True)
    assert drafting(hall) == [(TUESDAY, ["order_gone"])]


@pytest.mark.parametrize(("from_", "to"), [(24 * 5 + 10, 24 * 5 + 12), (19, 20), (6, 8), (12, 14)])
def test_a_window_outside_every_crews_shifts_or_in_its_break_is_refused_with_days_that_are_not(
    hall: Hall, from_: int, to: int
) -> None:
    hall.now = hall.at(1)
    with pytest.raises(NobodyThen) as refused:
        hall.order(1, window=(from_, to), caller=OPERATOR)
    assert refused.value.extra["days"]
    taken = hall.order(1, caller=OPERATOR)
    with pytest.raises(NobodyThen):
        window = {"from_": hall.at(from_), "to": hall.at(to)}
        hall.do(orders.reschedule_order, OPERATOR, id=UUID(taken.id), window=window)


def test_a_window_in_the_break_of_others_is_taken_while_one_crew_works_then(hall: Hall) -> None:
    works = [{"weekday": each, "starts": time(9), "ends": time(18)} for each in range(1, 6)]
    rests = [{**each, "breaks": [{"starts": time(12), "ends": time(13, 30)}]} for each in works]
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("m2", members=["li"], shifts=rests))
    order = hall.order(1, window=(12, 14))
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("m2", members=["li"], shifts=works))
    hall.tick()
    assert hall.now_is(order).displaced, "all have their break then"


@pytest.mark.parametrize(
    "place", [{"lat": 0, "lon": 0}, {"lat": 39.9, "lon": 116.4}, {"lat": -22.5, "lon": 114.1}]
)
def test_a_place_that_no_crew_goes_to_is_refused(hall: Hall, place: dict[str, float]) -> None:
    with pytest.raises(PlaceTooFar):
        hall.order(1, location=place)


def test_an_item_that_ends_is_visited_up_to_its_last_day_alone(hall: Hall) -> None:
    order = on_tuesday(hall, 1)
    change(hall, term(TUESDAY, state="withdrawn"))
    assert hall.now_is(order).displaced
    with pytest.raises(UnknownItem):
        on_tuesday(hall, 2)
    assert hall.order(3).state == "requested"
    days = hall.do(visiting.list_days, OPERATOR, item=ITEM)["items"]
    assert [day.isoformat() for day, _, _ in days] == ["2026-03-02"]


def test_a_visit_for_an_item_that_has_ended_is_given_to_no_crew(hall: Hall) -> None:
    order = on_tuesday(hall, 1)
    change(hall, term(TUESDAY, state="withdrawn"))
    published = hall.published(3)
    assert [(each.job, each.reason) for each in published.plan.unserved] == [(order.id, "skill")]
    assert (hall.now_is(order).state, hall.now_is(order).displaced) == ("screened", True)


def test_a_visit_follows_its_item_to_the_department_whose_crew_can_come(hall: Hall) -> None:
    hall.hear("catalogue.department.published", {"code": "tax", "offers_three_services": True}, sequence=9)
    hall.do(
        crews.save_crew,
        DISPATCHER,
        **crew_fields("t1", members=["zhao"], skills={"departments": ["tax"], "items": []}),
    )
    order = on_tuesday(hall, 1)
    hall.published(3)
    assert hall.now_is(order).crew in ("m1", "m2")
    change(hall, term(TUESDAY, department="tax"))
    now = hall.now_is(order)
    assert (now.department, now.state, now.crew, now.displaced) == ("tax", "scheduled", None, False)
    assert hall.verbs(order)[-1] == "unassigned"
    assert drafting(hall) == [(TUESDAY, ["order_gone"])], "somebody plans it again"


def test_the_last_crew_that_is_away_displaces_its_visits(hall: Hall) -> None:
    order = on_tuesday(hall, 1)
    for crew in ("m1", "m2"):
        absence = {"member": None, "from_": TUESDAY, "to": None, "reason": "培训"}
        hall.do(crews.note_absence, DISPATCHER, code=crew, **absence)
        hall.tick()
    assert hall.now_is(order).displaced
    assert hall.verbs(order).count("displaced") == 1
    with pytest.raises(ServiceError):
        on_tuesday(hall, 2)


def test_what_is_under_way_is_carried_on(hall: Hall) -> None:
    order = hall.screened(1, window=(9, 12))
    hall.published()
    member = {"m1": CREW, "m2": OTHER_CREW}[hall.now_is(order).crew or ""]
    hall.do(field.depart, member, id=UUID(order.id), happened_at=None)
    close(hall, date(2026, 3, 2))
    assert (hall.now_is(order).state, hall.now_is(order).displaced) == ("en_route", False)


def of(hall: Hall, change: str, **about: Any) -> Any:
    """Return what a change would touch, as the service answers."""
    with hall.database.autocommit() as store:
        return answer(Dispatch.touches[change], store, MANAGER, about)


def touches(hall: Hall, change: str, **about: Any) -> int:
    return int(of(hall, change, **about)["visits"])


def hours(pause: tuple[str, str]) -> list[dict[str, Any]]:
    breaks = [{"starts": pause[0], "ends": pause[1]}]
    return [
        {"department": None, "weekday": day, "opens": "09:00", "closes": "17:45", "breaks": breaks}
        for day in range(1, 6)
    ]


def test_what_a_change_will_touch_is_known_before_it_is_made(hall: Hall) -> None:
    order = on_tuesday(hall, 1)
    hall.order(2)
    asked = {"item": ITEM, "from": TUESDAY.isoformat()}
    away = {"member": None, "from": TUESDAY.isoformat(), "to": None}
    example = {"kind": "visits", "number": order.reference, "on": TUESDAY.isoformat()}
    assert of(hall, "item", **asked, department=None) == {"visits": 1, "examples": [example]}
    assert touches(hall, "item", **asked, department="tax") == 1
    assert touches(hall, "item", **asked, department="market") == 0
    assert touches(hall, "days", days=[TUESDAY.isoformat()]) == 1
    assert touches(hall, "absence", code="m1", **away) == 0
    hall.do(crews.note_absence, DISPATCHER, code="m2", member=None, from_=TUESDAY, to=None, reason=None)
    assert touches(hall, "absence", code="m1", **away) == 1
    assert not hall.now_is(order).displaced
    with pytest.raises(Forbidden):
        hall.do(lambda store, caller: answer(Dispatch.touches["days"], store, caller, {}), OPERATOR)


def test_what_a_change_of_a_department_or_of_the_hours_touches_comes_true(hall: Hall) -> None:
    order, later = on_tuesday(hall, 1), hall.screened(2, window=(24 + 14, 24 + 16))
    rests = hours(("10:00", "14:00"))
    since = {"from": TUESDAY.isoformat()}
    assert touches(hall, "department", department="market", offers=False, **since) == 2
    assert touches(hall, "department", department="market", ends=True, **since) == 2
    assert touches(hall, "department", department="market", **since) == 0, "another name touches nobody"
    assert touches(hall, "department", department="market", ends=True, **{"from": "2026-03-04"}) == 0
    found = of(hall, "hours", hours=rests, **since)
    assert found == {
        "visits": 1,
        "examples": [{"kind": "visits", "number": order.reference, "on": TUESDAY.isoformat()}],
    }
    hall.hear("catalogue.hours.published", {"hours": rests}, sequence=next(_versions))
    hall.tick()
    assert (hall.now_is(order).displaced, hall.now_is(later).displaced) == (True, False)


@pytest.mark.parametrize("published", [False, True])
def test_other_breaks_of_a_department_have_its_crews_days_drafted_anew_once(
    hall: Hall, published: bool
) -> None:
    order = hall.screened(1, window=(24 + 9, 24 + 12))
    if published:
        hall.published(3)
        before = hall.now_is(order)
    else:
        draft = hall.planned(3)
    for nth, pause in enumerate((("12:00", "14:00"), ("09:00", "11:00"), ("09:00", "11:00"))):
        hall.now += timedelta(seconds=1)
        hall.hear("catalogue.hours.published", {"hours": hours(pause)}, sequence=next(_versions))
        hall.tick()
        assert drafting(hall) == ([(TUESDAY, ["hours"])] if nth else [])
    if published:
        assert hall.now_is(order).arrives_at == before.arrives_at, "what is published stays until another is"
    else:
        with pytest.raises(PlanOutdated) as refused:
            hall.do(plans.publish_plan, DISPATCHER, id=UUID(draft.id))
        assert {each["change"] for each in refused.value.extra["changed"]} == {"hours"}
    assert solving.solve_next(hall.database, Settling())
    (newest,) = [
        each
        for each in hall.do(plans.list_plans, DISPATCHER, date=TUESDAY, limit=1, cursor=None)["items"]
        if each.state == "draft"
    ]
    assert [f"{stop.starts_at.astimezone(clock.hall_zone()):%H}" >= "11" for _, stop in newest.stops] == [
        True
    ]
    hall.hear("catalogue.hours.published", {"hours": hours(("09:00", "11:00"))}, sequence=next(_versions))
    hall.tick()
    assert drafting(hall) == [], "the draft has them already"


def test_hours_that_change_while_a_day_is_being_planned_have_it_drafted_once_more(hall: Hall) -> None:
    hall.screened(1, window=(24 + 9, 24 + 12))
    hall.published(3)

    class Meanwhile(Settling):
        def solve(self, *given: Any) -> Any:
            hall.hear(
                "catalogue.hours.published", {"hours": hours(("09:00", "11:00"))}, sequence=next(_versions)
            )
            hall.tick()
            return super().solve(*given)

    hall.now += timedelta(seconds=1)
    hall.do(plans.request_plan, DISPATCHER, date=TUESDAY, seed=1, seconds=None)
    assert solving.solve_next(hall.database, Meanwhile())
    assert drafting(hall) == [(TUESDAY, ["hours"])]


def test_a_day_is_drafted_anew_on_which_a_crew_works_no_more_and_another_does(hall: Hall) -> None:
    saturday = date(2026, 3, 7)
    worked = [{"day": saturday.isoformat(), "working": True, "name": "调休"}]
    for nth, days in enumerate((worked, [])):
        hall.hear("catalogue.calendar.published", {"year": 2026, "days": days}, sequence=next(_versions))
        if nth == 0:
            order = hall.screened(1, window=(5 * 24 + 10, 5 * 24 + 12))
            hall.published(7)
            shift = [{"weekday": 6, "starts": time(9), "ends": time(18)}]
            hall.do(crews.save_crew, DISPATCHER, **crew_fields("s1", members=["zhao"], shifts=shift))
        hall.tick()
    assert (hall.now_is(order).state, hall.now_is(order).displaced) == ("assigned", False)
    assert drafting(hall) == [(saturday, ["hours"])]


def test_what_another_crew_would_not_do_any_more_is_known_before(hall: Hall) -> None:
    on_tuesday(hall, 1)
    hall.do(crews.note_absence, DISPATCHER, code="m2", member=None, from_=TUESDAY, to=None, reason=None)
    since = {"code": "m1", "from": TUESDAY.isoformat()}
    same = plain(crew_fields("m1"))
    afternoons = [{"weekday": day, "starts": "14:00", "ends": "18:00"} for day in range(1, 6)]
    assert touches(hall, "crew", **since, crew=same) == 0
    assert touches(hall, "crew", **since, crew=None) == 1
    for change_ in (
        {"skills": {"departments": ["tax"], "items": []}},
        {"shifts": afternoons},
        {"days_off": [TUESDAY.isoformat()]},
    ):
        assert touches(hall, "crew", **since, crew={**same, **change_}) == 1, change_
    with pytest.raises(ServiceError):
        touches(hall, "crew", **{**since, "code": "m9"}, crew=same)


def plain(fields: Mapping[str, Any]) -> Any:
    """Return a crew as a client sends it."""
    shifts = [
        {name: f"{value:%H:%M}" if isinstance(value, time) else value for name, value in shift.items()}
        for shift in fields["shifts"]
    ]
    return {**fields, "shifts": shifts, "days_off": [each.isoformat() for each in fields["days_off"]]}
