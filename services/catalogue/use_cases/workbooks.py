"""The hall's tables as one workbook that an administrator sends: taken in parts, looked at, applied, called off."""

from base64 import b64decode
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from services.catalogue.errors import (
    AnotherWorkbook,
    NoSuchWorkbook,
    WorkbookIncomplete,
    WorkbookNotAwaited,
    WorkbookNotChecked,
    WorkbookUnderWay,
)
from services.catalogue.store import Store
from services.catalogue.tables.sending import STEPS
from services.catalogue.use_cases.items import require_admin
from services.chassis import clock
from services.chassis.caller import Caller

# What was checked and is not applied by then is forgotten.
LAPSES = timedelta(days=1)
OPEN = ("uploading", "checking", "checked")


def begin_workbook(
    store: Store, caller: Caller, *, file_name: str, digest: str, size: int, dry_run: bool
) -> dict[str, Any]:
    """Note a workbook that is about to be sent.

    Args:
        store: the database.
        caller: an administrator.
        file_name: what the sender calls it.
        digest: SHA-256 of it, in hexadecimal; makes the command one of this very file.
        size: its bytes.
        dry_run: it is checked, and not applied unless somebody asks for that.

    Raises:
        AdminOnly: the caller is none.
    """
    require_admin(caller)
    id_ = str(uuid4())
    told = {"file_name": file_name, "digest": digest, "size": size, "dry_run": dry_run}
    by = {"requested_by": caller.username, "requested_at": clock.now()}
    store.add_workbook({"hall": caller.hall, "id": id_, **told, **by})
    return _found(store, caller, id_)


def add_workbook_part(store: Store, caller: Caller, *, id: UUID, part: int, content: str) -> dict[str, Any]:
    """Keep a part of a workbook, given in base64; again it changes nothing.

    Raises:
        AdminOnly, NoSuchWorkbook, WorkbookNotAwaited: the caller is none; there is none; it is all here.
    """
    require_admin(caller)
    if _found(store, caller, str(id))["state"] != "uploading":
        raise WorkbookNotAwaited
    store.add_workbook_part(caller.hall, str(id), part, b64decode(content))
    return {"part": part}


def queue_workbook(store: Store, caller: Caller, *, id: UUID, parts: int) -> dict[str, Any]:
    """Have a workbook checked, now that all of its parts are here; again it changes nothing.

    Raises:
        AdminOnly, NoSuchWorkbook, WorkbookIncomplete: the caller is none; there is none; parts are missing.
    """
    require_admin(caller)
    work = _locked(store, caller, id)
    if work["state"] == "uploading":
        if store.count_workbook_parts(caller.hall, work["id"]) != (parts, work["size"]):
            raise WorkbookIncomplete
        store.check_workbook(caller.hall, work["id"], parts)
    return _found(store, caller, work["id"])


def get_workbook(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Return a workbook: its faults, or what it changes and whom that touches, and how far it is applied.

    Raises:
        AdminOnly, NoSuchWorkbook: the caller is none; there is none.
    """
    require_admin(caller)
    return _found(store, caller, str(id))


def apply_workbook(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Have a workbook applied that was checked; again it changes nothing.

    Raises:
        AdminOnly, NoSuchWorkbook: the caller is none; there is none.
        WorkbookNotChecked, AnotherWorkbook: nobody has found it sound; one is being applied.
    """
    require_admin(caller)
    work = _locked(store, caller, id)
    if work["state"] not in ("checked", "applying", "applied"):
        raise WorkbookNotChecked
    if work["state"] == "checked" and not store.apply_workbook(caller.hall, work["id"], by=caller.username):
        raise AnotherWorkbook
    return _found(store, caller, work["id"])


def cancel_workbook(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Call a workbook off before it is applied; again it changes nothing.

    Raises:
        AdminOnly, NoSuchWorkbook, WorkbookUnderWay: the caller is none; there is none; it is being applied, or over.
    """
    require_admin(caller)
    work = _locked(store, caller, id)
    ended = store.end_workbook(caller.hall, work["id"], "cancelled", of=OPEN, at=clock.now())
    if not ended and work["state"] != "cancelled":
        raise WorkbookUnderWay
    return _found(store, caller, work["id"])


def lapse_workbooks(store: Store) -> None:
    """Forget what was sent or checked and never applied."""
    at = clock.now()
    store.lapse_workbooks(before=at - LAPSES, at=at)


def _locked(store: Store, caller: Caller, id_: UUID) -> dict[str, Any]:
    found = store.lock_workbook(caller.hall, str(id_))
    if found is None:
        raise NoSuchWorkbook
    return found


def _found(store: Store, caller: Caller, id_: str) -> dict[str, Any]:
    found = store.workbook(caller.hall, id_)
    if found is None:
        raise NoSuchWorkbook
    steps = [{"step": step, "done": step in found["steps"]} for step in STEPS]
    return {**found, "steps": steps, "faults": found["faults"] or []}
