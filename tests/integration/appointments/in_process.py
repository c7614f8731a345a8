"""Appointments in the process of the test."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.appointments.domain.appointment import Appointment
from services.appointments.domain.slots import CHANNELS, Slot
from services.appointments.service import Appointments
from services.appointments.store import Store
from services.appointments.use_cases import booking, desk, jobs, plans
from services.chassis import personal
from services.chassis.caller import Caller
from services.chassis.db import Database
from services.chassis.inbox import read_event

HEARINGS = {hearing.type: hearing for hearing in Appointments.inbox.hearings}
CLOCK = Caller(hall="main", username="clock", roles=frozenset({"admin"}))
OPERATOR = Caller(hall="main", username="operator", roles=frozenset({"operator"}))
MANAGER = Caller(hall="main", username="manager", roles=frozenset({"manager"}))
OCCUPYING = ("held", "offered", "booked", "checked_in", "fulfilled", "no_show")
ITEM = "market-001"


def phone(nth: int) -> str:
    """Return a mobile number that nobody else in the test has."""
    return f"1380000{nth:04d}"


def visitor(nth: int) -> Caller:
    """Return a visitor who has proved their number."""
    subject = personal.phone_hash(personal.phone_number(phone(nth)))
    return Caller(hall="main", roles=frozenset({"visitor"}), subject=subject)


class Hall:
    """Takes facts and calls as the service's edge would, on Monday 2 March 2026."""

    def __init__(self, database: Database[Store]) -> None:
        """Use a database."""
        self.database = database
        self.now = datetime.fromisoformat("2026-03-02T08:05:00+08:00").astimezone(UTC)

    def hear(
        self, type_: str, data: Mapping[str, Any], *, sequence: int = 1, at: datetime | None = None
    ) -> None:
        """Take one event, which happened now unless another moment is given."""
        envelope = {
            "id": str(uuid4()),
            "type": type_,
            "subject": "x",
            "time": (at or self.now).isoformat(),
            "sequence": sequence,
            "hall": "main",
            "data": data,
        }
        with self.database.transaction() as store:
            HEARINGS[type_].handler(store, [read_event(envelope, HEARINGS)])

    def open(self) -> None:
        """Hear of a department, two items, three windows and hours with a break at noon."""
        self.hear("catalogue.department.published", {"code": "market", "offers_three_services": True})
        for code in (ITEM, "market-002"):
            self.hear("catalogue.item.published", {"code": code, "department": "market", "state": "active"})
        for code in ("101", "102", "103"):
            self.hear("catalogue.window.published", {"code": code, "department": "market"})
        breaks = [{"starts": "12:00", "ends": "13:30"}]
        rows = [
            {"department": None, "weekday": each, "opens": "09:00", "closes": "17:00", "breaks": breaks}
            for each in range(1, 6)
        ]
        self.hear("catalogue.hours.published", {"hours": rows})

    def do(self, command: Callable[..., Any], caller: Caller, **request: Any) -> Any:
        """Carry a command out."""
        with self.database.transaction() as store:
            return command(store, caller, **request)

    def plan(
        self, *, capacity: int = 2, web: int = 0, phone: int = 0, ends: str = "10:00", **changes: Any
    ) -> None:
        """Make slots of half an hour from nine each day."""
        plan = {
            "code": "am",
            "department": "market",
            "items": [],
            "weekdays": [1, 2, 3, 4, 5],
            "starts": time(9),
            "ends": time.fromisoformat(ends),
            "slot_minutes": 30,
            "capacity": capacity,
            "quotas": {"web": web, "phone": phone, "window": 0},
            "valid_from": date(2026, 1, 1),
            "valid_to": None,
        }
        self.do(plans.save_slot_plan, MANAGER, **plan | changes)

    def slots(self) -> list[Slot]:
        """Return all slots of the next weeks."""
        with self.database.autocommit() as store:
            until = self.now + timedelta(days=40)
            return store.slots("main", department="market", item=ITEM, since=self.now, until=until)

    def slot(self, slot: Slot) -> Slot:
        """Return a slot as it is now."""
        with self.database.autocommit() as store:
            found = store.slot("main", slot.id)
        assert found is not None
        return found

    def book(self, nth: int, slot: Slot, *, channel: str = "web", item: str = ITEM) -> Appointment:
        """Book for the person of a number."""
        caller = visitor(nth) if channel == "web" else OPERATOR
        request = {"item": item, "name": "张三", "phone": phone(nth), "channel": channel, "language": "zh"}
        booked: Appointment = self.do(booking.book, caller, slot=UUID(slot.id), **request)
        return booked

    def check_in(self, appointment: Appointment, ticket: Mapping[str, Any]) -> Appointment:
        """Check a person in, for whom ticketing makes a ticket."""
        id_ = UUID(appointment.id)
        self.do(desk.arrive, OPERATOR, id=id_)
        arrived: Appointment = self.do(desk.check_in, OPERATOR, id=id_, ticket=ticket)
        return arrived

    def tick(self) -> None:
        """Do what is due by the clock, as the service's jobs do."""
        for job in (jobs.turns, jobs.due, jobs.fill, jobs.daily):
            with self.database.autocommit() as store:
                pieces = list(job(store, CLOCK))
            for piece in pieces:
                with self.database.transaction() as store:
                    piece(store)

    def told(self) -> list[dict[str, Any]]:
        """Return the events that wait to be published."""
        with self.database.connect() as connection:
            rows = connection.execute("SELECT body FROM outbox ORDER BY id").fetchall()
        return [row["body"] for row in rows]

    def check_places(self) -> None:
        """Compare each slot's counters with the appointments and withheld places in it, all as of one moment."""
        with self.database.connect() as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            slots = connection.execute("SELECT * FROM slots").fetchall()
            rows = connection.execute("SELECT slot, channel, state FROM appointments").fetchall()
            withheld = connection.execute("SELECT slot, channel FROM withheld_places").fetchall()
        for slot in slots:
            taken = 0
            for channel in CHANNELS:
                here = [row for row in rows if (row["slot"], row["channel"]) == (slot["id"], channel)]
                kept = [row for row in withheld if (row["slot"], row["channel"]) == (slot["id"], channel)]
                assert slot[f"{channel}_booked"] == sum(row["state"] in OCCUPYING for row in here)
                assert slot[f"{channel}_withheld"] == len(kept)
                taken += slot[f"{channel}_booked"] + len(kept)
            assert taken <= slot["capacity"]
