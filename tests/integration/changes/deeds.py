"""What people do at a hall, and what its managers change, each named with a few numbers that say whom and when.

Who does something that the hall promised must get it while everybody has heard everything; otherwise the services may
refuse what they cannot know yet.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from services.chassis import clock
from services.chassis.errors import ServiceError
from tests.integration.changes import judging
from tests.integration.changes.course import USUAL, SlotPlan, clock_time
from tests.integration.changes.whole_hall import CREWS, DEPARTMENTS, ITEMS, WINDOWS, WholeHall

PEOPLE = 6
LISTENERS = ("appointments", "ticketing", "dispatch", "cases", "notifications")
AHEAD = (0, 0, 1, 1, 2, 3, 4, 5, 8)
# What people may be told although the hall keeps its promises: their own limits, and what another was quicker to take.
OWN_FAULT = (
    "limit_reached",
    "booking_suspended",
    "slot_full",
    "slot_past",
    "hold_expired",
    "illegal_transition",
)
SHAPES = (USUAL, ("09:30", "12:00", "13:30", "17:00"), ("09:00", "10:00", "11:30", "15:00"))


@dataclass(frozen=True)
class Step:
    """What is done, and what about: a person, an item, a department, days ahead, and a number to choose by."""

    name: str
    person: int
    item: str
    department: str
    ahead: int
    nth: int


def _among(options: Sequence[Any], nth: int) -> Any:
    return options[nth % len(options)]


class Day:
    """A hall with what people remember of it."""

    def __init__(self, hall: WholeHall) -> None:
        """Begin with nobody there."""
        self.hall = hall
        self.served: dict[str, dict[str, Any]] = {}

    @contextmanager
    def but_for(self, *codes: str) -> Iterator[None]:
        """Let these refusals pass, and any while somebody has not heard everything."""
        settled = self.hall.settled
        try:
            yield
        except ServiceError as refusal:
            if settled and refusal.code not in codes:
                raise

    def later(self, *, minutes: int = 0, days: int = 0) -> None:
        """Let minutes pass, or go to that many minutes after nine of a later day."""
        day = self.hall.today + timedelta(days=days)
        start = clock_time(day, "09:00") if days else self.hall.now
        self.go_to(start + timedelta(minutes=minutes))

    def go_to(self, moment: datetime) -> None:
        """Let time pass; who hears late hears by midnight, when days are closed."""
        if clock.business_date(moment) != self.hall.today:
            judging.settle(self.hall)
            self.served.clear()
        self.hall.now = max(moment, self.hall.now)
        judging.settle(self.hall)

    def rows(self, service: str, statement: str) -> list[dict[str, Any]]:
        """Ask a database about this hall."""
        return self.hall.peers[service].rows(statement, self.hall.hall)

    def appointment(self, nth: int, *states: str) -> dict[str, Any] | None:
        """Return one of the appointments in some states, those of the nearest days first."""
        found = self.rows(
            "appointments", "SELECT * FROM appointments WHERE hall = %s ORDER BY starts_at, created_at, id"
        )
        fitting = [row for row in found if row["state"] in states]
        return _among(fitting, nth) if fitting else None

    def window(self, nth: int) -> tuple[datetime, datetime]:
        """Return a time window of the next days."""
        hour = _among([9, 10, 10, 11, 14], nth // 5)
        since = clock_time(self.hall.today + timedelta(days=nth % 5), f"{hour:02}:00")
        return since, since + timedelta(hours=_among([1, 2, 3], nth // 25))

    # What people do.

    def book(self, a: Step) -> None:
        """Book one of the next places."""
        slots = []
        with suppress(ServiceError):
            slots = [slot for slot in self.hall.slots(a.item) if slot["free"] > 0][:8]
        if slots:
            with self.but_for(*OWN_FAULT):
                settled, channel = self.hall.settled, _among(["web", "phone"], a.nth)
                made = self.hall.book(a.person, a.item, _among(slots, a.nth)["id"], channel=channel)
                assert made.starts_at is not None
                served = self.hall.course.serves(a.item, made.department, made.starts_at)
                assert served or not settled, ("booked", made)

    def wish(self, a: Step) -> None:
        """Wait for a place on some of the next days."""
        since = self.hall.today + timedelta(days=a.nth % 5)
        with suppress(ServiceError):
            self.hall.wish(a.person, a.item, since, since + timedelta(days=a.nth // 5 % 4))

    def confirm(self, a: Step) -> None:
        """Confirm a place that is held or offered."""
        if one := self.appointment(a.nth, "held", "offered"):
            with self.but_for(*OWN_FAULT):
                self.hall.answer(str(one["id"]), "confirm")

    def cancel(self, a: Step) -> None:
        """Give a place or a wish up."""
        if one := self.appointment(a.nth, "held", "offered", "booked", "waitlisted"):
            with self.but_for(*OWN_FAULT):
                self.hall.answer(str(one["id"]), "cancel")

    def move(self, a: Step) -> None:
        """Move a booking."""
        one = self.appointment(a.nth, "booked")
        with suppress(ServiceError):
            if one and (slots := self.hall.slots(one["item"])[:8]):
                self.hall.move(str(one["id"]), _among(slots, a.nth // 8)["id"])

    def come(self, a: Step) -> None:
        """Come for a place, at its time or right now."""
        if (one := self.appointment(a.nth % 2, "booked")) is None:
            return
        if a.nth % 4 and self.hall.now < one["starts_at"]:
            self.go_to(one["starts_at"])
        closed = [] if self.hall.course.gives_numbers(self.hall.now, one["department"]) else ["hall_closed"]
        with self.but_for("too_early", "wrong_day", "illegal_transition", *closed):
            self.hall.come(str(one["id"]))

    def take_number(self, a: Step) -> None:
        """Draw a number, which is given for what is offered while the hall is open."""
        hall, settled = self.hall, self.hall.settled
        term = hall.course.item(a.item, hall.today)
        allowed = term.active and hall.course.gives_numbers(hall.now, term.department)
        try:
            ticket = hall.take_number(a.item)
        except ServiceError as refusal:
            assert not (settled and allowed) or refusal.code == "cut_off", ("refused", a.item, refusal)
        else:
            assert not settled or (allowed and ticket["department"] == term.department), ("given", ticket)

    def serve(self, a: Step) -> None:
        """Call somebody to a window, accept what they hold a number for whatever changed since, or end it."""
        window = _among(sorted(WINDOWS), a.nth)
        if window not in self.served:
            with suppress(ServiceError):
                if ticket := self.hall.call(window):
                    self.served[window] = ticket
        elif a.nth % 3:
            with self.but_for():
                self.hall.accept(window, self.served[window])
        else:
            self.hall.finish(window, self.served.pop(window)["id"])

    def be_served(self, a: Step) -> None:
        """Come without an appointment, and be served at once."""
        self.take_number(a)
        for nth in (a.nth % 2 + 2, a.nth % 2 + 4, a.nth % 2 + 6):
            self.serve(replace(a, nth=nth))

    def turn(self, a: Step) -> None:
        """Stop a case, let it go on, or decide it."""
        if cases := self.rows("cases", "SELECT number, state FROM cases WHERE hall = %s ORDER BY number"):
            one = _among(cases, a.nth)
            verb = {"correction": "resume", "accepted": _among(["correct", "correct", "decide"], a.nth)}
            with suppress(ServiceError):
                self.hall.turn(one["number"], verb.get(one["state"], "decide"))

    def ask_for_a_visit(self, a: Step) -> None:
        """Ask for a visit, which is promised when a crew can come."""
        since, until = self.window(a.nth)
        able, settled = self.hall.course.visits(a.item, since, until), self.hall.settled
        try:
            self.hall.order(a.person, a.item, since, until)
        except ServiceError as refusal:
            own = refusal.code in ("limit_reached", "window_invalid")
            assert own or not (settled and able), ("refused", refusal)
        else:
            assert able or not settled, ("promised", a.item, since)

    def be_promised_a_visit(self, a: Step) -> None:
        """Ask for a visit, whose day is planned and published at once."""
        self.ask_for_a_visit(a)
        self.hall.now += timedelta(seconds=1)
        with suppress(ServiceError):
            self.hall.publish(self.hall.plan_day(a.nth % 5))

    def move_a_visit(self, a: Step) -> None:
        """Move a visit."""
        if found := self.rows("dispatch", "SELECT id FROM orders WHERE hall = %s ORDER BY created_at, id"):
            with suppress(ServiceError):
                self.hall.move_visit(str(_among(found, a.nth)["id"]), *self.window(a.nth // 8))

    def plan_day(self, a: Step) -> None:
        """Have a day with visits planned, and publish the plan at once or leave it."""
        days = self.rows("dispatch", "SELECT DISTINCT day FROM orders WHERE hall = %s ORDER BY day")
        if ahead := [(row["day"] - self.hall.today).days for row in days if row["day"] >= self.hall.today]:
            plan = self.hall.plan_day(_among(ahead, a.nth))
            if a.nth % 3:
                self.hall.now += timedelta(seconds=1)
                with suppress(ServiceError):
                    self.hall.publish(plan)

    def publish(self, a: Step) -> None:
        """Publish a draft that was made some time ago, if it still holds."""
        statement = (
            "SELECT id FROM plans WHERE hall = %s AND state = 'draft' ORDER BY requested_at DESC, id LIMIT 3"
        )
        if drafts := self.rows("dispatch", statement):
            with suppress(ServiceError):
                self.hall.publish(str(_among(drafts, a.nth)["id"]))

    def drive(self, a: Step) -> None:
        """Let a crew take the next step of a visit; who has a crew there gets what they asked for."""
        found = self.rows(
            "dispatch",
            "SELECT * FROM orders WHERE hall = %s AND crew IS NOT NULL"
            " AND state IN ('assigned', 'en_route', 'on_site') ORDER BY state DESC, arrives_at, id LIMIT 2",
        )
        if not found:
            return
        one = _among(found, a.nth)
        if one["state"] == "assigned" and one["arrives_at"] > self.hall.now:
            self.go_to(one["arrives_at"])
        with self.but_for(
            "crew_busy", "wrong_day", "no_crew", "called_off", "illegal_transition", "not_your_crew"
        ):
            self.hall.drive(one)

    # What managers change.

    def adjust(self, a: Step) -> None:
        """Move an item, with another time limit."""
        with suppress(ServiceError):
            self.hall.adjust(a.item, a.ahead, department=a.department, limit=a.nth % 7)

    def withdraw(self, a: Step) -> None:
        """Offer an item no longer."""
        with suppress(ServiceError):
            self.hall.withdraw(a.item, a.ahead)

    def offer_again(self, a: Step) -> None:
        """Offer an item as the tables say it."""
        self.hall.offer_again(a.item, a.ahead, a.department, a.nth % 7)

    def set_day(self, a: Step) -> None:
        """Call a day off, have it worked, or let it be as it is."""
        self.hall.set_day(a.ahead, _among([False, False, True, None], a.nth))

    def set_hours(self, a: Step) -> None:
        """Change the hours of a weekday, or of all."""
        weekday = min(5, (self.hall.today + timedelta(days=a.ahead)).isoweekday())
        self.hall.set_hours(_among([[weekday], range(1, 6)], a.nth // 3), _among(SHAPES, a.nth))

    def offer_or_not(self, a: Step) -> None:
        """Have a department offer appointments and visits, or not."""
        self.hall.set_offers(a.department, not self.hall.course.offers[a.department])

    def plan_slots(self, a: Step) -> None:
        """Change a plan of slots, or end it."""
        plan = SlotPlan(
            department=a.department,
            capacity=1 + a.nth % 3,
            ends=_among(["09:30", "10:00"], a.nth // 3),
            items=_among([[], [], [a.item]], a.nth // 6),
            last=_among([None, None, self.hall.today + timedelta(days=a.ahead)], a.nth // 18),
        )
        with suppress(ServiceError):
            self.hall.save_plan(a.department, plan)

    def change_crew(self, a: Step) -> None:
        """Have a crew work on other weekdays, and do another item."""
        code = _among(sorted(CREWS), a.nth)
        weekdays = [day for day in range(1, 7) if (1 + a.nth // 3) >> day & 1] or [1 + a.ahead % 6]
        crew = replace(self.hall.course.crews[code], weekdays=weekdays, items=_among([[], [a.item]], a.nth))
        self.hall.save_crew(code, crew)

    def send_away(self, a: Step) -> None:
        """Note that a crew is not there for some days."""
        self.hall.send_away(_among(sorted(CREWS), a.nth), a.ahead, a.nth // 3 % 3)

    def close(self, a: Step) -> None:
        """Close the hall or a department for a day, or for some hours of it."""
        day = self.hall.today + timedelta(days=a.ahead)
        hours = _among([("09:20", "10:10"), ("09:00", "12:00"), ("10:30", "15:00")], a.nth // 4)
        since, until = (clock_time(day, text) for text in hours)
        if a.nth % 2:
            since, until = clock_time(day, "00:00"), clock_time(day + timedelta(days=1), "00:00")
        with suppress(ServiceError):
            self.hall.close(_among([None, a.department], a.nth // 2), since, until)

    def open_again(self, a: Step) -> None:
        """End a closure, or call it off."""
        if self.hall.course.closures:
            with suppress(ServiceError):
                self.hall.open_again(_among(sorted(self.hall.course.closures), a.nth))

    # What happens by itself.

    def time_passes(self, a: Step) -> None:
        """Let some minutes pass, or a night."""
        self.later(minutes=_among([11, 31, 120], a.nth), days=_among([0, 1, 1, 2], a.nth // 3))

    def some_is_heard(self, a: Step) -> None:
        """Let a service hear some of what waits for it, the oldest or the newest, and maybe work out what follows."""
        name = _among(LISTENERS, a.nth)
        self.hall.bus.carry(name, most=1 + a.nth // 5 % 5, newest=a.nth // 25 % 2 == 0)
        if a.nth // 50 % 2:
            self.hall.tick()

    def some_is_heard_again(self, a: Step) -> None:
        """Let a service hear again what it heard before."""
        self.hall.bus.repeat(_among(LISTENERS, a.nth), a.nth // 5)

    def all_is_heard(self, a: Step) -> None:
        """Let everybody hear everything and work out what follows."""
        judging.settle(self.hall)


_DEEDS = (
    Day.book,
    Day.book,
    Day.wish,
    Day.confirm,
    Day.cancel,
    Day.move,
    Day.come,
    Day.take_number,
    Day.serve,
    Day.be_served,
    Day.turn,
    Day.ask_for_a_visit,
    Day.be_promised_a_visit,
    Day.move_a_visit,
    Day.plan_day,
    Day.plan_day,
    Day.publish,
    Day.drive,
)
_CHANGES = (
    Day.adjust,
    Day.withdraw,
    Day.offer_again,
    Day.set_day,
    Day.set_day,
    Day.set_hours,
    Day.set_hours,
    Day.offer_or_not,
    Day.plan_slots,
    Day.change_crew,
    Day.send_away,
    Day.close,
    Day.close,
    Day.open_again,
)


_HAPPENINGS = (
    Day.time_passes,
    Day.some_is_heard,
    Day.some_is_heard,
    Day.some_is_heard_again,
    Day.all_is_heard,
)


def _steps(among: Sequence[Callable[[Day, Step], None]]) -> st.SearchStrategy[Step]:
    """Make steps; one number stands for all that they are about, so that many of them stay within what is drawn."""
    names = st.sampled_from([each.__name__ for each in among])
    return st.builds(_step, names, st.integers(0, 2**20 - 1))


def _step(name: str, number: int) -> Step:
    number, person = divmod(number, PEOPLE)
    number, item = divmod(number, len(ITEMS))
    number, department = divmod(number, len(DEPARTMENTS))
    nth, ahead = divmod(number, len(AHEAD))
    return Step(name, person, sorted(ITEMS)[item], DEPARTMENTS[department], AHEAD[ahead], nth)


DEEDS, CHANGES, HAPPENINGS = _steps(_DEEDS), _steps(_CHANGES), _steps(_HAPPENINGS)


def do(day: Day, step: Step) -> None:
    """Have somebody do something, a second after what happened last."""
    day.hall.now += timedelta(seconds=1)
    getattr(day, step.name)(step)
