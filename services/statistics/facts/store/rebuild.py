"""What a rebuild does to the read models; on one connection, since the shadows are tables of its session."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.statistics.facts.store import Store


class Shadow(Store):
    """Keeps what handlers are given in tables of this session, so it waits for nobody."""

    def open_months(self, table: str, dates: Sequence[date]) -> None:
        """Do nothing: a shadow has no months, and no other writer."""


class Rebuild(Store):
    """Compares the read models with their shadows."""

    def begin_rebuild(self) -> bool:
        """Become the one rebuild until the connection ends; False while another is under way."""
        return bool(self.value("begin_rebuild"))

    def make_shadows(self, models: Sequence[str]) -> None:
        """Make a shadow of each model, with what was known when the archive began."""
        for model in models:
            self.run("make_shadow", model=model)

    def archived_events(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        """Return the next events of the archive."""
        return self.rows("archived_events", after=after, limit=limit)

    def newest_ordinal(self) -> int:
        """Return how far the archive goes."""
        return self.value("newest_ordinal") or 0

    def count_archived(self) -> int:
        """Return how many events the archive holds."""
        return int(self.value("count_archived"))

    def wait_for_turn(self) -> None:
        """Wait for one's turn to write, until the end of the transaction."""
        self.run("wait_for_turn")

    def gather_statistics(self) -> None:
        """Let the planner know how large the shadows are."""
        self.run("gather_statistics")

    def months_of_figures(self) -> list[date]:
        """Return the months that facts, their shadows or sums are in."""
        return [row["month"] for row in self.rows("months_of_figures")]

    def mend(self, model: str, *, month: date | None = None) -> int:
        """Make a model, or a month of it, what its shadow is; returns how many rows were wrong."""
        return int(self.value("mend", model=model, month=month))

    def volumes_are_right(self, month: date) -> bool:
        """Say whether the sums of a month are those of its facts; waits for nobody."""
        return bool(self.value("volumes_are_right", month=month))

    def recount_volumes(self, month: date) -> None:
        """Count the sums of a month anew from the facts."""
        self.run("recount_volumes", month=month)

    def find_misnumbered(self, facts: str, numbers: str, subject: str) -> int:
        """Find facts without their number, and numbers without their fact; returns how many."""
        return int(self.value("find_misnumbered", facts=facts, numbers=numbers, subject=subject))

    def number_anew(self, facts: str, numbers: str, subject: str) -> None:
        """Give the facts that were found their numbers."""
        self.run("number_anew", facts=facts, numbers=numbers, subject=subject)
