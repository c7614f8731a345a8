"""How long a wait is said to be, and how often that comes true."""

from dataclasses import replace
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ticketing.domain.estimate import (
    CHANGEOVER_S,
    LONGEST_S,
    OpenWindows,
    QueueLoad,
    Range,
    WindowLoad,
    estimate_wait,
    seconds_to_serve,
)
from tests.unit.ticketing.simulated_hall import Day, Queue, Wait, Window, covered, mean_abs_error_s

QUEUES = ("q0", "q1", "q2")


@st.composite
def windows(draw: st.DrawFn) -> WindowLoad:
    """Draw an open window that serves q0, free or with a ticket at it."""
    busy = draw(st.booleans())
    return WindowLoad(
        code=str(draw(st.integers(100, 999))),
        queues=["q0", *draw(st.lists(st.sampled_from(QUEUES[1:]), unique=True))],
        expected_s=draw(st.floats(30, 3600)) if busy else None,
        elapsed_s=draw(st.floats(0, 7200)) if busy else None,
    )


loads = st.builds(
    QueueLoad,
    waiting=st.integers(0, 300),
    work_s=st.just(0.0),
    pace=st.floats(0.3, 3.0),
    usual_windows=st.floats(0, 20),
).flatmap(lambda load: st.floats(60, 1800).map(lambda each: replace(load, work_s=load.waiting * each)))
halls = st.fixed_dictionaries(dict.fromkeys(QUEUES, loads))
open_windows = st.lists(windows(), max_size=8)
services = st.floats(60, 3600)


def wait(ahead: int, hall: dict[str, QueueLoad], there: list[WindowLoad], service: float = 300.0) -> Range:
    """Estimate the wait of a ticket of q0."""
    return estimate_wait("q0", ahead=ahead, own_service_s=service, loads=hall, windows=OpenWindows(there))


@given(st.integers(0, 400), halls, open_windows, services)
def test_the_median_is_never_above_the_ninetieth_percentile(
    ahead: int, hall: dict[str, QueueLoad], there: list[WindowLoad], service: float
) -> None:
    found = wait(ahead, hall, there, service)
    assert 0 <= found.p50_s <= found.p90_s <= LONGEST_S


@given(st.integers(0, 400), st.integers(1, 50), halls, open_windows, services)
def test_more_ahead_is_never_shorter(
    ahead: int, more: int, hall: dict[str, QueueLoad], there: list[WindowLoad], service: float
) -> None:
    few, many = wait(ahead, hall, there, service), wait(ahead + more, hall, there, service)
    assert few.p50_s <= many.p50_s
    assert few.p90_s <= many.p90_s


@given(st.integers(0, 400), halls, st.lists(windows(), min_size=1, max_size=8), windows(), services)
def test_one_more_window_is_never_longer(
    ahead: int, hall: dict[str, QueueLoad], there: list[WindowLoad], one: WindowLoad, service: float
) -> None:
    few, many = wait(ahead, hall, there, service), wait(ahead, hall, [*there, one], service)
    assert many.p50_s <= few.p50_s
    assert many.p90_s <= few.p90_s


def test_a_free_window_still_has_to_call() -> None:
    told = wait(0, {}, [WindowLoad(code="100", queues=["q0"])])
    assert 0 < told.p50_s <= CHANGEOVER_S < told.p90_s < 3 * CHANGEOVER_S


def test_a_visitor_who_has_been_there_long_leaves_sooner_but_never_at_once() -> None:
    def with_elapsed(elapsed: float) -> int:
        there = WindowLoad(code="100", queues=["q0"], expected_s=600, elapsed_s=elapsed)
        return wait(0, {}, [there]).p50_s

    assert with_elapsed(0) > with_elapsed(200) > with_elapsed(400) == with_elapsed(4000) > 0


def test_what_waits_in_other_queues_of_a_window_counts() -> None:
    shared = [WindowLoad(code="100", queues=["q0", "q1"])]
    alone = wait(0, {"q0": QueueLoad()}, shared)
    behind = wait(0, {"q0": QueueLoad(), "q1": QueueLoad(waiting=6, work_s=1800)}, shared)
    assert alone.p50_s <= CHANGEOVER_S
    assert 1200 < behind.p50_s < 2000


