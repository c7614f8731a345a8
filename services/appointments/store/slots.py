"""Copies, plans, slots and the places in them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from services.appointments.domain.hours import OpenHours, open_hours
from services.appointments.domain.offer import Period
from services.appointments.domain.slots import Plan, Slot
from services.appointments.store.rows import plan_of, plan_row, quota_columns, slot_of
from services.chassis import db
from services.closures import closures_of


class Slots(db.Store):
    """What can be booked."""

    def keep(self, query: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Copy what others publish; the newest version stays, whatever the order."""
        self.run_many(query, rows)

    def count_copies(self, hall: str) -> Mapping[str, Any] | None:
        """Return how much of the catalogue is here, and how many plans wait for their slots."""
        return self.row("count_copies", hall=hall)

    def hours(self, hall: str, zone: ZoneInfo) -> OpenHours:
        """Return the opening hours with calendar and closures; without a copy the hall never opens."""
        years = [row["days"] for row in self.rows("list_calendar", hall=hall)]
        closures = closures_of(self.rows("list_closures", hall=hall))
        return open_hours(self.value("find_hours", hall=hall) or [], years, zone, closures)

    def offers_three_services(self, hall: str, department: str) -> bool | None:
        """Tell whether a department offers appointments and extended hours; None when it is not known."""
        found: bool | None = self.value("find_department", hall=hall, code=department)
        return found

    def item(self, hall: str, code: str, today: date) -> list[Period]:
        """Return an item by stretches of days, in order; nothing when it is not known."""
        return self.items_over(hall, [code], today).get(code, [])

    def items_over(self, hall: str, codes: Collection[str], today: date) -> dict[str, list[Period]]:
        """Return items by stretches of days, in order, by code; those that are not known are left out."""
        found: dict[str, list[Period]] = {}
        for row in self.rows("find_items", hall=hall, codes=sorted(codes), today=today):
            stretch = {name: value for name, value in row.items() if name != "code"}
            found.setdefault(row["code"], []).append(Period(**stretch))
        return found

    def note_change(self, hall: str) -> None:
        """Note that something changed that may touch what was promised."""
        self.run("note_change", hall=hall)

    def change_waits(self, hall: str) -> bool:
        """Tell whether consequences of a change are to be worked out."""
        return bool(self.value("change_waits", hall=hall))

    def take_change(self, hall: str) -> None:
        """Take upon oneself to work out what was noted so far, alone until the transaction ends."""
        self.run("lock_settling", hall=hall)
        self.run("take_change", hall=hall)

    def lock_catalogue(self, hall: str) -> None:
        """Keep others from booking by the copy of the catalogue until the transaction ends."""
        self.run("lock_catalogue", hall=hall)

    def share_catalogue(self, hall: str) -> None:
        """Keep the copy of the catalogue as it is until the transaction ends."""
        self.run("share_catalogue", hall=hall)

    def stale_plans(self, hall: str) -> list[Plan]:
        """Return the plans whose slots are to be made anew, kept from other changes."""
        return [plan_of(row) for row in self.rows("lock_stale_plans", hall=hall)]

    def save_plan(self, plan: Plan) -> None:
        """Store a plan; its slots are made anew by `make_slots`."""
        self.run("save_plan", **plan_row(plan))

    def plans(self, hall: str, department: str | None = None) -> list[Plan]:
        """Return the plans of a hall or department."""
        return [plan_of(row) for row in self.rows("list_plans", hall=hall, department=department)]

    def lock_plan(self, hall: str, code: str) -> Plan | None:
        """Return a plan and keep it from other changes."""
        row = self.row("lock_plan", hall=hall, code=code)
        return plan_of(row) if row else None

    def plans_to_make(self, hall: str, until: date) -> list[str]:
        """Return the codes of plans whose slots do not reach a day."""
        return [row["code"] for row in self.rows("plans_to_make", hall=hall, until=until)]

    def plan_made(self, plan: Plan, until: date) -> None:
        """Note up to which day a plan's slots are made."""
        self.run("plan_made", hall=plan.hall, code=plan.code, until=until)

    def plans_stale(self, hall: str) -> None:
        """Have all slots made anew."""
        self.run("plans_stale", hall=hall)

    def lock_to_settle(
        self, hall: str, *, plans: Sequence[str], at: datetime, besides: Collection[str]
    ) -> list[Slot]:
        """Return the slots of plans that have not begun, and some others; all are locked at once, in id order."""
        rows = self.rows("lock_to_settle", hall=hall, plans=list(plans), at=at, ids=sorted(besides))
        return [slot_of(row) for row in rows]

    def add_slots(self, plan: Plan, times: Sequence[tuple[datetime, datetime]]) -> None:
        """Store new slots of a plan."""
        common = {
            "hall": plan.hall,
            "plan": plan.code,
            "department": plan.department,
            "items": list(plan.items),
            "capacity": plan.capacity,
            **quota_columns(plan.quotas),
        }
        rows = [
            {**common, "id": str(uuid4()), "starts_at": starts, "ends_at": ends} for starts, ends in times
        ]
        self.run_many("add_slot", rows)

    def save_slot(self, slot: Slot) -> None:
        """Change a slot's measure."""
        self.run(
            "save_slot",
            hall=slot.hall,
            id=slot.id,
            department=slot.department,
            items=list(slot.items),
            ends_at=slot.ends_at,
            capacity=slot.capacity,
            **quota_columns(slot.quotas),
        )

    def slot(self, hall: str, id_: str) -> Slot | None:
        """Return a slot."""
        row = self.row("find_slot", hall=hall, id=id_)
        return slot_of(row) if row else None

    def lock_slots(self, hall: str, *ids: str) -> list[Slot]:
        """Return slots, locked in id order."""
        return [slot_of(row) for row in self.rows("lock_slots", hall=hall, ids=list(ids))]

    def slots(self, hall: str, *, department: str, item: str, since: datetime, until: datetime) -> list[Slot]:
        """Return the slots of an item that begin between two moments."""
        params = {"department": department, "item": item, "since": since, "until": until}
        return [slot_of(row) for row in self.rows("list_slots", hall=hall, **params)]

    def slots_of_day(
        self, hall: str, *, department: str | None, since: datetime, until: datetime
    ) -> list[Slot]:
        """Return the slots that begin between two moments, of a department or of all."""
        rows = self.rows("slots_of_day", hall=hall, department=department, since=since, until=until)
        return [slot_of(row) for row in rows]

    def nearest(self, hall: str, **which: Any) -> list[Slot]:
        """Return up to three slots with a place for a channel, those nearest to a moment first."""
        return [slot_of(row) for row in self.rows("nearest_slots", hall=hall, **which)]

    def wished_for(self, hall: str, zone: ZoneInfo, after: datetime, *, limit: int) -> list[str]:
        """Return the ids of slots after a moment with a place for somebody on the waitlist."""
        params = {"zone": zone.key, "after": after, "limit": limit}
        return [str(row["id"]) for row in self.rows("slots_wished_for", hall=hall, **params)]

    def items_of(self, hall: str, department: str, codes: Sequence[str], *, today: date) -> set[str]:
        """Return which of some items are a department's, today or later."""
        rows = self.rows(
            "items_of_department", hall=hall, department=department, codes=list(codes), today=today
        )
        return {row["code"] for row in rows}

    def take_place(self, slot: Slot, *, item: str, channel: str) -> bool:
        """Take a place for an item and a channel; False when there is none, or the slot is not for that any more."""
        taken = self.changed(
            "take_place",
            hall=slot.hall,
            id=slot.id,
            department=slot.department,
            item=item,
            channel=channel,
        )
        return taken == 1

    def free_place(self, hall: str, slot: str, channel: str) -> None:
        """Give a place back at once."""
        self.run("free_place", hall=hall, id=slot, channel=channel)

    def withhold_place(self, hall: str, slot: str, channel: str, *, until: datetime) -> None:
        """Give a place back, from a later moment on."""
        self.run("withhold_place", hall=hall, id=slot, channel=channel, release_at=until)

    def places_due(self, hall: str, at: datetime, *, limit: int) -> list[tuple[int, str]]:
        """Return id and slot of withheld places whose moment has come."""
        return [(row["id"], row["slot"]) for row in self.rows("places_due", hall=hall, at=at, limit=limit)]

    def withheld_in(self, slot: Slot, *, limit: int) -> list[int]:
        """Return ids of a slot's withheld places, the last to come back first."""
        rows = self.rows("withheld_in_slot", hall=slot.hall, slot=slot.id, limit=limit)
        return [row["id"] for row in rows]

    def release_place(self, hall: str, id_: int) -> bool:
        """Make a withheld place of a locked slot free; False when it is not there any more."""
        return self.changed("release_place", hall=hall, id=id_) == 1
