"""The token that proves who holds a ticket, an appointment or an order: ids stand on boards, in lists, events and logs.

A token is made of the id by HMAC-SHA-256 under the hall's key and kept nowhere: each copy of a service makes the same,
a repeat of the command that made the thing answers it again, and a service that stores another's id can make the token
of it. A stored answer has a place for its `token`, which is filled in as it goes out.

A token that is withdrawn is followed by the next: its number goes into the HMAC as well. The first has none, and only
of what was given another is anything kept.
"""

from base64 import urlsafe_b64encode
from datetime import datetime
from hmac import compare_digest
from typing import Any

from services.chassis import personal
from services.chassis.caller import Caller
from services.chassis.db import Store

TOKEN_BYTES = 16  # 128 bits, 22 characters: few enough for the QR code of a slip
FIRST = 1
# Stands in a stored answer where a token goes that is not the first, before its number; the first has an empty place.
_NUMBERED = "#"


def token_of(kind: str, hall: str, id_: str, number: int = FIRST) -> str:
    """Return the token of a thing.

    Args:
        kind: ticket, appointment or order.
        hall: its hall.
        id_: its id.
        number: which of its tokens; those before were withdrawn.

    Raises:
        KeysMissing: the hall's key is not set.
    """
    nth = () if number == FIRST else (str(number),)
    made = personal.keyed("holder", kind, hall, id_, *nth)[:TOKEN_BYTES]
    return urlsafe_b64encode(made).decode().rstrip("=")


def holds(store: Store, caller: Caller, kind: str, id_: str) -> bool:
    """Tell whether a caller came with the token of a thing that counts now."""
    if caller.token is None:
        return False
    expected = token_of(kind, caller.hall, id_, number_of(store, kind, caller.hall, id_))
    return compare_digest(caller.token.encode(), expected.encode())


def number_of(store: Store, kind: str, hall: str, id_: str) -> int:
    """Return which of a thing's tokens counts; arguments as for `token_of`."""
    found = store.value("token_number", kind=kind, hall=hall, id=id_)
    return FIRST if found is None else int(found)


def renew(store: Store, kind: str, hall: str, id_: str, *, at: datetime) -> int:
    """Withdraw a thing's token; returns the number of the one that counts from now on."""
    return int(store.value("renew_token", kind=kind, hall=hall, id=id_, at=at))


def keep(store: Store, kind: str, hall: str, id_: str, *, number: int, at: datetime) -> None:
    """Note which token of another service's thing counts, unless a later one is known."""
    store.run("keep_token_number", kind=kind, hall=hall, id=id_, number=number, at=at)


def place(number: int = FIRST) -> str:
    """Return what stands in an answer until its token is filled in: that of a number."""
    return "" if number == FIRST else f"{_NUMBERED}{number}"


def filled(kind: str, hall: str, body: Any, *, member: str = "token", of: str = "id") -> Any:
    """Return an answer with the token in the place that was left for it.

    Args:
        kind: what the token is of.
        hall: its hall.
        body: the answer.
        member: where the place is.
        of: where the answer has the id.
    """
    left = body.get(member)
    if left is None or not (left == "" or left.startswith(_NUMBERED)):
        return body
    number = int(left[1:] or FIRST)
    return {**body, member: token_of(kind, hall, body[of], number)}
