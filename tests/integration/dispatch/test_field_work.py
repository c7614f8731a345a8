"""A crew on its way: departing, arriving, completing, failing, and saying so late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.chassis.caller import Caller
from services.chassis.commands import fingerprint, run_once
from services.dispatch.domain.order import Order
from services.dispatch.domain.planning import Place
from services.dispatch.errors import (
    CalledOff,
    CrewBusy,
    IllegalTransition,
    MomentInvalid,
    NoCrew,
    NotYourCrew,
    RoleMissing,
    UnknownItem,
    WrongDay,
)
from services.dispatch.use_cases import crews, field, looking, orders, plans
from services.dispatch.use_cases.plans import day_of
from tests.integration.dispatch.in_process import (
    CREW,
    DISPATCHER,
    HERE,
    ITEM,
    OPERATOR,
    OTHER_CREW,
    Hall,
    crew_fields,
)


@pytest.fixture
def visits(hall: Hall) -> list[Order]:
    """Two visits of the crew m1 that are published, in its order, at nine o'clock."""
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("m2", members=["li"], days_off=[hall.at(9).date()]))
    for nth in (1, 2):
        hall.screened(nth)
    hall.published()
    hall.now = hall.at(9)
    with hall.database.autocommit() as store:
        return store.route("main", "m1", hall.at(9).date())


def act(hall: Hall, verb: str, order: Order, caller: Any = CREW, **more: Any) -> Order:
    request = {"happened_at": None} | ({"cases": []} if verb == "complete" else {}) | more
    done: Order = hall.do(getattr(field, verb), caller, id=UUID(order.id), **request)
    return done


def at_minute(hall: Hall, minute: int) -> datetime:
    hall.now = hall.at(9, minute)
    return hall.now


def test_a_visit_from_departure_to_cases_accepted_on_the_spot(hall: Hall, visits: list[Order]) -> None:
    order = visits[0]
    moments = []
    for minute, verb in ((1, "depart"), (9, "arrive"), (30, "complete")):
        moments.append(at_minute(hall, minute))
        more = {"cases": [{"item": ITEM}, {"item": ITEM}]} if verb == "complete" else {}
        done = act(hall, verb, order, **more)
    assert (done.departed_at, done.arrived_at, done.ended_at) == tuple(moments)
    assert (done.state, done.cases, done.travel_s, done.service_s, done.on_time) == (
        "done",
        (ITEM, ITEM),
        480,
        1260,
        True,
    )
    told = hall.told("dispatch.order.done")[0]["data"]
    assert (told["cases"], told["ended_by"], told["crew"]) == ([{"item": ITEM}] * 2, "crew", "m1")
    assert hall.verbs(order)[-3:] == ["departed", "arrived", "done"]


def test_a_visit_may_fail_on_the_way_or_at_the_door(hall: Hall, visits: list[Order]) -> None:
    act(hall, "depart", visits[0])
    failed = act(hall, "fail", visits[0], reason="电话取消")
    assert (failed.state, failed.reason, failed.on_time) == ("failed_visit", "电话取消", None)
    act(hall, "depart", visits[1])
    act(hall, "arrive", visits[1])
    assert act(hall, "fail", visits[1], reason="无人在家").state == "failed_visit"
    with pytest.raises(IllegalTransition):
        act(hall, "complete", visits[1])


def test_only_members_of_the_crew_act_and_only_in_order(hall: Hall, visits: list[Order]) -> None:
    for caller, refusal in ((OTHER_CREW, NotYourCrew), (DISPATCHER, RoleMissing)):
        with pytest.raises(refusal):
            act(hall, "depart", visits[0], caller)
    for verb, more in (("arrive", {}), ("complete", {}), ("fail", {"reason": "x"})):
        with pytest.raises(IllegalTransition):
            act(hall, verb, visits[0], **more)
    with pytest.raises(NoCrew):
        act(hall, "depart", hall.screened(3))


def test_a_crew_makes_one_visit_at_a_time_whoever_of_it_says_so(hall: Hall, visits: list[Order]) -> None:
    def attempt(order: Order) -> str:
        try:
            return act(hall, "depart", order).state
        except CrewBusy:
            return "busy"
        except IllegalTransition:
            return "gone"

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(attempt, visits * 3))
    assert answers.count("en_route") == 1
    assert set(answers) <= {"en_route", "busy", "gone"}


def call_off(hall: Hall, order: Order, caller: Any = DISPATCHER) -> Order:
    off: Order = hall.do(orders.cancel_order, caller, id=UUID(order.id), reason="临时有事")
    return off


