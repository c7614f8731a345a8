"""A clerk's console: when it looks at its desk. The rules and figures are those of the page (`desk.js`, `live.js`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Any

from loadtests.plan import Window

FREE_PAUSE_S, BUSY_PAUSE_S, NET_S = 3.0, 15.0, 60.0
EVERY_S = 1
# Their answers tell all that they change; after any other command, or one without an answer, the console looks.
TELLING = frozenset({"call next", "recall", "start", "finish", "accept"})
# More than the zones have events in the time in which all consoles hear of one.
BOARDS_KEPT = 64


@lru_cache(maxsize=BOARDS_KEPT)
def waiting_on(data: bytes) -> dict[str, int]:
    """Read from an event of a board how many wait in each queue, once for all consoles: all hear the same bytes."""
    return {each["queue"]: each["count"] for each in json.loads(data)["waiting"]}


@dataclass
class Console:
    """Decides when a window's desk is asked for. Moments are of `time.monotonic`; a `free_pause_s` of 0 is never."""

    window: Window
    free_pause_s: float = FREE_PAUSE_S
    desk: dict[str, Any] | None = None
    _looked_at: float = -inf
    _due: float = inf
    _told: bool = False
    _known: Any = None

    @property
    def shows_waiting(self) -> bool:
        """Whether a clerk who is free sees somebody wait."""
        return bool(self.desk and self.desk["waiting"] and not self.desk["ticket"])

    def hear(self, data: bytes) -> bool:
        """Hear an event of the zone's board; returns whether a change, or the first, is a reason to look."""
        counts, before = waiting_on(data), self._known
        self._known = [counts.get(queue) for queue in self.window.queues]
        if before == self._known:
            return False
        busy = before is not None and self.desk is not None and self.desk["ticket"]
        self._due = min(self._due, self._looked_at + (BUSY_PAUSE_S if busy else self.free_pause_s))
        self._told = True
        return True

    def command(self, action: str, answer: dict[str, Any] | None, now: float) -> None:
        """Take over what a command of one's own has answered, or look at once where that does not tell all."""
        if not answer or action not in TELLING or self.desk is None:
            self._due, self._told = now, False
        elif action != "accept":
            self.desk["ticket"] = answer if answer["state"] in ("called", "serving") else None
            self.desk["waiting"] = [each for each in self.desk["waiting"] if each["id"] != answer["id"]]

    def looks_at(self) -> float:
        """Return when the next look is due."""
        return min(self._due, self._looked_at + NET_S)

    def look(self, now: float) -> bool:
        """Note that the desk is asked for; returns whether the board, and no command of one's own, was the reason."""
        told, self._told = self._told, False
        self._looked_at, self._due = now, inf
        return told
