"""Appointments, persons and who saw their data."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from services.appointments.domain.appointment import Appointment, Record
from services.appointments.domain.slots import Slot
from services.appointments.store.rows import appointment_of, row_of
from services.chassis import db
from services.chassis.caller import Caller


class Bookings(db.Store):
    """Who has booked."""

    def lock_person(self, phone_hash: str) -> None:
        """Keep others from booking for a person until the transaction ends."""
        self.run("lock_person", phone_hash=phone_hash)

    def try_person(self, phone_hash: str) -> bool:
        """Lock a person if nobody else has, without waiting."""
        return bool(self.value("try_person", phone_hash=phone_hash))

    def try_job(self, job: str) -> bool:
        """Tell whether this transaction may do a job; another copy does it otherwise."""
        return bool(self.value("try_job", job=job))

    def record(
        self,
        hall: str,
        phone_hash: str,
        *,
        item: str | None,
        day: date | None,
        today: date,
        since: datetime,
        besides: str | None = None,
    ) -> tuple[Record, int]:
        """Return what counts for a person's limits, and how many wishes for the item they have."""
        row = self.row(
            "person_record",
            hall=hall,
            phone_hash=phone_hash,
            item=item,
            day=day,
            today=today,
            since=since,
            besides=besides,
        )
        found = dict(row or {})
        wishes = int(found.pop("wishes"))
        return Record(**found), wishes

    def add(self, appointment: Appointment, *, by: str | None, told: Mapping[str, str]) -> bool:
        """Store a new appointment and its event; False when its reference is taken."""
        return self.changed("add_appointment", **row_of(appointment), **told, by=by) == 1

    def change(
        self, appointment: Appointment, *, at: datetime, by: str | None, told: Mapping[str, str]
    ) -> None:
        """Store an appointment in its next state, and its event."""
        self.run("change_appointment", **row_of(appointment), **told, at=at, by=by)

    def note_arrival(self, appointment: Appointment, at: datetime, *, command_id: str) -> None:
        """Note when somebody came to check in, and by which command."""
        self.run("note_arrival", hall=appointment.hall, id=appointment.id, at=at, command_id=command_id)

    def came_by(self, appointment: Appointment, command_id: str) -> bool:
        """Tell whether somebody came to check in by a command."""
        return bool(self.value("came_by", hall=appointment.hall, id=appointment.id, command_id=command_id))

    def find(self, hall: str, id_: str) -> Appointment | None:
        """Return an appointment."""
        return self._one("find_appointment", hall=hall, id=id_)

    def line_of_moves(self, hall: str, id_: str) -> Mapping[str, Any] | None:
        """Return the id of the `first` appointment that one was moved from, and how many `moves` there were."""
        return self.row("line_of_moves", hall=hall, id=id_)

    def lock(self, hall: str, id_: str) -> Appointment | None:
        """Return an appointment, locked; slots are locked before."""
        return self._one("lock_appointment", hall=hall, id=id_)

    def by_reference(self, hall: str, reference: str) -> Appointment | None:
        """Return the appointment of a reference."""
        return self._one("find_reference", hall=hall, reference=reference)

    def lock_held(self, hall: str, *, slots: Collection[str], wishes: Collection[str]) -> list[Appointment]:
        """Return those who may lose a place in locked slots, and some wishes; all are locked at once, in id order."""
        return self._many("lock_held", hall=hall, slots=sorted(slots), wishes=sorted(wishes))

    def unserved(self, hall: str, today: date) -> list[Appointment]:
        """Return those who hold a place, from a day on, in which their item is not done on that day."""
        return self._many("unserved", hall=hall, today=today)

    def wishes(self, hall: str, today: date) -> list[Appointment]:
        """Return those on the waitlist for days that are not over."""
        return self._many("list_wishes", hall=hall, today=today)

    def holding(self, hall: str, today: date) -> list[Mapping[str, Any]]:
        """Return `{reference, day, starts_at, ends_at, item, department, state, plan, came}` of those who hold places.

        They come slot by slot, in the order in which they would lose it.
        """
        return list(self.rows("holding", hall=hall, today=today))

    def begun(self, hall: str, today: date, at: datetime) -> list[Appointment]:
        """Return those who have not come yet to a slot of a day that has begun."""
        return self._many("begun", hall=hall, today=today, at=at)

    def holds_over(self, hall: str, at: datetime, *, limit: int) -> list[tuple[str, str]]:
        """Return id and slot of holds and offers whose time is over."""
        return [(row["id"], row["slot"]) for row in self.rows("holds_over", hall=hall, at=at, limit=limit)]

    def waiting_for(self, slot: Slot, day: date) -> list[Appointment]:
        """Return those on the waitlist who could take a place of a slot, the first first."""
        return self._many(
            "waiting_for_slot",
            hall=slot.hall,
            department=slot.department,
            items=list(slot.items),
            day=day,
        )

    def not_come(self, hall: str, today: date, *, limit: int) -> list[Appointment]:
        """Return booked appointments of days that are over."""
        return self._many("not_come", hall=hall, today=today, limit=limit)

    def lock_not_come(self, hall: str, ids: Collection[str]) -> list[Appointment]:
        """Return those of some appointments that are still booked, locked in id order; slots are locked before."""
        return self._many("lock_not_come", hall=hall, ids=sorted(ids))

    def of_today(self, hall: str, today: date, *, ending: str) -> list[Appointment]:
        """Return those who may check in on a day and whose phone number has these last four digits."""
        return self._many("of_today", hall=hall, today=today, ending=ending)

    def page(self, hall: str, *, limit: int, **which: Any) -> list[Appointment]:
        """Return appointments, the newest first."""
        return self._many("list_appointments", hall=hall, limit=limit, **which)

    def note_access(self, id_: str, *, caller: Caller, purpose: str, at: datetime) -> None:
        """Note that a caller saw a person's data."""
        self.run(
            "note_access",
            hall=caller.hall,
            id=id_,
            by=caller.username,
            roles=sorted(caller.roles),
            purpose=purpose,
            at=at,
        )

    def erase_persons(self, hall: str, *, before: date, at: datetime, limit: int) -> int:
        """Forget the persons of appointments before a day; returns how many."""
        return self.changed("erase_persons", hall=hall, before=before, at=at, limit=limit)

    def sealed_before(self, hall: str, active: str, *, limit: int) -> list[Mapping[str, Any]]:
        """Return `{id, name_sealed, phone_sealed}` of persons sealed under an older key."""
        return list(self.rows("sealed_before", hall=hall, active=active, limit=limit))

    def sealed_under(self) -> dict[str, int]:
        """Return how many persons are sealed by the id of their key."""
        return {row["key"]: row["rows"] for row in self.rows("sealed_under")}

    def seal_again(self, hall: str, **row: Any) -> None:
        """Store a person sealed under the active key."""
        self.run("seal_again", hall=hall, **row)

    def _one(self, query: str, **params: Any) -> Appointment | None:
        row = self.row(query, **params)
        return appointment_of(row) if row else None

    def _many(self, query: str, **params: Any) -> list[Appointment]:
        return [appointment_of(row) for row in self.rows(query, **params)]
