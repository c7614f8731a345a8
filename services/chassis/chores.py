"""What a process beside its service does for ever: work that takes long, in plain threads and not in a Nameko worker.

Any number of such processes may run: each chore sees to it that no work is done twice at once.
"""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from signal import SIGINT, SIGTERM, signal
from typing import NoReturn, TypeVar

from services.chassis import logs
from services.chassis.child import end_all
from services.chassis.config import settings
from services.chassis.db import AWAY, Database, Store, load_queries

S = TypeVar("S", bound=Store)
Chore = Callable[[Database[S]], bool]

AWAY_S = 2.0

log = logs.get_logger()


def be_beside(
    service: str, process: str, store: type[S], lanes: Sequence[Sequence[Chore[S]]], *, pause_s: float
) -> NoReturn:
    """Be a process that does chores on a service's database, with what the environment says, until it is ended.

    Args:
        service: whose database it is.
        process: what this one is called in the log.
        store: of the service.
        lanes: chores that take turns, a thread each: what takes minutes holds up nothing of another lane.
        pause_s: as for `do_for_ever`.
    """
    logs.configure(level=settings().log_level, process=process)
    # A lane holds a row, works on another connection and shows how far it is on a third; one is to spare.
    size = 3 * len(lanes) + 1
    database = Database(store, load_queries(f"services.{service}"), url=settings().database_url, size=size)
    for number in (SIGTERM, SIGINT):
        signal(number, lambda *_: _leave(0))
    log.info("chores.started")
    with ThreadPoolExecutor(len(lanes)) as threads:
        at_work = [threads.submit(do_for_ever, database, lane, pause_s=pause_s) for lane in lanes]
        [ended, *_] = wait(at_work, return_when=FIRST_EXCEPTION).done
        log.error("chores.failed", exc_info=ended.exception())
        _leave(1)


def _leave(status: int) -> NoReturn:
    """End at once, with all child processes; what is not committed is done again by the next."""
    # A line above info goes out at once, with those before it.
    log.warning("chores.end", status=status)
    end_all()
    os._exit(status)


def do_for_ever(database: Database[S], chores: Sequence[Chore[S]], *, pause_s: float) -> NoReturn:
    """Do chores one after the other, for ever; while the database is away, look for it again.

    Args:
        database: what they work on.
        chores: each returns whether it did something.
        pause_s: seconds until all are tried again when none did.
    """
    while True:
        if not do_chores(database, chores):
            time.sleep(pause_s)


def do_chores(database: Database[S], chores: Sequence[Chore[S]]) -> bool:
    """Do chores once, one after the other; return whether any of them did something, or the database was waited for."""
    try:
        done = [chore(database) for chore in chores]
    except AWAY as fault:
        log.warning("chores.database_away", fault=repr(fault))
        database.drop_broken()
        time.sleep(AWAY_S)
        return True
    return any(done)
