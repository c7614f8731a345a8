"""How well unusual movements are found: `python -m tests.evaluate_detection` (`make evaluate-detection`).

Simulated halls go through the detection's own process. In one run nothing is the matter, so each finding is a false
alarm; in the other changes of each kind begin on days spread over the weeks, each in an item of its own. Beside the
share of doublings that were found stands the share that the best test of all could find (Neyman and Pearson's, which
knows mean and dispersion and looks at the three days together) at the same rate of false alarms.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from scipy import stats

from services.statistics.anomalies.detection import Detector
from services.statistics.anomalies.detection.days import RATES
from tests.unit.statistics.simulated_years import KINDS, Change, Years, simulate, working_days

CLASSES = (0.0, 0.5, 2.0, 5.0, 10.0, 20.0, float("inf"))
LARGE = 10.0
SOON, LATER = 3, 10
HISTORY = 700
DROPS = ("halving", "stop")
LAST = date(2025, 12, 31)
ITEMS_A_DEPARTMENT = 18

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

_console = Console()


@dataclass
class Tally:
    """What was found of the changes of a kind in items of a size."""

    put: int = 0
    soon: int = 0
    later: int = 0
    possible: float = 0.0


@dataclass
class Measured:
    """Tallies by kind and class, false alarms and items by class."""

    tallies: dict[tuple[str, int], Tally] = field(default_factory=lambda: defaultdict(Tally))
    false_alarms: list[int] = field(default_factory=lambda: [0] * (len(CLASSES) - 1))
    department_alarms: int = 0
    items: Counts = field(default_factory=lambda: np.zeros(len(CLASSES) - 1, dtype=int))
    weeks: float = 0.0


def class_of(mean: float) -> int:
    """Return the class of a mean a day."""
    return int(np.searchsorted(CLASSES, mean, side="right")) - 1


def message(years: Years, weeks: int) -> dict[str, Any]:
    """Return a hall's counts in the wire form, its last weeks to be examined."""
    days = [each.isoformat() for each in years.days]
    owners = [f"d{nth // ITEMS_A_DEPARTMENT:02}" for nth in range(len(years.counts))]
    subjects = [
        {"kind": "item", "subject": f"i{nth:03}", "department": owner, "counts": counts.tolist()}
        for nth, (owner, counts) in enumerate(zip(owners, years.counts, strict=True))
    ]
    for owner in sorted(set(owners)):
        counts = years.counts[[nth for nth, each in enumerate(owners) if each == owner]].sum(axis=0)
        subjects.append(
            {"kind": "department", "subject": owner, "department": owner, "counts": counts.tolist()}
        )
    return {"task": "days", "days": days, "subjects": subjects, "examine": days[-5 * weeks :], "known": []}


