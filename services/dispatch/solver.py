"""Solves a day by putting each visit where it costs least."""

from collections.abc import Callable

from services.dispatch.domain.planning import CrewShift, Job, Plan, Problem, Route, Unserved
from services.dispatch.domain.route import drive, faults

_FIRST = {"urgent": 0, "normal": 1, "low": 2}


class Solver:
    """Cheapest insertion: urgent visits first, then by the end of their window."""

    def solve(self, problem: Problem, on_progress: Callable[[Plan], None]) -> Plan:
        """Return a plan, telling of it as it grows."""
        routes: dict[str, list[Job]] = {crew.code: [] for crew in problem.crews}
        unserved: list[Unserved] = []
        for job in sorted(problem.jobs, key=lambda one: (_FIRST[one.priority], one.window_to, one.id)):
            ways = [way for crew in problem.crews for way in _insertions(crew, routes[crew.code], job)]
            possible = [way for way in ways if not way[2]]
            if possible:
                _, jobs, _, crew = min(possible, key=lambda way: way[0])
                routes[crew] = jobs
            else:
                unserved.append(Unserved(job=job.id, reason=_binding([reason for *_, reason, _ in ways])))
            on_progress(_plan(problem, routes, unserved))
        return _plan(problem, routes, unserved)


def _insertions(crew: CrewShift, jobs: list[Job], job: Job) -> list[tuple[int, list[Job], str, str]]:
    found = []
    for place in range(len(jobs) + 1):
        tried = [*jobs[:place], job, *jobs[place:]]
        route = drive(crew, tried)
        wrong = next((reason for _, reason in faults(crew, tried, route)), "")
        found.append((route.duration_s, tried, wrong, crew.code))
    return found


def _binding(reasons: list[str]) -> str:
    return next((each for each in ("capacity", "shift", "window") if each in reasons), "skill")


def _plan(problem: Problem, routes: dict[str, list[Job]], unserved: list[Unserved]) -> Plan:
    driven: list[Route] = [drive(crew, routes[crew.code]) for crew in problem.crews if routes[crew.code]]
    return Plan(routes=driven, unserved=list(unserved))
