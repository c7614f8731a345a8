"""A process that plans days: `python -m services.dispatch.planner`. Any number may run; each plan has one at a time."""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

from functools import partial
from signal import SIGTERM, signal
from typing import NoReturn

from services.chassis import logs
from services.chassis.chores import do_for_ever
from services.chassis.config import settings
from services.chassis.db import Database, load_queries
from services.chassis.relay import wake_relay
from services.dispatch.roads import travel_source
from services.dispatch.solver import Solver
from services.dispatch.store import Store
from services.dispatch.use_cases import solving

PAUSE_S = 0.3

log = logs.get_logger()


def plan_next(database: Database[Store], solver: solving.Solver) -> bool:
    """Solve a plan that waits; tells whether there was one."""
    solved = solving.solve_next(database, solver)
    if solved:
        wake_relay(database)
    return solved


def plan_days(database: Database[Store], solver: solving.Solver) -> NoReturn:
    """Solve what waits, for ever."""
    do_for_ever(database, [partial(plan_next, solver=solver)], pause_s=PAUSE_S)


def main() -> None:
    """Plan with what the environment says."""
    logs.configure(level=settings().log_level, process="planner")
    database = Database(Store, load_queries("services.dispatch"), url=settings().database_url, size=4)
    log.info("planner.started")
    solver = Solver(travel_source())
    signal(SIGTERM, lambda *_: _leave(solver))
    plan_days(database, solver)


def _leave(solver: Solver) -> None:
    """End at once, a search first; its plan goes back to the queue with the transaction."""
    solver.cancel()
    raise SystemExit(0)


if __name__ == "__main__":
    main()