def test_a_slow_day_makes_longer_waits() -> None:
    there = [WindowLoad(code="100", queues=["q0"])]
    usual, slow = (
        wait(5, {"q0": QueueLoad(waiting=5, work_s=1500, pace=pace)}, there) for pace in (1.0, 1.5)
    )
    assert slow.p50_s - usual.p50_s == pytest.approx(5 * 150, rel=0.05)


def test_where_no_window_is_open_the_usual_ones_count() -> None:
    hall = {"q0": QueueLoad(waiting=12, work_s=3600, usual_windows=3.0)}
    three = [WindowLoad(code=str(n), queues=["q0"]) for n in range(3)]
    assert wait(12, hall, []) == wait(12, hall, three)


def _can(
    left_s: float, *, waiting: int = 0, usual: float = 1.0, there: list[WindowLoad] | None = None
) -> bool:
    hall = {"q0": QueueLoad(waiting=waiting, work_s=300.0 * waiting, usual_windows=usual)}
    return seconds_to_serve("q0", own_service_s=300, loads=hall, windows=OpenWindows(there or [])) <= left_s


def test_a_ticket_has_to_be_finished_before_closing_not_only_begun() -> None:
    free = [WindowLoad(code="100", queues=["q0"])]
    assert _can(300 + CHANGEOVER_S, there=free)
    assert not _can(299, there=free)


def test_windows_that_are_still_shut_do_not_cut_off() -> None:
    one = [WindowLoad(code="100", queues=["q0"])]
    assert _can(3600, waiting=40, usual=5.0, there=one), "five usually serve it at this hour"
    assert _can(3600, waiting=40, usual=5.0)
    assert not _can(3600, waiting=40, usual=1.0, there=one)


def test_more_windows_than_usual_count_as_they_are() -> None:
    five = [WindowLoad(code=str(n), queues=["q0"]) for n in range(5)]
    assert _can(3600, waiting=40, usual=1.0, there=five)


def _queue(code: str, per_hour: float, **more: float) -> Queue:
    return Queue(code=code, per_hour=per_hour, items=(240, 300, 600), **more)


# Shares of waits within p90 as measured over six simulated days each: 93, 90, 93, 91, 94, 89 and 80 %, 91 % of all.
# Only the last is below 85: three in ten are overtaken by priority visitors who came after the estimate was made.
# Without the changeover in the estimate they would be 59 to 78 %.
SIMULATED = {
    "one queue, five windows": ((_queue("a", 43),), [("a",)] * 5, 1.0),
    "one queue, one window": ((_queue("a", 8),), [("a",)], 1.0),
    "one queue, ten busy windows": ((_queue("a", 95),), [("a",)] * 10, 1.0),
    "two queues, all windows serve both": ((_queue("a", 24), _queue("b", 24)), [("a", "b")] * 6, 1.0),
    "some windows serve both": ((_queue("a", 30), _queue("b", 14)), [("a",)] * 2 + [("a", "b")] * 3, 1.0),
    "a day on which all takes longer": ((_queue("a", 30),), [("a",)] * 5, 1.4),
    "many with priority": ((_queue("a", 43, priority_share=0.3),), [("a",)] * 5, 1.0),
}


@cache
def _simulate(name: str) -> list[Wait]:
    queues, profiles, pace = SIMULATED[name]
    waits: list[Wait] = []
    for seed in range(6):
        windows = [Window(str(nth), profile) for nth, profile in enumerate(profiles)]
        waits += Day(queues, windows, Random(seed), real_pace=pace).run()
    return waits


def test_between_80_and_97_percent_of_simulated_waits_come_true_within_p90() -> None:
    found = {name: _simulate(name) for name in SIMULATED}
    shares = {name: round(covered(waits), 3) for name, waits in found.items()}
    assert all(0.80 <= share <= 0.97 for share in shares.values()), shares
    everything = [wait for waits in found.values() for wait in waits]
    assert 0.85 <= covered(everything) <= 0.95, "the target for the hall as a whole"


def test_the_median_is_off_by_less_than_a_third_of_the_wait() -> None:
    waits = _simulate("one queue, five windows")
    mean_wait_s = sum(each.seconds for each in waits) / len(waits)
    assert mean_abs_error_s(waits) < mean_wait_s / 3
