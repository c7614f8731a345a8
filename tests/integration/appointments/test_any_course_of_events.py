"""Whatever happens in whatever order: no place is lost, none given twice, nobody booked twice."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.appointments.store import Store
from services.appointments.use_cases import booking, desk
from services.chassis import clock
from services.chassis.db import Database, load_queries
from services.chassis.errors import Conflict
from tests.integration.appointments.in_process import ITEM, OPERATOR, Hall, phone, visitor
from tests.waiting import DEADLINE_S

PEOPLE = st.integers(0, 5)
SLOTS = st.integers(0, 3)
TABLES = (
    "withheld_places, appointment_states, appointments, slots, slot_plans, outbox, items, departments, windows, "
    "hours, item_terms, changes, calendar_years"
)


class Days(RuleBasedStateMachine):
    """Days at the hall; each run begins with an empty database."""

    database: ClassVar[Database[Store]]

    def __init__(self) -> None:
        super().__init__()
        with self.database.connect() as connection:
            connection.execute(f"TRUNCATE {TABLES} CASCADE")
        self.hall = Hall(self.database)
        self.clock = clock.showing(lambda: self.hall.now)
        self.clock.__enter__()
        self.hall.open()
        self.hall.plan()
        self.ids: list[UUID] = []

    def teardown(self) -> None:
        self.clock.__exit__(None, None, None)

    @rule(person=PEOPLE, slot=SLOTS, channel=st.sampled_from(["web", "phone"]))
    def book(self, person: int, slot: int, channel: str) -> None:
        with suppress(Conflict):
            self.ids.append(UUID(self.hall.book(person, self.hall.slots()[slot], channel=channel).id))

    @rule(person=PEOPLE)
    def wait(self, person: int) -> None:
        today = clock.business_date(self.hall.now)
        request = {"item": ITEM, "name": "张三", "phone": phone(person), "language": "zh"}
        with suppress(Conflict):
            wish = self.hall.do(
                booking.join_waitlist,
                visitor(person),
                from_=today,
                to=today + timedelta(days=7),
                **request,
            )
            self.ids.append(UUID(wish.id))

    @rule(nth=st.integers(0, 40), verb=st.sampled_from(["confirm", "cancel"]))
    def settle(self, nth: int, verb: str) -> None:
        if self.ids:
            with suppress(Conflict):
                self.hall.do(getattr(booking, verb), OPERATOR, id=self.ids[nth % len(self.ids)])

    @rule(nth=st.integers(0, 40))
    def come(self, nth: int) -> None:
        if self.ids:
            one = self.hall.do(desk.get_appointment, OPERATOR, id=self.ids[nth % len(self.ids)])
            with suppress(Conflict):
                self.hall.check_in(one, {"id": "t1"})

    @rule(nth=st.integers(0, 40), slot=SLOTS)
    def move(self, nth: int, slot: int) -> None:
        if self.ids:
            goal = UUID(self.hall.slots()[slot].id)
            with suppress(Conflict):
                moved = self.hall.do(
                    booking.reschedule, OPERATOR, id=self.ids[nth % len(self.ids)], slot=goal
                )
                self.ids.append(UUID(moved.id))

    @rule(capacity=st.integers(1, 4), web=st.integers(0, 1), ends=st.sampled_from(["09:30", "10:00"]))
    def plan(self, capacity: int, web: int, ends: str) -> None:
        self.hall.plan(capacity=capacity, web=web, ends=ends)

    @rule(minutes=st.sampled_from([1, 11, 31, 600, 1500]))
    def jump(self, minutes: int) -> None:
        self.hall.now += timedelta(minutes=minutes)
        self.hall.tick()

    @invariant()
    def places_add_up(self) -> None:
        self.hall.check_places()

    @invariant()
    def nobody_is_booked_twice(self) -> None:
        with self.database.connect() as connection:
            twice = connection.execute(
                "SELECT phone_hash FROM appointments WHERE state IN ('held', 'booked', 'offered', 'checked_in') "
                "GROUP BY phone_hash, item, day HAVING count(*) > 1"
            )
            assert twice.fetchall() == []


def test_no_course_of_events_loses_a_place_or_gives_one_twice(database: Callable[[str], str]) -> None:
    opened = Database(
        Store, load_queries("services.appointments"), url=database("appointments"), size=5, timeout=DEADLINE_S
    )
    Days.database = opened
    few = settings(
        max_examples=5,
        stateful_step_count=22,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Days, settings=few)
    opened.close()
