"""Looks at the hall from outside during a run: memory, connections, messages."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import gevent
import psutil
import psycopg

from loadtests import stack
from loadtests.truth import SERVICES, Databases


@dataclass
class Samples:
    """Samples at even distances."""

    supervisor: int
    databases: Databases
    every_s: float
    taken: list[dict[str, Any]] = field(default_factory=list)

    def take_for_ever(self) -> None:
        """Take one after another, until killed."""
        begun = time.monotonic()
        while True:
            # A process that ends meanwhile, or a server that is starting again, spoils one sample.
            with suppress(psutil.Error, psycopg.Error, OSError):
                self.taken.append({"at_s": round(time.monotonic() - begun, 1), **self.take()})
            gevent.sleep(self.every_s)

    def take(self) -> dict[str, Any]:
        """Take one: resident memory in MB (shared pages counted once), in all and by part, sessions, messages and
        unpublished events.
        """
        parts = stack.resident_mb_by_part(self.supervisor)
        queues = [name for service in SERVICES for name in (f"{service}.inbox", f"rpc-{service}")]
        return {
            "resident_mb": round(sum(parts.values())),
            "parts_mb": parts,
            "connections": self.databases.connections(),
            "messages": sum(self.databases.depths(queues).values()),
            "unpublished": sum(self.databases.unpublished().values()),
        }
