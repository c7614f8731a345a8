"""Starts the process that plans a day, follows it, and makes a plan of what it finds."""

import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from threading import Event
from typing import Any

from services.chassis.child import Child, running
from services.chassis.logs import get_logger
from services.dispatch.domain.planning import Plan, Problem
from services.dispatch.domain.priority import settle
from services.dispatch.domain.travel import TravelSource, TravelTable
from services.dispatch.solver.wire import Form

COMMAND = (sys.executable, "-m", "services.dispatch.solver")
# A process that is so late has lost its way.
GRACE_S = 15.0

log = get_logger()


class SolverFailed(Exception):
    """The process that plans a day ended without a solution."""


class Solver:
    """Plans days, one at a time, each in a process of its own."""

    def __init__(
        self, travel: TravelSource, *, command: Sequence[str] = COMMAND, grace_s: float = GRACE_S
    ) -> None:
        """Make a solver.

        Args:
            travel: knows how long ways take.
            command: what starts the process.
            grace_s: seconds past a problem's time after which the process is killed.
        """
        self.travel = travel
        self.command = command
        self.grace_s = grace_s
        self._cancelled = Event()
        self._child: Child | None = None

    def solve(self, problem: Problem, on_progress: Callable[[Plan], None]) -> Plan:
        """Return the best plan found in the problem's time.

        Args:
            problem: the day.
            on_progress: is told better plans, at most four times a second. What it raises ends the search.

        Raises:
            SolverFailed: the process broke down, or did not end in time.
        """
        form = Form.of(problem, self._table(problem))
        best: Mapping[str, Any] = {"routes": []}
        try:
            with closing(self._follow(form)) as lines:
                for line in lines:
                    best = line.get("solution", line)
                    if "progress" in line:
                        on_progress(settle(problem, form.routes(best), form.table))
        finally:
            self._cancelled.clear()
        if "ended" in best:
            log.info("day.searched", ended=best["ended"], iterations=best["iterations"], cost=best["cost"])
        return settle(problem, form.routes(best), form.table)

    def cancel(self) -> None:
        """End the search that is running, from another thread or a signal's handler; it returns its best so far."""
        self._cancelled.set()
        if self._child is not None:
            self._child.process.terminate()

    def _table(self, problem: Problem) -> TravelTable:
        places = [place for crew in problem.crews for place in (crew.start, crew.end)]
        places += [job.place for job in problem.jobs]
        during = [(crew.free_from, crew.ends_at) for crew in problem.crews]
        return self.travel.table(list(dict.fromkeys(places)), during=during)

    def _follow(self, form: Form) -> Generator[Mapping[str, Any]]:
        """Give the lines of the process that hold routes, the solution last."""
        if not form.jobs:
            return
        line: Mapping[str, Any] = {}
        with self._running(form) as child:
            for line in child.lines():
                if "solution" in line or "routes" in line:
                    yield line
            if "solution" not in line and not self._cancelled.is_set():
                raise SolverFailed(child.fault("before it had a solution"))

    @contextmanager
    def _running(self, form: Form) -> Iterator[Child]:
        """Have the process inside the block, so that it can be cancelled."""
        longest_s = form.problem.seconds + self.grace_s
        with running(self.command, form.message(), longest_s=longest_s) as child:
            self._child = child
            try:
                if self._cancelled.is_set():
                    child.process.terminate()
                yield child
            finally:
                self._child = None
