"""The process that plans days as a program outside the hall sees it, and a checker of what it answers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
COMMAND = (sys.executable, "-m", "services.dispatch.solver")
GRACE_S = 30


def say(text: str) -> None:
    """Show progress."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - progress of a long run


def solve(problem: Mapping[str, Any]) -> dict[str, Any]:
    """Have the process solve a problem."""
    done = subprocess.run(  # noqa: S603 - the hall's own process
        COMMAND,
        input=json.dumps(problem),
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        check=True,
        timeout=problem["seconds"] + GRACE_S,
    )
    solution: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])["solution"]
    return solution


def faults(problem: Mapping[str, Any], solution: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a solution."""
    routes = solution["routes"]
    visits = [client for route in routes for client in route["clients"]]
    wanted = {n for n, client in enumerate(problem["clients"]) if client["required"]}
    wrong = ["a client twice"] if len(visits) > len(set(visits)) else []
    if wanted - set(visits):
        wrong.append(f"not visited: {sorted(wanted - set(visits))}")
    for n, vehicle in enumerate(problem["vehicles"]):
        own = [route["clients"] for route in routes if route["vehicle"] == n]
        if len(own) > vehicle.get("count", 1):
            wrong.append(f"vehicle {n} on {len(own)} routes")
        wrong += [
            f"vehicle {n}: {fault}" for clients in own for fault in _route_faults(problem, vehicle, clients)
        ]
    return wrong


def _route_faults(
    problem: Mapping[str, Any], vehicle: Mapping[str, Any], clients: Sequence[int]
) -> Iterator[str]:
    if vehicle.get("clients") is not None and not set(clients) <= set(vehicle["clients"]):
        yield "a client it may not visit"
    if sum(problem["clients"][n]["demand"] for n in clients) > vehicle["capacity"]:
        yield "too much load"
    at, here = vehicle["shift"][0], vehicle["node"]
    for n in clients:
        client = problem["clients"][n]
        at = max(at + problem["durations"][here][client["node"]], client["window"][0])
        if at > client["window"][1]:
            yield f"late at {n}"
        at, here = at + client["service"], client["node"]
    if at + problem["durations"][here][vehicle.get("end", vehicle["node"])] > vehicle["shift"][1]:
        yield "back late"


def distance(problem: Mapping[str, Any], solution: Mapping[str, Any]) -> int:
    """Return the distance that all vehicles drive."""
    ways = problem["distances"]
    return sum(ways[a][b] for nodes in _driven(problem, solution) for a, b in pairwise(nodes))


def _driven(problem: Mapping[str, Any], solution: Mapping[str, Any]) -> Iterator[list[int]]:
    for route in solution["routes"]:
        vehicle = problem["vehicles"][route["vehicle"]]
        visited = [problem["clients"][n]["node"] for n in route["clients"]]
        yield [vehicle["node"], *visited, vehicle.get("end", vehicle["node"])]
