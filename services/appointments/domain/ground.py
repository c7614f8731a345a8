"""What places rest on: when the hall serves, which plans make slots, and where items are done from day to day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.appointments.domain import offer
from services.appointments.domain import slots as slot_rules
from services.appointments.domain.hours import OpenHours
from services.appointments.domain.offer import Period
from services.appointments.domain.slots import Plan
from services.closures import Closures

# Why a place, or every place that a wish waits for, is gone; people are told so.
CAUSES = ("item_ended", "item_moved", "day_off", "closure", "hours", "department", "plan")


@dataclass(frozen=True, kw_only=True)
class Loss:
    """Why somebody loses a place: one of `CAUSES`, and the department that does the item then where that is another."""

    cause: str
    moved_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Opening hours with the calendar, plans, and items by stretches of days."""

    hours: OpenHours
    plans: Sequence[Plan]
    items: Mapping[str, Sequence[Period]]

    def loss(self, item: str, department: str, starts_at: datetime, ends_at: datetime) -> Loss:
        """Return why a place is none any more; that its plan gives it no longer when all else still holds."""
        local = starts_at.astimezone(self.hours.zone)
        period = offer.on(self.items.get(item, ()), local.date())
        if period is None or not period.active:
            return Loss(cause="item_ended")
        if period.department != department:
            return Loss(cause="item_moved", moved_to=period.department)
        if self.hours.weekday(local.date(), department) is None:
            return Loss(cause="day_off")
        if not self.hours.serves(department, starts_at, ends_at):
            usual = self._but_for_closures.hours.serves(department, starts_at, ends_at)
            return Loss(cause="closure" if usual else "hours")
        return Loss(cause="plan" if period.offers else "department")

    def done_by(self, item: str, department: str, day: date) -> bool:
        """Tell whether an item is done by a department on a day."""
        period = offer.on(self.items.get(item, ()), day)
        return period is not None and period.active and period.department == department

    def has_places(self, item: str, first: date, last: date) -> bool:
        """Tell whether some plan makes a slot for an item on one of some days, both included."""
        return any(True for _ in self._slots(item, first, last))

    def hopeless(self, item: str, first: date, last: date) -> Loss | None:
        """Return why nobody can have a place for an item on any of some days; None while somebody can."""
        if self.has_places(item, first, last):
            return None
        parts = list(offer.within(self.items.get(item, ()), first, last))
        active = [part for part in parts if part[0].active]
        if not active:
            return Loss(cause="item_ended")
        if not any(period.offers for period, _, _ in active):
            return Loss(cause="department")
        if self.hours.closures.each and self._but_for_closures.has_places(item, first, last):
            return Loss(cause="closure")
        works = any(self._works(period.department, since, until) for period, since, until in active)
        return Loss(cause="plan" if works else "day_off")

    @property
    def _but_for_closures(self) -> "Ground":
        return replace(self, hours=replace(self.hours, closures=Closures()))

    def _works(self, department: str, first: date, last: date) -> bool:
        days = (first + timedelta(days=nth) for nth in range((last - first).days + 1))
        return any(self.hours.weekday(day, department) is not None for day in days)

    def _slots(self, item: str, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
        for period, since, until in offer.within(self.items.get(item, ()), first, last):
            for plan in self.plans if period.active and period.offers else ():
                if plan.department == period.department and (not plan.items or item in plan.items):
                    yield from slot_rules.slot_times(plan, self.hours, since=since, until=until)
