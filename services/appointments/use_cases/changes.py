"""What a change brings about: all of it is applied first, then those who lose their place are told, once.

A place counts as of the day of the service. It is lost when its slot is withdrawn or made smaller, when the item is
done on that day by another department or by none, or when the hall does not work then. Who has come is served all the
same. A wish is lost when no plan makes a slot for its item on any of its days.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.appointments.domain import appointment as rules
from services.appointments.domain import offer
from services.appointments.domain import slots as slot_rules
from services.appointments.domain.appointment import Appointment
from services.appointments.domain.ground import Ground, Loss
from services.appointments.domain.hours import OpenHours
from services.appointments.domain.slots import CHANNELS, Plan, Slot
from services.appointments.store import Store
from services.appointments.use_cases.common import midnight, save
from services.appointments.use_cases.sessions import call_off_unheld
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


def ground_of(store: Store, hall: str, items: Collection[str], *, today: date) -> Ground:
    """Return on what places for some items rest, from today on."""
    return Ground(
        hours=store.hours(hall, clock.hall_zone()),
        plans=store.plans(hall),
        items=store.items_over(hall, set(items), today),
    )


def work_out(store: Store, caller: Caller, plans: Sequence[Plan], *, at: datetime) -> None:
    """Bring the slots of locked plans in line with them; displace who has no place any more, and call sessions off.

    Locks are taken as everywhere: all slots at once by id, then all appointments by id. May be run again at any time.
    """
    hall, today = caller.hall, clock.business_date(at)
    hours = store.hours(hall, clock.hall_zone())
    closed = [each for each in store.begun(hall, today, at) if not _open_for(each, hours)]
    gone = {each.slot or "" for each in (*store.unserved(hall, today), *closed)}
    slots = store.lock_to_settle(hall, plans=[plan.code for plan in plans], at=at, besides=gone)
    measures = _apply(store, plans, slots, hours, at=at)
    # What plans do not name any more is known only now; their slots are locked.
    locked = {slot.id for slot in slots}
    lost = {
        each.id: each.slot or "" for each in (*store.unserved(hall, today), *closed) if each.slot in locked
    }
    hopeless = _hopeless(store, hall, today)
    shrunk = {measure.slot.id for measure in measures}
    held = store.lock_held(hall, slots={*lost.values(), *shrunk}, wishes=hopeless)
    losers = [each for each in held if each.id in lost or each.state == "waitlisted"]
    for loser in losers:
        if loser.slot is not None:
            store.free_place(hall, loser.slot, loser.channel)
    for measure in measures:
        left = [each for each in held if each.slot == measure.slot.id and each.id not in lost]
        losers += _shrunk(store, measure, left)
    _tell(store, caller, losers, at=at)
    call_off_unheld(store, caller, at=at)


def _open_for(one: Appointment, hours: OpenHours) -> bool:
    if one.starts_at is None or one.ends_at is None:
        return False
    return hours.serves(one.department, one.starts_at, one.ends_at)


def _hopeless(store: Store, hall: str, today: date) -> set[str]:
    """Return the ids of the wishes that no place can fulfil any more."""
    wishes = store.wishes(hall, today)
    ground = ground_of(store, hall, {each.item for each in wishes}, today=today)
    return {each.id for each in wishes if _no_day(each, ground, today)}


def _no_day(wish: Appointment, ground: Ground, today: date) -> Loss | None:
    """Return why a wish can be fulfilled on none of its days; None while it can."""
    first, last = wish.wanted_from or today, wish.wanted_to or today
    return ground.hopeless(wish.item, max(first, today), last)


def _apply(
    store: Store, plans: Sequence[Plan], slots: Sequence[Slot], hours: OpenHours, *, at: datetime
) -> list[Measure]:
    """Make slots as the plans have them; returns those of them in which places are taken that may have to go."""
    measures = list(_measures(store, plans, slots, hours, at=at))
    for measure in measures:
        # What is still taken has to fit in; it may be less in the end.
        store.save_slot(measure.fitted)
    for plan in plans:
        store.plan_made(plan, clock.business_date(at) + slot_rules.HORIZON)
    return [measure for measure in measures if measure.fitted.capacity > measure.capacity]


def _measures(
    store: Store, plans: Sequence[Plan], slots: Sequence[Slot], hours: OpenHours, *, at: datetime
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
    for slot in (each for each in slots if each.plan in by_code and each.starts_at > at):
        plan = by_code[slot.plan]
        ends = wanted[slot.plan].pop(slot.starts_at.astimezone(clock.hall_zone()), None)
        measure = Measure(
            slot=slot, plan=plan, ends_at=ends or slot.ends_at, capacity=plan.capacity if ends else 0
        )
        if not measure.same:
            yield measure
    for plan in plans:
        store.add_slots(plan, list(wanted[plan.code].items()))


def _shrunk(store: Store, measure: Measure, live: Sequence[Appointment]) -> list[Appointment]:
    """Take away what a slot has beyond its measure: withheld places first, then those booked last, who are returned.

    Args:
        store: the database, in which the slot is locked.
        measure: what it is to be.
        live: those who hold a place in it and have not come, locked.
    """
    slot = store.slot(measure.slot.hall, measure.slot.id) or measure.slot
    surplus = sum(slot.taken(channel) for channel in CHANNELS) - measure.capacity
    for withheld in store.withheld_in(slot, limit=max(0, surplus)):
        store.release_place(slot.hall, withheld)
        surplus -= 1
    losers = sorted(live, key=_stays)[: max(0, surplus)]
    for loser in losers:
        store.free_place(loser.hall, slot.id, loser.channel)
    store.save_slot(replace(measure, slot=store.slot(slot.hall, slot.id) or slot).fitted)
    return losers


def _stays(one: Appointment) -> tuple[bool, float, str]:
    """Return what those in a slot are sorted by, who goes first at the front: who has not booked, then the latest."""
    return one.state == "booked", -(one.booked_at or one.created_at).timestamp(), one.id


def called_off(store: Store, hall: str, found: Sequence[Appointment], *, today: date) -> list[Appointment]:
    """Return those of some appointments that the hall could not have kept on their day."""
    ground = ground_of(store, hall, {each.item for each in found}, today=today)
    return [
        one
        for one in found
        if not _open_for(one, ground.hours)
        or one.day is None
        or not ground.done_by(one.item, one.department, one.day)
    ]


def displace(store: Store, caller: Caller, losers: Sequence[Appointment], *, at: datetime) -> None:
    """Take the places of locked appointments away, then tell their persons where there are others."""
    for loser in losers:
        store.free_place(loser.hall, loser.slot or "", loser.channel)
    _tell(store, caller, losers, at=at)


def _tell(store: Store, caller: Caller, losers: Sequence[Appointment], *, at: datetime) -> None:
    """Say of each what it has lost, and why; a place that was only held on a page lapses without a word."""
    today = clock.business_date(at)
    ground = ground_of(store, caller.hall, {each.item for each in losers}, today=today) if losers else None
    for loser in losers:
        if loser.state == "held" or ground is None:
            save(store, rules.enter(loser, "lapsed"), caller=caller, at=at)
        else:
            why = _why(loser, ground, today)
            others = _nearest(store, loser, ground, at=at)
            save(store, rules.enter(loser, "displaced"), caller=caller, at=at, alternatives=others, why=why)


def _why(loser: Appointment, ground: Ground, today: date) -> Loss:
    if loser.starts_at is None or loser.ends_at is None:
        return _no_day(loser, ground, today) or Loss(cause="plan")
    return ground.loss(loser.item, loser.department, loser.starts_at, loser.ends_at)


def _nearest(store: Store, loser: Appointment, ground: Ground, *, at: datetime) -> list[Slot]:
    """Return the slots with a place that are nearest to a lost one, where the item is done on their day."""
    today = clock.business_date(at)
    near = loser.starts_at or midnight(loser.wanted_from or today)
    found = [
        slot
        for period, first, last in offer.within(ground.items.get(loser.item, ()), today, today + MOST_DAYS)
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
