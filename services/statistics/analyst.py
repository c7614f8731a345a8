"""A process that does what takes statistics long: `python -m services.statistics.analyst`.

Its chores stand in `CHORES`; what needs much memory or heavy libraries they do in a child process.
"""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

from signal import SIGTERM, signal

from services.chassis import logs
from services.chassis.chores import Chore, do_for_ever
from services.chassis.config import settings
from services.chassis.db import Database, load_queries
from services.chassis.relay import wake_relay
from services.statistics.detection import Detector
from services.statistics.staffing.caller import simulate
from services.statistics.store import Store
from services.statistics.use_cases.detection import detect_due
from services.statistics.use_cases.staffing import advise_with
from services.statistics.use_cases.uploads import work_off_uploads

PAUSE_S = 1.0

log = logs.get_logger()


def look_for_anomalies(database: Database[Store]) -> bool:
    """Examine the finished dates and hours that were not looked at."""
    done = detect_due(database, Detector(), hall=settings().hall)
    if done:
        wake_relay(database)
    return done


CHORES: tuple[Chore[Store], ...] = (work_off_uploads, look_for_anomalies, advise_with(simulate))


def main() -> None:
    """Work with what the environment says."""
    logs.configure(level=settings().log_level, process="analyst")
    database = Database(Store, load_queries("services.statistics"), url=settings().database_url, size=2)
    signal(SIGTERM, lambda *_: _leave())
    log.info("analyst.started")
    do_for_ever(database, CHORES, pause_s=PAUSE_S)


def _leave() -> None:
    """End at once; what is not committed is done again by the next."""
    raise SystemExit(0)


if __name__ == "__main__":
    main()
