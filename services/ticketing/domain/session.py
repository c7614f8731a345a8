"""Extended sessions: windows of a department that serve past closing, at noon or on a rest day."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

# An open session that nobody closes ends by itself this long after its plan.
LONGEST_OVERRUN = timedelta(hours=12)
# After a session has closed past midnight, its windows have this long to finish whom they have.
FINISHING = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class ExtendedSession:
    """A session as it was published last; `day` is the hall's date on which it begins."""

    id: str
    department: str
    windows: frozenset[str]
    day: date
    starts_at: datetime
    ends_at: datetime
    state: str
    opened_at: datetime | None
    closed_at: datetime | None

    @property
    def takes_place(self) -> bool:
        """Whether it is planned or open."""
        return self.state in ("planned", "open")

    @property
    def serves_until(self) -> datetime:
        """When its windows serve nobody any more: its end by plan, while it is open as long as it may run on."""
        if self.state == "open":
            return self.ends_at + LONGEST_OVERRUN
        return self.closed_at or self.ends_at

    def gives_numbers(self, at: datetime) -> bool:
        """Tell whether numbers are given: in the planned time, also where nobody has opened it yet."""
        return self.takes_place and self.starts_at <= at < self.ends_at

    def runs(self, at: datetime) -> bool:
        """Tell whether its windows serve: an open one goes on past its planned end for those who wait."""
        if self.state == "open":
            begins = min(self.starts_at, self.opened_at or self.starts_at)
            return begins <= at < self.serves_until
        return self.gives_numbers(at)

    def finishes(self, at: datetime) -> bool:
        """Tell whether it runs, or has closed so lately that its windows may still have a visitor."""
        if self.state == "closed" and self.closed_at is not None:
            return self.closed_at <= at < self.closed_at + FINISHING
        return self.runs(at)


@dataclass(frozen=True)
class Sessions:
    """The sessions of a hall, by department."""

    by_department: Mapping[str, Sequence[ExtendedSession]] = field(default_factory=dict)

    def of(self, department: str) -> Sequence[ExtendedSession]:
        """Return the sessions of a department."""
        return self.by_department.get(department, ())

    def with_one_of(self, windows: Collection[str], department: str) -> "Sessions":
        """Return the sessions of a department that have one of these windows."""
        able = [each for each in self.of(department) if not each.windows.isdisjoint(windows)]
        return Sessions({department: able})

    def running(self, at: datetime, department: str, window: str | None = None) -> Iterator[ExtendedSession]:
        """Yield the sessions of a department that run now, with a certain window where one is given."""
        for each in self.of(department):
            if each.runs(at) and (window is None or window in each.windows):
                yield each

    def all_running(self, at: datetime) -> Iterator[ExtendedSession]:
        """Yield all sessions that run now."""
        for department in self.by_department:
            yield from self.running(at, department)

    def days_kept(self, at: datetime, *, finishing: bool = False) -> dict[str, date]:
        """Return since which business date tickets of a department stay, for the sessions that run.

        Args:
            at: now.
            finishing: for those that have closed lately, too.
        """
        kept: dict[str, date] = {}
        for department, sessions in self.by_department.items():
            days = [each.day for each in sessions if (each.finishes(at) if finishing else each.runs(at))]
            if days:
                kept[department] = min(days)
        return kept

    def windows_kept(self, at: datetime) -> list[str]:
        """Return the windows whose clerks stay signed in past midnight."""
        every = (each for sessions in self.by_department.values() for each in sessions)
        return sorted({window for each in every if each.finishes(at) for window in each.windows})


def sessions_of(sessions: Sequence[ExtendedSession]) -> Sessions:
    """Return sessions by department."""
    by_department: dict[str, list[ExtendedSession]] = {}
    for each in sessions:
        by_department.setdefault(each.department, []).append(each)
    return Sessions(by_department)
