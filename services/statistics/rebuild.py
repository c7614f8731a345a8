"""Derive all read models from the archive again: `python -m services.statistics.rebuild`."""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from services.chassis import logs
from services.chassis.config import settings
from services.chassis.db import Database, load_queries
from services.statistics.errors import RebuildUnderWay
from services.statistics.facts.use_cases.rebuild import rebuild
from services.statistics.service import hearings
from services.statistics.store import Store

SHOWN = {"events": "events heard again", "months": "months compared"}


def main() -> None:
    """Rebuild with what the environment says; exit code 1 while another rebuild is under way."""
    logs.configure(level=settings().log_level, process="rebuild")
    database = Database(Store, load_queries("services.statistics"), url=settings().database_url, size=1)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(highlight=False)
    with Progress(*columns, console=console) as progress:
        bars = {stage: progress.add_task(shown, total=None) for stage, shown in SHOWN.items()}
        try:
            wrong = rebuild(
                database,
                hearings(),
                lambda stage, done, total: progress.update(bars[stage], completed=done, total=total),
            )
        except RebuildUnderWay as refused:
            raise SystemExit(str(refused)) from None
    console.print(f"{wrong} rows or sums were wrong and are right again" if wrong else "all was right")


if __name__ == "__main__":
    main()
