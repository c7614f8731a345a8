"""A process that does what takes statistics long: `python -m services.statistics.analyst`.

Its chores stand in `LANES`; what needs much memory or heavy libraries they do in a child process.
"""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

from typing import NoReturn

from services.chassis.chores import Chore, be_beside
from services.chassis.config import settings
from services.chassis.db import Database
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


def look_for_anomalies(database: Database[Store]) -> bool:
    """Examine the finished dates and hours that were not looked at."""
    done = detect_due(database, Detector(), hall=settings().hall)
    if done:
        wake_relay(database)
    return done


LANES: tuple[tuple[Chore[Store], ...], ...] = (
    (work_off_uploads, take_back_imports),
    (render_with(Renderer()),),
    (look_for_anomalies, advise_with(simulate)),
)


def main() -> NoReturn:
    """Work with what the environment says."""
    be_beside("statistics", "analyst", Store, LANES, pause_s=PAUSE_S)


if __name__ == "__main__":
    main()
