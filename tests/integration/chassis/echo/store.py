"""What echo asks its database."""

from collections.abc import Sequence
from decimal import Decimal

from services.chassis import db
from services.chassis.inbox import Received


class Store(db.Store):
    """Echo's queries."""

    def note(self, hall: str, word: str) -> int:
        """Keep a word; returns its id."""
        return int(self.value("add_note", hall=hall, word=word))

    def hear(self, events: Sequence[Received]) -> None:
        """Keep what was heard."""
        self.run_many(
            "add_heard",
            [
                {
                    "hall": event.hall,
                    "word": event.data["word"],
                    "type": event.type,
                    "position": event.position,
                    "batch": len(events),
                }
                for event in events
            ],
        )

    def rest(self, gate: int) -> None:
        """Keep the connection busy until a gate is open."""
        if gate:
            self.run("rest", gate=gate)

    def one_and_a_half(self) -> Decimal:
        """Return a number that has no JSON form."""
        return Decimal(self.value("one_and_a_half"))
