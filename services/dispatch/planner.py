"""A process that plans days: `python -m services.dispatch.planner`. Any number may run; each plan has one at a time."""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

import time
from signal import SIGTERM, signal

import psycopg
from psycopg_pool import PoolTimeout

from services.chassis import logs
from services.chassis.config import settings
from services.chassis.db import Database, load_queries
from services.chassis.relay import CHANNEL
from services.dispatch.roads import travel_source
from services.dispatch.solver import Solver
from services.dispatch.store import Store
from services.dispatch.use_cases import solving

PAUSE_S = 0.3
AWAY_S = 2.0

log = logs.get_logger()


def plan_days(database: Database[Store], solver: solving.Solver) -> None:
    """Solve what waits, for ever; while the database is away, look for it again."""
    while True:
        try:
            while solving.solve_next(database, solver):
                with database.autocommit() as store:
                    store.run("wake_relay", channel=CHANNEL)
            time.sleep(PAUSE_S)
        except (psycopg.OperationalError, PoolTimeout) as fault:
            log.warning("planner.database_away", fault=repr(fault))
            database.drop_broken()
            time.sleep(AWAY_S)


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
