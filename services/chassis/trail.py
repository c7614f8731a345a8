"""What the staff do, told to the one trail that identity keeps: who, when, what, on what, before and after, and why.

Every command of a service tells of itself in its own transaction when staff give it (`services/chassis/service.py`).
What was before is what its first query named `lock_…` or `…_to_change` gave, or what a use case says with `was`. A
question that shows a person calls `tell_act` itself. Nothing about persons and no secret goes along.
"""

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from uuid import uuid4

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.db import Store
from services.chassis.outbox import Event, publish_later

# The same type for all services, so that identity hears those too that are yet to come.
ACTED = "trail.staff.acted"
LONGEST_TEXT = 500
MOST_ITEMS = 50
# What stands for a thing, the most telling first.
_SUBJECTS = (
    "id",
    "number",
    "code",
    "ticket",
    "username",
    "window",
    "kind",
    "item",
    "crew",
    "date",
    "period",
    "quarter",
)
_REASONS = ("reason", "purpose", "cutoff_override")
# Never told: persons, what visitors wrote, secrets, and the content of files.
_HIDDEN = ("sealed", "_hash", "_masked")
# Of a person where a phone or something sealed stands beside it: a name, and the text of a message.
_OF_A_PERSON = frozenset({"name", "text"})
_PRIVATE = frozenset(
    {
        "phone", "address", "location", "lat", "lon", "applicant_ref", "comment", "contact", "person",
        "token", "password", "otp", "demo_code", "enrolment_code", "content", "digest", "phone_digits", "reference",
    }
)  # fmt: skip


def was(store: Store, before: Mapping[str, Any] | None) -> None:
    """Say what something was before this transaction changes it, where no query that locks it tells.

    Args:
        store: in the transaction.
        before: what it was; None when all that is held so far is held for the sake of what is locked next.
    """
    store.before = before


def tell_act(
    store: Store,
    service: str,
    action: str,
    *,
    caller: Caller,
    request: Mapping[str, Any],
    after: Any = None,
    subject: str | None = None,
) -> None:
    """Tell what a member of the staff does, in the transaction of the effect; nothing for anybody else.

    Args:
        store: of the transaction.
        service: the one that does it.
        action: what is done, the name of the command or question.
        caller: who does it.
        request: what was asked for, in JSON form.
        after: what came of it, in JSON form.
        subject: what it is done on; found in request or answer when left out.
    """
    if not caller.is_staff or "service" in caller.roles:
        return
    result = told(after) if isinstance(after, Mapping) else None
    data = {
        "service": service,
        "action": action,
        "by": caller.username,
        "roles": sorted(caller.roles),
        "department": caller.department,
        "address": caller.address,
        "at": clock.real_now(),
        "subject": subject or _first(request, _SUBJECTS) or _first(result or {}, _SUBJECTS),
        "reason": _first(request, _REASONS),
        "request": told(request),
        "before": told(store.before) if store.before else None,
        "after": result,
    }
    store.before = None
    event = Event(type=ACTED, subject=str(uuid4()), sequence=1, data=data, source=service)
    publish_later(store, event, caller=caller, at=clock.now())


def _first(found: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    values = (found.get(name) for name in names)
    return next(
        (str(value)[:LONGEST_TEXT] for value in values if isinstance(value, str | int) and value != ""), None
    )


def told(value: Any) -> Any:
    """Return of a JSON value what may stand in the trail for good: no persons, no secrets, nothing endless."""
    if isinstance(value, Mapping):
        of_person = not value.keys().isdisjoint(("phone", "sealed"))
        return {
            str(name): told(member)
            for name, member in value.items()
            if name not in _PRIVATE
            and not name.endswith(_HIDDEN)
            and not (of_person and name in _OF_A_PERSON)
        }
    if isinstance(value, list | tuple):
        return [told(each) for each in value] if len(value) <= MOST_ITEMS else {"count": len(value)}
    if value is None or isinstance(value, bool | int | float):
        return value
    if not isinstance(value, str):
        return value.isoformat() if isinstance(value, date | time) else str(value)
    if len(value) > LONGEST_TEXT:
        return value[:LONGEST_TEXT] + "…"
    return value
