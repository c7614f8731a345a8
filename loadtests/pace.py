"""The pace of a run: how fast people and their day go by."""

from __future__ import annotations

import time

import gevent


class Pace:
    """Tells the script's time, which runs `factor` times as fast as real time.

    The script's time is in seconds since its beginning. In a replay of a day it is the hall's clock; in the other
    shapes the hall's clock is real and people alone are faster.
    """

    def __init__(self, factor: float, *, begins_at: float | None = None) -> None:
        """Begin now, or at a moment in unix seconds."""
        self.factor = factor
        self._real = time.time() if begins_at is None else begins_at
        self._script = 0.0

    def now(self) -> float:
        """Return the script's time, negative before the beginning."""
        return self._script + (time.time() - self._real) * self.factor

    def begin(self) -> None:
        """Begin the script now."""
        self._script, self._real = 0.0, time.time()

    def change(self, factor: float) -> None:
        """Go faster or slower from now on."""
        self._script, self._real = self.now(), time.time()
        self.factor = factor

    def real(self, script_s: float) -> float:
        """Return how long so many seconds of the script take, in real seconds."""
        return max(0.0, script_s) / self.factor

    def sleep(self, script_s: float) -> None:
        """Do nothing for so many seconds of the script."""
        gevent.sleep(self.real(script_s))

    def until(self, moment: float) -> None:
        """Do nothing until a moment of the script."""
        while (left := moment - self.now()) > 0:
            # A change of pace is noticed within a second.
            gevent.sleep(min(1.0, self.real(left)))
