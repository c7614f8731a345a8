"""How many windows a queue needs in an hour, so that nearly all wait no longer than was promised.

Here is what is counted and compared; waits are simulated in `services.statistics.staffing.simulating`. Erlang's
formula gives the first guess and is right where people come at random, are served for exponential times, and the hour
is long.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from math import exp
from typing import Any

HOUR_S = 3600
TARGET = 0.9
WITHIN_S = 900
LONGEST_DAYS = 184
# A queue with fewer measured services is taken to serve as the whole hall does.
ENOUGH_SERVED = 20
# So many customers are simulated for all advice, shared by its cells: it takes about two minutes of one core.
CUSTOMERS = 2_500_000
LEAST_CUSTOMERS, MOST_CUSTOMERS = 300, 1500
TRIES_A_CELL = 4
# Beyond Erlang's answer: where measured days differ so much that no number of windows does it, the search ends here.
MOST_MORE = 15


def erlang_c(load: float, windows: int) -> float:
    """Return the probability that somebody has to wait in M/M/c, by Erlang's delay formula.

    Computed from Erlang's loss formula by its recursion, which neither overflows nor cancels.

    Source: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic
    telephone exchanges" (1917); R. B. Cooper, Introduction to Queueing Theory, 2nd ed. (1981), sections 3.3 and 3.4.

    Args:
        load: arrivals a second times mean service in seconds, in erlangs.
        windows: how many serve.
    """
    if windows <= load:
        return 1.0
    loss = 1.0
    for n in range(1, windows + 1):
        loss = load * loss / (n + load * loss)
    busy = load / windows
    return loss / (1 - busy * (1 - loss))


def share_within(load: float, windows: int, *, service_s: float, within_s: float) -> float:
    """Return the share of people in M/M/c who wait no longer than a time.

    Source: as `erlang_c`: P(wait > t) = C exp(-(c - a) t / s).

    Args:
        load: in erlangs.
        windows: how many serve.
        service_s: mean service in seconds.
        within_s: the time in seconds.
    """
    if windows <= load:
        return 0.0
    return 1 - erlang_c(load, windows) * exp(-(windows - load) * within_s / service_s)


def windows_by_erlang(load: float, *, service_s: float, within_s: float, target: float) -> int:
    """Return the fewest windows with which a share of people waits no longer than a time, by Erlang's formula."""
    windows = max(1, int(load))
    while share_within(load, windows, service_s=service_s, within_s=within_s) < target:
        windows += 1
    return windows


@dataclass(frozen=True, kw_only=True)
class Cell:
    """An hour of a queue, on one weekday (1 is Monday) or all.

    `days` are the measured days: tickets issued in the hour before, and in the hour. `windows_now` is how many windows
    were usually open for the queue, None when no sign-in was heard of.
    """

    queue: str
    weekday: int | None
    hour: int
    days: Sequence[tuple[int, int]]
    windows_now: int | None

    @property
    def arrivals(self) -> float:
        """Mean number of tickets in the hour."""
        return sum(count for _, count in self.days) / len(self.days)