def route(hall: Hall) -> list[Order]:
    found = hall.do(looking.get_route, CREW, code="m1", date=None)
    return [order for order, _ in found["stops"]]


def test_a_dispatcher_calls_a_crew_back_that_is_on_its_way(hall: Hall, visits: list[Order]) -> None:
    act(hall, "depart", visits[0])
    owner = Caller(hall="main", roles=frozenset({"visitor"}), subject=visits[0].person.phone_hash)
    for caller in (OPERATOR, owner):
        with pytest.raises(IllegalTransition):
            call_off(hall, visits[0], caller)
    hall.now = hall.at(9, 10)
    off = call_off(hall, visits[0])
    assert (off.state, off.crew, off.crew_before, off.ended_at) == ("cancelled", None, "m1", hall.now)
    assert off.departed_at == hall.at(9), "it went there for nothing"
    assert hall.verbs(off)[-1] == "cancelled"
    told = hall.told("dispatch.order.cancelled")[0]["data"]
    assert [told[name] for name in ("crew", "crew_before", "travel_s")] == [None, "m1", 600]
    first, *_ = route(hall)
    assert (first.state, first.reason) == ("cancelled", "临时有事")
    for verb, more in (("arrive", {}), ("fail", {"reason": "x"}), ("depart", {})):
        with pytest.raises(CalledOff):
            act(hall, verb, visits[0], **more)
    assert act(hall, "depart", visits[1]).state == "en_route"


def test_a_crew_that_is_there_is_called_back_no_more(hall: Hall, visits: list[Order]) -> None:
    act(hall, "depart", visits[0])
    act(hall, "arrive", visits[0])
    with pytest.raises(IllegalTransition):
        call_off(hall, visits[0])
    act(hall, "complete", visits[0])
    with pytest.raises(IllegalTransition):
        call_off(hall, visits[0])


def test_what_a_phone_tells_late_of_a_visit_that_was_called_off_says_so(
    hall: Hall, visits: list[Order]
) -> None:
    call_off(hall, visits[0])
    with pytest.raises(CalledOff) as refusal:
        act(hall, "depart", visits[0], happened_at=hall.now)
    assert (refusal.value.code, refusal.value.extra) == ("called_off", {"reason": "临时有事"})
    shown = [each.state for each in route(hall)]
    assert sorted(shown) == ["assigned", "cancelled"]


def test_a_crew_that_was_called_back_is_free_from_where_it_was_going(hall: Hall, visits: list[Order]) -> None:
    act(hall, "depart", visits[0])
    hall.now = hall.at(9, 10)
    call_off(hall, visits[0])
    with hall.database.autocommit() as store:
        day = day_of(store, "main", hall.now.date(), at=hall.now)
    (free,) = day.shifts()
    place = visits[0].person
    assert (free.start, free.not_before, free.capacity) == (Place(place.lat, place.lon), hall.now, 8)


def test_the_time_of_a_visit_that_is_called_off_on_the_way_is_given_back(
    hall: Hall, visits: list[Order]
) -> None:
    late = hall.screened(3, window=(9, 11))
    act(hall, "depart", visits[0])
    hall.now = hall.at(9, 10)
    call_off(hall, visits[0])
    page = hall.do(plans.list_plans, DISPATCHER, date=hall.now.date(), limit=10, cursor=None)
    newest = page["items"][0]
    assert (newest.state, list(newest.reasons)) == ("queued", ["order_gone"])
    hall.now = hall.at(9, 11)
    planned = hall.planned()
    assert late.id in {stop.job for _, stop in planned.stops}


def test_a_way_outside_opening_hours_is_overtime_though_it_was_for_nothing(hall: Hall) -> None:
    shift = [{"weekday": 1, "starts": time(8), "ends": time(12)}]
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("m1", shifts=shift))
    early = hall.screened(1, window=(8, 10))
    hall.published()
    hall.now = hall.at(8, 20)
    act(hall, "depart", early)
    hall.now = hall.at(8, 50)
    call_off(hall, early)
    (overtime,) = hall.told("dispatch.overtime.recorded")
    assert (overtime["data"]["staff"], overtime["data"]["minutes"]) == ("crew", 30)


def test_of_leaving_and_calling_off_at_once_none_is_lost(hall: Hall, visits: list[Order]) -> None:
    def leave() -> str:
        try:
            return act(hall, "depart", visits[0]).state
        except CalledOff:
            return "called off"

    with ThreadPoolExecutor(2) as pool:
        left, off = pool.submit(leave), pool.submit(call_off, hall, visits[0])
        assert off.result().state == "cancelled"
        assert left.result() in {"en_route", "called off"}
    now = hall.now_is(visits[0])
    assert (now.state, now.departed_at is not None) == ("cancelled", left.result() == "en_route")


