"""Figures of a run: percentiles, and one line of JSON that is printed and kept."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def percentile_ms(seconds: Sequence[float], part: float) -> float:
    """Return the `part` quantile (0 to 1, nearest rank) of durations in seconds, in milliseconds."""
    ranked = sorted(seconds)
    return round(1000 * ranked[min(len(ranked) - 1, int(part * len(ranked)))], 1) if ranked else 0.0


@dataclass
class Taken:
    """How long each of many repetitions took, in seconds, and how long all of them, in one stretch or several."""

    each: list[float] = field(default_factory=list)
    spent: float = 0.0
    wrong: int = 0

    def add(self, other: Taken) -> None:
        """Count another stretch."""
        self.each += other.each
        self.spent += other.spent
        self.wrong += other.wrong

    @property
    def per_second(self) -> float:
        """How many a second."""
        return len(self.each) / self.spent if self.spent else 0.0

    def figures(self) -> dict[str, Any]:
        """Return what is told of them."""
        return {
            "issued": len(self.each),
            "per_second": round(self.per_second, 1),
            "p50_ms": percentile_ms(self.each, 0.5),
            "p95_ms": percentile_ms(self.each, 0.95),
            "wrong": self.wrong,
        }


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    return {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}


def keep(name: str, figures: Mapping[str, Any]) -> None:
    """Print the figures as one line of JSON and keep them under `results/`."""
    line = json.dumps({"run": name, **figures, **machine()}, ensure_ascii=False)
    RESULTS.mkdir(exist_ok=True)
    stamp = datetime.now().astimezone().strftime("%Y%m%dT%H%M%S")
    (RESULTS / f"{name}-{stamp}.json").write_text(line + "\n")
    print(line, flush=True)  # noqa: T201 - the program's result
