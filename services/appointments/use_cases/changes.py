"""What a change brings about: all of it is applied first, then those who lose their place are told, once.

A place counts as of the day of the service. It is lost when its slot is withdrawn or made smaller, when the item is
done on that day by another department or by none, or when the hall does not work then. Who has come is served all the
same. A wish is lost when its item is done by appointment on none of its days.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.appointments.domain import appointment as rules
from services.appointments.domain import offer
from services.appointments.domain import slots as slot_rules
from services.appointments.domain.appointment import Appointment
from services.appointments.domain.hours import OpenHours
from services.appointments.domain.slots import CHANNELS, Plan, Slot
from services.appointments.store import Store
from services.appointments.use_cases.common import midnight, save
from services.chassis import clock
from services.chassis.caller import Caller

MOST_DAYS = timedelta(days=60)
MOST_OFFERED = 3


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What a slot is to be: by its plan, with no places when the plan has no slot then."""

    slot: Slot
    plan: Plan
    ends_at: datetime
    capacity: int

    @property
    def same(self) -> bool:
        """Whether it is so already."""
        return self.named == self.slot and (self.slot.capacity, dict(self.slot.quotas)) == (
            self.capacity,
            self.quotas,
        )

    @property
    def quotas(self) -> dict[str, int]:
        """Places kept for each channel."""
        return dict(self.plan.quotas) if self.capacity else dict.fromkeys(CHANNELS, 0)

    @property
    def named(self) -> Slot:
        """The slot for what its plan says, with the places it has."""
        plan = self.plan
        return replace(self.slot, department=plan.department, items=list(plan.items), ends_at=self.ends_at)

    @property
    def fitted(self) -> Slot:
        """The slot in its measure, which is never below what is taken."""
        taken = {channel: self.slot.taken(channel) for channel in CHANNELS}
        kept = max(self.capacity, sum(taken.values()))
        quotas = slot_rules.fit_quotas(self.quotas, kept, taken)
        return replace(self.named, capacity=kept, quotas=quotas)


def settle(store: Store, caller: Caller) -> None:
    """Work out all changes of the hall that were noted so far, together."""
    store.take_change(caller.hall)
    work_out(store, caller, store.stale_plans(caller.hall), at=clock.now())


def work_out(store: Store, caller: Caller, plans: Sequence[Plan], *, at: datetime) -> None:
    """Bring the slots of locked plans in line with them; then displace who has no place any more.

    May be run again at any time.
    """
    today = clock.business_date(at)
    hours = store.hours(caller.hall, clock.hall_zone())
    measures = _apply(store, caller.hall, plans, hours, at=at)
    losers = _freed(store, caller.hall, store.unserved(caller.hall, today))
    freed = {loser.id for loser in losers}
    begun = [one for one in store.begun(caller.hall, today, at) if one.id not in freed]
    losers += _freed(store, caller.hall, _closed(begun, hours))
    for measure in measures:
        losers += _shrunk(store, measure, besides={loser.id for loser in losers})
    losers += _hopeless(store, caller.hall, today)
    _tell(store, caller, losers, at=at)


def _apply(
    store: Store, hall: str, plans: Sequence[Plan], hours: OpenHours, *, at: datetime
) -> list[Measure]:
    """Make slots as the plans have them; returns those of them in which places are taken that may have to go."""
    until = clock.business_date(at) + slot_rules.HORIZON
    measures = list(_measures(store, hall, plans, hours, at=at))
    for measure in measures:
        # What is still taken has to fit in; it may be less in the end.
        store.save_slot(measure.fitted)
    for plan in plans:
        store.plan_made(plan, until)
    return [measure for measure in measures if measure.fitted.capacity > measure.capacity]


def _measures(
    store: Store, hall: str, plans: Sequence[Plan], hours: OpenHours, *, at: datetime
) -> Iterator[Measure]:
    today = clock.business_date(at)
    wanted = {
        plan.code: {
            starts: ends
            for starts, ends in slot_rules.slot_times(
                plan, hours, since=today, until=today + slot_rules.HORIZON
            )
            if starts > at
        }
        for plan in plans
    }
    by_code = {plan.code: plan for plan in plans}
    for slot in store.future_slots(hall, list(by_code), at) if plans else ():
        plan = by_code[slot.plan]
        ends = wanted[slot.plan].pop(slot.starts_at.astimezone(clock.hall_zone()), None)
        measure = Measure(
            slot=slot, plan=plan, ends_at=ends or slot.ends_at, capacity=plan.capacity if ends else 0
        )
        if not measure.same:
            yield measure
    for plan in plans:
        store.add_slots(plan, list(wanted[plan.code].items()))


