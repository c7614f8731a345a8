"""The audit trail of the staff: written once, never changed. Visitors leave nothing in it."""

from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.identity.errors import AdminOnly, CursorInvalid
from services.identity.store import Entry, Store

NEWEST = 2**62


def note(store: Store, caller: Caller, entry: Entry) -> None:
    """Write an entry, with the moment it happened (real time)."""
    store.add_audit(caller.hall, entry, at=clock.real_now())


def require_admin(caller: Caller) -> None:
    """Let only administrators on.

    Raises:
        AdminOnly: the caller is none.
    """
    if not caller.has("admin"):
        raise AdminOnly


def list_audit(
    store: Store, caller: Caller, *, username: str | None = None, limit: int = 50, cursor: str | None = None
) -> dict[str, Any]:
    """Return the audit trail, of one account or whole, the newest first.

    Raises:
        AdminOnly: the caller is no administrator.
        CursorInvalid: the cursor is none of ours.
    """
    require_admin(caller)
    rows = store.audit(caller.hall, username=username, before=_before(cursor), limit=limit + 1)
    shown, more = rows[:limit], len(rows) > limit
    return {"items": shown, "next": str(shown[-1]["id"]) if more else None}


def _before(cursor: str | None) -> int:
    if cursor is None:
        return NEWEST
    if not (cursor.isascii() and cursor.isdecimal()) or int(cursor) > NEWEST:
        raise CursorInvalid(errors={"cursor": ["Not a cursor of this list."]})
    return int(cursor)
