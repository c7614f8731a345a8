"""Which visits a day's plan makes when it cannot make all: urgent before normal before low."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.dispatch.domain.itinerary import drive, fault, length_m
from services.dispatch.domain.planning import CrewShift, Job, Plan, Problem, Unserved
from services.dispatch.domain.travel import TravelTable

RANKS = {"urgent": 0, "normal": 1, "low": 2}
LOW = RANKS["low"]
# A visit of low priority is worth this detour.
LOW_WORTH_M = 20_000

# The visits of each crew in order, by the crew's code.
Routes = Mapping[str, Sequence[Job]]


def worths(jobs: Sequence[Job], table: TravelTable) -> dict[str, int]:
    """Return the metres that a visit of each priority is worth to a search that weighs visits against ways.

    A normal visit outweighs all low ones and any detour, an urgent one all normal ones.
    """
    longest = max((way for row in table.metres for way in row), default=0)
    count = {name: sum(job.priority == name for job in jobs) for name in RANKS}
    normal = 4 * longest + (count["low"] + 1) * LOW_WORTH_M
    return {"low": LOW_WORTH_M, "normal": normal, "urgent": (count["normal"] + 2) * normal}


def settle(problem: Problem, routes: Routes, table: TravelTable) -> Plan:
    """Return the plan of these routes, with what they left out put in wherever it can be.

    A route that cannot be driven is taken apart: a visit that does not fit after those before it is left out. A visit
    takes the place of ones of lower priority when there is no other for it. So the rules hold whatever a search has
    found, and without any search this gives a plan too.
    """
    crews = {crew.code: crew for crew in problem.crews}
    sound = {code: _sound(crews[code], jobs, table) for code, jobs in routes.items()}
    day = _Day(crews, table, sound)
    placed = {job.id for jobs in day.routes.values() for job in jobs}
    left = [job for job in problem.jobs if job.id not in placed]
    before, unserved = len(left) + 1, left
    # Again while it helps: what was too far away may have got a neighbour meanwhile.
    while len(unserved) < before:
        before, unserved = len(unserved), day.fill(unserved)
    return Plan(
        routes=tuple(drive(crew, day.of(crew), table) for crew in problem.crews if day.of(crew)),
        unserved=tuple(
            Unserved(job=job.id, reason=reason(job, problem.crews, day.routes, table))
            for job in sorted(unserved, key=lambda one: one.id)
        ),
    )


def _sound(crew: CrewShift, jobs: Sequence[Job], table: TravelTable) -> list[Job]:
    """Return the visits of a route that its crew can make, one after the other."""
    kept: list[Job] = []
    for job in jobs:
        if fault(crew, [*kept, job], table) is None:
            kept.append(job)
    return kept


def reason(job: Job, crews: Sequence[CrewShift], routes: Routes, table: TravelTable) -> str:
    """Return what keeps a visit from being made.

    `skill`: no crew has it. `window`: it closes before any of those can be there. `shift`: whoever can be there would
    not be back by the end of the shift. `break`: it is in the break of all who otherwise could. `capacity`: those who
    could have no room left. `time`: it did not fit among the others.
    """
    alone = {crew.code: fault(crew, [job], table) for crew in crews}
    for binds in ("skill", "window", "shift", "break"):
        alone = {code: why for code, why in alone.items() if why != binds}
        if not alone:
            return binds
    room = {
        crew.code: crew.capacity - sum(each.demand for each in routes.get(crew.code, ())) for crew in crews
    }
    return "time" if any(room[code] >= job.demand for code in alone) else "capacity"


@dataclass(frozen=True)
class _Way:
    """A crew's route with a visit more, the metres this costs and the visits that had to go for it."""

    crew: str
    jobs: list[Job]
    metres: int
    gone: list[Job]

    @property
    def price(self) -> tuple[int, int, int, str]:
        ranks = [RANKS[job.priority] for job in self.gone]
        return ranks.count(RANKS["normal"]), ranks.count(LOW), self.metres, self.crew


@dataclass(frozen=True)
class _Day:
    crews: Mapping[str, CrewShift]
    table: TravelTable
    routes: dict[str, list[Job]]

    def of(self, crew: CrewShift) -> list[Job]:
        return self.routes.get(crew.code, [])

    def fill(self, jobs: Sequence[Job]) -> list[Job]:
        """Put visits in, and those that had to go for them; return whom no place was found for."""
        left, out = [*jobs], []
        while left:
            job = min(left, key=lambda one: (RANKS[one.priority], one.window_to, one.id))
            left.remove(job)
            displaced = self.place(job)
            if displaced is None:
                out.append(job)
            else:
                left.extend(displaced)
        return out

    def place(self, job: Job) -> list[Job] | None:
        """Put a visit where it costs least; return the visits that had to go for it, None when it cannot be made."""
        ways = [way for crew in self.crews.values() for way in self._with(crew, self.of(crew), job)]
        if RANKS[job.priority] == LOW:
            ways = [way for way in ways if way.metres <= LOW_WORTH_M]
        elif not ways:
            ways = [way for crew in self.crews.values() for way in self._instead(crew, job)]
        if not ways:
            return None
        best = min(ways, key=lambda way: way.price)
        self.routes[best.crew] = best.jobs
        return best.gone

    def _with(self, crew: CrewShift, jobs: list[Job], job: Job) -> Iterator[_Way]:
        before = length_m(crew, jobs, self.table)
        for n in range(len(jobs) + 1):
            tried = [*jobs[:n], job, *jobs[n:]]
            if fault(crew, tried, self.table) is None:
                yield _Way(crew.code, tried, length_m(crew, tried, self.table) - before, [])

    def _instead(self, crew: CrewShift, job: Job) -> Iterator[_Way]:
        rank = RANKS[job.priority]
        kept = [each for each in self.of(crew) if RANKS[each.priority] <= rank]
        lower = sorted((each for each in self.of(crew) if RANKS[each.priority] > rank), key=_by_rank)
        way = min(self._with(crew, kept, job), key=lambda one: one.price, default=None)
        if not lower or way is None:
            return
        jobs, gone = way.jobs, []
        for each in lower:
            again = min(self._with(crew, jobs, each), key=lambda one: one.price, default=None)
            if again is None:
                gone.append(each)
            else:
                jobs = again.jobs
        yield _Way(crew.code, jobs, length_m(crew, jobs, self.table), gone)


def _by_rank(job: Job) -> tuple[int, str]:
    return RANKS[job.priority], job.id
