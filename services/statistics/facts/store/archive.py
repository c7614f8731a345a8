"""All that was heard, for a rebuild."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from services.chassis import wire
from services.statistics.facts.store.facts import Facts


class Archive(Facts):
    """The events, by month."""

    def archive_events(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep events; one that is there already stays as it is. Waits for its turn to write."""
        self.open_months("event_archive", [row["at"].astimezone(UTC).date() for row in rows])
        self.run("archive_events", rows=wire.dumps(rows))
