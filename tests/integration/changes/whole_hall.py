"""A whole hall in the process of the test: its services, each on its own database, and what people do there.

It begins on Monday 2 March 2026 at five past nine, with two departments that have a queue, a window, a plan of slots
and a crew each, and two items. `course` says what was changed. Commands raise what the services raise.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.appointments.domain.appointment import Appointment
from services.appointments.use_cases import booking, desk, plans
from services.appointments.use_cases import jobs as of_appointments
from services.cases.domain.case import Case
from services.cases.use_cases import cases
from services.catalogue import schemas as of_catalogue
from services.catalogue.use_cases import closures, items, loading
from services.chassis import clock, personal
from services.chassis.caller import Caller
from services.chassis.commands import fingerprint
from services.dispatch.domain.order import Order
from services.dispatch.use_cases import crews, field, orders, solving
from services.dispatch.use_cases import jobs as of_dispatch
from services.dispatch.use_cases import plans as day_plans
from services.ticketing import schemas as of_ticketing
from services.ticketing.use_cases import check_in, day, issue, serve, windows
from services.ticketing.use_cases.situation import Situations
from tests.integration.changes.bus import Bus, Peer
from tests.integration.changes.course import FIRST, USUAL, Course, CrewCourse, Shape, SlotPlan
from tests.integration.dispatch.in_process import HERE, Settling

DEPARTMENTS = ("market", "drc")
ITEMS = {"i1": ("market", 5), "i2": ("drc", 2)}
WINDOWS = {"101": "market", "201": "drc"}
CREWS = {
    "m1": CrewCourse("market", ["market"], [], [1, 2, 3, 4, 5], "09:00", "17:00"),
    "m2": CrewCourse("market", ["market"], ["i2"], [1, 3, 5], "10:00", "16:00"),
    "d1": CrewCourse("drc", ["drc"], [], [2, 3, 4, 6], "09:00", "17:00"),
}
_ticket = of_ticketing.TicketReply(exclude=("appointment",))


def phone(nth: int) -> str:
    """Return the number of a person."""
    return f"1380000{nth:04d}"


class WholeHall:
    """The services of one hall and what they know of each other by the bus alone."""

    def __init__(self, peers: Mapping[str, Peer], *, hall: str) -> None:
        """Furnish a hall that these services have not known before."""
        self.hall, self.peers = hall, peers
        self.now = datetime.fromisoformat("2026-03-02T09:05:00+08:00").astimezone(UTC)
        self.bus = Bus(peers, hall=hall)
        self.changed, self.worked_out = 0, -1
        self.course = Course(offers=dict.fromkeys(DEPARTMENTS, True))
        self.rows = {code: _item_row(code, *what, since=FIRST) for code, what in ITEMS.items()}
        for code, (department, limit) in ITEMS.items():
            self.course.change(code, FIRST, department=department, limit=limit, active=True)

    def furnish(self) -> None:
        """Load the tables, and make plans and crews; call it while the hall's clock is shown."""
        self.load()
        self.bus.carry_all()
        for department in DEPARTMENTS:
            self.save_plan(
                department, SlotPlan(department=department, ends="10:00", items=[], capacity=2, last=None)
            )
        for code, crew in CREWS.items():
            self.save_crew(code, replace(crew, away=[]))

    @property
    def settled(self) -> bool:
        """Whether everybody has heard everything, and worked out what was changed."""
        return self.bus.quiet and self.worked_out == self.changed

    @property
    def today(self) -> date:
        """The hall's date."""
        return clock.business_date(self.now)

    def course_day(self, ahead: int) -> date:
        """Return the date so many days ahead."""
        return self.today + timedelta(days=ahead)

    def caller(self, role: str, **more: Any) -> Caller:
        """Return somebody with a role."""
        return Caller(hall=self.hall, roles=frozenset({role}), **{"username": role, **more})

    def clerk(self, window: str) -> Caller:
        """Return the clerk of a window."""
        return self.caller("clerk", username=f"clerk{window}", department=WINDOWS[window])

    def do(self, service: str, use_case: Callable[..., Any], *arguments: Any, **request: Any) -> Any:
        """Carry a command of a service out, in a transaction."""
        with self.peers[service].database.transaction() as store:
            return use_case(store, *arguments, **request)

    # What the hall changes.

    def load(self) -> None:
        """Load the tables as the course has them; an item whose row is as it was stays as it was changed since."""
        course = self.course
        request = {
            "hall": {"code": self.hall, "name": "大厅", "name_en": "Hall", "time_zone": "Asia/Shanghai"},
            "departments": [
                {**_named(code), "offers_three_services": course.offers[code]} for code in DEPARTMENTS
            ],
            "zones": [_named("A")],
            "chains": [],
            "queues": [_queue_row(code, prefix) for code, prefix in zip(DEPARTMENTS, "AB", strict=True)],
            "windows": [
                {**_named(code), "department": of, "zone": "A", "queues": [of]}
                for code, of in WINDOWS.items()
            ],
            "items": list(self.rows.values()),
            "hours": [
                {
                    "department": None,
                    "weekday": weekday,
                    **dict(zip(("opens", "break_starts", "break_ends", "closes"), shape, strict=True)),
                }
                for weekday, shape in course.hours.items()
            ],
            "calendar": [
                {"day": each.isoformat(), "working": working, "name": "调整"}
                for each, working in [*course.days.items(), *self._put_back().items()]
            ],
        }
        tables = of_catalogue.LoadHall().load(request)
        self.changed += 1
        self.do("catalogue", loading.load_hall, self.caller("admin"), **tables)

    def _put_back(self) -> dict[date, bool]:
        """Return a day that keeps the year in the tables when nothing else is left in it."""
        return {} if self.course.days else {date(2026, 12, 31): True}

    def set_day(self, ahead: int, working: bool | None) -> None:
        """Call a day off, have it worked, or let it be as its weekday is."""
        each = self.today + timedelta(days=ahead)
        if working is None:
            self.course.days.pop(each, None)
        else:
            self.course.days[each] = working
        self.load()

    def set_hours(self, weekdays: Sequence[int], shape: Shape = USUAL) -> None:
        """Change the opening hours of some weekdays, from now on."""
        self.course.hours |= dict.fromkeys(weekdays, shape)
        self.load()

    def set_offers(self, department: str, offers: bool) -> None:
        """Have a department offer appointments and visits, or not."""
        self.course.offers[department] = offers
        self.load()

    def adjust(self, item: str, ahead: int, **changes: Any) -> None:
        """Move an item to a department, or give it another limit, from a day on."""
        self.changed += 1
        since = self.today + timedelta(days=ahead)
        named = {{"limit": "time_limit_days"}.get(name, name): value for name, value in changes.items()}
        if "department" in changes:
            named["queue"] = changes["department"]
        self.do(
            "catalogue", items.adjust_item, self.caller("admin"), code=item, effective_from=since, **named
        )
        self.course.change(item, since, **changes)

    def withdraw(self, item: str, ahead: int) -> None:
        """Offer an item no longer, from a day on."""
        self.changed += 1
        since = self.today + timedelta(days=ahead)
        self.do("catalogue", items.withdraw_item, self.caller("admin"), code=item, effective_from=since)
        self.course.change(item, since, active=False)

    def offer_again(self, item: str, ahead: int, department: str, limit: int) -> None:
        """Have the tables offer an item from a day on as they say it now."""
        since = self.today + timedelta(days=ahead)
        self.rows[item] = _item_row(item, department, limit, since=since)
        self.load()
        self.course.change(item, since, department=department, limit=limit, active=True)

    def save_plan(self, code: str, plan: SlotPlan) -> None:
        """Make a plan of slots, or change it."""
        self.changed += 1
        self.do(
            "appointments",
            plans.save_slot_plan,
            self.caller("manager"),
            code=code,
            department=plan.department,
            items=list(plan.items),
            weekdays=[1, 2, 3, 4, 5],
            starts=time(9),
            ends=time.fromisoformat(plan.ends),
            slot_minutes=30,
            capacity=plan.capacity,
            quotas={"web": 0, "phone": 0, "window": 0},
            valid_from=date(2026, 1, 1),
            valid_to=plan.last,
        )
        self.course.plans[code] = plan

    def save_crew(self, code: str, crew: CrewCourse) -> None:
        """Make a crew, or change it."""
        self.changed += 1
        shifts = [
            {
                "weekday": each,
                "starts": time.fromisoformat(crew.starts),
                "ends": time.fromisoformat(crew.ends),
            }
            for each in crew.weekdays
        ]
        self.do(
            "dispatch",
            crews.save_crew,
            self.caller("dispatcher"),
            code=code,
            name=f"上门{code}组",
            name_en=None,
            department=crew.department,
            members=[f"crew-{code}"],
            least_members=1,
            skills={"departments": list(crew.departments), "items": list(crew.items)},
            shifts=shifts,
            start=HERE,
            capacity=8,
            days_off=[],
        )
        self.course.crews[code] = crew

    def send_away(self, code: str, ahead: int, length: int) -> None:
        """Note that a whole crew is not there on some days."""
        self.changed += 1
        first = self.today + timedelta(days=ahead)
        last = first + timedelta(days=length)
        dispatcher = self.caller("dispatcher")
        request = {"code": code, "member": None, "from_": first, "to": last, "reason": None}
        self.do("dispatch", crews.note_absence, dispatcher, **request)
        self.course.crews[code].away.append((first, last))

    def close(self, department: str | None, since: datetime, until: datetime) -> None:
        """Close a department, or the hall, for a time; what has begun begins now."""
        place = {"scope": "department", "department": department} if department else {"scope": "hall"}
        times = {"starts_at": since.isoformat(), "ends_at": until.isoformat(), "reason": "停电"}
        request = of_catalogue.AnnounceClosure().load({**place, **times})
        made = self.do("catalogue", closures.announce_closure, self.caller("manager"), **request)
        self.changed += 1
        self.course.close(made["id"], department, max(since, self.now), until)

    def open_again(self, code: str) -> None:
        """End a closure, or call it off."""
        ended = self.do("catalogue", closures.end_closure, self.caller("manager"), id=UUID(code))
        self.changed += 1
        self.course.close(code, ended["department"], ended["starts_at"], ended["until"])

    # What people do.

    def visitor(self, nth: int) -> Caller:
        """Return a person who has proved their number."""
        subject = personal.phone_hash(personal.phone_number(phone(nth)))
        return self.caller("visitor", username=None, subject=subject)

    def slots(self, item: str, *, days: int = 13) -> list[dict[str, Any]]:
        """Ask when an item can be booked."""
        request = {
            "item": item,
            "from_": self.today,
            "to": self.today + timedelta(days=days),
            "channel": "phone",
        }
        with self.peers["appointments"].database.autocommit() as store:
            found = plans.list_slots(store, self.caller("operator"), **request)
        return list(found["items"])

    def book(self, nth: int, item: str, slot: str, *, channel: str) -> Appointment:
        """Book a place."""
        caller = self.visitor(nth) if channel == "web" else self.caller("operator")
        person = {"name": "张三", "phone": phone(nth), "channel": channel, "language": "zh"}
        made: Appointment = self.do(
            "appointments", booking.book, caller, slot=UUID(slot), item=item, **person
        )
        return made

    def wish(self, nth: int, item: str, first: date, last: date) -> Appointment:
        """Wait for a place."""
        request = {
            "item": item,
            "from_": first,
            "to": last,
            "name": "张三",
            "phone": phone(nth),
            "language": "zh",
        }
        made: Appointment = self.do("appointments", booking.join_waitlist, self.visitor(nth), **request)
        return made

    def answer(self, id_: str, verb: str) -> None:
        """Confirm or cancel."""
        self.do("appointments", getattr(booking, verb), self.caller("operator"), id=UUID(id_))

    def move(self, id_: str, slot: str) -> Appointment:
        """Move a booking."""
        request = {"id": UUID(id_), "slot": UUID(slot)}
        made: Appointment = self.do("appointments", booking.reschedule, self.caller("operator"), **request)
        return made

    def come(self, id_: str) -> None:
        """Check in: note the arrival, have ticketing make the ticket, keep it."""
        kiosk, service = self.caller("kiosk"), self.caller("service", username="appointments")
        wanted = self.do("appointments", desk.arrive, kiosk, id=UUID(id_))
        ticket = None
        if wanted is not None:
            request = of_ticketing.CheckInTicket().load(wanted)
            with self.peers["ticketing"].database.autocommit() as store:
                ticket = check_in.check_in_ticket(store, Situations(), service, **request).body
        self.do("appointments", desk.check_in, kiosk, id=UUID(id_), ticket=ticket)

    def take_number(self, item: str) -> dict[str, Any]:
        """Draw a number at a kiosk."""
        caller = self.caller("kiosk", command_id=str(uuid4()))
        request = {"item": item, "channel": "kiosk"}
        mark = fingerprint("issue_ticket", request, caller)
        with self.peers["ticketing"].database.autocommit() as store:
            return dict(issue.issue_ticket(store, Situations(), caller, mark, **request).body)

    def call(self, window: str) -> dict[str, Any] | None:
        """Call the next visitor to a window, where its clerk sits down, and begin to serve them."""
        clerk = self.clerk(window)
        self.do("ticketing", windows.sign_in, clerk, window=window, queues=None)
        called = self.do("ticketing", serve.call_next, Situations(), clerk, window=window)
        if called is None:
            return None
        ticket = self.do("ticketing", serve.start_ticket, Situations(), clerk, id=called["id"])
        return dict(_ticket.dump(ticket))

    def accept(self, window: str, ticket: Mapping[str, Any]) -> Case:
        """Accept what a visitor came for."""
        clerk = self.clerk(window)
        made: Case = self.do("cases", cases.accept_case, clerk, ticket=ticket, item=ticket["item"])
        return made

    def finish(self, window: str, ticket: str) -> None:
        """End the service of a visitor."""
        self.do("ticketing", serve.finish_ticket, self.clerk(window), id=ticket)

    def turn(self, number: str, verb: str) -> None:
        """Ask for corrected materials, go on, or decide a case."""
        request = {"correct": {"reason": "材料不全"}, "decide": {"outcome": "granted"}}.get(verb, {})
        self.do("cases", getattr(cases, f"{verb}_case"), self.caller("admin"), number=number, **request)

    def order(self, nth: int, item: str, since: datetime, until: datetime) -> Order:
        """Ask for a visit, which is accepted at once."""
        request = {
            "item": item,
            "name": "张三",
            "phone": phone(nth),
            "address": "福田区福中三路市民中心C区12号",
            "location": {"lat": HERE["lat"] + nth * 0.004, "lon": HERE["lon"]},
            "window": {"from_": since, "to": until},
            "priority": "normal",
            "language": "zh",
        }
        asked = self.do("dispatch", orders.request_order, self.visitor(nth), **request)
        screening = {"accept": True, "reason": None, "service_seconds": None}
        made: Order = self.do(
            "dispatch", orders.screen_order, self.caller("dispatcher"), id=UUID(asked.id), **screening
        )
        return made

    def move_visit(self, id_: str, since: datetime, until: datetime) -> None:
        """Move a visit."""
        window = {"from_": since, "to": until}
        dispatcher = self.caller("dispatcher")
        self.do("dispatch", orders.reschedule_order, dispatcher, id=UUID(id_), window=window)

    def plan_day(self, ahead: int) -> str:
        """Have a day planned; returns the draft."""
        request = {"date": self.today + timedelta(days=ahead), "seed": 1, "seconds": None}
        plan = self.do("dispatch", day_plans.request_plan, self.caller("dispatcher"), **request)
        self.solve()
        return str(plan.id)

    def solve(self) -> None:
        """Plan what waits for it."""
        while solving.solve_next(self.peers["dispatch"].database, Settling()):
            pass

    def publish(self, plan: str) -> None:
        """Make a draft the plan that holds."""
        self.do("dispatch", day_plans.publish_plan, self.caller("dispatcher"), id=UUID(plan))

    def drive(self, row: Mapping[str, Any]) -> None:
        """Have a crew take the next step of a visit; it accepts the item at the applicant's place."""
        crew = self.caller("crew", username=f"crew-{row['crew']}")
        step = {"assigned": field.depart, "en_route": field.arrive, "on_site": field.complete}[row["state"]]
        more = {"cases": [{"item": row["item"]}]} if step is field.complete else {}
        self.do("dispatch", step, crew, id=row["id"], happened_at=None, **more)

    # What happens by itself.

    def work_out_places(self) -> None:
        """Do what is due in appointments, each job in one place at a time."""
        clockwork = self.caller("admin", username="clock")
        for job in (of_appointments.turns, of_appointments.due, of_appointments.fill, of_appointments.daily):
            with self.peers["appointments"].database.autocommit() as store:
                pieces = list(job(store, clockwork))
            for piece in pieces:
                with self.peers["appointments"].database.transaction() as store:
                    if store.try_job(f"{self.hall} {job.__name__}"):
                        piece(store)

    def work_out_visits(self) -> None:
        """Work out what changes bring about for visits."""
        for job in of_dispatch.SOON:
            self.do("dispatch", job, self.caller("admin", username="clock"))

    def tick(self) -> None:
        """Do what is due by the clock, as the jobs of all services do."""
        clockwork = self.caller("admin", username="clock")
        self.do("catalogue", items.apply_due)
        self.work_out_places()
        self.work_out_visits()
        self.solve()
        for close in (day.expire_missed, day.close_ended_days, day.empty_forgotten_windows):
            self.do("ticketing", close, clockwork)


def _named(code: str) -> dict[str, Any]:
    return {"code": code, "name": f"名{code}", "name_en": f"Name {code}"}


def _queue_row(code: str, prefix: str) -> dict[str, Any]:
    rates = {"priority_rate": 2, "appointment_rate": 1.5, "walk_in_rate": 1}
    return {**_named(code), "prefix": prefix, "department": code, "zone": "A", "max_wait_s": 1800, **rates}


def _item_row(code: str, department: str, limit: int, *, since: date) -> dict[str, Any]:
    return {
        **_named(code),
        "department": department,
        "queue": department,
        "kind": "public_service",
        "time_limit_days": limit,
        "service_seconds": 300,
        "chains": [],
        "materials": [],
        "guide": "",
        "guide_en": "",
        "effective_from": since.isoformat(),
    }
