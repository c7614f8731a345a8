"""Whatever changes from whatever day on: nothing live is on a day or at a place that does not serve it.

Changes of items, plans, the calendar and a department come between bookings, in any order and before their consequences
are worked out; the hall's clock jumps. A model of its own, made of what was changed alone, says what is served.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.appointments.service import Appointments
from services.appointments.store import Store
from services.appointments.use_cases import booking, desk, plans
from services.chassis import clock
from services.chassis.db import Database, load_queries
from services.chassis.effects import answer
from services.chassis.errors import ServiceError
from tests.integration.appointments.in_process import ITEM, MANAGER, OPERATOR, Hall, phone, visitor
from tests.integration.appointments.test_any_course_of_events import TABLES
from tests.waiting import DEADLINE_S

FIRST = date(2010, 1, 4)
DEPARTMENTS = ("market", "drc")
LIVE = ("held", "offered", "booked")
DAYS = st.integers(0, 9)
PEOPLE = st.integers(0, 5)


class Changes(RuleBasedStateMachine):
    """Days at a hall whose catalogue, plans and calendar change; each run begins with an empty database."""

    database: ClassVar[Database[Store]]

    def __init__(self) -> None:
        super().__init__()
        with self.database.connect() as connection:
            connection.execute(f"TRUNCATE {TABLES} CASCADE")
        self.hall = Hall(self.database)
        self.clock = clock.showing(lambda: self.hall.now)
        self.clock.__enter__()
        self.hall.open()
        self.hall.hear("catalogue.department.published", {"code": "drc", "offers_three_services": True})
        self.versions = count(2)
        self.terms: dict[date, tuple[str, str]] = {FIRST: ("market", "active")}
        self.closed: set[date] = set()
        self.offers = dict.fromkeys(DEPARTMENTS, True)
        self.plans: dict[str, dict[str, Any]] = {}
        for department in DEPARTMENTS:
            self.plan(department=department, capacity=2, ends="10:00", items=[], last=None)
        self.ids: list[UUID] = []
        self.work()

    def teardown(self) -> None:
        self.clock.__exit__(None, None, None)

    @property
    def today(self) -> date:
        return clock.business_date(self.hall.now)

    def one(self, nth: int) -> UUID | None:
        return self.ids[nth % len(self.ids)] if self.ids else None

    # What people do.

    @rule(person=PEOPLE, nth=st.integers(0, 60), channel=st.sampled_from(["web", "phone"]))
    def book(self, person: int, nth: int, channel: str) -> None:
        slots = self.hall.slots() + self.slots_of("drc")
        if slots:
            with suppress(ServiceError):
                made = self.hall.book(person, slots[nth % len(slots)], channel=channel)
                self.ids.append(UUID(made.id))

    @rule(person=PEOPLE, first=DAYS, length=st.integers(0, 4))
    def wish(self, person: int, first: int, length: int) -> None:
        from_ = self.today + timedelta(days=first)
        request = {"item": ITEM, "name": "张三", "phone": phone(person), "language": "zh"}
        with suppress(ServiceError):
            to = from_ + timedelta(days=length)
            made = self.hall.do(booking.join_waitlist, visitor(person), from_=from_, to=to, **request)
            self.ids.append(UUID(made.id))

    @rule(nth=st.integers(0, 40), verb=st.sampled_from(["confirm", "cancel"]))
    def answer(self, nth: int, verb: str) -> None:
        if id_ := self.one(nth):
            with suppress(ServiceError):
                self.hall.do(getattr(booking, verb), OPERATOR, id=id_)

    @rule(nth=st.integers(0, 40), goal=st.integers(0, 60))
    def move(self, nth: int, goal: int) -> None:
        slots = self.hall.slots() + self.slots_of("drc")
        if (id_ := self.one(nth)) and slots:
            slot = UUID(slots[goal % len(slots)].id)
            with suppress(ServiceError):
                self.ids.append(UUID(self.hall.do(booking.reschedule, OPERATOR, id=id_, slot=slot).id))

    @rule(nth=st.integers(0, 40))
    def come(self, nth: int) -> None:
        if id_ := self.one(nth):
            found = self.hall.do(desk.get_appointment, OPERATOR, id=id_)
            with suppress(ServiceError):
                self.hall.check_in(found, {"id": "t1", "department": found.department})

    # What the hall does.

    @rule(ahead=DAYS, department=st.sampled_from(DEPARTMENTS), state=st.sampled_from(["active", "withdrawn"]))
    def change_item(self, ahead: int, department: str, state: str) -> None:
        self.terms[self.today + timedelta(days=ahead)] = (department, state)
        self.tell_item()

    def tell_item(self) -> None:
        course = [
            {"effective_from": day.isoformat(), "department": where, "state": what}
            for day, (where, what) in sorted(self.terms.items())
        ]
        self.hear("catalogue.item.dated", {"code": ITEM, "terms": course})

    @rule(ahead=DAYS)
    def close_or_open(self, ahead: int) -> None:
        self.closed ^= {self.today + timedelta(days=ahead)}
        self.tell_days()

    def tell_days(self) -> None:
        days = [{"day": day.isoformat(), "working": False, "name": "停办"} for day in sorted(self.closed)]
        self.hear("catalogue.calendar.published", {"year": 2026, "days": days})

    @rule(department=st.sampled_from(DEPARTMENTS))
    def offer_or_not(self, department: str) -> None:
        self.offers[department] = not self.offers[department]
        self.tell_department(department)

    def tell_department(self, department: str) -> None:
        data = {"code": department, "offers_three_services": self.offers[department]}
        self.hear("catalogue.department.published", data)

    @rule(
        department=st.sampled_from(DEPARTMENTS),
        capacity=st.integers(1, 3),
        ends=st.sampled_from(["09:30", "10:00"]),
        items=st.sampled_from([[], [ITEM], ["market-002"]]),
        last=st.none() | DAYS,
    )
    def plan(self, department: str, capacity: int, ends: str, items: list[str], last: int | None) -> None:
        until = None if last is None else self.today + timedelta(days=last)
        with suppress(ServiceError):
            self.hall.plan(
                code=department,
                department=department,
                capacity=capacity,
                ends=ends,
                items=items,
                valid_to=until,
            )
            self.plans[department] = {"ends": time.fromisoformat(ends), "items": items, "last": until}

    @rule(department=st.sampled_from(DEPARTMENTS), ahead=DAYS)
    def withdraw(self, department: str, ahead: int) -> None:
        day = self.today + timedelta(days=ahead)
        self.hall.do(plans.withdraw_slot_plan, MANAGER, code=department, from_=day)
        self.plans[department]["last"] = day - timedelta(days=1)

    @rule(
        ahead=DAYS,
        kind=st.sampled_from(["item", "days", "plan", "department"]),
        department=st.sampled_from(DEPARTMENTS),
        state=st.sampled_from(["active", "withdrawn"]),
    )
    def change_as_was_said(self, ahead: int, kind: str, department: str, state: str) -> None:
        """Ask whom a change would touch, then make it: just those are touched."""
        self.work()
        day = self.today + timedelta(days=ahead)
        since = {"from": day.isoformat()}
        if kind == "item":
            becomes = department if state == "active" else None
            # What was announced for later days is changed with it: from the day on there is one answer.
            self.terms = {each: term for each, term in self.terms.items() if each < day}
            said = self.ask("item", item=ITEM, department=becomes, **since)
            self.terms[day] = (department, state)
            self.tell_item()
        elif kind == "days":
            said = self.ask("days", days=[day.isoformat()])
            self.closed |= {day}
            self.tell_days()
        elif kind == "department":
            said = self.ask("department", department=department, offers=False, **{"from": str(self.today)})
            self.offers[department] = False
            self.tell_department(department)
        else:
            said = self.ask("plan", code=department, **since)
            if said is None:
                return
        before = len(self.hall.told())
        if kind == "plan":
            self.withdraw(department, ahead)
        self.work()
        lost = [each for each in self.hall.told()[before:] if each["type"].endswith(".displaced")]
        assert said is not None
        assert len(lost) == said["bookings"] + said["waiting"], (kind, said, lost)

    def ask(self, change: str, **about: Any) -> Any:
        """Return whom a change would touch; None when it cannot be made."""
        with self.database.autocommit() as store, suppress(ServiceError):
            return answer(Appointments.touches[change], store, MANAGER, about)
        return None

    @rule(minutes=st.sampled_from([1, 11, 31, 600, 1440, 2 * 1440]))
    def jump(self, minutes: int) -> None:
        self.hall.now += timedelta(minutes=minutes)
        self.work()

    @rule()
    def work(self) -> None:
        """Work out what changed, and what follows of that, as the jobs do within seconds."""
        before = len(self.hall.told())
        for _ in range(2):
            self.hall.tick()
        self.settled = True
        for event in self.hall.told()[before:]:
            if event["type"].endswith((".displaced", ".offered")):
                self.check_offers(event)

    def hear(self, type_: str, data: dict[str, Any]) -> None:
        self.hall.hear(type_, data, sequence=next(self.versions))
        self.settled = False

    # What must hold.

    def serves(self, department: str, starts_at: datetime) -> bool:
        """Tell by what was changed alone whether the item is done by a department at a moment."""
        starts = starts_at.astimezone(clock.hall_zone())
        day, plan = starts.date(), self.plans[department]
        where, what = self.terms[max(since for since in self.terms if since <= day)]
        open_ = day.isoweekday() <= 5 and day not in self.closed and self.offers[department]
        planned = time(9) <= starts.time() < plan["ends"] and (plan["last"] is None or day <= plan["last"])
        named = not plan["items"] or ITEM in plan["items"]
        return open_ and planned and named and (where, what) == (department, "active")

    def slots_of(self, department: str) -> list[Any]:
        with self.database.autocommit() as store:
            until = self.hall.now + timedelta(days=40)
            return store.slots("main", department=department, item=ITEM, since=self.hall.now, until=until)

    def check_offers(self, event: dict[str, Any]) -> None:
        where = {slot.id: slot.department for each in DEPARTMENTS for slot in self.slots_of(each)}
        for each in event["data"]["alternatives"]:
            assert each["slot"] in where, "an offered place is there"
            assert self.serves(where[each["slot"]], datetime.fromisoformat(each["starts_at"]))

    @invariant()
    def nothing_live_is_where_it_is_not_served(self) -> None:
        if not self.settled:
            return
        with self.database.connect() as connection:
            rows = connection.execute(
                "SELECT * FROM appointments WHERE state = ANY(%s) AND starts_at > %s AND arrived_at IS NULL",
                [list(LIVE), self.hall.now],
            ).fetchall()
        for row in rows:
            assert self.serves(row["department"], row["starts_at"]), row

    @invariant()
    def nothing_is_offered_where_it_is_not_served(self) -> None:
        if not self.settled:
            return
        until = self.today + timedelta(days=13)
        with suppress(ServiceError):
            found = self.hall.do(
                plans.list_slots, OPERATOR, item=ITEM, from_=self.today, to=until, channel="phone"
            )
            for slot in found["items"]:
                assert slot["free"] == 0 or self.serves(slot["department"], slot["starts_at"]), slot

    @invariant()
    def everybody_touched_was_told_exactly_once(self) -> None:
        told = Counter((event["subject"], event["type"].rpartition(".")[2]) for event in self.hall.told())
        with self.database.connect() as connection:
            rows = connection.execute("SELECT id::text AS id, state, version FROM appointments").fetchall()
        for row in rows:
            assert told[row["id"], "displaced"] == (row["state"] == "displaced")
            assert sum(times for (id_, _), times in told.items() if id_ == row["id"]) == row["version"]

    @invariant()
    def no_place_is_lost(self) -> None:
        self.hall.check_places()


def test_no_change_leaves_a_promise_on_a_day_or_at_a_place_that_does_not_serve_it(
    database: Callable[[str], str],
) -> None:
    opened = Database(
        Store, load_queries("services.appointments"), url=database("appointments"), size=5, timeout=DEADLINE_S
    )
    Changes.database = opened
    few = settings(
        max_examples=10,
        stateful_step_count=25,
        suppress_health_check=list(HealthCheck),
        database=None,
        # To shrink what fails takes many times as long as to find it.
        phases=[Phase.generate],
    )
    run_state_machine_as_test(Changes, settings=few)
    opened.close()
