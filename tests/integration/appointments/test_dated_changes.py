"""A dated change reaches what was promised before it: places count as of the day of the service."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from services.appointments.domain.appointment import Appointment
from services.appointments.domain.slots import Slot
from services.appointments.errors import NotBookable, SlotOfOtherItem, UnknownItem
from services.appointments.service import Appointments
from services.appointments.store import Store
from services.appointments.use_cases import booking, desk, jobs, plans, sessions
from services.chassis import clock
from services.chassis.effects import answer
from services.chassis.errors import Forbidden, Invalid, ServiceError
from tests.integration.appointments.in_process import CLOCK, ITEM, MANAGER, OPERATOR, Hall, phone, visitor
from tests.waiting import until

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 3, day) for day in (2, 3, 4, 5))
_versions = count(2)


def term(since: date, department: str = "market", state: str = "active") -> dict[str, Any]:
    return {
        "effective_from": since.isoformat(),
        "state": state,
        "department": department,
        "queue": f"{department}-a",
        "time_limit_days": 5,
        "service_seconds": 300,
    }


def change(hall: Hall, *terms: Mapping[str, Any], item: str = ITEM) -> None:
    """Hear what an item is from each day on, and let the service work out what that brings about."""
    course = [term(date(2010, 1, 4)), *terms]
    hall.hear("catalogue.item.dated", {"code": item, "terms": course}, sequence=next(_versions))
    hall.tick()


def close(hall: Hall, *days: date) -> None:
    """Hear that days are off."""
    off = [{"day": day.isoformat(), "working": False, "name": "台风停业"} for day in days]
    hall.hear("catalogue.calendar.published", {"year": 2026, "days": off}, sequence=next(_versions))
    hall.tick()


def slots_on(hall: Hall, day: date, department: str = "market") -> list[Slot]:
    with hall.database.autocommit() as store:
        found = store.slots(
            "main",
            department=department,
            item=ITEM,
            since=hall.now,
            until=hall.now + timedelta(days=40),
        )
    return [slot for slot in found if clock.business_date(slot.starts_at) == day]


def offered_on(hall: Hall, first: date, last: date) -> set[date]:
    found = hall.do(plans.list_slots, OPERATOR, item=ITEM, from_=first, to=last, channel="phone")
    return {clock.business_date(slot["starts_at"]) for slot in found["items"]}


def booked(hall: Hall, nth: int, day: date, *, item: str = ITEM) -> Appointment:
    return hall.book(nth, slots_on(hall, day)[0], channel="phone", item=item)


def now(hall: Hall, one: Appointment) -> Appointment:
    found: Appointment = hall.do(desk.get_appointment, OPERATOR, id=UUID(one.id))
    return found


def told(hall: Hall, one: Appointment) -> list[dict[str, Any]]:
    """Return what was said of an appointment after its booking."""
    return [event for event in hall.told() if event["subject"] == one.id][1:]


def offers(event: Mapping[str, Any]) -> set[str]:
    return {each["slot"] for each in event["data"]["alternatives"]}


def touches(hall: Hall, change_: str, **about: Any) -> Any:
    """Return what a change would touch, as the service answers."""
    with hall.database.autocommit() as store:
        return answer(Appointments.touches[change_], store, MANAGER, about)


def test_who_loses_a_closed_day_is_offered_no_place_of_it(hall: Hall) -> None:
    hall.plan(code="pm", starts=time(14), ends="15:00")
    one = booked(hall, 1, WEDNESDAY)
    close(hall, WEDNESDAY)
    (event,) = told(hall, one)
    assert event["type"] == "appointments.appointment.displaced"
    live = {slot.id for day in (TUESDAY, THURSDAY) for slot in slots_on(hall, day)}
    assert len(offers(event)) == 3
    assert offers(event) <= live
    hall.check_places()


def test_a_withdrawn_plan_offers_none_of_its_days(hall: Hall) -> None:
    one, other = booked(hall, 1, WEDNESDAY), booked(hall, 2, WEDNESDAY)
    hall.do(plans.withdraw_slot_plan, MANAGER, code="am", from_=WEDNESDAY)
    left = {slot.id for day in (MONDAY, TUESDAY) for slot in slots_on(hall, day)}
    for event in (*told(hall, one), *told(hall, other)):
        assert offers(event)
        assert offers(event) <= left
    assert [now(hall, each).state for each in (one, other)] == ["displaced"] * 2
    hall.check_places()


def test_an_item_that_ends_has_slots_and_bookings_up_to_its_last_day_alone(hall: Hall) -> None:
    before, after = booked(hall, 1, TUESDAY), booked(hall, 2, THURSDAY)
    waits = hall.book(3, slots_on(hall, THURSDAY)[0], channel="web")
    change(hall, term(WEDNESDAY, state="withdrawn"))
    assert offered_on(hall, MONDAY, date(2026, 3, 13)) == {MONDAY, TUESDAY}
    with pytest.raises(UnknownItem):
        booked(hall, 4, WEDNESDAY)
    with pytest.raises(UnknownItem):
        hall.do(booking.reschedule, OPERATOR, id=UUID(before.id), slot=UUID(slots_on(hall, WEDNESDAY)[0].id))
    assert [now(hall, each).state for each in (before, after, waits)] == ["booked", "displaced", "lapsed"]
    (event,) = told(hall, after)
    assert offers(event) <= {slot.id for day in (MONDAY, TUESDAY) for slot in slots_on(hall, day)}
    hall.tick()
    assert len(told(hall, after)) == 1
    hall.check_places()


def test_whom_the_hall_called_off_is_no_no_show(hall: Hall) -> None:
    one = booked(hall, 1, MONDAY)
    change(hall, term(MONDAY, state="withdrawn"))
    hall.now += timedelta(days=1)
    hall.tick()
    assert now(hall, one).state == "displaced"
    record = hall.do(desk.person_history, OPERATOR, phone=phone(1))
    assert (record["no_shows"], record["live"]) == (0, 0)


def test_a_closure_heard_after_the_day_makes_no_no_show(hall: Hall) -> None:
    one, other = booked(hall, 1, MONDAY), booked(hall, 2, TUESDAY)
    hall.now += timedelta(days=1)
    off = [{"day": MONDAY.isoformat(), "working": False, "name": "停电"}]
    hall.hear("catalogue.calendar.published", {"year": 2026, "days": off})
    hall.tick()
    hall.now += timedelta(days=1)
    hall.tick()
    assert [now(hall, each).state for each in (one, other)] == ["displaced", "no_show"]


def test_a_day_that_is_called_off_while_it_runs_takes_those_who_have_not_come(hall: Hall) -> None:
    came, late = booked(hall, 1, MONDAY), booked(hall, 2, MONDAY)
    hall.now += timedelta(minutes=60)
    hall.check_in(came, {"id": "t1", "department": "market"})
    close(hall, MONDAY)
    assert [now(hall, each).state for each in (came, late)] == ["checked_in", "displaced"]
    hall.check_places()


def test_an_item_that_moves_is_booked_where_it_is_done_on_the_day(hall: Hall) -> None:
    drc(hall)
    early, late = booked(hall, 1, TUESDAY), booked(hall, 2, THURSDAY)
    change(hall, term(WEDNESDAY, department="drc"))
    found = hall.do(plans.list_slots, OPERATOR, item=ITEM, from_=MONDAY, to=THURSDAY, channel="phone")
    at = {(clock.business_date(slot["starts_at"]), slot["department"]) for slot in found["items"]}
    assert at == {(MONDAY, "market"), (TUESDAY, "market"), (WEDNESDAY, "drc"), (THURSDAY, "drc")}
    with pytest.raises(SlotOfOtherItem):
        hall.book(3, slots_on(hall, THURSDAY)[0], channel="phone")
    assert now(hall, early).state == "booked"
    (event,) = told(hall, late)
    assert event["type"] == "appointments.appointment.displaced"
    there = {slot.id for day in (WEDNESDAY, THURSDAY) for slot in slots_on(hall, day, "drc")}
    assert offers(event) <= there
    moved = hall.do(
        booking.reschedule, OPERATOR, id=UUID(early.id), slot=UUID(slots_on(hall, THURSDAY, "drc")[0].id)
    )
    assert moved.department == "drc"
    hall.check_places()


def drc(hall: Hall) -> None:
    """Let a second department take the item; it has slots of its own."""
    hall.hear("catalogue.department.published", {"code": "drc", "offers_three_services": True})
    hall.plan(code="drc-am", department="drc")


def test_a_wish_is_fulfilled_where_and_while_the_item_is_done(hall: Hall) -> None:
    drc(hall)
    change(hall, term(THURSDAY, department="drc"), term(date(2026, 3, 6), state="withdrawn"))
    request = {"item": ITEM, "name": "张三", "phone": phone(1), "language": "zh"}
    wish = hall.do(booking.join_waitlist, visitor(1), from_=THURSDAY, to=date(2026, 3, 6), **request)
    hall.tick()
    offered = now(hall, wish)
    assert (offered.state, offered.department, offered.day) == ("offered", "drc", THURSDAY)
    change(hall, term(THURSDAY, state="withdrawn"))
    assert now(hall, wish).state == "displaced"
    with pytest.raises(Invalid):
        hall.do(
            booking.join_waitlist, visitor(2), from_=THURSDAY, to=THURSDAY, **{**request, "phone": phone(2)}
        )
    hall.check_places()


def test_a_plan_that_names_other_items_displaces_those_it_names_no_more(hall: Hall) -> None:
    kept, lost = booked(hall, 1, WEDNESDAY, item="market-002"), booked(hall, 2, WEDNESDAY)
    hall.plan(items=["market-002"])
    assert [now(hall, each).state for each in (kept, lost)] == ["booked", "displaced"]
    hall.check_places()


def test_a_department_that_offers_no_appointments_any_more_displaces_all(hall: Hall) -> None:
    one = booked(hall, 1, WEDNESDAY)
    hall.hear(
        "catalogue.department.published", {"code": "market", "offers_three_services": False}, sequence=2
    )
    hall.tick()
    assert now(hall, one).state == "displaced"
    with pytest.raises(NotBookable):
        booked(hall, 2, THURSDAY)


def test_a_change_that_is_taken_back_leaves_who_was_told_displaced_and_serves_the_others(hall: Hall) -> None:
    one = booked(hall, 1, THURSDAY)
    change(hall, term(WEDNESDAY, state="withdrawn"))
    change(hall)
    assert now(hall, one).state == "displaced"
    assert len(told(hall, one)) == 1
    assert booked(hall, 1, THURSDAY).state == "booked"


def test_what_a_change_will_touch_is_known_before_it_is_made(hall: Hall) -> None:
    drc(hall)
    people = [booked(hall, 1, TUESDAY), booked(hall, 2, WEDNESDAY), booked(hall, 3, WEDNESDAY)]
    hall.book(4, slots_on(hall, THURSDAY)[0])
    asked = {"item": ITEM, "from": WEDNESDAY.isoformat()}
    ends = touches(hall, "item", **asked, department=None)
    moves = touches(hall, "item", **asked, department="drc")
    stays = touches(hall, "item", **asked, department="market")
    closed = touches(hall, "days", days=[TUESDAY.isoformat(), THURSDAY.isoformat()])
    assert [found["bookings"] for found in (ends, moves, stays, closed)] == [2, 2, 0, 1]
    assert sorted(each["number"] for each in moves["examples"]) == sorted(one.reference for one in people[1:])
    assert {(each["kind"], each["on"]) for each in moves["examples"]} == {("bookings", WEDNESDAY.isoformat())}
    for change_, count_ in (
        ({"capacity": 1}, 1),
        ({"from": WEDNESDAY.isoformat()}, 2),
        ({"items": ["market-002"]}, 3),
        ({"starts": "09:30"}, 3),
        ({"capacity": 5}, 0),
    ):
        assert touches(hall, "plan", code="am", **change_)["bookings"] == count_, change_
    change(hall, term(WEDNESDAY, department="drc"))
    states = [now(hall, each).state for each in people]
    assert states.count("displaced") == moves["bookings"]
    with pytest.raises(Forbidden):
        hall.do(lambda store, caller: answer(Appointments.touches["days"], store, caller, {}), OPERATOR)


def hours(opens: str = "09:00", closes: str = "17:00", *, department: str | None = None) -> Any:
    """Return a week's opening hours, with those of one department where it is named."""
    breaks = [{"starts": "12:00", "ends": "13:30"}]
    rows = [
        {"department": None, "weekday": day, "opens": "09:00", "closes": "17:00", "breaks": breaks}
        for day in range(1, 6)
    ]
    if department is None:
        return [{**row, "opens": opens, "closes": closes} for row in rows]
    of_one = {"department": department, "opens": opens, "closes": closes}
    return [*rows, *({**row, **of_one, "breaks": []} for row in rows)]


