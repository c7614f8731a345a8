"""How every test waits: for what it waits for, and never for a time.

A test asks until what it waits for is there (an event, a row, a line of a log, a state of a page) and goes
on at once. The one deadline is only there so that a test whose thing never comes ends and says what was
missing. It says nothing about speed, and is far longer than the slowest machine needs.
"""

import time
from collections.abc import Callable
from typing import TypeVar

# Also the limit of every call that could hang: of a process that is run, an HTTP answer, a joined thread.
DEADLINE_S = 180.0
# The same for Playwright, which counts in milliseconds.
DEADLINE_MS = round(DEADLINE_S * 1000)
_PAUSE_S = 0.02

T = TypeVar("T")


def until(
    true: Callable[[], T],
    *,
    what: str,
    seen: Callable[[], object] | None = None,
    pause: Callable[[float], object] = time.sleep,
) -> T:
    """Ask again and again until the answer is true, and return it.

    `what` is the sentence a failure begins with ("the board shows A002"), `seen` tells what there was
    instead (otherwise it is the last answer), `pause` is how the time passes meanwhile: a browser's page
    or a bus connection has work to do then.
    """
    ends = time.monotonic() + DEADLINE_S
    while not (answer := true()):
        if time.monotonic() >= ends:
            last = answer if seen is None else seen()
            raise AssertionError(f"still missing after {DEADLINE_S:.0f} s: {what}; last seen: {last!r}")
        pause(_PAUSE_S)
    return answer
