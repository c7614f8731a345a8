"""What a run was answered: latencies by action, and everything the hall has acknowledged, for the audit."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from loadtests.client import Answer, Api
from loadtests.figures import percentile_ms

ANY = tuple(range(200, 600))
# Answers that a rule of the hall gives to a person; anything else that is no success is the hall's fault.
RULES = frozenset(
    {
        "cut_off",
        "hall_closed",
        "slot_full",
        "limit_reached",
        "booking_suspended",
        "illegal_transition",
        "already_requeued",
        "too_early",
        "not_today",
        "slot_past",
    }
)
Heard = Callable[[str, float, int, str | None], None]


@dataclass
class Ledger:
    """The recorded answers of a run. Moments are of `time.perf_counter`, unless they are the hall's own texts."""

    tickets: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    steps: list[tuple[str, str]] = field(default_factory=list)
    cases: dict[str, str] = field(default_factory=dict)
    evaluations: dict[str, int] = field(default_factory=dict)
    appointments: dict[str, str] = field(default_factory=dict)
    visits_on_site: dict[str, int] = field(default_factory=dict)
    taken: dict[str, array[float]] = field(default_factory=dict)
    moments: dict[str, array[float]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    heard: Heard = lambda *_: None

    def note(self, action: str, seconds: float, *, size: int = 0, fault: str | None = None) -> None:
        """Keep how long an answer took."""
        self.taken.setdefault(action, array("d")).append(seconds)
        self.moments.setdefault(action, array("d")).append(time.perf_counter())
        if fault:
            self.faults[f"{action}: {fault}"] += 1
        self.heard(action, seconds, size, fault)

    def latencies(self, *, since: float = 0.0) -> dict[str, dict[str, float]]:
        """Return count and percentiles in milliseconds by action, of the answers from a moment on."""
        found = {}
        for action, taken in sorted(self.taken.items()):
            if part := taken[bisect_left(self.moments[action], since) :]:
                parts = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
                found[action] = {
                    "count": len(part),
                    **{name: percentile_ms(part, quantile) for name, quantile in parts.items()},
                }
        return found

    def count(self, *, since: float = 0.0) -> int:
        """Return how many answers came from a moment on."""
        return sum(len(moments) - bisect_left(moments, since) for moments in self.moments.values())


@dataclass
class Actor:
    """Somebody who uses the public API; every answer is recorded under the name of the action."""

    api: Api
    ledger: Ledger

    def get(self, action: str, path: str) -> Any:
        """Read; None when that failed."""
        return self._ask(action, lambda: self.api.get(path, expect=ANY))

    def post(self, action: str, path: str, body: Mapping[str, Any] | None = None, *, holder: str = "") -> Any:
        """Change something; None when it was refused or failed, {} when the answer is empty."""
        return self._ask(action, lambda: self.api.post(path, body, holder=holder, expect=ANY))

    def _ask(self, action: str, ask: Callable[[], Answer]) -> Any:
        begun = time.perf_counter()
        try:
            answer = ask()
        except (OSError, ValueError) as broken:
            # Not answered in time, or no HTTP: the hall has acknowledged nothing.
            self.ledger.note(action, time.perf_counter() - begun, fault=type(broken).__name__)
            return None
        spent = time.perf_counter() - begun
        if answer.status < 400:
            self.ledger.note(action, spent)
            return answer.body if answer.body is not None else {}
        code = (answer.body or {}).get("code", "") if isinstance(answer.body, dict) else ""
        if answer.status in (404, 409) and code in RULES:
            self.ledger.refused[f"{action}: {code}"] += 1
            self.ledger.note(action, spent)
        else:
            self.ledger.note(action, spent, fault=f"{answer.status} {code}")
        return None

    def close(self) -> None:
        """Hang up."""
        self.api.close()
