"""Files sent by analysts: taken in parts, worked off by the analyst process, looked at meanwhile."""

from base64 import b64decode
from typing import Any
from uuid import UUID, uuid4

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.trail import was
from services.statistics.errors import (
    AnalystsOnly,
    CannotTakeBack,
    ImportEnded,
    NoSuchImport,
    NotAwaited,
    UploadIncomplete,
)
from services.statistics.imports.domain.imports import CALLED_OFF, Import
from services.statistics.imports.store import Store
from services.statistics.readers import ANALYSTS

SHOWN_REFUSALS = 1000


def begin_import(
    store: Store, caller: Caller, *, kind: str, file_name: str, digest: str, size: int
) -> Import:
    """Note a file that is about to be sent; it is taken in when all of its parts are here.

    Args:
        store: the database.
        caller: an analyst.
        kind: what its rows are.
        file_name: what the sender calls it.
        digest: SHA-256 of the file as it is sent, in hexadecimal; makes the command one of this very file.
        size: its bytes.

    Raises:
        Forbidden: the caller is no analyst.
    """
    _require(caller, "analyst")
    work = Import(
        hall=caller.hall,
        id=str(uuid4()),
        kind=kind,
        source="upload",
        file_name=file_name,
        digest=digest,
        size=size,
        requested_by=caller.username,
        requested_at=clock.now(),
    )
    store.add_import(work)
    return work


def add_import_part(store: Store, caller: Caller, *, id: UUID, part: int, content: str) -> dict[str, Any]:
    """Keep a part of a file; again it changes nothing.

    Args:
        store: the database.
        caller: an analyst.
        id: the import.
        part: from 0 on.
        content: the file's bytes in base64.

    Raises:
        Forbidden, NotFound: the caller is no analyst; there is no such import.
    """
    _require(caller, "analyst")
    _found(store, caller, id)
    store.add_part(caller.hall, str(id), part, b64decode(content))
    return {"part": part}


def queue_import(store: Store, caller: Caller, *, id: UUID, parts: int) -> Import:
    """Have a file taken in, now that all of its parts are here; again it changes nothing.

    Raises:
        Forbidden, NotFound, Conflict: the caller is no analyst; there is no such import; parts are missing.
    """
    _require(caller, "analyst")
    work = _found(store, caller, id)
    was(store, {"state": work.state, "parts": work.parts})
    if work.parts is None:
        if work.state != "queued":
            raise NotAwaited
        if store.count_parts(caller.hall, work.id) != (parts, work.size):
            raise UploadIncomplete
        store.complete_upload(caller.hall, work.id, parts)
    return _found(store, caller, id)


def cancel_import(store: Store, caller: Caller, *, id: UUID) -> Import:
    """Call an import off: it takes in no more, and its file is forgotten. What was taken before stays.

    Called off again it changes nothing.

    Raises:
        Forbidden, NotFound, Conflict: the caller is no analyst; there is no such import; it has ended.
    """
    _require(caller, "analyst")
    work = _found(store, caller, id)
    was(store, {"state": work.state, "fault": work.fault})
    ended = store.end_import(caller.hall, work.id, fault=CALLED_OFF, at=clock.now())
    if ended is None and _found(store, caller, id).fault != CALLED_OFF:
        raise ImportEnded
    store.drop_parts(caller.hall, work.id)
    return _found(store, caller, id)


def take_back_import(store: Store, caller: Caller, *, id: UUID) -> Import:
    """Have an import taken back as a whole: the analyst process takes its rows away, and the sums with them.

    Rows of which an event told since stay: events win. Those that another import has too stay with that one. Asked for
    again it changes nothing.

    Raises:
        Forbidden, NotFound, Conflict: the caller is no analyst; there is no such import; it cannot be taken back.
    """
    _require(caller, "analyst")
    work = _found(store, caller, id)
    if work.take_back_at is not None:
        return work
    if not work.may_be_taken_back:
        raise CannotTakeBack
    was(store, {"state": work.state, "take_back_at": work.take_back_at})
    store.ask_to_take_back(caller.hall, work.id, by=caller.username, at=clock.now())
    return _found(store, caller, id)


def get_import(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Return an import, how far it is, and the first lines it refused.

    Raises:
        Forbidden, NotFound: the caller is neither analyst nor manager; there is no such import.
    """
    _require(caller, *ANALYSTS)
    work = _found(store, caller, id)
    refused = store.refusals(caller.hall, work.id, after=0, limit=SHOWN_REFUSALS)
    return {"work": work, "refused": refused}


def list_imports(store: Store, caller: Caller, *, limit: int, cursor: UUID | None) -> dict[str, Any]:
    """Return imports, the newest first.

    Raises:
        Forbidden, NotFound: the caller is neither analyst nor manager; the cursor names no import.
    """
    _require(caller, *ANALYSTS)
    last = _found(store, caller, cursor) if cursor else None
    page = store.imports(caller.hall, after=(last.requested_at, last.id) if last else None, limit=limit + 1)
    return {"items": page[:limit], "next": page[limit - 1].id if len(page) > limit else None}


def list_refused(store: Store, caller: Caller, *, id: UUID, after: int, limit: int) -> list[dict[str, Any]]:
    """Return refused lines of an import behind a line, in their order.

    Raises:
        Forbidden, NotFound: the caller is neither analyst nor manager; there is no such import.
    """
    _require(caller, *ANALYSTS)
    return store.refusals(caller.hall, _found(store, caller, id).id, after=after, limit=limit)


def _require(caller: Caller, *roles: str) -> None:
    if not caller.has(*roles):
        raise AnalystsOnly


def _found(store: Store, caller: Caller, id_: UUID) -> Import:
    work = store.find_import(caller.hall, str(id_))
    if work is None:
        raise NoSuchImport
    return work