@dataclass(frozen=True, kw_only=True)
class Service:
    """How long service takes: equally likely times in seconds, and how many were measured for this queue."""

    times: Sequence[int]
    served: int

    @property
    def mean_s(self) -> float:
        """Mean service in seconds."""
        return sum(self.times) / len(self.times)


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What so many windows make of an hour.

    `within_rate` is the share of people who wait no longer than promised; `utilisation` how much of the windows' time
    the people of the hour take, at most 1.
    """

    windows: int
    within_rate: float
    p90_wait_s: int
    utilisation: float


Simulate = Callable[[int], Outlook]


def advise(
    cell: Cell, service: Service, simulate: Simulate, *, target: float, within_s: int
) -> dict[str, Any]:
    """Return the advice for a cell: the windows it needs, and what one less or more would do.

    The three outlooks are around the windows that are open now, or around those that are needed when nothing is
    known of sign-ins.

    Args:
        cell: the hour.
        service: how long service takes.
        simulate: gives the outlook of a number of windows.
        target: the share that is to wait no longer than promised.
        within_s: what is promised, in seconds.
    """
    known: dict[int, Outlook] = {}

    def outlook(windows: int) -> Outlook:
        if windows not in known:
            known[windows] = simulate(windows)
        return known[windows]

    load = cell.arrivals * service.mean_s / HOUR_S
    guess = windows_by_erlang(load, service_s=service.mean_s, within_s=within_s, target=target)
    needed = _fewest(lambda windows: outlook(windows).within_rate >= target, guess)
    now = cell.windows_now if cell.windows_now is not None else needed or guess
    return {
        "queue": cell.queue,
        "weekday": cell.weekday,
        "hour": cell.hour,
        "days": len(cell.days),
        "arrivals": round(cell.arrivals, 2),
        "service_s": round(service.mean_s),
        "served": service.served,
        "windows_now": cell.windows_now,
        "windows_needed": needed,
        "windows_erlang": guess,
        "less": outlook(now - 1).__dict__ if now > 1 else None,
        "as_is": outlook(now).__dict__ if now else None,
        "more": outlook(now + 1).__dict__,
    }


def _fewest(enough: Callable[[int], bool], guess: int) -> int | None:
    """Return the fewest windows that are enough, looking from a guess on; more are never worse. None when too many."""
    if not enough(guess):
        return next((more for more in range(guess + 1, guess + MOST_MORE + 1) if enough(more)), None)
    windows = guess
    while windows > 1 and enough(windows - 1):
        windows -= 1
    return windows


def customers_a_try(cells: int) -> int:
    """Return how many people are simulated for one outlook, so that all advice takes a bounded time."""
    return min(max(CUSTOMERS // max(1, cells * TRIES_A_CELL), LEAST_CUSTOMERS), MOST_CUSTOMERS)


def cells_of(
    arrivals: Iterable[Mapping[str, Any]],
    windows: Mapping[tuple[str, date, int], float],
    *,
    queue: str | None,
    by_weekday: bool,
) -> list[Cell]:
    """Make the cells of measured days: a day without a ticket of a queue counts as none came.

    Args:
        arrivals: rows of the query `arrivals`, of all queues: they say on which days the hall was open.
        windows: windows open by queue, date and hour, as `open_windows` counts them; empty when nothing is known.
        queue: the only queue that is looked at; all when left out.
        by_weekday: make cells by weekday.
    """
    counts: dict[tuple[str, date, int], int] = {}
    for row in arrivals:
        counts[row["queue"], row["business_date"], row["hour"]] = row["tickets"]
    dates: dict[int | None, list[date]] = defaultdict(list)
    for day in sorted({day for _, day, _ in counts}):
        dates[day.isoweekday() if by_weekday else None].append(day)
    hours = sorted({(name, hour) for name, _, hour in counts if queue in (None, name)})
    cells = (
        _cell(name, weekday, hour, days, counts, windows)
        for name, hour in hours
        for weekday, days in sorted(dates.items(), key=lambda each: each[0] or 0)
    )
    return [cell for cell in cells if cell.arrivals > 0]


def _cell(
    queue: str,
    weekday: int | None,
    hour: int,
    days: Sequence[date],
    counts: Mapping[tuple[str, date, int], int],
    windows: Mapping[tuple[str, date, int], float],
) -> Cell:
    usual = sum(windows.get((queue, day, hour), 0.0) for day in days) / len(days)
    return Cell(
        queue=queue,
        weekday=weekday,
        hour=hour,
        days=tuple(
            (counts.get((queue, day, hour - 1), 0), counts.get((queue, day, hour), 0)) for day in days
        ),
        windows_now=_whole_windows(usual) if windows else None,
    )


def _whole_windows(usual: float) -> int:
    """Return a mean number of windows as a whole one; a queue that is served at all has one."""
    return max(1, int(usual + 0.5)) if usual > 0 else 0


def open_windows(
    sessions: Iterable[Mapping[str, Any]], *, zone: tzinfo, now: datetime
) -> dict[tuple[str, date, int], float]:
    """Count the windows that were open by queue, date and hour; half an hour counts half.

    A window that calls from several queues is shared among them in equal parts. One whose end was not heard of was
    open to the end of its date, or until now.

    Args:
        sessions: rows of the query `window_hours`.
        zone: the hall's zone.
        now: the present moment.
    """
    counted: dict[tuple[str, date, int], float] = defaultdict(float)
    for each in sessions:
        day = each["business_date"]
        midnight = datetime.combine(day + timedelta(days=1), time(), zone)
        until = min(each["left_at"] or midnight, midnight, now)
        for hour, seconds in _by_hour(each["signed_in_at"], until, zone):
            for queue in each["queues"]:
                counted[queue, day, hour] += seconds / HOUR_S / len(each["queues"])
    return dict(counted)


def _by_hour(since: datetime, until: datetime, zone: tzinfo) -> Iterable[tuple[int, float]]:
    """Yield the hours of the clock between two moments with the seconds in each."""
    at = since
    while at < until:
        local = at.astimezone(zone)
        next_hour = (
            at
            + timedelta(hours=1)
            - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        )
        end = min(next_hour, until)
        yield local.hour, (end - at).total_seconds()
        at = end


def services_of(rows: Iterable[Mapping[str, Any]]) -> dict[str | None, Service]:
    """Return how long service takes by queue, with that of the whole hall under None; empty when none is measured.

    Args:
        rows: of the query `services`.
    """
    return {
        row["queue"]: Service(times=tuple(row["times"]), served=row["served"])
        for row in rows
        if row["times"] and (row["queue"] is None or row["served"] >= ENOUGH_SERVED)
    }
