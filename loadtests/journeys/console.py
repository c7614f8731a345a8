"""What a clerk's console knows of its desk. The rules are those of the page (`desk.js`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

# Their answers tell all that they change; after any other command, or one that failed, the console looks.
TELLING = frozenset({"call next", "recall", "start", "finish", "accept"})
MOMENTS = ("called_at", "started_at", "finished_at")


@dataclass
class Console:
    """The desk as the console shows it: what its stream told, and what its own commands were answered."""

    desk: dict[str, Any] | None = None
    _as_of: str = ""

    @property
    def shows_waiting(self) -> bool:
        """Whether a clerk who is free sees somebody wait."""
        return bool(self.desk and self.desk["waiting"] and not self.desk["ticket"])

    def hear(self, desk: dict[str, Any]) -> bool:
        """Show a desk unless a later one is shown; returns whether a free clerk sees somebody who was not there."""
        if desk["as_of"] < self._as_of:
            return False
        before = {each["id"] for each in self.desk["waiting"]} if self.desk and self.shows_waiting else set()
        self.desk, self._as_of = desk, desk["as_of"]
        return self.shows_waiting and not {each["id"] for each in desk["waiting"]} <= before

    def told(self, data: bytes) -> bool:
        """Hear an event of the desk's stream, as `hear` does."""
        return self.hear(json.loads(data))

    def command(self, action: str, answer: dict[str, Any] | None) -> bool:
        """Take over what a command of one's own has answered; returns whether the desk has to be looked at.

        Args:
            action: what was done.
            answer: the ticket or case; empty when nobody waits, None when the command failed.
        """
        if answer is None or action not in TELLING or self.desk is None:
            return True
        if not answer:
            self.desk["waiting"] = []
        elif action != "accept":
            self._as_of = max(self._as_of, *(answer[moment] or "" for moment in MOMENTS))
            self.desk["ticket"] = answer if answer["state"] in ("called", "serving") else None
            self.desk["waiting"] = [each for each in self.desk["waiting"] if each["id"] != answer["id"]]
        return False
