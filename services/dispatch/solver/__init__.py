"""Solves a day by putting each visit where it can be made, urgent ones first."""

from collections.abc import Callable

from services.dispatch.domain.planning import Plan, Problem
from services.dispatch.domain.priority import settle
from services.dispatch.domain.travel import TravelSource


class Solver:
    """Settles a day without a search."""

    def __init__(self, travel: TravelSource) -> None:
        """Make a solver that knows how long ways take."""
        self.travel = travel

    def solve(self, problem: Problem, on_progress: Callable[[Plan], None]) -> Plan:
        """Return a plan, and tell of it before."""
        places = [place for crew in problem.crews for place in (crew.start, crew.end)]
        places += [job.place for job in problem.jobs]
        during = [(crew.free_from, crew.ends_at) for crew in problem.crews]
        table = self.travel.table(list(dict.fromkeys(places)), during=during)
        plan = settle(problem, {}, table)
        on_progress(plan)
        return plan
