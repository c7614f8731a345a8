"""The trail of what the staff do in all services: written once, chained, never changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.inbox import Received
from services.chassis.logs import get_logger
from services.chassis.outbox import publish_later
from services.identity import events
from services.identity.domain import chain
from services.identity.domain.chain import Place
from services.identity.errors import AdminOnly, CursorInvalid
from services.identity.store import Entry, Store

NEWEST = 2**62
# How many entries of the chain are looked at in one question.
STRETCH = 5000

log = get_logger()


def note(store: Store, caller: Caller, entry: Entry) -> None:
    """Write an entry of identity's own, with the moment it happened (real time)."""
    with store.transaction():
        store.add_audit(caller.hall, [(entry, clock.real_now())])


def keep_acts(store: Store, acts: Sequence[Received]) -> None:
    """Write down what the staff did in other services."""
    for hall in sorted({act.hall for act in acts}):
        store.add_audit(hall, [(_entry(act), act.data["at"]) for act in acts if act.hall == hall])


def _entry(act: Received) -> Entry:
    data = act.data
    return Entry(
        service=data["service"],
        action=data["action"],
        username=None,
        by=data["by"],
        roles=data["roles"],
        department=data["department"],
        address=data["address"],
        subject=data["subject"],
        reason=data["reason"],
        details=data["request"],
        before=data["before"],
        after=data["after"],
    )


def require_admin(caller: Caller) -> None:
    """Let only administrators on.

    Raises:
        AdminOnly: the caller is none.
    """
    if not caller.has("admin"):
        raise AdminOnly


def list_audit(
    store: Store,
    caller: Caller,
    *,
    username: str | None = None,
    who: str | None = None,
    what: str | None = None,
    service: str | None = None,
    subject: str | None = None,
    from_: datetime | None = None,
    to: datetime | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """Return the trail, the newest first.

    Args:
        store: identity's tables.
        caller: an administrator.
        username: the account an entry is about.
        who: the account that acted.
        what: the action.
        service: where it was done.
        subject: on what it was done.
        from_: the earliest moment.
        to: the moment before which it was.
        limit: how many entries at most.
        cursor: `next` of the part before.

    Raises:
        AdminOnly: the caller is no administrator.
        CursorInvalid: the cursor is none of ours.
    """
    require_admin(caller)
    wanted = {"username": username, "who": who, "what": what, "service": service, "subject": subject}
    rows = store.audit(caller.hall, **wanted, since=from_, until=to, before=_before(cursor), limit=limit + 1)
    shown, more = rows[:limit], len(rows) > limit
    return {"items": shown, "next": str(shown[-1]["id"]) if more else None}


def verify_audit(
    store: Store, caller: Caller, *, after: int = 0, heads: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Follow a stretch of the chain, and say whether it is whole and where to go on.

    Args:
        store: identity's tables.
        caller: an administrator.
        after: the number of the last entry that has been followed.
        heads: `{number, link}` where it ended at times, as another service was told.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    return verified(store, caller.hall, after=after, heads=heads)


def verified(
    store: Store, hall: str, *, after: int = 0, heads: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return what `verify_audit` says, for whoever stands at the database."""
    begin = store.chained(hall, after=after - 1, limit=1) if after else []
    place = Place(number=after, link=begin[0]["link"]) if begin else Place()
    entries = store.chained(hall, after=place.number, limit=STRETCH)
    place, fault = chain.follow(place, entries, told=heads)
    # Read after the entries: whatever is written meanwhile, the end is never before them.
    head = store.audit_head(hall)
    at_end = fault is None and place.number >= head.number
    if fault is None and not at_end and not store.chained(hall, after=place.number, limit=1):
        fault = chain.Fault(number=place.number + 1, kind="missing")
    if at_end and place != head:
        fault = chain.Fault(number=min(place.number, head.number + 1), kind="changed")
    if at_end and fault is None and any(told["number"] > place.number for told in heads):
        fault = chain.Fault(number=place.number + 1, kind="missing")
    return {
        "whole": fault is None,
        "number": place.number,
        "link": place.link,
        "fault": vars(fault) if fault else None,
        "entries": head.number,
        "next": None if fault or at_end else place.number,
    }


def tell_heads(store: Store) -> None:
    """Tell the log, and notifications by its inbox, where each chain ends: neither is in reach of this database."""
    for hall, head in store.audit_heads():
        log.info("audit.head", hall=hall, number=head.number, link=head.link)
        ended = events.trail_ended(head.number, link=head.link)
        publish_later(store, ended, caller=Caller(hall=hall), at=clock.now())


def _before(cursor: str | None) -> int:
    if cursor is None:
        return NEWEST
    if not (cursor.isascii() and cursor.isdecimal()) or int(cursor) > NEWEST:
        raise CursorInvalid(errors={"cursor": ["Not a cursor of this list."]})
    return int(cursor)
