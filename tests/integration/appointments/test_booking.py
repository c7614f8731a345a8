"""Places: held, booked, given up, moved, withheld and offered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from services.appointments.domain.appointment import Appointment
from services.appointments.domain.slots import Slot
from services.appointments.errors import (
    BookingSuspended,
    IllegalTransition,
    LimitReached,
    NoThreeServices,
    NotThatDepartment,
    NotYourPhone,
    SlotFull,
    TooLateToConfirm,
    UnknownDepartment,
    UnknownItem,
    WrongDates,
)
from services.appointments.use_cases import booking, desk, plans
from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.errors import ServiceError
from tests.integration.appointments.in_process import ITEM, OPERATOR, Hall, phone, visitor


def test_a_web_booking_is_held_until_it_is_confirmed(hall: Hall) -> None:
    held = hall.book(1, hall.slots()[0])
    assert held.state == "held"
    booked = hall.do(booking.confirm, visitor(1), id=UUID(held.id))
    assert (booked.state, booked.until) == ("booked", None)
    assert hall.do(booking.confirm, visitor(1), id=UUID(held.id)) == booked, "again it changes nothing"
    assert [event["type"].rpartition(".")[2] for event in hall.told()] == ["held", "booked"]
    assert "138" not in str([event["data"].get("phone") for event in hall.told()])


def test_a_hold_that_is_not_confirmed_lapses_and_its_place_is_free(hall: Hall) -> None:
    slot = hall.slots()[0]
    held = hall.book(1, slot)
    hall.now += timedelta(minutes=10)
    with pytest.raises(TooLateToConfirm):
        hall.do(booking.confirm, visitor(1), id=UUID(held.id))
    hall.tick()
    assert hall.do(desk.get_appointment, OPERATOR, id=UUID(held.id)).state == "lapsed"
    assert hall.slot(slot).free("web") == 2


def test_a_visitor_books_only_for_the_number_that_was_proved(hall: Hall) -> None:
    request = {"item": ITEM, "name": "张三", "phone": phone(2), "channel": "web", "language": "zh"}
    with pytest.raises(NotYourPhone):
        hall.do(booking.book, visitor(1), slot=UUID(hall.slots()[0].id), **request)


def test_a_cancelled_place_comes_back_after_five_to_thirty_minutes(hall: Hall) -> None:
    slot = hall.slots()[2]
    booked = hall.book(1, slot, channel="phone")
    hall.do(booking.cancel, OPERATOR, id=UUID(booked.id))
    hall.now += timedelta(minutes=4)
    hall.tick()
    assert hall.slot(slot).free("web") == 1
    hall.now += timedelta(minutes=27)
    hall.tick()
    assert hall.slot(slot).free("web") == 2
    hall.check_places()


def test_what_is_cancelled_again_is_answered_alike_and_told_once(hall: Hall) -> None:
    slots = hall.slots()
    held, booked = hall.book(1, slots[0]), hall.book(2, slots[1])
    hall.do(booking.confirm, visitor(2), id=UUID(booked.id))
    for who, of, state in ((1, held, "lapsed"), (2, booked, "cancelled")):
        first = hall.do(booking.cancel, visitor(who), id=UUID(of.id))
        again = hall.do(booking.cancel, visitor(who), id=UUID(of.id))
        assert (first.state, again.state, again.version) == (state, state, first.version)
    verbs = [event["type"].rpartition(".")[2] for event in hall.told()]
    assert (verbs.count("lapsed"), verbs.count("cancelled")) == (1, 1)
    with pytest.raises(IllegalTransition):
        hall.do(booking.confirm, visitor(2), id=UUID(booked.id))


def wish(hall: Hall, nth: int, slot: Slot, *, days: int = 0) -> Appointment:
    """Have somebody wait for a place on the day of a slot and some days more."""
    day = clock.business_date(slot.starts_at)
    request = {"item": ITEM, "name": "张三", "phone": phone(nth), "language": "zh"}
    dates = {"from_": day, "to": day + timedelta(days=days)}
    joined: Appointment = hall.do(booking.join_waitlist, visitor(nth), **dates, **request)
    return joined


def get(hall: Hall, appointment: Appointment) -> Appointment:
    found: Appointment = hall.do(desk.get_appointment, OPERATOR, id=UUID(appointment.id))
    return found


def full_day(hall: Hall) -> tuple[Slot, list[Appointment]]:
    """Return the first of two full slots of tomorrow with those who have it."""
    first, second = hall.slots()[2:4]
    booked = [hall.book(nth, first, channel="phone") for nth in (1, 2)]
    for nth in (3, 4):
        hall.book(nth, second, channel="phone")
    return first, booked


def test_the_waitlist_is_offered_a_place_that_comes_back(hall: Hall) -> None:
    slot, booked = full_day(hall)
    waiting = wish(hall, 9, slot)
    hall.tick()
    assert get(hall, waiting).state == "waitlisted"
    hall.do(booking.cancel, OPERATOR, id=UUID(booked[0].id))
    hall.now += timedelta(minutes=31)
    hall.tick()
    offered = get(hall, waiting)
    assert (offered.state, offered.slot) == ("offered", slot.id)
    assert hall.do(booking.confirm, visitor(9), id=UUID(waiting.id)).state == "booked"
    hall.check_places()


def test_a_line_of_moves_has_one_beginning(hall: Hall) -> None:
    slots = hall.slots()
    ids = [hall.do(booking.confirm, visitor(1), id=UUID(hall.book(1, slots[0]).id)).id]
    for goal in (slots[4], slots[5]):
        ids.append(hall.do(booking.reschedule, OPERATOR, id=UUID(ids[-1]), slot=UUID(goal.id)).id)
    lines = [hall.do(desk.get_moves, OPERATOR, id=UUID(each)) for each in ids]
    assert [(line["first"], line["moves"]) for line in lines] == [(ids[0], 0), (ids[0], 1), (ids[0], 2)]


def test_the_waitlist_is_offered_a_place_that_somebody_moved_from(hall: Hall) -> None:
    slot, booked = full_day(hall)
    first = wish(hall, 8, slot)
    hall.now += timedelta(minutes=1)
    second = wish(hall, 9, slot)
    goal = UUID(hall.slots()[4].id)
    hall.do(booking.reschedule, OPERATOR, id=UUID(booked[0].id), slot=goal)
    assert [get(hall, each).state for each in (first, second)] == ["offered", "waitlisted"]
    with pytest.raises(SlotFull):
        hall.book(5, slot)
    hall.check_places()


def test_a_move_to_the_place_one_has_changes_nothing(hall: Hall) -> None:
    hall.plan(capacity=3)
    slot = hall.slots()[0]
    booked = hall.book(1, slot, channel="phone")
    assert hall.do(booking.reschedule, OPERATOR, id=UUID(booked.id), slot=UUID(slot.id)) == get(hall, booked)
    assert (get(hall, booked).state, hall.slot(slot).booked["phone"]) == ("booked", 1)
    hall.check_places()


def test_the_waitlist_is_offered_places_that_a_plan_adds(hall: Hall) -> None:
    slot, _ = full_day(hall)
    first, second = (wish(hall, nth, slot) for nth in (8, 9))
    hall.plan(capacity=3)
    hall.tick()
    assert {get(hall, each).state for each in (first, second)} == {"offered"}
    hall.check_places()


def test_a_wish_that_is_over_does_not_keep_from_a_new_one(hall: Hall) -> None:
    slot, _ = full_day(hall)
    wish(hall, 9, slot)
    with pytest.raises(LimitReached):
        wish(hall, 9, slot, days=3)
    hall.now += timedelta(days=2)
    assert wish(hall, 9, hall.slots()[3]).state == "waitlisted"
    with pytest.raises(WrongDates):
        wish(hall, 10, slot, days=70)


WRONG_PLANS = {
    "a department that is not there": ({"department": "nobody"}, UnknownDepartment),
    "a department without appointments": ({"department": "police"}, NoThreeServices),
    "an item of another department": ({"items": [ITEM, "police-001"]}, UnknownItem),
}


@pytest.mark.parametrize("case", WRONG_PLANS)
def test_no_plan_is_made_for(hall: Hall, case: str) -> None:
    hall.hear("catalogue.department.published", {"code": "police", "offers_three_services": False})
    changes, error = WRONG_PLANS[case]
    with pytest.raises(error):
        hall.plan(**changes)


def test_quotas_are_kept_for_their_channel(hall: Hall) -> None:
    hall.plan(capacity=2, phone=1)
    slot = hall.slots()[0]
    hall.book(1, slot)
    with pytest.raises(SlotFull):
        hall.book(2, slot)
    assert hall.book(3, slot, channel="phone").state == "booked"


def test_nobody_has_two_of_an_item_and_day_or_four_in_all(hall: Hall) -> None:
    slots = hall.slots()
    hall.book(1, slots[0])
    with pytest.raises(LimitReached):
        hall.book(1, slots[1])
    for slot in (slots[2], slots[4]):
        hall.book(1, slot)
    with pytest.raises(LimitReached):
        hall.book(1, slots[6])


def test_one_person_at_many_places_at_once_keeps_the_limits(hall: Hall) -> None:
    def attempt(slot: int) -> bool:
        try:
            hall.book(1, slots[slot])
        except LimitReached:
            return False
        return True

    slots = hall.slots()
    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(attempt, range(20)))
    assert sum(done) == 3
    hall.check_places()


def test_five_cancellations_suspend_the_web_but_not_the_operator(hall: Hall) -> None:
    slot = hall.slots()[4]
    warnings = []
    for _ in range(5):
        booked = hall.book(1, slot, channel="phone")
        warnings.append(hall.do(booking.cancel, OPERATOR, id=UUID(booked.id)).warning)
        hall.now += timedelta(minutes=31)
        hall.tick()
    assert warnings == [None, None, None, "cancellation_limit_near", None]
    with pytest.raises(BookingSuspended):
        hall.book(1, slot)
    assert hall.book(1, slot, channel="phone").state == "booked"


def test_two_people_never_get_the_last_place(hall: Hall) -> None:
    def attempt(nth: int) -> bool:
        try:
            hall.book(nth, slot)
        except SlotFull:
            return False
        return True

    slot = hall.slots()[0]
    with ThreadPoolExecutor(15) as pool:
        assert sum(pool.map(attempt, range(30))) == 2
    hall.check_places()


def test_moves_in_opposite_directions_at_once_do_not_lock_each_other_out(hall: Hall) -> None:
    hall.plan(capacity=20)
    first, second = hall.slots()[0], hall.slots()[3]
    booked = [hall.book(nth, (first, second)[nth % 2], channel="phone") for nth in range(16)]

    def move(nth: int) -> object:
        goal = (second, first)[nth % 2]
        return hall.do(booking.reschedule, OPERATOR, id=UUID(booked[nth].id), slot=UUID(goal.id))

    with ThreadPoolExecutor(16) as pool:
        moved = list(pool.map(move, range(16)))
    assert {one.state for one in moved} == {"booked"}
    assert [hall.slot(each).booked["phone"] for each in (first, second)] == [8, 8]
    hall.check_places()


def test_a_full_goal_leaves_the_old_booking_as_it_was(hall: Hall) -> None:
    first, second = hall.slots()[0], hall.slots()[1]
    kept = hall.book(1, first, channel="phone")
    for nth in (2, 3):
        hall.book(nth, second, channel="phone")
    with pytest.raises(SlotFull):
        hall.do(booking.reschedule, OPERATOR, id=UUID(kept.id), slot=UUID(second.id))
    assert hall.do(desk.get_appointment, OPERATOR, id=UUID(kept.id)).state == "booked"
    hall.check_places()


def test_less_capacity_displaces_the_last_booked_and_offers_others(hall: Hall) -> None:
    slot = hall.slots()[2]
    first = hall.book(1, slot, channel="phone")
    hall.now += timedelta(minutes=1)
    last = hall.book(2, slot, channel="phone")
    hall.plan(capacity=1)
    states = [hall.do(desk.get_appointment, OPERATOR, id=UUID(one.id)).state for one in (first, last)]
    assert states == ["booked", "displaced"]
    event = hall.told()[-1]
    assert event["subject"] == last.id
    assert len(event["data"]["alternatives"]) == 3
    hall.check_places()


def test_who_did_not_come_is_noted_when_the_day_is_over(hall: Hall) -> None:
    booked = hall.book(1, hall.slots()[0], channel="phone")
    hall.now += timedelta(days=1)
    hall.tick()
    missed = hall.do(desk.get_appointment, OPERATOR, id=UUID(booked.id))
    assert (missed.state, missed.warning) == ("no_show", "no_show_limit_near")


def test_a_person_is_sealed_and_forgotten_after_ninety_days_and_looks_leave_a_trace(hall: Hall) -> None:
    booked = hall.book(1, hall.slots()[0], channel="phone")
    seen = hall.do(desk.reveal_person, OPERATOR, id=UUID(booked.id), purpose="call back")
    assert seen["phone"] == "+8613800000001"
    with hall.database.connect() as connection:
        row = connection.execute("SELECT * FROM appointments").fetchone()
        assert "13800000001" not in str(row)
        assert connection.execute("SELECT purpose FROM personal_accesses").fetchall() == [
            {"purpose": "call back"}
        ]
        with pytest.raises(psycopg.Error):
            connection.execute("DELETE FROM personal_accesses")
    hall.now += timedelta(days=91)
    hall.tick()
    assert hall.do(desk.get_appointment, OPERATOR, id=UUID(booked.id)).person.phone is None
    with pytest.raises(IllegalTransition):
        hall.do(desk.reveal_person, OPERATOR, id=UUID(booked.id), purpose="call back")


def test_a_reference_without_its_phone_finds_nothing(hall: Hall) -> None:
    booked = hall.book(1, hall.slots()[0], channel="phone")
    mine = hall.do(desk.lookup, visitor(1), reference=booked.reference.lower(), phone=phone(1))
    assert mine.id == booked.id
    with pytest.raises(ServiceError, match="no such appointment"):
        hall.do(desk.lookup, visitor(1), reference=booked.reference, phone=phone(2))


def test_the_trail_hears_what_the_appointment_was_and_not_its_slot(hall: Hall) -> None:
    slots = hall.slots()
    booked = hall.book(1, slots[0], channel="phone")
    for command, more in ((booking.reschedule, {"slot": UUID(slots[0].id)}), (booking.cancel, {})):
        with hall.database.transaction() as store:
            command(store, OPERATOR, id=UUID(booked.id), **more)
            before = store.before
        assert before is not None
        assert (str(before["id"]), before["state"]) == (booked.id, "booked"), command


def test_a_day_shows_what_is_booked_and_what_each_channel_has_left(hall: Hall) -> None:
    slot = hall.slots()[0]
    day = clock.business_date(slot.starts_at)
    hall.book(1, slot)
    kept = hall.book(2, slot, channel="phone")
    cancelled = hall.book(3, hall.slots()[1], channel="phone")
    hall.do(booking.cancel, OPERATOR, id=UUID(cancelled.id))
    rows = hall.do(plans.list_day, OPERATOR, date=day, department=kept.department)["items"]
    assert [row["starts_at"] for row in rows] == sorted(row["starts_at"] for row in rows)
    found = {row["id"]: row for row in rows}
    first, second = found[slot.id], found[hall.slots()[1].id]
    assert (first["booked"], first["withheld"], first["capacity"]) == (2, 0, slot.capacity)
    assert first["free"] == {channel: hall.slot(slot).free(channel) for channel in ("web", "phone", "window")}
    assert (second["booked"], second["withheld"]) == (0, 1), "it is not free again yet"
    assert hall.do(plans.list_day, OPERATOR, date=day, department="nobody")["items"] == []
    with pytest.raises(ServiceError):
        hall.do(plans.list_day, visitor(1), date=day, department=None)


def test_a_department_head_sees_the_day_of_their_own_department_alone(hall: Hall) -> None:
    slot = hall.slots()[0]
    day = clock.business_date(slot.starts_at)
    head = Caller(
        hall="main",
        username="head",
        roles=frozenset({"department_head"}),
        department=slot.department,
        capacity="operator",
    )
    seen = hall.do(plans.list_day, head, date=day, department=None)["items"]
    assert {row["department"] for row in seen} == {slot.department}
    assert seen == hall.do(plans.list_day, OPERATOR, date=day, department=slot.department)["items"]
    with pytest.raises(NotThatDepartment):
        hall.do(plans.list_day, head, date=day, department="nobody")
