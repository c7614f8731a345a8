"""What a process beside its service does for ever: work that takes long, in plain threads and not in a Nameko worker.

Any number of such processes may run: each chore sees to it that no work is done twice at once.
"""

import time
from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar

from services.chassis.db import AWAY, Database, Store
from services.chassis.logs import get_logger

S = TypeVar("S", bound=Store)
Chore = Callable[[Database[S]], bool]

AWAY_S = 2.0

log = get_logger()


def do_for_ever(database: Database[S], chores: Sequence[Chore[S]], *, pause_s: float) -> NoReturn:
    """Do chores one after the other, for ever; while the database is away, look for it again.

    Args:
        database: what they work on.
        chores: each returns whether it did something.
        pause_s: seconds until all are tried again when none did.
    """
    while True:
        try:
            done = [chore(database) for chore in chores]
            if not any(done):
                time.sleep(pause_s)
        except AWAY as fault:
            log.warning("chores.database_away", fault=repr(fault))
            database.drop_broken()
            time.sleep(AWAY_S)
