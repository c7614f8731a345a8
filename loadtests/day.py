"""`make bench-day`: how long the process that plans days takes for 125 on-site orders and 12 crews.

The days are drawn at random: a town of about 20 km across, shifts of eight hours, windows of one to four hours, visits
of 10 to 30 minutes, six skills of which a crew has three or four. It prints its progress, then one line of JSON, kept
under loadtests/results/, and ends with 1 when a day takes more than 10 s or its plan is wrong.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from math import hypot
from typing import Any

from loadtests.figures import keep
from loadtests.routing import distance, faults, say, solve

MOST_S = 10.0
TOWN_M, DEPOTS_M = 10_000, 3_000
SHIFT_S, HALF_HOUR_S = 8 * 3600, 1800
METRES_PER_SECOND = 9.0
ROAD_FACTOR = 1.3
SKILLS, SKILLS_OF_CREW = 6, 3
CAPACITY = 15
PRIZES = (20_000, *(1_000_000,) * 7, 100_000_000)
# As a day's plan sets them; see services/dispatch/solver/wire.py.
VISITS_TRIED = 60_000


def day(*, orders: int, crews: int, seed: int) -> dict[str, Any]:
    """Return a random day in the form that the process reads; the crews' places come first among the nodes."""
    draw = random.Random(seed)
    nodes = [
        [draw.uniform(-reach, reach) for _ in range(2)] for reach in [DEPOTS_M] * crews + [TOWN_M] * orders
    ]
    ways = [[round(ROAD_FACTOR * hypot(a[0] - b[0], a[1] - b[1])) for b in nodes] for a in nodes]
    needs = [draw.randrange(SKILLS) for _ in range(orders)]
    return {
        "nodes": nodes,
        "distances": ways,
        "durations": [[round(way / METRES_PER_SECOND) for way in row] for row in ways],
        "clients": [_client(draw, node) for node in range(crews, crews + orders)],
        "vehicles": [_vehicle(draw, node, needs) for node in range(crews)],
        "seed": seed,
        "seconds": MOST_S,
        "iterations": VISITS_TRIED // orders,
    }


def _client(draw: random.Random, node: int) -> dict[str, Any]:
    opens = HALF_HOUR_S * draw.randrange(13)
    return {
        "node": node,
        "window": [opens, opens + draw.choice((2, 3, 4, 8)) * HALF_HOUR_S],
        "service": 60 * draw.randint(10, 30),
        "demand": 1,
        "required": False,
        "prize": draw.choice(PRIZES),
    }


def _vehicle(draw: random.Random, node: int, needs: list[int]) -> dict[str, Any]:
    skills = {node % SKILLS, *draw.sample(range(SKILLS), SKILLS_OF_CREW)}
    allowed = [n for n, need in enumerate(needs) if need in skills]
    return {"node": node, "shift": [0, SHIFT_S], "capacity": CAPACITY, "clients": allowed}


def measure(problem: dict[str, Any]) -> dict[str, Any]:
    """Plan a day and return its figures."""
    begun = time.perf_counter()
    solution = solve(problem)
    figures = {
        "seconds": round(time.perf_counter() - begun, 2),
        "ended": solution["ended"],
        "visits": sum(len(route["clients"]) for route in solution["routes"]),
        "km": round(distance(problem, solution) / 1000),
        "faults": faults(problem, solution),
    }
    say(f"  {figures}")
    return figures


def main() -> int:
    """Measure some days."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=125)
    parser.add_argument("--crews", type=int, default=12)
    parser.add_argument("--days", type=int, default=3)
    chosen = parser.parse_args()
    days = [
        measure(day(orders=chosen.orders, crews=chosen.crews, seed=seed))
        for seed in range(1, chosen.days + 1)
    ]
    longest = max(each["seconds"] for each in days)
    keep("day", {"orders": chosen.orders, "crews": chosen.crews, "longest_s": longest, "days": days})
    return 1 if longest > MOST_S or any(each["faults"] for each in days) else 0


if __name__ == "__main__":
    sys.exit(main())
