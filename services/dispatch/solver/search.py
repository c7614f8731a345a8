"""The search: a vehicle-routing problem in JSON, solved with pyvrp's hybrid genetic search.

Wouda, Lan & Kool (2024), PyVRP: a high-performance VRP solver package, INFORMS J. Computing 36(4).
"""

import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyvrp import (
    Client,
    ClientGroup,
    CostEvaluator,
    Depot,
    GeneticAlgorithm,
    PenaltyManager,
    PenaltyParams,
    Population,
    ProblemData,
    RandomNumberGenerator,
    Route,
    Solution,
    VehicleType,
)
from pyvrp.crossover import ordered_crossover, selective_route_exchange
from pyvrp.diversity import broken_pairs_distance
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.search import NODE_OPERATORS, ROUTE_OPERATORS, LocalSearch, compute_neighbours

# What is left of the time for printing the solution.
LAST_S = 0.2
SHOWN_EVERY_S = 0.25
# Solutions that the search begins with, as many as it keeps at least (pyvrp's default).
INITIAL = 25
# Tried on days of 125 visits, some of them too full: less, and it takes long to find anything without fault.
STEEPER = 10
# A second's lateness must be able to outweigh an urgent visit of a day of hundreds.
STEEPEST = 1e7

Say = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """When a search ends: after so many iterations, so many without anything better, so many seconds, or when asked to.

    The same problem and seed take the same steps, so that a search which ends by `iterations` or `patience` ends with
    the same solution each time. Time is the bound above that, for machines that are too slow and days too large.
    """

    started: float
    seconds: float
    iterations: int | None
    patience: int | None
    asked: Callable[[], bool]

    @property
    def used(self) -> float:
        """The part of the time that is over."""
        return min(1.0, (time.monotonic() - self.started) / max(self.seconds - LAST_S, LAST_S))

    def progress(self, done: int, waited: int) -> float:
        """Return how near the end is, from 0 to 1, after iterations of which the last ones found nothing better."""
        parts = [part / whole for part, whole in self._bounds(done, waited) if whole]
        return min(1.0, max([self.used, *parts]))

    def _bounds(self, done: int, waited: int) -> Iterator[tuple[int, int | None]]:
        yield done, self.iterations
        yield waited, self.patience

    def ended(self, done: int, waited: int) -> str | None:
        """Return what ends a search after iterations of which the last ones found nothing better."""
        if self.asked():
            return "asked"
        if any(whole is not None and part >= whole for part, whole in self._bounds(done, waited)):
            return "iterations"
        return "time" if self.used >= 1 else None


def read(problem: Mapping[str, Any]) -> ProblemData:
    """Return pyvrp's form of a problem."""
    nodes, clients, vehicles = problem["nodes"], problem["clients"], problem["vehicles"]
    ends = sorted({v["node"] for v in vehicles} | {v.get("end", v["node"]) for v in vehicles})
    places = [*ends, *(c["node"] for c in clients)]
    distances, durations = (_matrix(problem[name], places) for name in ("distances", "durations"))
    allowed = [frozenset(v["clients"]) if v.get("clients") is not None else None for v in vehicles]
    profiles = list(dict.fromkeys(allowed))
    groups = _groups(clients, len(ends))
    barred = 2 * max((v["shift"][1] for v in vehicles), default=0) + 1
    return ProblemData(
        [_client(c, nodes[c["node"]], groups) for c in clients],
        [Depot(nodes[node][0], nodes[node][1]) for node in ends],
        [_vehicle(v, ends, profiles.index(may)) for v, may in zip(vehicles, allowed, strict=True)],
        [distances] * len(profiles),
        [_barring(durations, may, len(ends), barred) for may in profiles],
        [ClientGroup(members, required=False) for members in groups.values()],
    )


def _groups(clients: Sequence[Mapping[str, Any]], first: int) -> dict[str, list[int]]:
    """Return the places of the clients of each group, `first` being that of the first client."""
    groups: dict[str, list[int]] = {}
    for n, client in enumerate(clients, first):
        if client.get("group") is not None:
            groups.setdefault(client["group"], []).append(n)
    return groups


def _matrix(rows: Sequence[Sequence[int]], places: Sequence[int]) -> np.ndarray[Any, Any]:
    return np.array(rows, dtype=np.int64).reshape(len(rows), -1)[np.ix_(places, places)]


def _barring(
    durations: np.ndarray[Any, Any], may: frozenset[int] | None, first: int, barred: int
) -> np.ndarray[Any, Any]:
    """Return durations in which whom a vehicle may not visit is further away than its shift is long."""
    if may is None:
        return durations
    far = durations.copy()
    for n in range(first, len(durations)):
        if n - first not in may:
            far[:, n] = barred
            far[n, n] = 0
    return far


def _client(client: Mapping[str, Any], at: Sequence[float], groups: Mapping[str, Any]) -> Client:
    return Client(
        at[0],
        at[1],
        delivery=[client["demand"]],
        service_duration=client["service"],
        tw_early=client["window"][0],
        tw_late=client["window"][1],
        prize=client.get("prize", 0),
        required=client["required"],
        group=list(groups).index(client["group"]) if client.get("group") is not None else None,
    )


