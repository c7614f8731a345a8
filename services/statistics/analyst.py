"""A process that does what takes statistics long: `python -m services.statistics.analyst`.

Its chores stand in `LANES`; what needs much memory or heavy libraries they do in a child process.
"""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from signal import SIGTERM, signal

from services.chassis import logs
from services.chassis.child import end_all
from services.chassis.chores import Chore, do_for_ever
from services.chassis.config import settings
from services.chassis.db import Database, load_queries
from services.chassis.relay import wake_relay
from services.statistics.anomalies.detection import Detector
from services.statistics.anomalies.use_cases.detection import detect_due
from services.statistics.imports.use_cases.uploads import take_back_imports, work_off_uploads
from services.statistics.reports.rendering.caller import Renderer
from services.statistics.reports.use_cases.documents import render_with
from services.statistics.staffing.simulating.caller import simulate
from services.statistics.staffing.use_cases import advise_with
from services.statistics.store import Store

PAUSE_S = 1.0

log = logs.get_logger()


def look_for_anomalies(database: Database[Store]) -> bool:
    """Examine the finished dates and hours that were not looked at."""
    done = detect_due(database, Detector(), hall=settings().hall)
    if done:
        wake_relay(database)
    return done


# What takes minutes holds up nothing of another lane: a thread each.
LANES: tuple[tuple[Chore[Store], ...], ...] = (
    (work_off_uploads, take_back_imports),
    (render_with(Renderer()),),
    (look_for_anomalies, advise_with(simulate)),
)


def main() -> None:
    """Work with what the environment says."""
    logs.configure(level=settings().log_level, process="analyst")
    # A lane holds a row, works on another connection and shows how far it is on a third.
    size = 3 * len(LANES)
    database = Database(Store, load_queries("services.statistics"), url=settings().database_url, size=size)
    signal(SIGTERM, lambda *_: _leave(0))
    log.info("analyst.started")
    with ThreadPoolExecutor(len(LANES)) as lanes:
        at_work = [lanes.submit(do_for_ever, database, lane, pause_s=PAUSE_S) for lane in LANES]
        [ended, *_] = wait(at_work, return_when=FIRST_EXCEPTION).done
        log.error("analyst.failed", exc_info=ended.exception())
        _leave(1)


def _leave(status: int) -> None:
    """End at once; what is not committed is done again by the next."""
    # A line above info goes out at once, with those before it.
    log.warning("analyst.ends", status=status)
    end_all()
    os._exit(status)


if __name__ == "__main__":
    main()
