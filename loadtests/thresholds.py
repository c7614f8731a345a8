"""What a run must keep, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from loadtests.stack import BUFFERS

# Every action of kiosk and clerk, and the delay of boards.
P95_MS = 200.0
# Of fewer answers the 95th percentile is but the slowest one.
LEAST_JUDGED = 20
BOARD_P95_MS = 1000.0
# A board that was asked to show a call that lasted has shown it.
BOARDS_SEEN = 0.99
ACTIONS = (
    "issue",
    "check in",
    "sign in",
    "sign out",
    "call next",
    "recall",
    "start",
    "finish",
    "miss",
    "requeue",
    "hold",
    "resume",
    "transfer",
    "accept",
    "decide",
    "deliver",
)
SETTLED_WITHIN_S = 60.0
# Soak: growth over the run; of memory and queues by a straight line through the samples.
MEMORY_GROWS, CONNECTIONS_GROW, QUEUES_GROW = 0.05, 2, 50.0
# Steps: how much of what was asked for is done, and how many seconds of events may wait.
DONE, BACKLOG_S = 0.9, 3.0

Verdict = dict[str, bool]


def latencies(figures: Mapping[str, Mapping[str, float]], actions: Sequence[str] = ACTIONS) -> Verdict:
    """Judge the 95th percentiles of these actions, of those that were done often enough."""
    return {
        f"{action} p95 below {P95_MS:.0f} ms": figures[action]["p95"] < P95_MS
        for action in actions
        if action in figures and figures[action]["count"] >= LEAST_JUDGED
    }


def common(figures: Mapping[str, Any]) -> Verdict:
    """Judge what every shape must keep: answers, audit, events, streams."""
    return {
        "no answer was the hall's fault": not figures["faults"],
        "every journey went to its end": not figures["broken"],
        "every event published and heard in time": figures["settled_s"] is not None
        and figures["settled_s"] < SETTLED_WITHIN_S,
        "no stream was lost": figures["streams"]["lost"] == 0,
        **{f"audit: {rule}": not found for rule, found in figures["audit"].items()},
    }


def boards(figures: Mapping[str, Any]) -> Verdict:
    """Judge how late boards show calls."""
    return {
        f"boards show a call within {BOARD_P95_MS / 1000:.0f} s (p95)": figures["p95_ms"] < BOARD_P95_MS,
        f"boards show {BOARDS_SEEN:.0%} of the calls that last": figures["unseen"]
        <= (1 - BOARDS_SEEN) * max(1, figures["expected"]),
    }


def growth(values: Sequence[float]) -> float:
    """Return by how much a row of values at even distances grows from its first to its last, by least squares."""
    count = len(values)
    if count < 2:
        return 0.0
    middle, mean = (count - 1) / 2, sum(values) / count
    spread = sum((n - middle) ** 2 for n in range(count))
    slope = sum((n - middle) * (value - mean) for n, value in enumerate(values)) / spread
    return slope * (count - 1)


def flat(samples: Sequence[Mapping[str, Any]]) -> Verdict:
    """Judge that memory, connections and queues did not grow; the first quarter, in which caches fill, is left out.

    So are PostgreSQL's buffers, whose size is fixed: it takes more than an hour until each of them was used. Pools give
    connections back that were idle for five minutes, so their number goes up and down; one that leaks does not come
    down again, so the fewest of the last third are compared with the fewest of the first.
    """
    kept = samples[len(samples) // 4 :]
    third = max(1, len(kept) // 3)
    connections = [each["connections"] for each in kept]
    memory = [each["resident_mb"] - each["parts_mb"].get(BUFFERS, 0.0) for each in kept]
    most = MEMORY_GROWS * (sum(memory) / max(1, len(memory)))
    return {
        f"memory grows by less than {MEMORY_GROWS:.0%}": growth(memory) < most,
        f"connections grow by {CONNECTIONS_GROW} at most": min(connections[-third:])
        <= min(connections[:third]) + CONNECTIONS_GROW,
        f"queues grow by less than {QUEUES_GROW:.0f} messages": growth([each["messages"] for each in kept])
        < QUEUES_GROW,
    }


def step_holds(step: Mapping[str, Any]) -> Verdict:
    """Judge one step: latencies, no faults, what came was served, and events do not pile up."""
    return {
        **latencies(step["latency_ms"]),
        "no answer was the hall's fault": not step["faults"],
        f"{DONE:.0%} of those who came were given a number": step["issued_per_s"]
        >= DONE * step["asked_per_s"],
        f"less than {BACKLOG_S:.0f} s of events wait": step["backlog"]
        <= BACKLOG_S * max(1.0, step["events_per_s"]),
    }


def knee(steps: Sequence[Mapping[str, Any]]) -> float:
    """Return the intensity of the last step that held before the first that did not, 0 when none did."""
    found = 0.0
    for step in steps:
        if not all(step_holds(step).values()):
            break
        found = float(step["intensity"])
    return found