@pytest.mark.parametrize(
    ("wanted", "lost"),
    [
        (hours(opens="10:00"), ["displaced", "displaced", "booked"]),
        (hours(opens="09:30", closes="12:30", department="market"), ["displaced", "booked", "displaced"]),
        (hours(opens="10:00", department="drc"), ["booked"] * 3),
        ([row for row in hours() if row["weekday"] != 3], ["displaced"] * 3),
    ],
)
def test_whom_other_hours_touch_is_known_before_and_comes_true(hall: Hall, wanted: Any, lost: Any) -> None:
    hall.plan(code="pm", starts=time(15), ends="16:00")
    first, second, *_, last = slots_on(hall, WEDNESDAY)
    people = [hall.book(nth, slot, channel="phone") for nth, slot in enumerate((first, second, last))]
    found = touches(hall, "hours", hours=wanted, **{"from": MONDAY.isoformat()})
    assert found["bookings"] == lost.count("displaced")
    assert touches(hall, "hours", hours=wanted, **{"from": THURSDAY.isoformat()})["bookings"] == 0
    hall.hear("catalogue.hours.published", {"hours": wanted}, sequence=next(_versions))
    hall.tick()
    assert [now(hall, each).state for each in people] == lost
    hall.check_places()


def test_whom_a_department_touches_that_leaves_or_takes_no_appointments_is_known_before(hall: Hall) -> None:
    drc(hall)
    people = [booked(hall, 1, TUESDAY), booked(hall, 2, WEDNESDAY)]
    window = {"windows": ["101"], "staff": ["clerk001"], "department": "market"}
    times = {"starts_at": at_noon(WEDNESDAY), "ends_at": at_noon(WEDNESDAY) + timedelta(minutes=60)}
    hall.do(sessions.plan_session, MANAGER, **window, **times)
    since = {"department": "market", "from": WEDNESDAY.isoformat()}
    for change_ in ({"ends": True}, {"offers": False}):
        found = touches(hall, "department", **since, **change_)
        assert {name: found[name] for name in ("bookings", "waiting", "sessions")} == {
            "bookings": 1,
            "waiting": 0,
            "sessions": 1,
        }
        assert {"kind": "sessions", "number": "101", "on": WEDNESDAY.isoformat()} in found["examples"]
    assert touches(hall, "department", **since, offers=True)["bookings"] == 0
    assert touches(hall, "department", **{**since, "department": "drc"}, ends=True)["bookings"] == 0
    assert [now(hall, each).state for each in people] == ["booked"] * 2
    told_ = {"code": "market", "offers_three_services": False}
    hall.hear("catalogue.department.published", told_, sequence=next(_versions))
    hall.tick()
    assert [now(hall, each).state for each in people] == ["displaced"] * 2
    assert states_of_sessions(hall) == ["cancelled"]


