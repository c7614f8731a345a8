"""Figures of a run: percentiles, and one line of JSON that is printed and kept."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def percentile_ms(seconds: Sequence[float], part: float) -> float:
    """Return the `part` quantile (0 to 1, nearest rank) of durations in seconds, in milliseconds."""
    ranked = sorted(seconds)
    return round(1000 * ranked[min(len(ranked) - 1, int(part * len(ranked)))], 1) if ranked else 0.0


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