def _vehicle(vehicle: Mapping[str, Any], ends: Sequence[int], profile: int) -> VehicleType:
    return VehicleType(
        num_available=vehicle.get("count", 1),
        capacity=[vehicle["capacity"]],
        start_depot=ends.index(vehicle["node"]),
        end_depot=ends.index(vehicle.get("end", vehicle["node"])),
        tw_early=vehicle["shift"][0],
        tw_late=vehicle["shift"][1],
        profile=profile,
    )


class _Remembering:
    """A local search that remembers the best solution without fault."""

    def __init__(self, search: LocalSearch) -> None:
        self.search = search
        self.best: Solution | None = None
        self.cost: int | None = None

    def __call__(self, solution: Solution, cost_evaluator: CostEvaluator) -> Solution:
        found = self.search(solution, cost_evaluator)
        self.consider(found, cost_evaluator)
        return found

    def consider(self, found: Solution, evaluator: CostEvaluator) -> None:
        if found.is_feasible() and (self.cost is None or evaluator.cost(found) < self.cost):
            self.best, self.cost = found, evaluator.cost(found)


class Search:
    """One search; it tells of its progress at most four times a second."""

    def __init__(self, problem: Mapping[str, Any], limits: Limits, say: Say) -> None:
        """Prepare a search.

        Args:
            problem: as it stands in the JSON.
            limits: when it ends.
            say: takes the lines of progress.
        """
        self.data = read(problem)
        self.limits = limits
        self.say = say
        self.rng = RandomNumberGenerator(seed=problem["seed"])
        self.local = _Remembering(_local_search(self.data, self.rng))
        self.start = problem.get("start")
        self.told: int | None = None
        self.told_at = limits.started
        self.progress = 0.0
        self.iterations = self.improved_at = 0
        self.known: int | None = None
        self.ended = ""

    def run(self) -> dict[str, Any]:
        """Search, and return the solution."""
        penalties = _penalties(self.data)
        first = self._initial()
        for solution in first:
            self.local.consider(solution, penalties.cost_evaluator())
        algorithm = GeneticAlgorithm(
            self.data,
            penalties,
            self.rng,
            Population(broken_pairs_distance),
            self.local,
            selective_route_exchange if self.data.num_vehicles > 1 else ordered_crossover,
            first,
        )
        with warnings.catch_warnings():
            # Where next to nothing fits, no fault is dear enough; the best without fault is kept all the same.
            warnings.simplefilter("ignore", PenaltyBoundWarning)
            algorithm.run(self._ends, collect_stats=False)
        return {**self._found(), "iterations": self.iterations, "ended": self.ended}

    def _initial(self) -> list[Solution]:
        """Return random solutions, and the one that is known beforehand."""
        known = [
            Route(self.data, [self.data.num_depots + n for n in each["clients"]], each["vehicle"])
            for each in self.start or ()
        ]
        random = [Solution.make_random(self.data, self.rng) for _ in range(INITIAL)]
        return [Solution(self.data, known), *random] if known else random

    def _ends(self, best_cost: float) -> bool:
        """Tell pyvrp before each iteration whether to stop."""
        if self.local.cost != self.known:
            self.known, self.improved_at = self.local.cost, self.iterations
        waited = self.iterations - self.improved_at
        self.ended = self.limits.ended(self.iterations, waited) or ""
        if self.ended:
            return True
        self.iterations += 1
        self._show(waited)
        return False

    def _show(self, waited: int) -> None:
        now = time.monotonic()
        if now - self.told_at < SHOWN_EVERY_S:
            return
        self.told_at = now
        self.progress = max(self.progress, self.limits.progress(self.iterations, waited))
        found = self._found()
        if self.told == self.known:
            del found["routes"]
        self.told = self.known
        self.say({"progress": round(self.progress, 3), **found})

    def _found(self) -> dict[str, Any]:
        best = self.local.best
        routes = best.routes() if best is not None else []
        first = self.data.num_depots
        return {
            "feasible": best is not None,
            "cost": self.local.cost,
            "routes": [
                {"vehicle": each.vehicle_type(), "clients": [visit - first for visit in each.visits()]}
                for each in routes
            ],
        }


def _penalties(data: ProblemData) -> PenaltyManager:
    """Return pyvrp's usual penalties of faults; steeper where visits have a prize that might be worth a fault."""
    usual = PenaltyManager.init_from(data)
    if all(client.required for client in data.clients()):
        return usual
    loads, times, distances = usual.penalties()
    steep = [each * STEEPER for each in loads], times * STEEPER, distances * STEEPER
    return PenaltyManager(steep, PenaltyParams(max_penalty=STEEPEST))


def _local_search(data: ProblemData, rng: RandomNumberGenerator) -> LocalSearch:
    local = LocalSearch(data, rng, compute_neighbours(data))
    for node_operator in NODE_OPERATORS:
        if node_operator.supports(data):
            local.add_node_operator(node_operator(data))
    for route_operator in ROUTE_OPERATORS:
        if route_operator.supports(data):
            local.add_route_operator(route_operator(data))
    return local
