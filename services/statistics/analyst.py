"""A process that does what takes statistics long: `python -m services.statistics.analyst`.

Its chores stand in `CHORES` and are done one after the other, for ever. A chore returns whether it did something; what
needs much memory or heavy libraries it does in a child process. Any number of analysts may run: each chore sees to it
that no work is done twice at once.
"""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

import time
from collections.abc import Callable
from signal import SIGTERM, signal

import psycopg
from psycopg_pool import PoolTimeout

from services.chassis import logs
from services.chassis.config import settings
from services.chassis.db import Database, load_queries
from services.chassis.relay import CHANNEL
from services.statistics.detection import Detector
from services.statistics.staffing.caller import simulate
from services.statistics.store import Store
from services.statistics.use_cases.detection import detect_due
from services.statistics.use_cases.staffing import advise_with
from services.statistics.use_cases.uploads import work_off_uploads

Chore = Callable[[Database[Store]], bool]

PAUSE_S = 1.0
AWAY_S = 2.0

log = logs.get_logger()


def look_for_anomalies(database: Database[Store]) -> bool:
    """Examine the finished dates and hours that were not looked at."""
    done = detect_due(database, Detector(), hall=settings().hall)
    if done:
        with database.autocommit() as store:
            store.run("wake_relay", channel=CHANNEL)
    return done


CHORES: tuple[Chore, ...] = (work_off_uploads, look_for_anomalies, advise_with(simulate))


def do_chores(database: Database[Store]) -> None:
    """Do all chores for ever; while the database is away, look for it again."""
    while True:
        try:
            done = [chore(database) for chore in CHORES]
            if not any(done):
                time.sleep(PAUSE_S)
        except (psycopg.OperationalError, PoolTimeout) as fault:
            log.warning("analyst.database_away", fault=repr(fault))
            database.drop_broken()
            time.sleep(AWAY_S)


def main() -> None:
    """Work with what the environment says."""
    logs.configure(level=settings().log_level, process="analyst")
    database = Database(Store, load_queries("services.statistics"), url=settings().database_url, size=2)
    signal(SIGTERM, lambda *_: _leave())
    log.info("analyst.started")
    do_chores(database)


def _leave() -> None:
    """End at once; what is not committed is done again by the next."""
    raise SystemExit(0)


if __name__ == "__main__":
    main()
