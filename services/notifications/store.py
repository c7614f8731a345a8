"""The only caller of the queries of notifications."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from services.chassis import db, wire
from services.notifications.domain.delivery import Delivery


class Store(db.Store):
    """The database of notifications."""

    def keep_items(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Copy items' names; the newest version stays, whatever the order."""
        self.run_many("keep_items", rows)

    def item_name(self, hall: str, code: str, language: str) -> str:
        """Return the name of an item; its code while none is known."""
        found = self.row("item_name", hall=hall, code=code)
        if found is None:
            return code
        return str((found["name_en"] if language == "en" else None) or found["name"])

    def keep_appointment(self, hall: str, id_: str, *, state: str, sequence: int, at: datetime) -> str:
        """Keep an appointment's newest state and return it; others wait with theirs until the transaction ends."""
        return str(self.value("keep_appointment", hall=hall, id=id_, state=state, sequence=sequence, at=at))

    def forget_appointments(self, *, before: datetime) -> None:
        """Drop what is known of appointments that are over."""
        self.run("forget_appointments", before=before)

    def add_delivery(self, delivery: Delivery, *, at: datetime, real: datetime) -> None:
        """Store a message unless its cause has one."""
        fields = asdict(delivery) | {"values": wire.dumps(delivery.values)}
        self.run("add_delivery", **fields, at=at, not_before=real)

    def next_due(self, *, at: datetime, real: datetime) -> Delivery | None:
        """Return the next message to send and keep others from sending it until the transaction ends."""
        found = self.row("next_due", at=at, real=real)
        return Delivery(**found) if found else None

    def due_to_drop(self, hall: str, appointment: str, kinds: Sequence[str]) -> list[Delivery]:
        """Return the messages of an appointment that wait, held."""
        rows = self.rows("due_to_drop", hall=hall, source_id=appointment, kinds=list(kinds))
        return [Delivery(**row) for row in rows]

    def delivery_to_change(self, hall: str, id_: str) -> Delivery | None:
        """Return a message, held."""
        found = self.row("delivery_to_change", hall=hall, id=id_)
        return Delivery(**found) if found else None

    def save(self, delivery: Delivery, *, not_before: datetime) -> None:
        """Store what changed of a message that stays in its state."""
        fields = asdict(delivery)
        self.run("save_delivery", **fields, not_before=not_before)

    def enter(self, delivery: Delivery, *, at: datetime, real: datetime) -> None:
        """Store a message that has gone to another state."""
        self.save(delivery, not_before=real)
        self.run("leave_state", hall=delivery.hall, delivery=delivery.id, at=at)
        self.run(
            "enter_state",
            hall=delivery.hall,
            delivery=delivery.id,
            version=delivery.version,
            state=delivery.state,
            at=at,
        )

    def deliveries(
        self,
        hall: str,
        *,
        state: str | None,
        kind: str | None,
        after: tuple[datetime, str] | None,
        limit: int,
    ) -> list[Delivery]:
        """Return messages, the latest due first, after one."""
        due_at, id_ = after or (None, None)
        rows = self.rows("deliveries", hall=hall, state=state, kind=kind, due_at=due_at, id=id_, limit=limit)
        return [Delivery(**row) for row in rows]

    def templates(self, hall: str) -> dict[tuple[str, str], str]:
        """Return the texts a hall has saved, by kind and language."""
        return {(row["kind"], row["language"]): row["text"] for row in self.rows("templates", hall=hall)}

    def template(self, hall: str, kind: str, language: str) -> str | None:
        """Return a text a hall has saved."""
        found: str | None = self.value("template", hall=hall, kind=kind, language=language)
        return found

    def save_template(
        self, hall: str, *, kind: str, language: str, text: str, by: str | None, at: datetime
    ) -> None:
        """Store another text."""
        self.run("save_template", hall=hall, kind=kind, language=language, text=text, by=by, at=at)

    def sealed_under(self) -> dict[str, int]:
        """Return how many sealed rows there are by the id of their key."""
        return {row["key"]: row["rows"] for row in self.rows("sealed_under")}

    def sealed_under_others(self, key: str, *, limit: int) -> list[dict[str, Any]]:
        """Return rows that are sealed under other keys, held."""
        return self.rows("sealed_under_others", key=key, limit=limit)

    def save_sealed(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store rows sealed anew."""
        self.run_many("save_sealed", rows)
