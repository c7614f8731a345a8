"""What is read of a visit: how it came to the hall, and what was served."""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

# How service ends: for good, for another queue, because the clerk was gone or the visitor came back late, to go on at
# another window, or because whoever was set aside never came back.
ENDS_OF_SERVICE = frozenset({"served", "transferred", "put_back", "moved", "expired"})
# What is closed, by a manager or at the day's end, was no whole service, but the time was spent at a window.
ENDS_OF_WORK = ENDS_OF_SERVICE | {"closed"}
APPOINTMENT_CHANNELS = frozenset({"phone", "web"})


def origin_of(channel: str, *, extended: bool) -> str:
    """Return how a ticket came to the hall, by the same rule as its cases.

    Args:
        channel: where it was issued or booked.
        extended: issued in an extended session; an appointment counts as an appointment there too.
    """
    if channel in APPOINTMENT_CHANNELS:
        return channel
    return "extended" if extended else "walk_in"


def service_of_stay(stretches: Sequence[Mapping[str, Any]]) -> int | None:
    """Return how many seconds a visitor was served in the stay in a queue with which these stretches begin.

    Args:
        stretches: of one visit, from the first one of the stay on; those that are not `queued` go on with it.

    Returns:
        None when nothing was served, the stay goes on or ended otherwise, or it has begun before.
    """
    first, *others = stretches
    rest = list(takewhile(lambda each: not each["queued"], others))
    stay = [first, *rest]
    served = [each["service_s"] for each in stay if each["service_s"] is not None]
    if not first["queued"] or not served or stay[-1]["state"] not in ENDS_OF_SERVICE:
        return None
    return int(sum(served))
