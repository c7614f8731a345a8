"""Which time a trial hall's clock shows, so that it is always open.

`hall up` asks here. For containers `python3 -m deploy.hall.hours` writes it as settings, for an `--env-file` of their
own: all processes of a hall need the same.
"""

import csv
import os
import sys
import time as real
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from services.chassis.clock import parse_setting

_SATURDAY = 6
_MORNING = time(9, 5)
_LAST_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Choice:
    """A setting for `HALL_CLOCK`, the real moment (unix seconds) at which it begins, and why it was chosen."""

    setting: str
    started: float
    reason: str


@dataclass(frozen=True)
class Timetable:
    """The reference hall's time zone, hours and calendar, read from its tables."""

    folder: Path

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(os.environ.get("HALL_TZ") or self._rows("hall")[0]["time_zone"])

    @cached_property
    def hours(self) -> Mapping[int, tuple[time, time]]:
        """The hall's first opening and last closing by ISO weekday."""
        found: dict[int, tuple[time, time]] = {}
        for row in self._rows("hours"):
            if row["department"]:
                continue
            opens, closes = time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"])
            before = found.get(int(row["weekday"]), (opens, closes))
            found[int(row["weekday"])] = (min(opens, before[0]), max(closes, before[1]))
        return found

    @cached_property
    def exceptions(self) -> Mapping[date, bool]:
        """Days off on a weekday and make-up workdays at a weekend."""
        return {
            date.fromisoformat(row["day"]): row["working"] in ("1", "true") for row in self._rows("calendar")
        }

    def hours_on(self, day: date) -> tuple[datetime, datetime] | None:
        """Return when the hall opens and closes on a day, None on a day off. Make-up workdays have Friday's hours."""
        if not self.exceptions.get(day, day.isoweekday() < _SATURDAY):
            return None
        found = self.hours.get(min(day.isoweekday(), _SATURDAY - 1))
        if found is None:
            return None
        return datetime.combine(day, found[0], self.zone), datetime.combine(day, found[1], self.zone)

    def open_for_an_hour(self, at: datetime) -> bool:
        """Say whether the hall is open at a moment and stays so for an hour."""
        hours = self.hours_on(at.astimezone(self.zone).date())
        return hours is not None and hours[0] <= at < hours[1] - _LAST_HOUR

    def morning(self, day: date) -> datetime:
        """Return 09:05 of a day."""
        return datetime.combine(day, _MORNING, self.zone)

    def working_days_near(self, day: date) -> Iterator[date]:
        """Yield working days from the nearest on; the earlier of two as near."""
        for distance in count():
            for each in dict.fromkeys((day - timedelta(days=distance), day + timedelta(days=distance))):
                if self.hours_on(each):
                    yield each

    def next_working_day(self, day: date) -> date:
        """Return the first working day after a day."""
        return next(
            each for ahead in count(1) if self.hours_on(each := day + timedelta(days=ahead)) is not None
        )

    def _rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def choose(table: Timetable, *, given: str, now: datetime, seen: datetime | None) -> Choice:
    """Choose the hall's clock.

    Args:
        table: the hall's hours.
        given: what the user's `HALL_CLOCK` says, empty when unset.
        now: the real time.
        seen: what this hall's clock showed when it last stopped; a clock we set never goes back behind it.

    Raises:
        ValueError: `given` is not a clock.
    """
    started = now.timestamp()
    if given:
        parse_setting(given, real_start=started)
        return Choice(given, started, "as HALL_CLOCK says")
    ahead = seen is not None and seen > now
    if table.open_for_an_hour(now) and not ahead:
        return Choice("real", started, "the hall is open now")
    start = table.morning(next(table.working_days_near(now.astimezone(table.zone).date())))
    if seen is not None and seen > start:
        start = _going_on(table, seen)
    local = now.astimezone(table.zone)
    why = "its clock was ahead of that" if ahead else "the hall is closed or about to close"
    reason = (
        f"it is {local:%A %H:%M} and {why}, so its clock begins at "
        f"{start:%Y-%m-%d %H:%M} (HALL_CLOCK=real shows the real time)"
    )
    return Choice(f"{start.isoformat(timespec='seconds')}@1", started, reason)


def _going_on(table: Timetable, seen: datetime) -> datetime:
    seen = seen.astimezone(table.zone)
    morning = table.morning(seen.date())
    if table.hours_on(seen.date()) and seen < morning:
        return morning
    if table.open_for_an_hour(seen):
        return seen
    return table.morning(table.next_working_day(seen.date()))


def shown(setting: str, started: float, *, real_time: float | None = None) -> datetime:
    """Return what a clock with this setting shows, in UTC, at a real time in unix seconds (now when left out)."""
    at = real.time() if real_time is None else real_time
    clock = parse_setting(setting, real_start=started)
    return clock.at(at) if clock else datetime.fromtimestamp(at, UTC)


def settings_for(environment: Mapping[str, str], *, now: datetime) -> str:
    """Return the settings of a clock that shows an open hall, a line each, the reason in front.

    Args:
        environment: of a process of the hall. A clock that is set in it goes on or is put ahead, never back; one that
            is set without `HALL_CLOCK_STARTED` begins now.
        now: the real time.

    Raises:
        ValueError: a clock is set in it that is none.
    """
    given, started = environment.get("HALL_CLOCK", ""), float(environment.get("HALL_CLOCK_STARTED") or 0)
    if given == "real":  # as containers have it unless told otherwise
        given = ""
    seen = shown(given, started, real_time=now.timestamp()) if given and started else None
    chosen = choose(Timetable(Path(__file__).parent), given="" if seen else given, now=now, seen=seen)
    lines = f"# {chosen.reason}", f"HALL_CLOCK={chosen.setting}", f"HALL_CLOCK_STARTED={chosen.started:.3f}"
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(settings_for(os.environ, now=datetime.now(UTC)))
