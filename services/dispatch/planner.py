"""A process that plans days: `python -m services.dispatch.planner`. Any number may run; each plan has one at a time."""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

from typing import NoReturn

from services.chassis.chores import Chore, be_beside
from services.chassis.db import Database
from services.chassis.relay import wake_relay
from services.dispatch.roads import travel_source
from services.dispatch.solver import Solver
from services.dispatch.store import Store
from services.dispatch.use_cases import solving

PAUSE_S = 0.3


def plan_with(solver: solving.Solver) -> Chore[Store]:
    """Return the chore that solves a plan that waits."""

    def plan_next(database: Database[Store]) -> bool:
        solved = solving.solve_next(database, solver)
        if solved:
            wake_relay(database)
        return solved

    return plan_next


def main() -> NoReturn:
    """Plan with what the environment says."""
    be_beside("dispatch", "planner", Store, [[plan_with(Solver(travel_source()))]], pause_s=PAUSE_S)


if __name__ == "__main__":
    main()
