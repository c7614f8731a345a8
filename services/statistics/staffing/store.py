"""What advice is made of, and the advice."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.chassis import db, wire

Row = Mapping[str, Any]


class Store(db.Store):
    """Arrivals, services and open windows, and the advice that is made of them."""

    def window_hours(self, hall: str, *, since: date, until: date) -> list[dict[str, Any]]:
        """Return when windows were open on these dates, and for which queues."""
        return self.rows("window_hours", hall=hall, since=since, until=until)

    def arrivals(self, hall: str, *, since: date, until: date) -> list[dict[str, Any]]:
        """Return how many tickets were issued, by queue, date and hour."""
        return self.rows("arrivals", hall=hall, since=since, until=until)

    def services(self, hall: str, *, since: date, until: date) -> list[dict[str, Any]]:
        """Return a hundred equally likely service times of each queue, and of all (queue None)."""
        return self.rows("services", hall=hall, since=since, until=until)

    def lock_advice(self, hall: str) -> None:
        """Let nobody else ask for advice in this hall until the transaction ends."""
        self.run("lock_advice", hall=hall)

    def same_advice(self, hall: str, *, by: str | None, **asked: Any) -> Any:
        """Return the id of what a person asked for likewise and that is still to come, None when there is none."""
        return self.value("same_advice", hall=hall, by=by, **asked)

    def advice_waiting(self, hall: str, *, by: str | None) -> Row:
        """Return how much is still to come: `of_hall` and `of_person`."""
        return self.rows("advice_waiting", hall=hall, by=by)[0]

    def add_advice(self, hall: str, id_: str, *, at: datetime, by: str | None, **asked: Any) -> None:
        """Keep a request for advice, to be worked off."""
        self.run("add_advice", hall=hall, id=id_, at=at, by=by, **asked)

    def take_advice(self) -> tuple[str, str] | None:
        """Take what waits longest, held until the transaction ends: hall and id; None when nothing waits."""
        row = self.row("take_advice")
        return (row["hall"], str(row["advice"])) if row else None

    def advice(self, hall: str, id_: str) -> dict[str, Any] | None:
        """Return a piece of advice, None when there is none."""
        return self.row("find_advice", hall=hall, id=id_)

    def advice_list(self, hall: str) -> list[dict[str, Any]]:
        """Return the newest pieces of advice, without their rows."""
        return self.rows("list_advice", hall=hall)

    def begin_advice(self, hall: str, id_: str) -> dict[str, Any]:
        """Note that it is being worked on, and return it."""
        return self.rows("begin_advice", hall=hall, id=id_)[0]

    def note_progress(self, hall: str, id_: str, *, done: int, cells: int) -> None:
        """Note how far it is."""
        self.run("note_progress", hall=hall, id=id_, done=done, cells=cells)

    def finish_advice(self, hall: str, id_: str, *, rows: Sequence[Row], at: datetime) -> None:
        """Store the rows."""
        self.run("finish_advice", hall=hall, id=id_, rows=wire.dumps(rows), cells=len(rows), at=at)

    def fail_advice(self, hall: str, id_: str, *, fault: str, at: datetime) -> None:
        """Store why there is none."""
        self.run("fail_advice", hall=hall, id=id_, fault=fault, at=at)
