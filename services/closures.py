"""Closures: when the hall, a department or a window does not serve though the calendar says so.

One rule for all services, pure and of none: hours are what the calendar and the week give, with the closures taken out
of them. What was called off before it began is a closure that ends as it begins, and takes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Closure:
    """A stretch of time in which the whole hall is closed, a department, or one window."""

    id: str
    department: str | None
    window: str | None
    starts_at: datetime
    ends_at: datetime

    def holds(self, at: datetime) -> bool:
        """Tell whether it is on."""
        return self.starts_at <= at < self.ends_at

    def closes(self, department: str) -> bool:
        """Tell whether it closes a department, as its own or as one of the hall."""
        return self.window is None and self.department in (None, department)


@dataclass(frozen=True)
class Closures:
    """The closures of a hall."""

    each: tuple[Closure, ...] = ()

    def on(self, at: datetime, department: str) -> Closure | None:
        """Return the closure for which a department does not serve now, of several the one that ends last."""
        found = (each for each in self.each if each.closes(department) and each.holds(at))
        return max(found, key=lambda each: each.ends_at, default=None)

    def windows(self, at: datetime) -> dict[str, Closure]:
        """Return the windows that are closed by themselves now, each with the closure that ends last."""
        found = sorted((each for each in self.each if each.holds(at)), key=lambda each: each.ends_at)
        return {each.window: each for each in found if each.window is not None}

    def left(
        self, starts: datetime, ends: datetime, department: str | None
    ) -> Iterator[tuple[datetime, datetime]]:
        """Give what closures leave of a stretch of time, in order and in its time zone.

        Args:
            starts: its beginning.
            ends: its end.
            department: whose time it is; None takes the closures of the whole hall alone.
        """
        taken = sorted(
            (each for each in self.each if each.starts_at < ends and starts < each.ends_at),
            key=lambda each: each.starts_at,
        )
        begins = starts
        for each in taken:
            if each.window is not None or each.department not in (None, department):
                continue
            if begins < each.starts_at:
                yield begins, each.starts_at.astimezone(starts.tzinfo)
            begins = max(begins, each.ends_at.astimezone(starts.tzinfo))
        if begins < ends:
            yield begins, ends

    def spare(self, starts: datetime, ends: datetime, department: str) -> bool:
        """Tell whether nothing of a stretch of time is closed."""
        return list(self.left(starts, ends, department)) == [(starts, ends)]

    def besides(self, closure: Closure) -> "Closures":
        """Return these with another one."""
        return Closures((*self.each, closure))


def closures_of(rows: Iterable[Mapping[str, Any]]) -> Closures:
    """Return closures of the rows that services keep of them."""
    names = ("department", "window", "starts_at", "ends_at")
    return Closures(tuple(Closure(id=str(row["id"]), **{name: row[name] for name in names}) for row in rows))
