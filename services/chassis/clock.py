"""The hall's clock.

`HALL_CLOCK=2026-03-02T08:50:00+08:00@120` starts every process at that moment, 120 times as fast as real
time. The real moment at which it starts is `HALL_CLOCK_STARTED` (unix seconds), the same for all processes, so
that one which starts later, or starts again, shows the same time as the others. Without it the clock is real.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import inf
from zoneinfo import ZoneInfo

from services.chassis.config import settings

_process_started = time.time()


@dataclass(frozen=True)
class ClockSetting:
    """A clock that showed `start` at real time `real_start` (unix seconds) and runs `speed` times as fast."""

    start: datetime
    speed: float
    real_start: float

    def at(self, real: float) -> datetime:
        """Return what this clock shows at a real time in unix seconds."""
        return self.start + timedelta(seconds=(real - self.real_start) * self.speed)


def parse_setting(text: str, *, real_start: float) -> ClockSetting | None:
    """Read `HALL_CLOCK`; None stands for the real clock.

    Raises:
        ValueError: not `real` and not an ISO 8601 moment with offset, optionally `@` a speed above zero.
    """
    if text in ("", "real"):
        return None
    moment, _, speed = text.partition("@")
    start = datetime.fromisoformat(moment)
    if start.tzinfo is None:
        raise ValueError(f"HALL_CLOCK={text!r} needs an offset, as in 2026-03-02T08:50:00+08:00")
    factor = float(speed) if speed else 1.0
    if not 0 < factor < inf:
        raise ValueError(f"HALL_CLOCK={text!r} has a speed that is not above zero")
    return ClockSetting(start.astimezone(UTC), factor, real_start)


@cache
def setting() -> ClockSetting | None:
    """Return how this process's clock is set, None when it is the real one."""
    return parse_setting(settings().clock, real_start=settings().clock_started or _process_started)


_source: Callable[[], datetime] | None = None


def real_now() -> datetime:
    """Return the real time, for tokens, one-time codes, rate limits and timeouts."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the hall's time as an aware datetime in UTC."""
    if _source is not None:
        return _source()
    chosen = setting()
    return chosen.at(time.time()) if chosen else datetime.now(UTC)


def speed() -> float:
    """Return how many seconds of the hall pass in one real second."""
    chosen = setting()
    return chosen.speed if chosen else 1.0


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def hall_zone() -> ZoneInfo:
    """Return the hall's time zone."""
    return _zone(settings().time_zone)


def business_date(at: datetime) -> date:
    """Return the hall's local date at a moment, which is the day its numbers belong to."""
    return at.astimezone(hall_zone()).date()


@contextmanager
def showing(source: Callable[[], datetime]) -> Iterator[None]:
    """Make `now` answer from `source` inside the block; for tests."""
    global _source
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before