def test_an_order_under_way_is_not_moved(hall: Hall, visits: list[Order]) -> None:
    act(hall, "depart", visits[0])
    window = {"from_": hall.at(14), "to": hall.at(16)}
    with pytest.raises(IllegalTransition):
        hall.do(orders.reschedule_order, DISPATCHER, id=UUID(visits[0].id), window=window)


def test_what_is_sent_later_happened_when_the_crew_says(hall: Hall, visits: list[Order]) -> None:
    hall.now = hall.at(11)
    act(hall, "depart", visits[0], happened_at=hall.at(9, 5))
    act(hall, "arrive", visits[0], happened_at=hall.at(9, 20))
    done = act(hall, "complete", visits[0], happened_at=hall.at(9, 50))
    assert (done.travel_s, done.service_s) == (900, 1800)
    with hall.database.connect() as connection:
        rows = connection.execute(
            'SELECT entered_at, left_at FROM order_states WHERE "order" = %s ORDER BY version',
            [done.id],
        ).fetchall()
    assert [row["left_at"] for row in rows[:-1]] == [row["entered_at"] for row in rows[1:]]


@pytest.mark.parametrize("minutes", [-60, 5], ids=["before it was assigned", "in the future"])
def test_a_moment_that_cannot_be_is_refused(hall: Hall, visits: list[Order], minutes: int) -> None:
    with pytest.raises(MomentInvalid):
        act(hall, "depart", visits[0], happened_at=hall.now + timedelta(minutes=minutes))
    assert hall.now_is(visits[0]).state == "assigned"


def test_a_clock_a_little_ahead_is_forgiven(hall: Hall, visits: list[Order]) -> None:
    left = act(hall, "depart", visits[0], happened_at=hall.now + timedelta(seconds=90))
    assert left.departed_at == hall.now


def test_a_departure_before_a_plan_that_came_meanwhile_counts(hall: Hall, visits: list[Order]) -> None:
    left_at = hall.now + timedelta(minutes=2)
    hall.now += timedelta(minutes=10)
    hall.published()
    assert hall.verbs(visits[0])[-1] == "reassigned"
    hall.now += timedelta(minutes=1)
    assert act(hall, "depart", visits[0], happened_at=left_at).departed_at == left_at


def test_nobody_departs_for_an_order_of_another_day(hall: Hall) -> None:
    order = hall.screened(1, window=(33, 36))
    hall.published(3)
    crew = hall.now_is(order).crew
    with pytest.raises(WrongDay):
        act(hall, "depart", order, {"m1": CREW, "m2": OTHER_CREW}[str(crew)])


def test_only_items_the_crew_can_do_are_accepted_on_the_spot(hall: Hall, visits: list[Order]) -> None:
    act(hall, "depart", visits[0])
    act(hall, "arrive", visits[0])
    for item in ("tax-001", "nobody-001"):
        with pytest.raises(UnknownItem):
            act(hall, "complete", visits[0], cases=[{"item": item}])
    withdrawn = {"code": ITEM, "department": "market", "service_seconds": 900, "state": "withdrawn"}
    hall.hear("catalogue.item.published", withdrawn, sequence=2)
    assert act(hall, "complete", visits[0], cases=[{"item": ITEM}]).cases == (ITEM,)


def test_an_action_sent_again_under_its_key_is_answered_as_the_first_time(
    hall: Hall, visits: list[Order]
) -> None:
    request = {"id": UUID(visits[0].id), "happened_at": None}

    def once() -> Any:
        return run_once(
            hall.database,
            "crew:key-1",
            fingerprint("depart", request, CREW),
            lambda store: field.depart(store, CREW, **request).state,
            at=hall.now,
        )

    answers = [once(), once()]
    assert [(each.body, each.replayed) for each in answers] == [("en_route", False), ("en_route", True)]
    assert hall.verbs(visits[0]).count("departed") == 1


def test_planning_again_leaves_out_what_has_started_and_begins_where_the_crew_is(
    hall: Hall, visits: list[Order]
) -> None:
    act(hall, "depart", visits[0])
    at_minute(hall, 10)
    act(hall, "arrive", visits[0])
    urgent = hall.screened(5, caller=DISPATCHER, priority="urgent")
    draft = hall.planned()
    ids = [stop.job for _, stop in draft.stops]
    assert sorted(ids) == sorted([visits[1].id, urgent.id])
    first = next(stop for _, stop in draft.stops)
    assert first.arrives_at > hall.at(9, 10) + timedelta(seconds=900)
    hall.publish(draft)
    assert hall.now_is(visits[0]).state == "on_site"
    assert hall.now_is(urgent).state == "assigned"


