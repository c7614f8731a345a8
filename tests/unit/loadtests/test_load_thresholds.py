"""What a load run promises, and when it says that a promise is broken."""

import subprocess
import sys

import psutil
import pytest

from loadtests import stack, thresholds

GOOD_STEP = {
    "intensity": 10.0,
    "asked_per_s": 2.0,
    "issued_per_s": 2.0,
    "backlog": 3,
    "events_per_s": 20.0,
    "latency_ms": {"issue": {"count": 500, "p95": 40.0}},
    "faults": {},
}


def test_a_row_that_grows_is_measured_from_its_first_to_its_last() -> None:
    assert thresholds.growth([1, 2, 3, 4]) == pytest.approx(3)
    assert thresholds.growth([5, 5, 5]) == 0
    assert thresholds.growth([7]) == 0


@pytest.mark.parametrize("what", ["resident_mb", "connections", "messages"])
def test_what_grows_during_a_soak_is_found(what: str) -> None:
    steady = {"resident_mb": 1000.0, "parts_mb": {}, "connections": 60.0, "messages": 10.0}
    flat = [dict(steady) for _ in range(20)]
    grows = [steady | {what: steady[what] + 10 * n} for n in range(20)]
    assert all(thresholds.flat(flat).values())
    assert sum(not holds for holds in thresholds.flat(grows).values()) == 1


def test_what_grows_only_while_caches_fill_is_no_growth() -> None:
    filled = [
        {"resident_mb": min(1000.0, 800 + 50 * n), "parts_mb": {}, "connections": 60.0, "messages": 0.0}
        for n in range(20)
    ]
    assert all(thresholds.flat(filled).values())


def test_a_pool_that_takes_more_connections_for_a_while_is_no_growth() -> None:
    steady = {"resident_mb": 1000.0, "parts_mb": {}, "messages": 0.0}
    busy_at_the_end = [steady | {"connections": 46 + (8 if 15 <= n < 19 else n % 2)} for n in range(20)]
    assert (
        thresholds.growth([each["connections"] for each in busy_at_the_end[5:]]) > thresholds.CONNECTIONS_GROW
    )
    assert all(thresholds.flat(busy_at_the_end).values())


def test_the_buffers_of_postgresql_have_a_size_and_are_no_growth() -> None:
    steady = {"connections": 60.0, "messages": 0.0}
    buffers = [
        steady | {"resident_mb": 900.0 + 6 * n, "parts_mb": {stack.BUFFERS: 6.0 * n, "gateway": 300.0}}
        for n in range(20)
    ]
    assert all(thresholds.flat(buffers).values())


CHILD = "import sys; print(flush=True); sys.stdin.read()"
FAMILY = f"""
import subprocess, sys
with subprocess.Popen([sys.executable, "-c", {CHILD!r}], stdin=subprocess.PIPE):
    sys.stdin.read()
"""


def test_the_parts_of_a_process_family_add_up_to_its_memory() -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", FAMILY], **pipes) as family:
        family.stdout.readline()
        parts = stack.resident_mb_by_part(family.pid)
        assert sum(parts.values()) == pytest.approx(stack.resident_mb(family.pid), abs=1) != 0
        family.stdin.close()


def test_a_process_that_ends_while_memory_is_read_counts_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE) as ending:
        gone, here = psutil.Process(ending.pid), psutil.Process()
    monkeypatch.setattr(stack, "_family", lambda _: [gone, here])
    assert stack.resident_mb(0) > 0
    assert list(stack.resident_mb_by_part(0)) != []
    assert stack.resident_mb_of(0, "no-such-service") == 0


@pytest.mark.parametrize(
    "broken",
    [
        {"latency_ms": {"issue": {"count": 500, "p95": 201.0}}},
        {"faults": {"issue: 503": 1}},
        {"issued_per_s": 1.5},
        {"backlog": 100},
    ],
)
def test_a_step_that_is_late_fails_or_falls_behind_does_not_hold(broken: dict[str, object]) -> None:
    assert all(thresholds.step_holds(GOOD_STEP).values())
    assert not all(thresholds.step_holds(GOOD_STEP | broken).values())


def test_the_knee_is_the_last_step_before_the_first_that_does_not_hold() -> None:
    steps = [GOOD_STEP | {"intensity": n, "backlog": 500 if n == 30 else 0} for n in (10.0, 20.0, 30.0, 40.0)]
    assert thresholds.knee(steps) == 20.0
    assert thresholds.knee(steps[2:]) == 0


def test_a_call_that_boards_show_late_or_not_at_all_is_found() -> None:
    good = {"p95_ms": 600.0, "expected": 100, "unseen": 1}
    assert all(thresholds.boards(good).values())
    assert not all(thresholds.boards(good | {"p95_ms": 1001.0}).values())
    assert not all(thresholds.boards(good | {"unseen": 2}).values())


def test_lost_streams_faults_and_violations_are_broken_promises() -> None:
    good = {"faults": {}, "broken": {}, "settled_s": 1.0, "streams": {"lost": 0}, "audit": {"rule": []}}
    assert all(thresholds.common(good).values())
    for bad in (
        {"faults": {"x": 1}},
        {"broken": {"x": 1}},
        {"settled_s": None},
        {"streams": {"lost": 1}},
        {"audit": {"rule": ["violated"]}},
    ):
        assert not all(thresholds.common(good | bad).values())


def test_the_slowest_of_a_few_answers_is_no_percentile() -> None:
    few = {"issue": {"count": 19, "p95": 900.0}}

    assert thresholds.latencies(few) == {}
    assert thresholds.latencies({"issue": few["issue"] | {"count": 20}}) == {"issue p95 below 200 ms": False}
