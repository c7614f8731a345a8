"""What staff ask of messages and texts."""

from dataclasses import replace
from datetime import date as Date
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.trail import was
from services.notifications.domain import delivery as rules
from services.notifications.domain import texts
from services.notifications.domain.delivery import Delivery
from services.notifications.errors import (
    CursorInvalid,
    DeliveryNotFound,
    NotFailed,
    StaffOnly,
    TemplateInvalid,
    UnknownKind,
)
from services.notifications.store import Store

PAGE = 50
# A mobile number of the country, and what of it stays to be seen.
MOBILE_DIGITS, LAST_DIGITS = 11, 4


def list_deliveries(
    store: Store,
    caller: Caller,
    *,
    state: str | None = None,
    kind: str | None = None,
    q: str | None = None,
    limit: int = PAGE,
    cursor: str | None = None,
) -> dict[str, Any]:
    """Return messages, the latest due first.

    Args:
        store: the database.
        caller: an operator or manager.
        state: only those in this state.
        kind: only those of this kind.
        q: only those about this reference or ticket's number, or to this phone; its last four digits will do.
        limit: how many at most.
        cursor: where the page before ended.

    Raises:
        StaffOnly: the caller is neither operator nor manager.
        CursorInvalid: the cursor is not one of ours.
    """
    _require(caller, "operator", "manager")
    after = _read_cursor(cursor) if cursor else None
    found = store.deliveries(
        caller.hall,
        state=state,
        kind=kind,
        code=q.upper() if q else None,
        phone=_masked_like(q) if q else None,
        after=after,
        limit=limit + 1,
    )
    page = found[:limit]
    more = f"{page[-1].due_at.isoformat()}_{page[-1].id}" if len(found) > limit else None
    return {"items": page, "next": more}


def count_sent(
    store: Store, caller: Caller, *, date: Date | None = None, kind: str | None = None
) -> dict[str, Any]:
    """Return how many messages were sent on a day of the hall, by kind and channel.

    Args:
        store: the database.
        caller: an operator or manager.
        date: which day; today when left out.
        kind: only those of this kind.

    Raises:
        StaffOnly: the caller is neither operator nor manager.
    """
    _require(caller, "operator", "manager")
    day = date or clock.business_date(clock.now())
    begins = datetime.combine(day, time(), clock.hall_zone())
    return {
        "date": day,
        "items": store.sent(caller.hall, since=begins, until=begins + timedelta(days=1), kind=kind),
    }


def _masked_like(typed: str) -> str | None:
    """Return a pattern for masked numbers that a phone or its end fits; None for what is neither."""
    digits = "".join(each for each in typed if each.isdigit())
    if len(digits) < LAST_DIGITS or len(digits) < len(typed.strip("+")):
        return None
    first = digits[-MOBILE_DIGITS:][:3] if len(digits) >= MOBILE_DIGITS else ""
    return f"%{first}****{digits[-LAST_DIGITS:]}"


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    moment, _, id_ = cursor.partition("_")
    try:
        due_at = datetime.fromisoformat(moment)
        id_ = str(UUID(id_))
    except ValueError:
        raise CursorInvalid from None
    if due_at.tzinfo is None:
        raise CursorInvalid
    return due_at, id_


def retry_delivery(store: Store, caller: Caller, *, id: UUID) -> Delivery:
    """Have a message that failed tried again, from the first try on.

    Raises:
        StaffOnly: the caller is neither operator nor manager.
        DeliveryNotFound: there is none of this id.
        NotFailed: it has not failed.
    """
    _require(caller, "operator", "manager")
    found = store.delivery_to_change(caller.hall, str(id))
    if found is None:
        raise DeliveryNotFound
    if found.state != "failed":
        raise NotFailed
    again = replace(rules.moved(found, "due"), tries=0)
    store.enter(again, at=clock.now(), real=clock.real_now())
    return again


def list_templates(store: Store, caller: Caller) -> dict[str, Any]:
    """Return the texts that are used: the hall's own, and the given ones for the rest.

    Raises:
        StaffOnly: the caller is neither operator nor manager.
    """
    _require(caller, "operator", "manager")
    used = {**texts.DEFAULTS, **store.templates(caller.hall)}
    return {"items": [_text(kind, language, text) for (kind, language), text in used.items()]}


def save_template(store: Store, caller: Caller, *, kind: str, language: str, text: str) -> dict[str, Any]:
    """Change a text; messages that wait use it.

    Raises:
        StaffOnly: the caller is not a manager.
        UnknownKind: there is no such kind of message.
        TemplateInvalid: it names a placeholder that the kind does not have.
    """
    _require(caller, "manager")
    if kind not in texts.PLACEHOLDERS:
        raise UnknownKind(errors={"kind": [f"One of {', '.join(texts.PLACEHOLDERS)}."]})
    try:
        texts.check_template(kind, text)
    except texts.BadTemplate as fault:
        raise TemplateInvalid(errors={"text": [str(fault)]}) from None
    used = {**texts.DEFAULTS, **store.templates(caller.hall)}
    was(store, {"text": used.get((kind, language))})
    store.save_template(
        caller.hall, kind=kind, language=language, text=text, by=caller.username, at=clock.now()
    )
    return _text(kind, language, text)


def _text(kind: str, language: str, text: str) -> dict[str, Any]:
    placeholders = sorted(texts.PLACEHOLDERS[kind])
    return {"kind": kind, "language": language, "text": text, "placeholders": placeholders}


def _require(caller: Caller, *roles: str) -> None:
    if not caller.has(*roles):
        raise StaffOnly
