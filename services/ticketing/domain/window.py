"""A window and who sits at it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.ticketing.errors import NotYourWindow, UnknownQueue, WindowTaken


@dataclass(frozen=True, kw_only=True)
class Window:
    """A counter of a department: `queues` is its work profile, `profile` what the clerk at it calls from."""

    hall: str
    code: str
    name: str
    name_en: str
    department: str
    zone: str
    queues: Sequence[str]
    clerk: str | None
    profile: Sequence[str] | None
    signed_in_at: datetime | None
    version: int

    @property
    def state(self) -> str:
        """`open` while a clerk is signed in, `closed` otherwise."""
        return "open" if self.clerk else "closed"


def sign_in(
    window: Window, *, clerk: str, department: str | None, queues: Sequence[str] | None, at: datetime
) -> Window:
    """Seat a clerk at a window.

    Args:
        window: a window where nobody else sits.
        clerk: the clerk's username.
        department: the clerk's department; None for an administrator.
        queues: the queues to call from, in order; the window's own when left out.
        at: now.

    Raises:
        NotYourWindow: it is another department's.
        WindowTaken: another clerk sits there.
        UnknownQueue: a queue is not in the window's work profile.
    """
    if department is not None and department != window.department:
        raise NotYourWindow
    if window.clerk not in (None, clerk):
        raise WindowTaken
    chosen = list(dict.fromkeys(queues)) if queues else list(window.queues)
    if strange := [code for code in chosen if code not in window.queues]:
        raise UnknownQueue(
            f"Window {window.code} does not serve {', '.join(strange)}.", errors={"queues": strange}
        )
    return replace(window, clerk=clerk, profile=chosen, signed_in_at=at)


def sign_out(window: Window) -> Window:
    """Leave a window."""
    return replace(window, clerk=None, profile=None, signed_in_at=None)
