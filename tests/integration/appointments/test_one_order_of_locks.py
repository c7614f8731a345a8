"""Locks are taken in one order, so that nobody who gives up, moves or settles is thrown out by a deadlock."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import date, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from services.appointments.domain.appointment import Appointment
from services.appointments.domain.slots import Slot
from services.appointments.store import Store
from services.appointments.use_cases import booking, changes, desk, jobs, plans
from services.chassis import clock
from services.chassis.errors import ServiceError
from tests.integration.appointments.in_process import CLOCK, ITEM, MANAGER, OPERATOR, Hall, phone, visitor
from tests.waiting import until

WEDNESDAY = date(2026, 3, 4)
_versions = count(2)


def waits(hall: Hall) -> bool:
    """Tell whether some transaction waits for another."""
    query = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with hall.database.connect() as connection:
        return connection.execute(query).rowcount > 0


def interrupted(
    hall: Hall, first: Callable[[Store], object], *, after: str, then: Callable[[], object]
) -> Future[object]:
    """Do something in a transaction; once it has asked `after` of its store, something else begins, and waits or ends.

    Raises what the first does; returns what became of the second.
    """
    begun: list[Future[object]] = []
    with ThreadPoolExecutor(1) as pool:
        with hall.database.transaction() as store:
            asked = getattr(store, after)

            def pausing(*args: Any, **more: Any) -> Any:
                found = asked(*args, **more)
                if not begun:
                    begun.append(pool.submit(then))
                    until(lambda: begun[0].done() or waits(hall), what="the second waits for the first")
                return found

            setattr(store, after, pausing)
            first(store)
        begun[0].exception()
    return begun[0]


def slots_on(hall: Hall, day: date) -> list[Slot]:
    return [slot for slot in hall.slots() if clock.business_date(slot.starts_at) == day]


def now(hall: Hall, one: Appointment) -> str:
    return str(hall.do(desk.get_appointment, OPERATOR, id=UUID(one.id)).state)


def test_a_wish_is_given_up_while_it_is_offered_a_place_that_is_called_off(hall: Hall) -> None:
    people = [
        hall.book(2 * nth + person, slot, channel="phone", item=item)
        for nth, slot in enumerate(slots_on(hall, WEDNESDAY))
        for person, item in enumerate((ITEM, "market-002"))
    ]
    request = {"item": ITEM, "name": "张三", "phone": phone(9), "language": "zh"}
    wish = hall.do(booking.join_waitlist, visitor(9), from_=WEDNESDAY, to=WEDNESDAY, **request)
    hall.do(booking.cancel, OPERATOR, id=UUID(people[0].id))

    def give_up(store: Store) -> None:
        found = store.find

        def seen(*args: Any) -> Any:
            # Whoever looks at the wish sees one; then the place that has come back may be offered to it.
            before = found(*args)
            hall.now += timedelta(minutes=31)
            hall.tick()
            return before

        store.find = seen  # type: ignore[method-assign]
        with suppress(ServiceError):
            booking.cancel(store, visitor(9), id=UUID(wish.id))

    def call_off() -> None:
        hall.do(plans.withdraw_slot_plan, MANAGER, code="am", from_=WEDNESDAY)

    interrupted(hall, give_up, after="lock", then=call_off).result()
    assert now(hall, wish) in ("cancelled", "lapsed", "displaced")
    hall.check_places()


def test_who_moves_while_slots_of_several_plans_are_settled(hall: Hall) -> None:
    hall.plan(code="pm", starts=time(14), ends="15:00")
    slots = [slot for slot in hall.slots() if clock.business_date(slot.starts_at) >= WEDNESDAY]
    of_pm = min((slot for slot in slots if slot.plan == "pm"), key=lambda slot: slot.id)
    of_am = max((slot for slot in slots if slot.plan == "am"), key=lambda slot: slot.id)
    assert of_pm.id < of_am.id
    leaves = hall.book(1, of_pm, channel="phone")
    moves = hall.book(2, of_pm, channel="phone", item="market-002")
    ended = {"effective_from": WEDNESDAY.isoformat(), "department": "market", "state": "withdrawn"}
    begun = {**ended, "effective_from": "2010-01-04", "state": "active"}
    hall.hear("catalogue.item.dated", {"code": ITEM, "terms": [begun, ended]}, sequence=next(_versions))
    with hall.database.transaction() as store:
        plan = next(each for each in store.plans("main") if each.code == "am")
        store.save_plan(plan)

    def move() -> None:
        hall.do(booking.reschedule, OPERATOR, id=UUID(moves.id), slot=UUID(of_am.id))

    interrupted(hall, lambda store: changes.settle(store, CLOCK), after="plan_made", then=move).result()
    assert (now(hall, leaves), now(hall, moves)) == ("displaced", "rescheduled")
    hall.check_places()


def test_who_gives_up_yesterday_s_place_while_it_is_called_off_late(hall: Hall) -> None:
    one = hall.book(1, slots_on(hall, date(2026, 3, 2))[0], channel="phone")
    hall.now += timedelta(days=1)
    off = [{"day": "2026-03-02", "working": False, "name": "停电"}]
    hall.hear("catalogue.calendar.published", {"year": 2026, "days": off}, sequence=next(_versions))
    with hall.database.autocommit() as store:
        piece, *_ = jobs.daily(store, CLOCK)

    def give_up() -> None:
        with suppress(ServiceError):
            hall.do(booking.cancel, OPERATOR, id=UUID(one.id))

    interrupted(hall, piece, after="not_come", then=give_up).result()
    assert now(hall, one) == "displaced"
    hall.check_places()
