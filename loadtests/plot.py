"""Draws published results for the README: `python -m loadtests.plot BEFORE AFTER PICTURE`.

BEFORE and AFTER are results of `load-steps`, as they stand under loadtests/results/published/.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from loadtests.thresholds import LEAST_JUDGED, P95_MS

SHOWN = {
    "issue": "#1f5fa8",
    "call next": "#b0452f",
    "start": "#14663a",
    "finish": "#7a4fa3",
    "accept": "#b98a1d",
}
BEFORE, AFTER, LIMIT = "#b8c2cf", "#1f5fa8", "#a3161f"
Steps = Sequence[Mapping[str, Any]]


def picture(before: Steps, after: Steps) -> Figure:
    """Return p95 by load, and p95 before and after at the highest load that both were put under.

    Args:
        before: steps of `load-steps`.
        after: the same, later.
    """
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    by_load, compared = figure.subplots(1, 2, width_ratios=(3, 2))
    _by_load(by_load, after)
    _compared(compared, before, after)
    return figure


def _p95(step: Mapping[str, Any], action: str) -> float | None:
    figures = step["latency_ms"].get(action)
    return figures["p95"] if figures and figures["count"] >= LEAST_JUDGED else None


def _by_load(axes: Axes, steps: Steps) -> None:
    for action, colour in SHOWN.items():
        points = [(step["intensity"], value) for step in steps if (value := _p95(step, action)) is not None]
        axes.plot(*zip(*points, strict=True), marker="o", markersize=4, color=colour, label=action)
    axes.axhline(P95_MS, color=LIMIT, linewidth=1, linestyle="--")
    axes.set(
        xlabel="× the hall's peak hour",
        ylabel="p95, ms",
        ylim=(0, None),
        title="All actions, boards and statistics",
    )
    axes.legend(frameon=False)
    _plain(axes)


def _compared(axes: Axes, before: Steps, after: Steps) -> None:
    loads = {step["intensity"] for step in before} & {step["intensity"] for step in after}
    load = max(loads)
    pair = [next(step for step in steps if step["intensity"] == load) for steps in (before, after)]
    actions = [action for action in SHOWN if all(_p95(step, action) is not None for step in pair)]
    for nth, (step, colour, label) in enumerate(zip(pair, (BEFORE, AFTER), ("before", "after"), strict=True)):
        places = [n + (nth - 0.5) * 0.38 for n in range(len(actions))]
        axes.bar(places, [_p95(step, action) or 0 for action in actions], 0.36, color=colour, label=label)
    axes.axhline(P95_MS, color=LIMIT, linewidth=1, linestyle="--")
    axes.set_xticks(range(len(actions)), actions)
    axes.set(ylabel="p95, ms", title=f"At {load:g} × the peak hour")
    axes.margins(y=0.18)
    axes.legend(frameon=False, ncols=2, loc="upper right")
    _plain(axes)


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e3e7ec", linewidth=0.8)
    axes.set_axisbelow(True)


def main() -> None:
    """Read two results and write the picture."""
    before, after, target = sys.argv[1:]
    steps = [json.loads(Path(path).read_text("utf-8"))["steps"] for path in (before, after)]
    picture(*steps).savefig(target, dpi=120)


if __name__ == "__main__":
    main()
