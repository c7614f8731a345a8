"""How long a new ticket will wait: a median and a ninetieth percentile from what happens at the windows now.

Tickets ahead are dealt to the windows one by one, each to the window that is free first (list scheduling), which
gives the expected start. A window that calls from other queues too is free for this one after its part of what waits
there. Between two visitors a window needs `CHANGEOVER_S`: the clerk clears up and calls, the visitor walks; so nobody
is promised no wait at all. The spread comes from the services in between, whose times vary by `SERVICE_CV`, and from
what is not known (who comes later and goes first, the pace of the next hour), which varies by `UNKNOWN_CV` of the
wait. The quantiles are those of a gamma distribution with that mean and variance, by the Wilson-Hilferty
approximation (Proc. Nat. Acad. Sci. 17, 1931), because waits cannot be negative and lean to the right.

More tickets ahead never make it shorter, one more open window never makes it longer: the mean has both properties, and
either quantile grows with it.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

Z_90 = 1.2816
SERVICE_CV = 0.7
UNKNOWN_CV = 0.1
LEAST_SHAPE = 1.0
RESIDUAL_FLOOR = 0.5
# Seconds from a window that is free, or a visitor who has come to it, to the call. An assumption, like the two above,
# until the share of waits within `p90_s` says otherwise.
CHANGEOVER_S = 25.0
MOST_STEPS = 200
LONGEST_S = 8 * 3600


@dataclass(frozen=True)
class Range:
    """Median and ninetieth percentile of a wait, in whole seconds."""

    p50_s: int
    p90_s: int

    @property
    def is_capped(self) -> bool:
        """Tell whether the wait is longer than can be said."""
        return self.p90_s >= LONGEST_S


@dataclass(frozen=True, kw_only=True)
class WindowLoad:
    """An open window: the queues it calls from and what is at it.

    `expected_s` is the typical service time of the ticket at it, `elapsed_s` how long that has been there; both are
    None at a free window.
    """

    code: str
    queues: Sequence[str]
    expected_s: float | None = None
    elapsed_s: float | None = None

    def residual_s(self, pace: float) -> float:
        """Return how many seconds the ticket at this window is expected to stay.

        One that is past half its typical time stays that half on: service times have a long tail.
        """
        if self.expected_s is None or self.elapsed_s is None:
            return 0.0
        expected = self.expected_s * pace
        return max(expected - self.elapsed_s, RESIDUAL_FLOOR * expected)


class OpenWindows:
    """The open windows, found by the queues they call from: each estimate needs those of one queue."""

    def __init__(self, windows: Iterable[WindowLoad] = ()) -> None:
        """Order them by queue."""
        self._all = tuple(windows)
        self._serving: dict[str, list[WindowLoad]] = {}
        for window in self._all:
            for queue in window.queues:
                self._serving.setdefault(queue, []).append(window)

    def __iter__(self) -> Iterator[WindowLoad]:
        """Go through all."""
        return iter(self._all)

    def serving(self, queue: str) -> Sequence[WindowLoad]:
        """Return those that call from a queue."""
        return self._serving.get(queue, ())


@dataclass(frozen=True, kw_only=True)
class QueueLoad:
    """What waits in a queue: how many tickets, their typical service seconds together, and the day's pace.

    `pace` is real service time by typical service time of the tickets served lately. `usual_windows` is how many
    windows serve the queue at this hour on other days.
    """

    waiting: int = 0
    work_s: float = 0.0
    pace: float = 1.0
    usual_windows: float = 1.0

    def mean_service_s(self, otherwise: float) -> float:
        """Return the typical service seconds of a waiting ticket."""
        return self.work_s / self.waiting if self.waiting else otherwise


def estimate_wait(
    queue: str,
    *,
    ahead: int,
    own_service_s: float,
    loads: Mapping[str, QueueLoad],
    windows: OpenWindows,
) -> Range:
    """Return how long a ticket with `ahead` tickets before it will wait, in seconds of open windows.

    Where no window is open, those that usually are at this hour count, from now on.

    Args:
        queue: code of the queue.
        ahead: tickets that will be called before it.
        own_service_s: typical service time of the ticket itself, in seconds.
        loads: what waits in each queue.
        windows: the open windows.
    """
    load = loads.get(queue, QueueLoad())
    service = load.mean_service_s(own_service_s) * load.pace
    serving = windows.serving(queue)
    if serving:
        before_me = min(1.0, (ahead + 1) / max(1, load.waiting))
        others = _others_work_s(
            {code for window in serving for code in window.queues} - {queue}, windows, loads
        )
        free_at = [
            window.residual_s(load.pace) + before_me * sum(others.get(code, 0.0) for code in window.queues)
            for window in serving
        ]
    else:
        free_at = [0.0] * max(1, ceil(load.usual_windows))
    begins = _start_of(ahead, free_at, service + CHANGEOVER_S) + CHANGEOVER_S
    return _range(begins, service_s=service, windows=len(free_at))


def _others_work_s(
    queues: set[str], windows: OpenWindows, loads: Mapping[str, QueueLoad]
) -> dict[str, float]:
    """Return the work that waits in each of some queues, in seconds by window that serves it."""
    return {
        code: load.work_s * load.pace / len(windows.serving(code))
        for code in queues
        if (load := loads.get(code))
    }


def _start_of(ahead: int, free_at: Sequence[float], service_s: float) -> float:
    """Return when the ticket after `ahead` others begins: each goes to the window that is free first."""
    skipped = max(0, ahead - MOST_STEPS)
    free = list(free_at)
    heapq.heapify(free)
    for _ in range(ahead - skipped):
        heapq.heapreplace(free, free[0] + service_s)
    return free[0] + skipped * service_s / len(free)


def _range(mean: float, *, service_s: float, windows: int) -> Range:
    """Return median and ninetieth percentile of a wait.

    The median's shape is that of one window: with that of all it would grow, by the smaller spread, where a window
    opens too late to change the mean.
    """
    one = SERVICE_CV**2 * service_s / mean
    all_ = one / windows + UNKNOWN_CV**2
    p50, p90 = (mean * _quantile(max(LEAST_SHAPE, 1 / each), z) for each, z in ((one, 0.0), (all_, Z_90)))
    longest = float(LONGEST_S)
    return Range(round(min(p50, longest)), ceil(min(max(p90, p50), longest)))


def _quantile(shape: float, z: float) -> float:
    return float(1 - 1 / (9 * shape) + z / (3 * sqrt(shape))) ** 3


def seconds_to_serve(
    queue: str,
    *,
    own_service_s: float,
    loads: Mapping[str, QueueLoad],
    windows: OpenWindows,
) -> float:
    """Return the seconds of open windows until a new ticket of a queue is served.

    The windows open now or those usually open at this hour count, whichever are sooner: a queue whose windows are
    still shut in the morning is not cut off.

    Args:
        queue: code of the queue.
        own_service_s: typical service seconds of the new ticket's item.
        loads: what waits in each queue.
        windows: the open windows.
    """
    load = loads.get(queue, QueueLoad())
    ends = [_end_with(queue, windows, load, loads, own_service_s)]
    if len(windows.serving(queue)) < load.usual_windows:
        ends.append(_end_with(queue, OpenWindows(), load, loads, own_service_s))
    return min(ends)


def _end_with(
    queue: str,
    windows: OpenWindows,
    load: QueueLoad,
    loads: Mapping[str, QueueLoad],
    own_service_s: float,
) -> float:
    wait = estimate_wait(queue, ahead=load.waiting, own_service_s=own_service_s, loads=loads, windows=windows)
    return wait.p50_s + own_service_s * load.pace
