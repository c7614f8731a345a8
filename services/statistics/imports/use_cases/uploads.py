"""What the analyst does with uploaded files: takes them in one after the other, and forgets those that never came."""

from collections.abc import Iterator

from services.chassis import clock
from services.chassis.db import AWAY, Database
from services.chassis.logs import get_logger
from services.statistics.imports.domain.imports import UPLOAD_LAPSES, Import
from services.statistics.imports.store import Store
from services.statistics.imports.use_cases.importing import CalledOff, end, session, take_in, tell

log = get_logger()


def work_off_uploads(database: Database[Store]) -> bool:
    """Take in the oldest upload that nobody is at; return whether there was one."""
    with database.autocommit() as store:
        waiting = store.imports_to_do()
        stale = store.stale_uploads(before=clock.now() - UPLOAD_LAPSES)
        for work in stale:
            end(store, work, "upload_incomplete")
    return any(_take_in(database, work) for work in waiting)


def take_back_imports(database: Database[Store]) -> bool:
    """Take back the imports that are to be; return whether there was one. Each goes as a whole or not at all."""
    with database.autocommit() as store:
        waiting = store.imports_to_take_back()
    for work in waiting:
        with session(database) as store, store.together():
            removed, told = store.take_back(work, at=clock.now())
            tell(store, work, "taken_back", told, lambda ids: {"ids": ids})
        log.info("import.taken_back", id=work.id, removed=removed, by=work.taken_back_by)
    return bool(waiting)


def _take_in(database: Database[Store], work: Import) -> bool:
    with session(database) as store:
        if not store.hold_import(work.id):
            return False
        try:
            take_in(store, work, _parts(database, work), shown=lambda _: None)
        except AWAY:
            raise
        except Exception:  # whatever it is, its sender is told and the next file can be taken in
            log.exception("import.failed", id=work.id)
            end(store, work, "unexpected")
    return True


def _parts(database: Database[Store], work: Import) -> Iterator[tuple[int, bytes]]:
    place = 0
    for part in range(work.parts or 0):
        with database.autocommit() as store:
            content = store.part(work.hall, work.id, part)
        if content is None:
            raise CalledOff
        place += len(content)
        yield place, content
