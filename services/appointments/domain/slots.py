"""Weekly plans, the slots they make, and how a slot's places are shared among the channels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.appointments.domain.hours import OpenHours
from services.appointments.errors import PlanInvalid

CHANNELS = ("web", "phone", "window")
HORIZON = timedelta(days=28)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A week's slots of a department; no `items` stands for all its items. Quotas are kept for their channel."""

    hall: str
    code: str
    department: str
    items: Sequence[str]
    weekdays: Sequence[int]
    starts: time
    ends: time
    slot_minutes: int
    capacity: int
    quotas: Mapping[str, int]
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A stretch of time with places. `booked` and `withheld` count places by channel."""

    hall: str
    id: str
    department: str
    items: Sequence[str]
    starts_at: datetime
    ends_at: datetime
    capacity: int
    quotas: Mapping[str, int]
    booked: Mapping[str, int]
    withheld: Mapping[str, int]
    plan: str = ""

    def taken(self, channel: str) -> int:
        """Return how many places of a channel are gone."""
        return self.booked[channel] + self.withheld[channel]

    @property
    def shared_left(self) -> int:
        """How many places that belong to no channel are left; a channel takes them when its own are gone."""
        over = sum(max(0, self.taken(each) - self.quotas[each]) for each in CHANNELS)
        return self.capacity - sum(self.quotas.values()) - over

    def free(self, channel: str) -> int:
        """Return how many places a channel can still take."""
        return max(0, self.quotas[channel] - self.taken(channel)) + self.shared_left

    def is_for(self, item: str, department: str) -> bool:
        """Tell whether an item can be booked here."""
        return department == self.department and (not self.items or item in self.items)


def check_plan(plan: Plan) -> Plan:
    """Return the plan if it makes sense.

    Raises:
        PlanInvalid: no slot fits in, the quotas exceed the capacity, or it ends before it begins.
    """
    wrong: dict[str, list[str]] = {}
    length = datetime.combine(date.min, plan.ends) - datetime.combine(date.min, plan.starts)
    if length < timedelta(minutes=plan.slot_minutes):
        wrong["ends"] = ["No slot fits between starts and ends."]
    if sum(plan.quotas.values()) > plan.capacity:
        wrong["quotas"] = ["Together they exceed the capacity."]
    if plan.valid_to is not None and plan.valid_to < plan.valid_from:
        wrong["valid_to"] = ["Before valid_from."]
    if wrong:
        raise PlanInvalid(errors=wrong)
    return plan


def fit_quotas(quotas: Mapping[str, int], capacity: int, taken: Mapping[str, int]) -> dict[str, int]:
    """Return quotas that leave room for the places already taken, each as near to the wanted one as can be.

    Args:
        quotas: as the plan wants them; together not above the capacity.
        capacity: places of the slot; not below those taken.
        taken: places taken by channel.
    """
    fitted = dict(quotas)
    for channel in reversed(CHANNELS):
        over = sum(max(0, taken[each] - fitted[each]) for each in CHANNELS)
        lacking = over - (capacity - sum(fitted.values()))
        unused = max(0, fitted[channel] - taken[channel])
        fitted[channel] -= max(0, min(lacking, unused))
    return fitted


def slot_times(
    plan: Plan, hours: OpenHours, *, since: date, until: date
) -> Iterator[tuple[datetime, datetime]]:
    """Give the start and end of each slot of a plan between two days, both included."""
    first = max(since, plan.valid_from)
    last = until if plan.valid_to is None else min(until, plan.valid_to)
    for day in (first + timedelta(days=nth) for nth in range((last - first).days + 1)):
        weekday = hours.weekday(day, plan.department)
        if weekday is None or weekday not in plan.weekdays:
            continue
        yield from _slots_of_day(plan, hours, day, weekday)


def _slots_of_day(
    plan: Plan, hours: OpenHours, day: date, weekday: int
) -> Iterator[tuple[datetime, datetime]]:
    step = timedelta(minutes=plan.slot_minutes)
    begins, end = datetime.combine(day, plan.starts), datetime.combine(day, plan.ends)
    while begins + step <= end:
        starts, ends = begins.replace(tzinfo=hours.zone), (begins + step).replace(tzinfo=hours.zone)
        held = hours.holds(plan.department, weekday, starts.time(), ends.time())
        if held and hours.closures.spare(starts, ends, plan.department):
            yield starts, ends
        begins += step
