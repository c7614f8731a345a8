"""How visitors are reached, and who was told what."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from psycopg.rows import DictRow

from services.chassis import db, wire
from services.chassis.caller import Caller
from services.ticketing.domain.ticket import Ticket


class Contacts(db.Store):
    """Phones of tickets, sealed, and the marks of those who were told."""

    def contact(self, hall: str, ticket: str) -> DictRow | None:
        """Return `{phone_sealed, language}` of a ticket, None when nobody left a phone or it is erased."""
        return self.row("find_contact", hall=hall, ticket=ticket)

    def same_phone(self, ticket: Ticket, phone_hash: str) -> int:
        """Return how many other tickets of its queue that are not done with a phone was left with."""
        params = {"queue": ticket.queue, "besides": ticket.id}
        return int(self.value("same_phone", hall=ticket.hall, phone_hash=phone_hash, **params))

    def leave_contact(self, ticket: Ticket, *, phone_sealed: str, phone_hash: str, language: str) -> None:
        """Keep the phone that was left with a ticket, and how many others it was left with."""
        self.run(
            "leave_contact",
            hall=ticket.hall,
            ticket=ticket.id,
            business_date=ticket.business_date,
            phone_sealed=phone_sealed,
            phone_hash=phone_hash,
            language=language,
            same_phone=ticket.same_phone,
        )

    def note_access(self, ticket: str, *, caller: Caller, purpose: str, at: datetime) -> None:
        """Note who saw a phone."""
        self.run(
            "note_access",
            hall=caller.hall,
            ticket=ticket,
            by=caller.username,
            roles=sorted(caller.roles),
            purpose=purpose,
            at=at,
        )

    def approaching(
        self,
        hall: str,
        *,
        at: datetime,
        business_date: date,
        kept: Mapping[str, date],
        most: int,
        limit: int,
    ) -> list[DictRow]:
        """Return `{ticket, language, ahead}` of those with at most `most` ahead who were not told yet, held."""
        return self.rows(
            "approaching",
            hall=hall,
            at=at,
            business_date=business_date,
            kept=wire.dumps(kept),
            most=most,
            limit=limit,
        )

    def note_told(self, hall: str, tickets: Sequence[str], *, at: datetime) -> None:
        """Note that visitors were told that their turn is near."""
        self.run("note_told", hall=hall, tickets=list(tickets), at=at)

    def paused(
        self, hall: str, *, closure: str, queues: Sequence[str], business_date: date, limit: int
    ) -> list[DictRow]:
        """Return `{ticket, language}` of those who wait in queues that a closure stops and were not told, held."""
        which = {"closure": closure, "queues": list(queues), "business_date": business_date}
        return self.rows("paused", hall=hall, **which, limit=limit)

    def note_paused(self, hall: str, tickets: Sequence[str], *, closure: str) -> None:
        """Note that visitors were told of a closure."""
        self.run("note_paused", hall=hall, tickets=list(tickets), closure=closure)

    def erase_contacts(self, hall: str, *, before: date, limit: int) -> int:
        """Forget the phones of visits before a date; returns how many rows are gone."""
        return self.changed("erase_contacts", hall=hall, before=before, limit=limit)

    def sealed_under(self) -> dict[str, int]:
        """Return how many phones there are by the id of their key."""
        return {row["key"]: row["rows"] for row in self.rows("sealed_under")}

    def sealed_under_others(self, key: str, *, limit: int) -> list[DictRow]:
        """Return phones that are sealed under other keys, held."""
        return self.rows("sealed_under_others", key=key, limit=limit)

    def save_sealed(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store phones sealed anew."""
        self.run_many("save_sealed", rows)