def states_of_sessions(hall: Hall) -> list[str]:
    found = hall.do(sessions.list_sessions, MANAGER, from_=MONDAY, to=date(2026, 3, 31), department=None)
    return [each["state"] for each in found["items"]]


def test_a_session_at_a_window_that_goes_to_another_department_is_called_off_once(hall: Hall) -> None:
    drc(hall)
    plan = {"department": "market", "staff": ["clerk001"]}
    for window, day in (("101", WEDNESDAY), ("102", THURSDAY)):
        times = {"starts_at": at_noon(day), "ends_at": at_noon(day) + timedelta(minutes=60)}
        hall.do(sessions.plan_session, MANAGER, windows=[window], **plan, **times)
    for _ in range(2):
        hall.hear(
            "catalogue.window.published", {"code": "101", "department": "drc"}, sequence=next(_versions)
        )
        hall.tick()
    assert states_of_sessions(hall) == ["cancelled", "planned"]
    cancelled = [each for each in hall.told() if each["type"] == "appointments.session.cancelled"]
    assert len(cancelled) == 1


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), clock.hall_zone())


def test_nobody_slips_in_while_an_item_ends(hall: Hall) -> None:
    def attempt(nth: int) -> None:
        slot = (slots_before if nth % 2 else slots_after)[nth // 2 % 2]
        with suppress(ServiceError):
            hall.book(nth, slot, channel="phone")

    def end(_: int) -> None:
        course = [term(date(2010, 1, 4)), term(WEDNESDAY, state="withdrawn")]
        hall.hear("catalogue.item.dated", {"code": ITEM, "terms": course}, sequence=next(_versions))
        hall.tick()

    hall.plan(capacity=30)
    slots_before, slots_after = slots_on(hall, TUESDAY), slots_on(hall, WEDNESDAY)
    with ThreadPoolExecutor(12) as pool:
        booking_ = [pool.submit(attempt, nth) for nth in range(40)]
        ending = pool.submit(end, 0)
        for each in [*booking_, ending]:
            each.result()
    hall.tick()
    with hall.database.connect() as connection:
        rows = connection.execute("SELECT day, state FROM appointments").fetchall()
    assert {row["state"] for row in rows if row["day"] >= WEDNESDAY} <= {"displaced"}
    assert {row["state"] for row in rows if row["day"] < WEDNESDAY} == {"booked"}
    hall.check_places()


def waits(hall: Hall) -> bool:
    """Tell whether some transaction waits for another."""
    query = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with hall.database.connect() as connection:
        return connection.execute(query).rowcount > 0


def meanwhile(hall: Hall, first: Callable[[Store], object], then: Callable[[], object]) -> Future[object]:
    """Do something in a transaction that ends when something else waits for it; returns what became of that."""
    with ThreadPoolExecutor(1) as pool:
        with hall.database.transaction() as store:
            first(store)
            store.hours("main", clock.hall_zone())  # What is read comes after all that was written.
            late = pool.submit(then)
            until(lambda: waits(hall) or late.done(), what="the second waits for the first")
        late.exception()
    return late


def test_who_confirms_while_their_day_is_called_off_is_told(hall: Hall) -> None:
    held = hall.book(1, slots_on(hall, WEDNESDAY)[0])
    course = [term(date(2010, 1, 4)), term(WEDNESDAY, state="withdrawn")]
    hall.hear("catalogue.item.dated", {"code": ITEM, "terms": course}, sequence=next(_versions))
    meanwhile(hall, lambda store: booking.confirm(store, OPERATOR, id=UUID(held.id)), hall.tick).result()
    assert now(hall, held).state == "displaced"
    assert [event["type"].rpartition(".")[2] for event in told(hall, held)] == ["booked", "displaced"]
    hall.check_places()


@pytest.mark.parametrize("goal", ["other items", "other department"])
@pytest.mark.parametrize("moves", [False, True])
def test_nobody_slips_into_a_slot_that_becomes_one_for_others(hall: Hall, goal: str, moves: bool) -> None:
    hall.hear("catalogue.department.published", {"code": "drc", "offers_three_services": True})
    hall.plan(code="pm", starts=time(14), ends="15:00")
    one = hall.book(1, slots_on(hall, TUESDAY)[-1], channel="phone")
    slot = slots_on(hall, WEDNESDAY)[0]
    changes: dict[str, Any] = {"items": ["market-002"]} if goal == "other items" else {"department": "drc"}
    plan = hall.do(plans.list_slot_plans, MANAGER, department=None)["items"][0]
    fields = {name: getattr(plan, name) for name in plan.__dataclass_fields__ if name != "hall"}

    def take() -> object:
        if moves:
            return hall.do(booking.reschedule, OPERATOR, id=UUID(one.id), slot=UUID(slot.id))
        return hall.book(2, slot, channel="phone")

    late = meanwhile(hall, lambda store: plans.save_slot_plan(store, MANAGER, **{**fields, **changes}), take)
    with pytest.raises(SlotOfOtherItem):
        late.result()
    hall.tick()
    with hall.database.connect() as connection:
        rows = connection.execute("SELECT state FROM appointments WHERE day = %s", [WEDNESDAY]).fetchall()
    assert not rows
    hall.check_places()


def test_slots_made_on_a_day_that_is_called_off_just_then_offer_none_of_it(hall: Hall) -> None:
    hall.plan(code="pm", starts=time(14), ends="15:00")
    one = booked(hall, 1, WEDNESDAY)
    hall.now += timedelta(days=1)
    with hall.database.autocommit() as store:
        pieces = list(jobs.fill(store, CLOCK))
    assert len(pieces) == 2
    off = [{"day": WEDNESDAY.isoformat(), "working": False, "name": "台风停业"}]
    hall.hear("catalogue.calendar.published", {"year": 2026, "days": off}, sequence=next(_versions))
    for piece in pieces:
        with hall.database.transaction() as store:
            piece(store)
    (event,) = told(hall, one)
    live = {slot.id for day in (TUESDAY, THURSDAY) for slot in slots_on(hall, day)}
    assert offers(event) <= live
    hall.tick()
    assert len(told(hall, one)) == 1
    hall.check_places()


def test_who_has_come_keeps_a_place_of_a_plan_that_is_made_smaller(hall: Hall) -> None:
    hall.now += timedelta(minutes=40)
    late, came = booked(hall, 1, MONDAY), booked(hall, 2, MONDAY)
    hall.now += timedelta(minutes=1)
    hall.do(desk.arrive, OPERATOR, id=UUID(came.id))
    found = touches(hall, "plan", code="am", **{"from": MONDAY.isoformat()})
    hall.do(plans.withdraw_slot_plan, MANAGER, code="am", from_=MONDAY)
    assert [now(hall, each).state for each in (late, came)] == ["displaced", "booked"]
    assert found["bookings"] == 1
    hall.check_places()


def test_who_loses_a_place_for_two_reasons_is_told_once(hall: Hall) -> None:
    one = booked(hall, 1, MONDAY)
    hall.now += timedelta(minutes=60)
    course = [term(date(2010, 1, 4)), term(MONDAY, state="withdrawn")]
    hall.hear("catalogue.item.dated", {"code": ITEM, "terms": course}, sequence=next(_versions))
    close(hall, MONDAY)
    assert len(told(hall, one)) == 1
    hall.check_places()


def join(
    hall: Hall, nth: int, first: date, last: date, store: Store | None = None, *, item: str = ITEM
) -> Appointment:
    """Have somebody wait for a place from one day to another."""
    request = {
        "item": item,
        "name": "张三",
        "phone": phone(nth),
        "language": "zh",
        "from_": first,
        "to": last,
    }
    if store is not None:
        return booking.join_waitlist(store, visitor(nth), **request)
    joined: Appointment = hall.do(booking.join_waitlist, visitor(nth), **request)
    return joined


def test_a_wish_without_a_day_left_ends_and_is_told_and_one_with_a_day_stays(hall: Hall) -> None:
    for nth, slot in enumerate(
        slot for day in (TUESDAY, WEDNESDAY, THURSDAY) for slot in slots_on(hall, day)
    ):
        for person in (2 * nth, 2 * nth + 1):
            hall.book(20 + person, slot, channel="phone")
    lost, kept = join(hall, 1, WEDNESDAY, THURSDAY), join(hall, 2, TUESDAY, THURSDAY)
    asked = {"item": ITEM, "from": WEDNESDAY.isoformat()}
    drc(hall)
    counts = [touches(hall, "item", **asked, department=each)["waiting"] for each in (None, "drc")]
    assert counts == [1, 0]
    hall.hear("catalogue.department.published", {"code": "drc", "offers_three_services": False}, sequence=2)
    change(hall, term(WEDNESDAY, state="withdrawn"))
    assert [now(hall, each).state for each in (lost, kept)] == ["displaced", "waitlisted"]
    (event,) = told(hall, lost)
    assert event["type"] == "appointments.appointment.displaced"
    assert event["data"]["starts_at"] is None
    assert offers(event) <= {slot.id for slot in slots_on(hall, MONDAY)}
    assert offers(event)
    hall.tick()
    assert len(told(hall, lost)) == 1
    hall.check_places()


def fill(hall: Hall, *days: date) -> None:
    """Have all places of some days taken."""
    people = count(100)
    for slot in (slot for day in days for slot in slots_on(hall, day)):
        for _ in range(2):
            hall.book(next(people), slot, channel="phone")


def test_a_closed_day_ends_the_wishes_for_it_alone_and_keeps_those_with_another_day(hall: Hall) -> None:
    fill(hall, TUESDAY, WEDNESDAY)
    lost, kept = join(hall, 1, WEDNESDAY, WEDNESDAY), join(hall, 2, TUESDAY, WEDNESDAY)
    assert touches(hall, "days", days=[WEDNESDAY.isoformat()])["waiting"] == 1
    close(hall, WEDNESDAY)
    assert [now(hall, each).state for each in (lost, kept)] == ["displaced", "waitlisted"]
    (event,) = told(hall, lost)
    assert event["data"]["cause"] == "day_off"
    assert offers(event) <= {slot.id for day in (MONDAY, THURSDAY) for slot in slots_on(hall, day)}
    close(hall, TUESDAY, WEDNESDAY)
    assert now(hall, kept).state == "displaced"
    assert (len(told(hall, lost)), len(told(hall, kept))) == (1, 1)
    hall.check_places()


@pytest.mark.parametrize("how", ["withdrawn", "other items", "other weekdays"])
def test_a_plan_that_ends_or_changes_ends_the_wishes_that_only_it_could_fulfil(hall: Hall, how: str) -> None:
    fill(hall, TUESDAY, WEDNESDAY)
    lost, kept = join(hall, 1, WEDNESDAY, THURSDAY), join(hall, 2, TUESDAY, THURSDAY)
    if how == "other items":
        kept = join(hall, 3, WEDNESDAY, THURSDAY, item="market-002")
    asked: dict[str, dict[str, Any]] = {
        "withdrawn": {"from": WEDNESDAY.isoformat()},
        "other items": {"items": ["market-002"]},
        "other weekdays": {"weekdays": [2]},
    }
    found = touches(hall, "plan", code="am", **asked[how])
    if how == "withdrawn":
        hall.do(plans.withdraw_slot_plan, MANAGER, code="am", from_=WEDNESDAY)
    else:
        hall.plan(**asked[how])
    assert [now(hall, each).state for each in (lost, kept)] == ["displaced", "waitlisted"]
    (event,) = told(hall, lost)
    assert event["data"]["cause"] == "plan"
    assert found["waiting"] == (2 if how == "other items" else 1)
    hall.tick()
    assert len(told(hall, lost)) == 1
    hall.check_places()


def test_a_plan_of_another_time_keeps_the_wishes_of_a_day(hall: Hall) -> None:
    fill(hall, WEDNESDAY)
    wish = join(hall, 1, WEDNESDAY, WEDNESDAY)
    hall.plan(code="pm", starts=time(15), ends="15:30", capacity=1, weekdays=[3])
    hall.book(90, slots_on(hall, WEDNESDAY)[-1], channel="phone")
    hall.do(plans.withdraw_slot_plan, MANAGER, code="am", from_=WEDNESDAY)
    assert now(hall, wish).state == "waitlisted"


def test_nobody_waits_for_a_day_on_which_no_place_is_given(hall: Hall) -> None:
    for first, last in ((date(2026, 3, 7), date(2026, 3, 8)), (WEDNESDAY, WEDNESDAY)):
        close(hall, WEDNESDAY)
        with pytest.raises(NotBookable):
            join(hall, 1, first, last)
    assert join(hall, 1, WEDNESDAY, THURSDAY).state == "waitlisted"


def test_nobody_waits_by_a_plan_that_ends_just_then(hall: Hall) -> None:
    wishes: list[Appointment] = []
    meanwhile(
        hall,
        lambda store: wishes.append(join(hall, 1, WEDNESDAY, THURSDAY, store)),
        lambda: hall.do(plans.withdraw_slot_plan, MANAGER, code="am", from_=WEDNESDAY),
    ).result()
    assert now(hall, wishes[0]).state == "displaced"


@pytest.mark.parametrize(
    ("how", "cause", "moved_to"),
    [
        ("ends", "item_ended", None),
        ("moves", "item_moved", "drc"),
        ("closed", "day_off", None),
        ("hours", "hours", None),
        ("department", "department", None),
        ("plan", "plan", None),
    ],
)
def test_who_loses_a_place_is_told_what_changed_and_where_the_item_is_done_now(
    hall: Hall, how: str, cause: str, moved_to: str | None
) -> None:
    drc(hall)
    one = booked(hall, 1, WEDNESDAY)
    others = {"code": "market", "offers_three_services": False}
    {
        "ends": lambda: change(hall, term(WEDNESDAY, state="withdrawn")),
        "moves": lambda: change(hall, term(WEDNESDAY, department="drc")),
        "closed": lambda: close(hall, WEDNESDAY),
        "hours": lambda: hall.hear("catalogue.hours.published", {"hours": hours("09:30")}, sequence=7),
        "department": lambda: hall.hear("catalogue.department.published", others, sequence=7),
        "plan": lambda: hall.plan(starts=time(9, 30)),
    }[how]()
    hall.tick()
    (event,) = told(hall, one)
    assert (event["data"]["cause"], event["data"]["moved_to"]) == (cause, moved_to)
    if how == "moves":
        assert offers(event) <= {slot.id for slot in slots_on(hall, WEDNESDAY, "drc")} | {
            slot.id for day in (MONDAY, TUESDAY) for slot in slots_on(hall, day)
        }, "where it is done on that day"


def test_a_wish_that_is_given_up_counts_for_nothing_and_makes_room_for_another(hall: Hall) -> None:
    for _ in range(6):
        wish = join(hall, 1, THURSDAY, THURSDAY)
        ended = hall.do(booking.cancel, visitor(1), id=UUID(wish.id))
        assert (ended.state, ended.warning) == ("cancelled", None)
        assert hall.do(booking.cancel, visitor(1), id=UUID(wish.id)).version == ended.version
    assert hall.book(1, slots_on(hall, THURSDAY)[0]).state == "held"
    hall.check_places()


def test_nobody_waits_for_an_item_that_ends_just_then(hall: Hall) -> None:
    wishes: list[Appointment] = []
    meanwhile(
        hall,
        lambda store: wishes.append(join(hall, 1, WEDNESDAY, THURSDAY, store)),
        lambda: change(hall, term(WEDNESDAY, state="withdrawn")),
    ).result()
    assert now(hall, wishes[0]).state == "displaced"
