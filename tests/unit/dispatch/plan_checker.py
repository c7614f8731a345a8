"""Goes through a plan on its own: what it says must be drivable, and name every order once."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from services.dispatch.domain.planning import CrewShift, Job, Plan, Problem, Route, Stop
from services.dispatch.domain.travel import TravelTable

REASONS = {"skill", "window", "shift", "break", "capacity", "time"}


def wrongs(plan: Plan, problem: Problem, table: TravelTable) -> list[str]:
    """Return what is wrong with a plan."""
    told = Counter(
        [stop.job for route in plan.routes for stop in route.stops] + [each.job for each in plan.unserved]
    )
    wrong = [f"{job.id} is named {told[job.id]} times" for job in problem.jobs if told[job.id] != 1]
    wrong += [f"{job} is no order" for job in told.keys() - {job.id for job in problem.jobs}]
    wrong += [f"{each.job}: reason {each.reason}" for each in plan.unserved if each.reason not in REASONS]
    crews = Counter(route.crew for route in plan.routes)
    wrong += [f"{code} has {count} routes" for code, count in crews.items() if count > 1]
    for route in plan.routes:
        crew = next(each for each in problem.crews if each.code == route.crew)
        wrong += [f"{route.crew}: {fault}" for fault in _wrongs(route, crew, problem, table)]
    return wrong


def _wrongs(route: Route, crew: CrewShift, problem: Problem, table: TravelTable) -> Iterator[str]:
    jobs = {job.id: job for job in problem.jobs}
    visits = [(jobs[stop.job], stop) for stop in route.stops]
    if sum(job.demand for job, _ in visits) > crew.capacity:
        yield "more than it can carry"
    free = max(crew.starts_at, crew.not_before or crew.starts_at)
    places, here, metres = {place: n for n, place in enumerate(table.places)}, crew.start, 0
    first = visits[0][1].arrives_at - _way(table, places[here], places[visits[0][0].place])
    for job, stop in visits:
        way = _way(table, places[here], places[job.place])
        if any(
            _meet(crew, stop.arrives_at - way, stop.arrives_at) + _meet(crew, stop.starts_at, stop.leaves_at)
        ):
            yield f"{job.id}: in a break"
        if stop.arrives_at < free + way or stop.travel_s != way.total_seconds():
            yield f"{job.id}: there faster than the way takes"
        yield from _visit_wrongs(job, stop, crew)
        metres += table.metres[places[here]][places[job.place]]
        free, here = stop.leaves_at, job.place
    home = crew.home or crew.start
    way = _way(table, places[here], places[home])
    back = first + timedelta(seconds=route.duration_s)
    if any(_meet(crew, back - way, back)) or back < free + way or (back > free + way and not crew.breaks):
        yield "comes home faster than the way takes, or later"
    if back > crew.ends_at:
        yield "back after the end of its shift"
    if route.distance_m != metres + table.metres[places[here]][places[home]]:
        yield f"{route.distance_m} m are not the way"


def _meet(crew: CrewShift, since: datetime, until: datetime) -> list[bool]:
    """Return of each break whether a stretch of time runs into it."""
    return [since < ends and starts < until for starts, ends in crew.breaks]


def _visit_wrongs(job: Job, stop: Stop, crew: CrewShift) -> Iterator[str]:
    if not job.skills <= crew.skills:
        yield f"{job.id}: lacks the skill"
    if not job.window_from <= stop.starts_at <= job.window_to:
        yield f"{job.id}: outside its window"
    if not stop.arrives_at <= stop.starts_at:
        yield f"{job.id}: begins before it is there"
    if stop.leaves_at != stop.starts_at + timedelta(seconds=job.service_s):
        yield f"{job.id}: leaves when the work is not done"


def _way(table: TravelTable, a: int, b: int) -> timedelta:
    return timedelta(seconds=table.seconds[a][b])


def starts(plan: Plan) -> dict[str, datetime]:
    """Return when the service of each visit begins."""
    return {stop.job: stop.starts_at for route in plan.routes for stop in route.stops}