def test_after_a_failed_visit_the_rest_is_planned_from_where_the_crew_is(
    hall: Hall, visits: list[Order]
) -> None:
    act(hall, "depart", visits[0])
    at_minute(hall, 12)
    act(hall, "fail", visits[0], reason="没有人在")
    draft = hall.published()
    assert [stop.job for _, stop in draft.stops] == [visits[1].id]
    assert hall.now_is(visits[0]).state == "failed_visit"


def test_a_visit_that_a_crew_forgot_to_end_comes_first_on_its_next_day(
    hall: Hall, visits: list[Order]
) -> None:
    act(hall, "depart", visits[0])
    hall.now = hall.at(16)
    left_over = {"limit": 50, "cursor": None}
    assert hall.do(looking.list_overdue, DISPATCHER, **left_over)["items"] == []
    hall.now = hall.at(33)
    assert {each.id for each in hall.do(looking.list_overdue, DISPATCHER, **left_over)["items"]} == {
        each.id for each in visits
    }
    today = hall.screened(5, window=(34, 38))
    hall.published(3)
    route = hall.do(looking.get_route, CREW, code="m1", date=None)["stops"]
    assert [(order.id, order.state) for order, _ in route] == [
        (visits[0].id, "en_route"),
        (today.id, "assigned"),
    ]
    assert act(hall, "fail", visits[0], reason="昨天没有记下").state == "failed_visit"


def test_an_order_shows_the_numbers_of_its_cases_once_cases_has_given_them(
    hall: Hall, visits: list[Order]
) -> None:
    other = {"code": "market-002", "department": "market", "service_seconds": 900, "state": "active"}
    hall.hear("catalogue.item.published", other)
    for verb in ("depart", "arrive"):
        act(hall, verb, visits[0])
    items = [ITEM, "market-002", ITEM]
    assert act(hall, "complete", visits[0], cases=[{"item": each} for each in items]).accepted == [
        (each, None) for each in items
    ]
    told = [("2026-0000009", ITEM), ("2026-0000007", ITEM), ("2026-0000007", ITEM)]
    for number, item in told:
        hall.hear(
            "cases.case.accepted", {"number": number, "item": item, "onsite_order": visits[0].id}, sequence=2
        )
    hall.hear("cases.case.accepted", {"number": "2026-0000001", "item": ITEM, "onsite_order": None})
    assert hall.now_is(visits[0]).accepted == [
        (ITEM, "2026-0000007"),
        ("market-002", None),
        (ITEM, "2026-0000009"),
    ]


def test_work_outside_opening_hours_is_recorded_for_each_member_who_was_there(hall: Hall) -> None:
    hall.do(
        crews.save_crew,
        DISPATCHER,
        **crew_fields("m1", members=["crew", "wang", "zhao"], start=HERE),
    )
    day = hall.at(9).date()
    for code, member in (("m1", "zhao"), ("m2", None)):
        hall.do(crews.note_absence, DISPATCHER, code=code, member=member, from_=day, to=None, reason=None)
    order = hall.screened(1, window=(11, 18))
    hall.published()
    hall.now = hall.at(11, 40)
    act(hall, "depart", order)
    hall.now = hall.at(12, 5)
    act(hall, "arrive", order)
    hall.now = hall.at(14, 20)
    act(hall, "complete", order)
    told = [event["data"] for event in hall.told("dispatch.overtime.recorded")]
    assert [(each["staff"], each["minutes"]) for each in told] == [("crew", 120), ("wang", 120)]
    assert len({each["id"] for each in told}) == 2
    assert {each["business_date"] for each in told} == {"2026-03-02"}


@pytest.mark.parametrize("verb", ["depart", "arrive", "complete", "fail"])
def test_the_trail_hears_what_the_order_was_and_not_the_crew(
    hall: Hall, visits: list[Order], verb: str
) -> None:
    order = visits[0]
    came = {"depart": [], "arrive": ["depart"]}.get(verb, ["depart", "arrive"])
    for nth, each in enumerate(came):
        at_minute(hall, nth + 1)
        act(hall, each, order)
    at_minute(hall, 9)
    more: dict[str, dict[str, Any]] = {"complete": {"cases": []}, "fail": {"reason": "no_answer"}}
    request = {"happened_at": None, **more.get(verb, {})}
    with hall.database.transaction() as store:
        done: Order = getattr(field, verb)(store, CREW, id=UUID(order.id), **request)
        before = store.before
    assert before is not None
    assert (str(before["id"]), before["version"]) == (order.id, done.version - 1)
