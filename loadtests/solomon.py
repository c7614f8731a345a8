"""`make bench-solomon FOLDER=…`: the day planner's search on Solomon's instances, beside their optimal distances.

The folder holds instances as Solomon published them (C101.txt, …). Each goes to the process that plans days, on one
core, for the given seconds; a checker of this program's own goes through what comes back. Optimal distances are those
of the exact literature, for ways truncated to one decimal (as in the 12th DIMACS challenge); the folder's README may
name others. All lengths and times go to the process in tenths, so that its whole numbers lose nothing.

It prints its progress, then one line of JSON, kept under loadtests/results/, and ends with 1 when a distance is more
than 1 % above the optimum, or more than 0.5 % on average.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, hypot
from pathlib import Path
from statistics import fmean
from typing import Any

from loadtests.figures import keep
from loadtests.routing import distance, faults, say, solve

MOST_VEHICLES = 25
TENTHS = 10
GAP, MEAN_GAP = 1.0, 0.5

_OPTIMA = """
C101 827.3 C102 827.3 C103 826.3 C104 822.9 C105 827.3 C106 827.3 C107 827.3 C108 827.3 C109 827.3
C201 589.1 C202 589.1 C203 588.7 C204 588.1 C205 586.4 C206 586.0 C207 585.8 C208 585.8
R101 1637.7 R102 1466.6 R103 1208.7 R104 971.5 R105 1355.3 R106 1234.6 R107 1064.6 R108 932.1 R109 1146.9
R110 1068.0 R111 1048.7 R112 948.6
R201 1143.2 R202 1029.6 R203 870.8 R204 731.3 R205 949.8 R206 875.9 R207 794.0 R208 701.0 R209 854.8 R210 900.5
R211 746.7
RC101 1619.8 RC102 1457.4 RC103 1258.0 RC104 1132.3 RC105 1513.7 RC106 1372.7 RC107 1207.8 RC108 1114.2
RC201 1261.8 RC202 1092.3 RC203 923.7 RC204 783.5 RC205 1154.0 RC206 1051.1 RC207 962.9 RC208 776.1
"""
_OPTIMUM = re.compile(r"\b(R?C\d{3}|R\d{3})\s*[:=|]?\s*(\d+\.\d+)")


@dataclass(frozen=True)
class Customer:
    """A customer, or the depot; times and places in the instance's own units."""

    x: int
    y: int
    demand: int
    opens: int
    closes: int
    service: int


@dataclass(frozen=True)
class Instance:
    """An instance; its first place is the depot."""

    name: str
    vehicles: int
    capacity: int
    places: Sequence[Customer]

    def tenths(self, a: int, b: int) -> int:
        """Return the way between two places in tenths, truncated."""
        one, other = self.places[a], self.places[b]
        return floor(TENTHS * hypot(one.x - other.x, one.y - other.y))

    def problem(self, *, seed: int, seconds: float) -> dict[str, Any]:
        """Return what the process reads."""
        numbers = range(len(self.places))
        ways = [[self.tenths(a, b) for b in numbers] for a in numbers]
        depot, *customers = self.places
        return {
            "nodes": [[place.x, place.y] for place in self.places],
            "distances": ways,
            "durations": ways,
            "clients": [
                {
                    "node": n,
                    "window": [TENTHS * each.opens, TENTHS * each.closes],
                    "service": TENTHS * each.service,
                    "demand": each.demand,
                    "required": True,
                }
                for n, each in enumerate(customers, start=1)
            ],
            "vehicles": [
                {
                    "node": 0,
                    "shift": [TENTHS * depot.opens, TENTHS * depot.closes],
                    "capacity": self.capacity,
                    "count": self.vehicles,
                    "clients": None,
                }
            ],
            "seed": seed,
            "seconds": seconds,
        }


def read(path: Path) -> Instance | None:
    """Read an instance, None when the file is none."""
    rows = [line.split() for line in path.read_text(errors="replace").splitlines()]
    numbers = [[int(float(each)) for each in row] for row in rows if row and all(map(_is_number, row))]
    fleet = next((row for row in numbers if len(row) == 2), None)
    places = [Customer(*row[1:]) for row in numbers if len(row) == 7]
    if fleet is None or len(places) < 2:
        return None
    return Instance(path.stem.upper(), min(fleet[0], MOST_VEHICLES), fleet[1], places)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d*)?", text) is not None


def optima(folder: Path) -> dict[str, float]:
    """Return the optimal distance of each known instance; the folder's README has the last word."""
    texts = [_OPTIMA, *(each.read_text(errors="replace") for each in sorted(folder.glob("README*")))]
    return {name: float(length) for text in texts for name, length in _OPTIMUM.findall(text)}


def measure(instance: Instance, optimum: float, *, seed: int, seconds: float) -> dict[str, Any]:
    """Solve an instance and return its figures; `gap` is in per cent of the optimum."""
    problem = instance.problem(seed=seed, seconds=seconds)
    solution = solve(problem)
    length, vehicles = distance(problem, solution) / TENTHS, len(solution["routes"])
    wrong = faults(problem, solution)
    if length < optimum and not wrong:
        wrong = [f"{length} is shorter than the optimum: the optimum is not of this instance"]
    gap = round(100 * (length / optimum - 1), 3)
    say(
        f"  {instance.name}: {length} of {optimum}, gap {gap} %, {vehicles} vehicles {'; '.join(wrong)}".rstrip()
    )
    return {"distance": length, "optimum": optimum, "gap": gap, "vehicles": vehicles, "faults": wrong}


def main() -> int:
    """Measure every instance of the folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    instances = [
        found for path in sorted(chosen.folder.iterdir()) if path.is_file() and (found := read(path))
    ]
    known = optima(chosen.folder)
    strange = [each.name for each in instances if each.name not in known]
    if not instances or strange:
        say(f"no instances in {chosen.folder}" if not instances else f"no optimum is known of {strange}")
        return 2
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    say(f"{len(instances)} instances, {chosen.seconds:g} s each, one core, seed {chosen.seed}")
    found = {
        each.name: measure(each, known[each.name], seed=chosen.seed, seconds=chosen.seconds)
        for each in instances
    }
    gaps = [figures["gap"] for figures in found.values()]
    figures = {
        "seconds": chosen.seconds,
        "seed": chosen.seed,
        "mean_gap": round(fmean(gaps), 3),
        "max_gap": max(gaps),
    }
    keep("solomon", {**figures, "instances": found})
    wrong = any(figures["faults"] for figures in found.values())
    return 1 if wrong or max(gaps) > GAP or fmean(gaps) > MEAN_GAP else 0


if __name__ == "__main__":
    sys.exit(main())
