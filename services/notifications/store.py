"""The only caller of the queries of notifications."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.chassis import db, wire
from services.notifications.domain.delivery import Delivery
from services.notifications.domain.visits import Visit


class Store(db.Store):
    """The database of notifications."""

    def keep_items(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Copy items' names; the newest version stays, whatever the order."""
        self.run_many("keep_items", rows)

    def keep_places(self, kind: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Copy the names of departments or zones; the newest version stays, whatever the order."""
        self.run_many("keep_place", [{**row, "kind": kind} for row in rows])

    def keep_queues(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Copy where departments have queues; the newest version stays, whatever the order."""
        self.run_many("keep_queue", rows)

    def place_of(self, hall: str, department: str, *, language: str) -> tuple[str | None, list[str]]:
        """Return the name of a department and those of the zones it is in; no name when it is not known."""
        found = self.row("place_of", hall=hall, department=department, language=language)
        return (found["department"], list(found["zones"])) if found else (None, [])

    def keep_trail_heads(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep where the trail of the staff ended."""
        self.run_many("keep_trail_head", rows)

    def trail_heads(self, hall: str, *, after: int, limit: int) -> list[dict[str, Any]]:
        """Return `{number, link}` of where the trail ended behind a number, by number, and last."""
        return self.rows("trail_heads", hall=hall, after=after, limit=limit)

    def wording(
        self, hall: str, *, kind: str, language: str, item: str | None
    ) -> tuple[str | None, str | None]:
        """Return the text a hall has saved for a kind of message, and the name of its item; None where unknown."""
        found = self.row("wording", hall=hall, kind=kind, language=language, item=item)
        return (found["template"], found["item"]) if found else (None, None)

    def keep_appointments(
        self, rows: Sequence[Mapping[str, Any]], *, at: datetime
    ) -> dict[tuple[str, str], str]:
        """Keep appointments' newest states and return them by hall and id; others wait with theirs until the end."""
        kept = self.rows("keep_appointments", rows=wire.dumps(rows), at=at)
        return {(row["hall"], row["id"]): row["state"] for row in kept}

    def forget_appointments(self, *, before: datetime) -> None:
        """Drop what is known of appointments that are over."""
        self.run("forget_appointments", before=before)

    def add_deliveries(self, deliveries: Sequence[Delivery], *, at: datetime, real: datetime) -> None:
        """Store messages, but for those whose cause has one."""
        self.run_many(
            "add_delivery",
            [
                {**vars(each), "values": wire.dumps(each.values), "at": at, "not_before": real}
                for each in deliveries
            ],
        )

    def next_due(self, *, at: datetime, real: datetime) -> Delivery | None:
        """Return the next message to send and keep others from sending it until the transaction ends."""
        found = self.row("next_due", at=at, real=real)
        return Delivery(**found) if found else None

    def keep_orders(
        self, rows: Sequence[Mapping[str, Any]], *, at: datetime
    ) -> dict[tuple[str, str], tuple[int, Visit | None]]:
        """Keep which fact of orders is the newest; others wait until the end.

        Returns:
            By hall and id the newest fact's sequence, and the visit that was told last.
        """
        kept = self.rows("keep_orders", rows=wire.dumps(rows), at=at)
        return {(row["hall"], row["id"]): (row["sequence"], _visit(row["told"])) for row in kept}

    def note_told(self, told: Mapping[tuple[str, str], Visit | None]) -> None:
        """Note what applicants know of their visits, by hall and id of the order."""
        rows = [
            {"hall": hall, "id": id_, "told": None if visit is None else wire.dumps(vars(visit))}
            for (hall, id_), visit in told.items()
        ]
        self.run_many("note_told", rows)

    def forget_orders(self, *, before: datetime) -> None:
        """Drop what is known of orders that are over."""
        self.run("forget_orders", before=before)

    def due_to_drop(
        self, hall: str, ids: Sequence[str], kinds: Sequence[str], *, source: str
    ) -> list[Delivery]:
        """Return the messages of appointments or orders that wait, held."""
        rows = self.rows("due_to_drop", hall=hall, source=source, ids=list(ids), kinds=list(kinds))
        return [Delivery(**row) for row in rows]

    def delivery_to_change(self, hall: str, id_: str) -> Delivery | None:
        """Return a message, held."""
        found = self.row("delivery_to_change", hall=hall, id=id_)
        return Delivery(**found) if found else None

    def save(self, delivery: Delivery, *, not_before: datetime) -> None:
        """Store what changed of a message that stays in its state."""
        self.run("save_delivery", **_changing(delivery), not_before=not_before)

    def enter(self, delivery: Delivery, *, at: datetime, real: datetime) -> None:
        """Store a message that has gone to another state."""
        self.run("enter_state", **_changing(delivery), at=at, not_before=real)

    def deliveries(
        self,
        hall: str,
        *,
        state: str | None,
        kind: str | None,
        code: str | None,
        phone: str | None,
        after: tuple[datetime, str] | None,
        limit: int,
    ) -> list[Delivery]:
        """Return messages, the latest due first, after one.

        Args:
            hall: the hall's code.
            state: only those in this state.
            kind: only those of this kind.
            code: only those about this reference or number, or to a phone like `phone`.
            phone: a pattern of LIKE for masked numbers.
            after: when the last message of the page before was due, and its id.
            limit: how many at most.
        """
        due_at, id_ = after or (None, None)
        rows = self.rows(
            "deliveries",
            hall=hall,
            state=state,
            kind=kind,
            code=code,
            phone=phone,
            due_at=due_at,
            id=id_,
            limit=limit,
        )
        return [Delivery(**row) for row in rows]

    def sent(self, hall: str, *, since: datetime, until: datetime, kind: str | None) -> list[dict[str, Any]]:
        """Return how many messages were sent in a time, by kind and channel; up to `until` and without it."""
        return self.rows("sent", hall=hall, since=since, until=until, kind=kind)

    def templates(self, hall: str) -> dict[tuple[str, str], str]:
        """Return the texts a hall has saved, by kind and language."""
        return {(row["kind"], row["language"]): row["text"] for row in self.rows("templates", hall=hall)}

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


def _changing(delivery: Delivery) -> dict[str, Any]:
    return {name: value for name, value in vars(delivery).items() if name != "values"}


def _visit(row: Mapping[str, Any] | None) -> Visit | None:
    if row is None:
        return None
    return Visit(
        crew=row["crew"], **{name: datetime.fromisoformat(row[name]) for name in row if name.endswith("_at")}
    )