def changes(seed: int, weeks: int, means: Numbers, *, each: int) -> list[Change]:
    """Return so many changes of each kind on days drawn at random, up to half of them in the few large items."""
    draws = np.random.default_rng(seed)
    drawn = draws.permutation(len(means)).tolist()
    large = [nth for nth in drawn if means[nth] >= LARGE]
    many = min(each // 2, len(large) // len(KINDS))
    used = large[: many * len(KINDS)]
    items = iter([*used, *(nth for nth in drawn if nth not in set(used))])
    first, last = HISTORY, HISTORY + 5 * weeks - LATER
    kinds = [*KINDS * many, *KINDS * (each - many)]
    return [Change(next(items), kind, int(draws.integers(first, last))) for kind in kinds]


def examined(years: Years, weeks: int, step: Any) -> Iterator[Mapping[str, Any]]:
    """Give what is found in a hall's last weeks."""
    for line in Detector().findings(message(years, weeks)):
        if "examined" in line:
            step()
        elif "finding" in line:
            yield line["finding"]


def measure(seeds: Sequence[int], weeks: int, *, each: int) -> Measured:
    """Simulate halls and count what is found in them."""
    days = working_days(LAST, HISTORY + 5 * weeks)
    measured = Measured()
    with Progress(console=_console) as progress:
        task = progress.add_task("days", total=len(seeds) * 2 * 5 * weeks)

        def step() -> None:
            progress.advance(task)

        for seed in seeds:
            quiet = simulate(days, seed=seed)
            for found in examined(quiet, weeks, step):
                if found["kind"] == "item":
                    measured.false_alarms[class_of(quiet.means[int(found["subject"][1:])])] += 1
                else:
                    measured.department_alarms += 1
            measured.weeks += weeks
            measured.items += np.bincount(
                [class_of(each) for each in quiet.means], minlength=len(CLASSES) - 1
            )
            put = changes(seed, weeks, quiet.means, each=each)
            moved = simulate(days, seed=seed, changes=put)
            _count(measured, moved, list(examined(moved, weeks, step)))
    return measured


def _count(measured: Measured, years: Years, findings: Sequence[Mapping[str, Any]]) -> None:
    place = {day.isoformat(): nth for nth, day in enumerate(years.days)}
    found = defaultdict(list)
    for each in findings:
        if each["kind"] == "item":
            found[int(each["subject"][1:]), each["direction"]].append(place[each["business_date"]])
    for change in years.changes:
        direction = "drop" if change.kind in DROPS else "rise"
        after = [nth - change.first for nth in found[change.item, direction] if nth >= change.first]
        tally = measured.tallies[change.kind, class_of(years.means[change.item])]
        tally.put += 1
        tally.soon += any(nth < SOON for nth in after)
        tally.later += any(nth < LATER for nth in after)
        tally.possible += possible(years.means[change.item], years.dispersions[change.item])


def possible(mean: float, dispersion: float) -> float:
    """Return the chance that the best test finds a doubling in three days."""
    size, chance = SOON * mean / (dispersion - 1), 1 / dispersion
    limit = stats.nbinom.isf(RATES["item"] / 607 / 2, size, chance)
    return float(stats.nbinom.sf(limit, 2 * size, chance))


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.0%}" if whole else "–"


def _mixed(measured: Measured, kind: str, name: str) -> float:
    """Return the share of changes that were found if they come to all items alike."""
    tallies = [measured.tallies[kind, nth] for nth in range(len(measured.items))]
    shares = [getattr(each, name) / each.put if each.put else 0.0 for each in tallies]
    return float(np.average(shares, weights=measured.items))


def show(measured: Measured) -> None:
    """Print the tables, and everything in one line of JSON."""
    names = [f"{low:g}–{high:g}" for low, high in pairwise(CLASSES)]
    table = Table(
        "change", *names, "all", title=f"found within {SOON} (within {LATER}) working days, by cases a day"
    )
    for kind in KINDS:
        by_class = [measured.tallies[kind, nth] for nth in range(len(names))]
        cells = [f"{_share(each.soon, each.put)} ({_share(each.later, each.put)})" for each in by_class]
        table.add_row(
            kind, *cells, f"{_mixed(measured, kind, 'soon'):.0%} ({_mixed(measured, kind, 'later'):.0%})"
        )
    doublings = [measured.tallies["doubling", nth] for nth in range(len(names))]
    best = [_share(each.possible, each.put) for each in doublings]
    table.add_row("doubling, best test", *best, f"{_mixed(measured, 'doubling', 'possible'):.0%}")
    table.add_row("items", *(str(each) for each in measured.items))
    table.add_row("doublings put in", *(str(each.put) for each in doublings))
    table.add_row("false alarms", *(str(each) for each in measured.false_alarms))
    _console.print(table)
    whole = {
        "weeks": measured.weeks,
        "doublings_found_soon": round(_mixed(measured, "doubling", "soon"), 3),
        "doublings_possible": round(_mixed(measured, "doubling", "possible"), 3),
        "false_alarms_a_week": sum(measured.false_alarms) / measured.weeks,
        "department_alarms_a_week": measured.department_alarms / measured.weeks,
        "found": {
            kind: {
                name: [tally.put, tally.soon, tally.later, round(tally.possible, 2)]
                for nth, name in enumerate(names)
                for tally in [measured.tallies[kind, nth]]
            }
            for kind in KINDS
        },
    }
    _console.print(json.dumps(whole), soft_wrap=True, highlight=False)


def main() -> None:
    """Evaluate with what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--halls", type=int, default=4, help="how many halls are simulated")
    parser.add_argument("--weeks", type=int, default=26, help="weeks that are examined in each")
    parser.add_argument("--changes", type=int, default=40, help="changes of each kind in each hall")
    given = parser.parse_args()
    show(measure(range(1, given.halls + 1), given.weeks, each=given.changes))


if __name__ == "__main__":
    main()
