"""Advice on how many windows to open: asked for, worked out in the background, read.

Who works it out holds the row of the work from taking to storing, so that another takes it up when that process dies.
What is to be seen meanwhile goes through transactions of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from time import monotonic
from typing import Any, Protocol
from uuid import UUID, uuid4

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.db import AWAY, Database
from services.chassis.logs import get_logger
from services.statistics.errors import NoSuchAdvice, TooMuchAdvice
from services.statistics.readers import require_analyst
from services.statistics.staffing import domain as rules
from services.statistics.staffing.domain import Cell, Service
from services.statistics.staffing.store import Store

# One that its process did not survive so often is at fault itself.
MOST_ATTEMPTS = 5
# Each takes up to two minutes.
MOST_WAITING, MOST_OF_ONE = 10, 3
RETRY_AFTER_S = 60
SHOWN_EVERY_S = 1.0

log = get_logger()


class Simulate(Protocol):
    """Gives the advice for each cell, as it is ready."""

    def __call__(
        self,
        cells: Sequence[Cell],
        services: Mapping[str | None, Service],
        *,
        target: float,
        within_s: int,
        seed: int,
    ) -> Iterator[dict[str, Any]]:
        """Simulate."""


class NothingMeasured(Exception):
    """Nobody was served on these dates, so nothing can be said."""


def request_advice(store: Store, caller: Caller, *, since: date, until: date, **asked: Any) -> dict[str, Any]:
    """Have advice worked out from what was measured on these dates; what this person waits for is not asked twice.

    Args:
        store: in a transaction.
        caller: an analyst or manager.
        since: first business date.
        until: last business date.
        asked: `queue`, `by_weekday`, `target`, `within_s` and `seed`.

    Raises:
        LeadersOnly: the caller is neither.
        TooMuchAdvice: so much of this person, or of the hall, is still to come.
    """
    require_analyst(caller)
    by, asked = caller.username, {**asked, "since": since, "until": until}
    store.lock_advice(caller.hall)
    id_ = store.same_advice(caller.hall, by=by, **asked)
    if id_ is None:
        waiting = store.advice_waiting(caller.hall, by=by)
        if waiting["of_person"] >= MOST_OF_ONE or waiting["of_hall"] >= MOST_WAITING:
            raise TooMuchAdvice(retry_after=RETRY_AFTER_S)
        id_ = uuid4()
        store.add_advice(caller.hall, str(id_), at=clock.now(), by=by, **asked)
    return get_advice(store, caller, id=UUID(str(id_)))


def get_advice(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Return advice, or how far it is.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
        NoSuchAdvice: there is none.
    """
    require_analyst(caller)
    found = store.advice(caller.hall, str(id))
    if found is None:
        raise NoSuchAdvice
    return found


def list_advice(store: Store, caller: Caller) -> list[dict[str, Any]]:
    """Return the fifty newest pieces of advice, without their rows.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
    """
    require_analyst(caller)
    return store.advice_list(caller.hall)


def advise_with(simulate: Simulate) -> Callable[[Database[Store]], bool]:
    """Return the analyst's chore that works out the advice that waits longest; it says whether there was one."""

    def advise_next(database: Database[Store]) -> bool:
        with database.transaction() as work:
            taken = work.take_advice()
            if taken is None:
                return False
            _work_out(database, work, simulate, *taken)
        return True

    return advise_next


def _work_out(database: Database[Store], work: Store, simulate: Simulate, hall: str, id_: str) -> None:
    with database.transaction() as store:
        asked = store.begin_advice(hall, id_)
    try:
        if asked["attempts"] > MOST_ATTEMPTS:
            raise RuntimeError("The process died each time.")
        rows = _rows(database, asked, simulate)
    except AWAY:
        raise
    except Exception as fault:  # whatever it is, the analyst is told and the next advice can be worked out
        log.exception("staffing.failed", advice=id_)
        work.fail_advice(hall, id_, fault=f"{type(fault).__name__}: {fault}", at=clock.now())
        return
    work.finish_advice(hall, id_, rows=rows, at=clock.now())
    log.info("staffing.advised", advice=id_, hours=len(rows))


def _rows(database: Database[Store], asked: Mapping[str, Any], simulate: Simulate) -> list[dict[str, Any]]:
    hall, dates = asked["hall"], {"since": asked["since"], "until": asked["until"]}
    with database.autocommit() as store:
        services = rules.services_of(store.services(hall, **dates))
        windows = rules.open_windows(
            store.window_hours(hall, **dates), zone=clock.hall_zone(), now=clock.now()
        )
        arrivals = store.arrivals(hall, **dates)
    if None not in services:
        raise NothingMeasured(NothingMeasured.__doc__)
    cells = rules.cells_of(arrivals, windows, queue=asked["queue"], by_weekday=asked["by_weekday"])
    rows: list[dict[str, Any]] = []
    shown = monotonic()
    for row in simulate(
        cells, services, target=asked["target"], within_s=asked["within_s"], seed=asked["seed"]
    ):
        rows.append(row)
        if monotonic() - shown >= SHOWN_EVERY_S:
            shown = monotonic()
            with database.autocommit() as store:
                store.note_progress(hall, str(asked["id"]), done=len(rows), cells=len(cells))
    return rows
