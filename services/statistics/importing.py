"""Take a file into the database of statistics: `python -m services.statistics.importing KIND FILE`.

Exit codes: 0 taken in (refused rows are listed beside the file), 1 it could not be read, or the database was away, 130
interrupted. It can be run again at any time: what is there is counted as known, and a run that was killed is gone on
with.
"""

import csv
import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

import sys
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from time import monotonic
from uuid import uuid4

import psycopg
from psycopg_pool import PoolTimeout
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from services.chassis import clock, logs
from services.chassis.config import settings
from services.chassis.db import Database, load_queries
from services.statistics.imports.domain.imports import COLUMNS, Import
from services.statistics.imports.store import Store
from services.statistics.imports.use_cases.importing import session, take_in

BLOCK = 256 * 1024
PAGE = 5000
_console = Console(highlight=False, soft_wrap=True)


def import_file(database: Database[Store], kind: str, path: Path, progress: Progress) -> Import:
    """Take in a file, or go on with it where a run of it was killed, and list its refused rows beside it.

    Args:
        database: statistics' own.
        kind: what its rows are.
        path: CSV, compressed by gzip or not.
        progress: shows how far it is.

    Raises:
        OSError, psycopg.Error: the file cannot be read; the database is away.
    """
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    with session(database) as store:
        work = _begun_before(store, kind, digest) or _new(store, kind, path, digest)
        task = progress.add_task(path.name, total=work.size, rows="")
        ended = take_in(store, work, _blocks(path), shown=lambda now: _show(progress, task, now))
        _list_refused(store, ended, path.with_name(f"{path.name}.refused.csv"))
    _show(progress, task, ended)
    return ended


def _begun_before(store: Store, kind: str, digest: str) -> Import | None:
    """Return the import of this file that a run left, unless another run is at it."""
    left = store.import_of_file(settings().hall, kind, digest)
    return left if left and store.hold_import(left.id) else None


def _new(store: Store, kind: str, path: Path, digest: str) -> Import:
    work = Import(
        hall=settings().hall,
        id=str(uuid4()),
        kind=kind,
        source="command",
        file_name=path.name,
        digest=digest,
        size=path.stat().st_size,
        requested_at=clock.now(),
    )
    store.hold_import(work.id)
    store.add_import(work)
    return work


def _blocks(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield file.tell(), block


def _show(progress: Progress, task: TaskID, now: Import) -> None:
    rows = f"{now.rows_taken:,} taken, {now.rows_known:,} known, {now.rows_refused:,} refused"
    progress.update(task, completed=now.size if now.state == "done" else now.bytes_read, rows=rows)


def _list_refused(store: Store, work: Import, path: Path) -> None:
    """Write the refused rows of an import; a list of a former run goes when there are none."""
    if not work.rows_refused:
        path.unlink(missing_ok=True)
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ("line", "reason", "key"))
        writer.writeheader()
        after = 0
        while page := store.refusals(work.hall, work.id, after=after, limit=PAGE):
            writer.writerows(page)
            after = page[-1]["line"]


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    return Progress(*columns, TextColumn("{task.fields[rows]}"), console=_console)


def main(arguments: list[str]) -> int:
    """Read the command line, take the file in, and return the exit code."""
    if len(arguments) != 2 or arguments[0] not in COLUMNS:
        raise SystemExit(f"usage: python -m services.statistics.importing {'|'.join(COLUMNS)} FILE")
    kind, path = arguments[0], Path(arguments[1])
    logs.configure(level="WARNING", process="importing")
    database = Database(Store, load_queries("services.statistics"), url=settings().database_url, size=1)
    began = monotonic()
    try:
        with _progress() as progress:
            ended = import_file(database, kind, path, progress)
    except (OSError, psycopg.Error, PoolTimeout) as fault:
        _console.print(f"{path}: {str(fault).strip()}; run it again to go on", markup=False)
        return 1
    except KeyboardInterrupt:
        _console.print(f"{path}: interrupted; run it again to go on", markup=False)
        return 130
    finally:
        database.close()
    rows = (
        f"{ended.rows_taken:,} rows taken, {ended.rows_known:,} known before, {ended.rows_refused:,} refused"
    )
    took = f"after {monotonic() - began:.1f} s"
    _console.print(f"{path}: {ended.fault or 'done'} {took}: {rows}", markup=False)
    if ended.rows_refused:
        _console.print(f"the refused rows are in {path}.refused.csv", markup=False)
    return 1 if ended.fault else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
