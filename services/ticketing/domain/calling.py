"""How often a visitor who is called to a window may be called, and when again."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Calling:
    """Calls of a visitor to the present window: `made` of `most`, the first one included.

    `again_at` is the moment from which the next one may come, None when there is none left.
    """

    made: int
    most: int
    again_at: datetime | None


def calling(*, made: int, last_at: datetime, recalls: int, pause_s: float) -> Calling:
    """Return how a visitor may be called on.

    Args:
        made: how often they were called to this window.
        last_at: when that was last.
        recalls: how often the hall calls again.
        pause_s: seconds between two calls.
    """
    most = recalls + 1
    again_at = last_at + timedelta(seconds=pause_s) if made < most else None
    return Calling(made=made, most=most, again_at=again_at)
