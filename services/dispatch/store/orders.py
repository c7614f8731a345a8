"""Orders, persons and who saw their data."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.chassis import db
from services.chassis.caller import Caller
from services.dispatch.domain.order import Order
from services.dispatch.store.rows import order_of, order_row


class Orders(db.Store):
    """On-site orders."""

    def lock_person(self, phone_hash: str) -> None:
        """Keep others from ordering for a person until the transaction ends."""
        self.run("lock_person", phone_hash=phone_hash)

    def try_job(self, job: str) -> bool:
        """Tell whether this transaction may do a job; another copy does it otherwise."""
        return bool(self.value("try_job", job=job))

    def open_orders(self, hall: str, phone_hash: str, today: date) -> int:
        """Return how many orders of a person are open."""
        return int(self.value("open_orders", hall=hall, phone_hash=phone_hash, today=today))

    def add_order(self, order: Order, *, by: str | None) -> bool:
        """Store a new order; False when its reference is taken."""
        return self.changed("add_order", **order_row(order), by=by) == 1

    def change_order(self, order: Order, *, at: datetime, by: str | None) -> None:
        """Store an order in its next state."""
        self.run("change_order", **order_row(order), at=at, by=by)

    def state_since(self, order: Order) -> datetime:
        """Return since when an order is in its state."""
        since: datetime = self.value("state_since", hall=order.hall, id=order.id, state=order.state)
        return since

    def order(self, hall: str, id_: str) -> Order | None:
        """Return an order."""
        return self._one("find_order", hall=hall, id=id_)

    def lock_order(self, hall: str, id_: str) -> Order | None:
        """Return an order, locked."""
        return self._one("lock_order", hall=hall, id=id_)

    def lock_orders(self, hall: str, ids: Sequence[str]) -> list[Order]:
        """Return orders, locked in id order."""
        return self._many("lock_orders", hall=hall, ids=list(ids))

    def by_reference(self, hall: str, reference: str) -> Order | None:
        """Return the order of a reference."""
        return self._one("find_reference", hall=hall, reference=reference)

    def page(self, hall: str, *, limit: int, **which: Any) -> list[Order]:
        """Return orders, the newest first."""
        return self._many("list_orders", hall=hall, limit=limit, **which)

    def overdue(self, hall: str, *, at: datetime, today: date, limit: int, cursor: str | None) -> list[Order]:
        """Return orders whose time is over, those on a crew's route from the day after on, the oldest first."""
        return self._many("list_overdue", hall=hall, at=at, today=today, limit=limit, cursor=cursor)

    def promised(self, hall: str, today: date) -> list[Order]:
        """Return orders that wait for their day, from one on, locked."""
        return self._many("promised", hall=hall, today=today)

    def waiting_visits(self, hall: str, since: date) -> list[Order]:
        """Return orders that wait for their day, from one on."""
        return self._many("waiting_visits", hall=hall, since=since)

    def follow(self, order: Order) -> None:
        """Store that an order is another department's."""
        self.run("follow_item", hall=order.hall, id=order.id, department=order.department, terms=order.terms)

    def keep_case_numbers(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Note the numbers of cases accepted at visits, `{hall, onsite_order, number, item}`."""
        self.run_many("keep_case_number", rows)

    def route(self, hall: str, crew: str, day: date) -> list[Order]:
        """Return a crew's visits of a day, in order."""
        return self._many("route_of_crew", hall=hall, crew=crew, day=day)

    def underway(self, hall: str, crew: str) -> str | None:
        """Return the reference of the visit a crew is at or on its way to."""
        row = self.row("underway", hall=hall, crew=crew)
        return str(row["reference"]) if row else None

    def note_access(self, id_: str, *, caller: Caller, purpose: str, day: date, at: datetime) -> bool:
        """Note that a caller saw a person's data; return whether that was new on that day."""
        who = {"by": caller.username, "roles": sorted(caller.roles)}
        seen = {"id": id_, "purpose": purpose, "day": day, "at": at}
        return bool(self.changed("note_access", hall=caller.hall, **seen, **who))

    def erase_persons(self, hall: str, *, before: datetime, at: datetime, limit: int) -> int:
        """Forget the persons of orders that ended before a moment; returns how many."""
        return self.changed("erase_persons", hall=hall, before=before, at=at, limit=limit)

    def sealed_before(self, hall: str, active: str, *, limit: int) -> list[Mapping[str, Any]]:
        """Return `{id, name_sealed, phone_sealed, address_sealed}` of persons sealed under an older key."""
        return list(self.rows("sealed_before", hall=hall, active=active, limit=limit))

    def seal_again(self, hall: str, **row: Any) -> None:
        """Store a person sealed under the active key."""
        self.run("seal_again", hall=hall, **row)

    def sealed_under(self) -> dict[str, int]:
        """Return how many persons are sealed under which key."""
        return {row["key"]: row["rows"] for row in self.rows("sealed_under")}

    def _one(self, query: str, **params: Any) -> Order | None:
        row = self.row(query, **params)
        return order_of(row) if row else None

    def _many(self, query: str, **params: Any) -> list[Order]:
        return [order_of(row) for row in self.rows(query, **params)]