def _shrunk(store: Store, measure: Measure, *, besides: set[str]) -> list[Appointment]:
    """Take away what a slot has beyond its measure: withheld places first, then those booked last, who are returned."""
    slot = store.slot(measure.slot.hall, measure.slot.id) or measure.slot
    surplus = sum(slot.taken(channel) for channel in CHANNELS) - measure.capacity
    for withheld in store.withheld_in(slot, limit=max(0, surplus)):
        store.release_place(slot.hall, withheld)
        surplus -= 1
    live = [one for one in store.live_in(slot) if one.id not in besides]
    losers = live[: max(0, surplus)]
    for loser in losers:
        store.free_place(loser.hall, slot.id, loser.channel)
    store.save_slot(replace(measure, slot=store.slot(slot.hall, slot.id) or slot).fitted)
    return losers


def _freed(store: Store, hall: str, found: Sequence[Appointment]) -> list[Appointment]:
    """Free the places of those who lose theirs, and return them as they are now; slots are locked before them."""
    if not found:
        return []
    store.lock_slots(hall, *{one.slot for one in found if one.slot})
    losers = []
    for one in found:
        locked = store.lock(hall, one.id)
        # A hold that is confirmed meanwhile is at the same place, which it loses all the same.
        if (
            locked is None
            or locked.slot is None
            or locked.state not in rules.DISPLACEABLE
            or locked.arrived_at
        ):
            continue
        store.free_place(hall, locked.slot, locked.channel)
        losers.append(locked)
    return losers


def _hopeless(store: Store, hall: str, today: date) -> list[Appointment]:
    """Return the wishes, locked, that no place can fulfil any more."""
    locked = [store.lock(hall, wish.id) for wish in store.unserved_wishes(hall, today)]
    return [wish for wish in locked if wish is not None and wish.state == "waitlisted"]


def called_off(store: Store, hall: str, found: Sequence[Appointment]) -> list[Appointment]:
    """Return those of some appointments that the hall could not have kept on their day."""
    hours = store.hours(hall, clock.hall_zone())
    closed = {one.id for one in _closed(found, hours)}
    return [one for one in found if one.id in closed or not _done_by(store, one)]


def _closed(found: Sequence[Appointment], hours: OpenHours) -> list[Appointment]:
    return [one for one in found if not _open_for(one, hours)]


def _open_for(one: Appointment, hours: OpenHours) -> bool:
    if one.starts_at is None or one.ends_at is None or one.day is None:
        return False
    starts, ends = (moment.astimezone(hours.zone).time() for moment in (one.starts_at, one.ends_at))
    weekday = hours.weekday(one.day, one.department)
    return weekday is not None and hours.holds(one.department, weekday, starts, ends)


def _done_by(store: Store, one: Appointment) -> bool:
    if one.day is None:
        return False
    period = offer.on(store.item(one.hall, one.item, one.day), one.day)
    return period is not None and period.active and period.department == one.department


def displace(store: Store, caller: Caller, losers: Sequence[Appointment], *, at: datetime) -> None:
    """Take the places of locked appointments away, then tell their persons where there are others."""
    for loser in losers:
        store.free_place(loser.hall, loser.slot or "", loser.channel)
    _tell(store, caller, losers, at=at)


def _tell(store: Store, caller: Caller, losers: Sequence[Appointment], *, at: datetime) -> None:
    """Say of each what it has lost; a place that was only held on a page lapses without a word."""
    for loser in losers:
        if loser.state == "held":
            save(store, rules.enter(loser, "lapsed"), caller=caller, at=at)
        else:
            others = _nearest(store, loser, at=at)
            save(store, rules.enter(loser, "displaced"), caller=caller, at=at, alternatives=others)


def _nearest(store: Store, loser: Appointment, *, at: datetime) -> list[Slot]:
    """Return the slots with a place that are nearest to a lost one, where the item is done on their day."""
    today = clock.business_date(at)
    near = loser.starts_at or midnight(loser.wanted_from or today)
    periods = store.item(loser.hall, loser.item, today)
    found = [
        slot
        for period, first, last in offer.within(periods, today, today + MOST_DAYS)
        if period.offered
        for slot in store.nearest(
            loser.hall,
            department=period.department,
            item=loser.item,
            channel=loser.channel,
            near=near,
            besides=loser.slot,
            since=max(at, midnight(first)),
            until=midnight(last + timedelta(days=1)),
            at=at,
        )
    ]
    return sorted(found, key=lambda slot: (abs(slot.starts_at - near), slot.id))[:MOST_OFFERED]
