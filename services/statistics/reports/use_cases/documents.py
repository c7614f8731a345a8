"""Reports as files: asked for, made one after the other beside the service, fetched when ready.

Who makes one holds the row of the work until the file is stored, as with advice. Times are real ones.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from time import monotonic
from typing import Any, Protocol
from uuid import UUID, uuid4

from services.chassis import clock, wire
from services.chassis.caller import Caller
from services.chassis.db import AWAY, Database
from services.chassis.logs import get_logger
from services.statistics.errors import (
    DocumentNotReady,
    NoSuchDocument,
    RendererBusy,
    RendererFailed,
    TooManyDocuments,
)
from services.statistics.readers import require_analyst
from services.statistics.reports.store import Store
from services.statistics.reports.use_cases.reports import get_report

# Each takes seconds of a core, and of a busy machine up to a minute.
MOST_WAITING, MOST_OF_ONE = 20, 4
RETRY_AFTER_S = 10
# Who asks once more for a report that changes by the minute gets the one just made for them.
FRESH = timedelta(minutes=1)
KEPT = timedelta(days=1)
# One that its process did not survive so often is at fault itself.
MOST_ATTEMPTS = 3
SHOWN_EVERY_S = 0.5

log = get_logger()


class Render(Protocol):
    """Makes a file of a report."""

    def __call__(self, report: Any, form: str, *, told: Callable[[float], None]) -> tuple[str, bytes]:
        """Return its name and content, telling how far it is from 0 to 1."""


def order_document(store: Store, caller: Caller, *, format: str, **about: Any) -> dict[str, Any]:
    """Have a file made of a report, unless there is one or it is being made; return it without its content.

    Args:
        store: the database.
        caller: an analyst or manager.
        format: `xlsx` or `docx`.
        about: `kind`, `period`, `department` and `edition`, as for `get_report`.

    Raises:
        RendererBusy: so many wait that this one has to be asked for later.
        TooManyDocuments: so many of this person wait.
        ServiceError: whatever `get_report` raises.
    """
    report = get_report(store, caller, **about)
    text = wire.dumps(report)
    digest = sha256(f"{format}\n{text}".encode()).hexdigest()
    asked = {"department": None, "edition": None, **about, "format": format, "digest": digest}
    by = caller.username or ""
    with store.transaction():
        store.lock_documents(caller.hall)
        fresh = clock.real_now() - FRESH
        id_ = store.document_in_hand(caller.hall, by=by, fresh_since=fresh, **asked)
        if id_ is None:
            _require_room(store, caller.hall, by)
            id_ = str(uuid4())
            store.add_document(caller.hall, id_, by=by, at=clock.real_now(), report=text, **asked)
    return _found(store, caller, id_)


def _require_room(store: Store, hall: str, by: str) -> None:
    waiting = store.documents_waiting(hall, by=by)
    if waiting["of_person"] >= MOST_OF_ONE:
        raise TooManyDocuments(retry_after=RETRY_AFTER_S)
    if waiting["of_hall"] >= MOST_WAITING:
        raise RendererBusy


def get_document(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Return a file without its content: how far it is.

    Raises:
        LeadersOnly, NoSuchDocument: the caller is neither analyst nor manager; there is none.
    """
    require_analyst(caller)
    return _found(store, caller, id)


def get_content(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Return a file that is ready, its content in base64.

    Raises:
        LeadersOnly, NoSuchDocument: as for `get_document`.
        DocumentNotReady: it is still being made.
        RendererFailed: it could not be made.
    """
    found = get_document(store, caller, id=id)
    if found["state"] == "failed":
        raise RendererFailed
    made = store.document_content(caller.hall, str(id))
    if made is None:
        raise DocumentNotReady
    return {**made, "content": b64encode(made["content"]).decode("ascii")}


def _found(store: Store, caller: Caller, id_: UUID | str) -> dict[str, Any]:
    found = store.document(caller.hall, str(id_))
    if found is None:
        raise NoSuchDocument
    return found


def render_with(render: Render) -> Callable[[Database[Store]], bool]:
    """Return the analyst's chore that makes the file that waits longest; it says whether there was one."""

    def render_next(database: Database[Store]) -> bool:
        with database.transaction() as work:
            taken = work.take_document()
            if taken is None:
                return False
            _make(database, work, render, *taken)
        return True

    return render_next


def _make(database: Database[Store], work: Store, render: Render, hall: str, id_: str) -> None:
    with database.transaction() as store:
        store.forget_documents(before=clock.real_now() - KEPT)
        begun = store.begin_document(hall, id_)
    try:
        if begun["attempts"] > MOST_ATTEMPTS:
            raise RendererFailed("The process died each time.")
        name, content = render(json.loads(begun["report"]), begun["format"], told=_told(database, hall, id_))
    except AWAY:
        raise
    except Exception as fault:  # whatever it is, who asked is told and the next file can be made
        log.exception("document.failed", document=id_)
        work.fail_document(hall, id_, fault=f"{type(fault).__name__}: {fault}", at=clock.real_now())
        return
    work.finish_document(hall, id_, file_name=name, content=content, at=clock.real_now())
    log.info("document.made", document=id_, bytes=len(content))


def _told(database: Database[Store], hall: str, id_: str) -> Callable[[float], None]:
    shown = monotonic()

    def told(progress: float) -> None:
        nonlocal shown
        if monotonic() - shown >= SHOWN_EVERY_S:
            shown = monotonic()
            with database.autocommit() as store:
                store.note_document(hall, id_, progress=progress)

    return told
