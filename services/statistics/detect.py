"""Look for unusual movements of the past: `python -m services.statistics.detect FROM TO`."""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

import argparse
from datetime import date

from rich.console import Console
from rich.progress import Progress

from services.chassis import logs
from services.chassis.config import settings
from services.chassis.db import Database, load_queries
from services.chassis.relay import wake_relay
from services.statistics.anomalies.detection import DetectionFailed, Detector
from services.statistics.anomalies.use_cases.detection import detect_between
from services.statistics.store import Store


def main() -> None:
    """Examine the dates of the command line; exit code 1 when the detection breaks down."""
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("since", metavar="FROM", type=date.fromisoformat)
    parser.add_argument("until", metavar="TO", type=date.fromisoformat)
    given = parser.parse_args()
    logs.configure(level=settings().log_level, process="detect")
    database = Database(Store, load_queries("services.statistics"), url=settings().database_url, size=2)
    console = Console(highlight=False)
    try:
        days, found = _detect(database, console, given.since, given.until)
    except DetectionFailed as fault:
        raise SystemExit(str(fault)) from None
    wake_relay(database)
    console.print(f"{days} days examined, {found} new findings")


def _detect(database: Database[Store], console: Console, since: date, until: date) -> tuple[int, int]:
    days = found = 0
    with Progress(console=console) as progress:
        task = progress.add_task("examining", total=(until - since).days + 1)
        through = detect_between(database, Detector(), hall=settings().hall, since=since, until=until)
        for day, new in through:
            progress.update(task, completed=(day - since).days + 1, description=day.isoformat())
            days, found = days + 1, found + new
    return days, found


if __name__ == "__main__":
    main()
