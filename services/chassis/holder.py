"""The token that proves who holds a ticket, an appointment or an order: ids stand on boards, in lists, events and logs.

A token is made of the id by HMAC-SHA-256 under the hall's key and kept nowhere: each copy of a service makes the same,
a repeat of the command that made the thing answers it again, and a service that stores another's id can make the token
of it. A stored answer has an empty `token`, which is filled in as it goes out.
"""

from base64 import urlsafe_b64encode
from hmac import compare_digest
from typing import Any

from services.chassis import personal
from services.chassis.caller import Caller

TOKEN_BYTES = 16  # 128 bits, 22 characters: few enough for the QR code of a slip
# What stands in a stored answer where its token goes.
UNSAID = ""


def token_of(kind: str, hall: str, id_: str) -> str:
    """Return the token of a thing.

    Args:
        kind: ticket, appointment or order.
        hall: its hall.
        id_: its id.

    Raises:
        KeysMissing: the hall's key is not set.
    """
    return urlsafe_b64encode(personal.keyed("holder", kind, hall, id_)[:TOKEN_BYTES]).decode().rstrip("=")


def holds(caller: Caller, kind: str, id_: str) -> bool:
    """Tell whether a caller came with the token of a thing."""
    return caller.token is not None and compare_digest(
        caller.token.encode(), token_of(kind, caller.hall, id_).encode()
    )


def filled(kind: str, hall: str, body: Any) -> Any:
    """Return an answer with the token in the place that was left empty for it; arguments as for `token_of`."""
    if body.get("token") != UNSAID:
        return body
    return {**body, "token": token_of(kind, hall, body["id"])}
