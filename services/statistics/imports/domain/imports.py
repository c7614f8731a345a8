"""Files of what happened before: their kinds, their states, and when one has to stop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# One that was begun so often without a chunk being done is at fault itself.
MOST_ATTEMPTS = 5
UPLOAD_LAPSES = timedelta(days=1)
LARGEST_PART = 1024 * 1024
MOST_PARTS = 4096
# The columns of a file by kind, as they are told in its first line, in any order.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "cases": ("number", "item", "accepted_at", "due_on", "decided_at", "origin"),
    "overtime": ("id", "department", "staff", "date", "minutes"),
    "commendations": ("id", "department", "kind", "received_on", "note"),
}
# Those that a file may be without, behind the others.
MAY_BE_LEFT_OUT: Mapping[str, tuple[str, ...]] = {"cases": ("outcome",)}
# queued → running → done | failed
STATES = ("queued", "running", "done", "failed")
# The fault of one that somebody called off.
CALLED_OFF = "called_off"
OPEN = frozenset({"queued", "running"})


@dataclass(frozen=True, kw_only=True)
class Import:
    """One file and how far it is. `size` and `bytes_read` are of the file as it is, compressed or not."""

    hall: str
    id: str
    kind: str
    source: str
    file_name: str
    digest: str
    size: int
    state: str = "queued"
    parts: int | None = None
    fault: str | None = None
    found: str | None = None
    attempts: int = 0
    line: int = 0
    bytes_read: int = 0
    rows_taken: int = 0
    rows_known: int = 0
    rows_refused: int = 0
    requested_by: str | None = None
    requested_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    take_back_at: datetime | None = None
    taken_back_at: datetime | None = None
    taken_back_by: str | None = None
    rows_removed: int | None = None
    marked: bool = True

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.state in OPEN

    @property
    def may_be_taken_back(self) -> bool:
        """Whether its rows are told apart from others (they are `marked`), and it has ended and had any.

        What another import had first becomes its own when that one is taken back.
        """
        has_rows = self.rows_taken + self.rows_known > 0
        return self.marked and not self.is_open and self.take_back_at is None and has_rows

    @property
    def progress(self) -> float:
        """How much of the file is done, from 0 to 1."""
        return 1.0 if self.state == "done" else min(1.0, self.bytes_read / self.size) if self.size else 0.0


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What became of the rows of a chunk."""

    taken: int
    known: int
    refused: int
