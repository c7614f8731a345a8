"""Taking in a file: chunk by chunk, each committed with where it ends, so that whoever is killed goes on behind it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.config import settings
from services.chassis.db import Database
from services.chassis.logs import get_logger
from services.chassis.outbox import publish_later
from services.statistics.events import commendations_event
from services.statistics.imports.domain.csv_header import Unreadable
from services.statistics.imports.domain.csv_lines import Chunk, Pieces, chunks, unzipped
from services.statistics.imports.domain.imports import (
    CALLED_OFF,
    COLUMNS,
    MAY_BE_LEFT_OUT,
    MOST_ATTEMPTS,
    Import,
)
from services.statistics.imports.store import Store

# Rows an event, so that none is large.
TOLD_AT_ONCE = 200

Shown = Callable[[Import], object]

log = get_logger()


class CalledOff(Exception):
    """Somebody called the import off; the chunk in hand is undone."""


@contextmanager
def session(database: Database[Store]) -> Iterator[Store]:
    """Give a store on a connection of its own, which holds imports as long as it lasts."""
    with database.connect() as connection:
        yield Store(connection, database.queries)


def take_in(store: Store, work: Import, blocks: Pieces, *, shown: Shown, rows: int | None = None) -> Import:
    """Take in a file that this session holds, from where it stands, and return how it ended.

    Args:
        store: on a session of its own.
        work: the import.
        blocks: the file from its beginning; read in a thread of its own.
        shown: is told after each chunk.
        rows: lines a chunk, for tests.
    """
    now = store.begin_import(work.hall, work.id, at=clock.now())
    if now is None:
        return work
    if now.attempts > MOST_ATTEMPTS:
        return end(store, now, "given_up")
    store.prepare_session(zone=settings().time_zone)
    many = {"rows": rows} if rows else {}
    try:
        for chunk in _ahead(_read(now, blocks, **many)):
            now = _take(store, now, chunk, today=clock.business_date(clock.now()))
            shown(now)
    except Unreadable as fault:
        return end(store, now, fault.code, found=fault.found)
    except CalledOff:
        return end(store, now, CALLED_OFF)
    return end(store, now, None)


def _ahead(found: Iterator[Chunk]) -> Iterator[Chunk]:
    """Have the next chunk read while the database is at the present one."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, found, None)
        while (chunk := coming.result()) is not None:
            coming = reader.submit(next, found, None)
            yield chunk


def _take(store: Store, work: Import, chunk: Chunk, *, today: date) -> Import:
    with store.together():
        tally = store.take_chunk(work, chunk.content, today=today)
        if tally.taken:
            _tell(store, work)
        noted = store.note_chunk(work, tally, line=chunk.last, bytes_read=chunk.bytes_read)
        if noted is None:
            raise CalledOff
        return noted


def _read(work: Import, blocks: Pieces, **many: int) -> Iterator[Chunk]:
    optional = MAY_BE_LEFT_OUT.get(work.kind, ())
    return chunks(unzipped(blocks), COLUMNS[work.kind], optional=optional, after=work.line, **many)


def _tell(store: Store, work: Import) -> None:
    """Have the service that keeps such rows take over those that were taken."""
    by, at = work.requested_by or work.source, clock.now()
    tell(
        store,
        work,
        "imported",
        store.rows_to_tell(work.kind),
        lambda rows: {"by": by, "at": at, "rows": rows},
    )


def tell(
    store: Store,
    work: Import,
    verb: str,
    told: Sequence[Any],
    data: Callable[[Sequence[Any]], Mapping[str, Any]],
) -> None:
    """Tell the service that keeps rows of an import what became of them, some of them an event.

    Args:
        store: in the transaction of the change.
        work: the import.
        verb: of the event.
        told: the rows, or their keys.
        data: makes the data of an event of a part of them.
    """
    for first in range(0, len(told), TOLD_AT_ONCE):
        part = data(told[first : first + TOLD_AT_ONCE])
        event = commendations_event(verb, work.id, part, telling=store.next_telling())
        publish_later(store, event, caller=Caller(hall=work.hall), at=clock.now())


def end(store: Store, work: Import, fault: str | None, *, found: str = "") -> Import:
    """Note how an import ended, done or failed by a fault and what was `found` instead, and forget its file."""
    with store.together():
        ended = store.end_import(work.hall, work.id, fault=fault, found=found, at=clock.now())
        ended = ended or store.find_import(work.hall, work.id) or work
        store.drop_parts(work.hall, work.id)
    log.info(
        "import.ended",
        id=work.id,
        kind=work.kind,
        fault=ended.fault,
        taken=ended.rows_taken,
        refused=ended.rows_refused,
    )
    return ended
