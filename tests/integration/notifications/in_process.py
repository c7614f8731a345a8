"""Notifications in the process of a test: hears as its service does, at times that the test sets."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from services.chassis.caller import Caller
from services.chassis.db import Database
from services.chassis.errors import NotFound
from services.chassis.inbox import read_event
from services.notifications.domain.delivery import Contact, Delivery
from services.notifications.service import Notifications
from services.notifications.store import Store
from services.notifications.use_cases import sending
from services.notifications.use_cases.sms import SmsGateway

HEARINGS = {hearing.type: hearing for hearing in Notifications.inbox.hearings}
PHONE, CODE = "+8613800005678", "483920"
PAUSE_S = 10.0


def staff(*roles: str) -> Caller:
    """Make somebody with these roles."""
    return Caller(hall="main", username="boss", roles=frozenset(roles))


class Post:
    """Hears and sends; `now` is the hall's time, `real` the real one."""

    def __init__(self, database: Database[Store]) -> None:
        """Use a database; on Monday morning, everybody is known."""
        self.database = database
        self.now = datetime.fromisoformat("2026-03-02T09:05:00+08:00").astimezone(UTC)
        self.real = datetime(2026, 11, 2, 3, 4, tzinfo=UTC)
        self.contacts = {
            "appointment": Contact(phone=PHONE, name="张三丰", language=None),
            "ticket": Contact(phone=PHONE, language="en"),
            "onsite_order": Contact(phone=PHONE, name="张三丰", language=None),
        }
        self.codes: list[str] = []
        self.sent: list[tuple[str, str, str]] = []

    def go_to(self, moment: str) -> None:
        """Set both times to a local time of the hall."""
        target = datetime.fromisoformat(f"{moment}+08:00").astimezone(UTC)
        self.real += target - self.now
        self.now = target

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        self.real += timedelta(seconds=seconds)

    def hear(self, type_: str, data: Mapping[str, Any], *, sequence: int = 1) -> None:
        """Take one event, as a delivery of its own."""
        envelope = {
            "id": str(uuid4()),
            "type": type_,
            "subject": "x",
            "time": self.now.isoformat(),
            "sequence": sequence,
            "hall": "main",
            "data": data,
        }
        with self.database.transaction() as store:
            HEARINGS[type_].handler(store, [read_event(envelope, HEARINGS)])

    def appointment(self, verb: str, id_: str = "a1", *, sequence: int = 1, **more: Any) -> None:
        """Hear what became of an appointment, on Thursday at 14:00."""
        data = {
            "id": id_,
            "reference": "7K3M9QXR",
            "state": verb,
            "item": "market-001",
            "starts_at": "2026-03-05T06:00:00+00:00",
            "booked_at": "2026-03-02T01:05:00+00:00",
            "language": "zh",
            "warning": None,
            "alternatives": [],
        }
        self.hear(f"appointments.appointment.{verb}", data | more, sequence=sequence)

    def order(self, verb: str, id_: str = "o1", *, sequence: int = 1, **more: Any) -> None:
        """Hear what became of an on-site order for Monday from 14:00 to 17:00."""
        data = {
            "id": id_,
            "reference": "9P2K3M4Q",
            "item": "market-001",
            "window": {"from": "2026-03-02T06:00:00+00:00", "to": "2026-03-02T09:00:00+00:00"},
            "arrives_at": None,
            "language": "zh",
        }
        self.hear(f"dispatch.order.{verb}", data | more, sequence=sequence)

    def contact_of(self, delivery: Delivery) -> Contact:
        """Answer as the owners of people's data do; a code once."""
        if delivery.source == "code":
            if delivery.source_id not in self.codes:
                raise NotFound
            self.codes.remove(delivery.source_id)
            return Contact(phone=PHONE, code=CODE)
        return self.contacts[delivery.source]

    channel = "local"

    def __call__(self, id_: str, /, *, to: str, text: str) -> None:
        """Be the channel."""
        self.sent.append((id_, to, text))

    def deliver(self, send: Any = None, *, most: int = 50) -> int:
        """Send what is due; return how many were handled."""
        for count in range(most):
            if not sending.deliver_next(self.database, self.contact_of, send or self, pause_s=PAUSE_S):
                return count
        return most

    def deliver_over(self, url: str) -> int:
        """Send what is due to an SMS gateway."""
        return self.deliver(SmsGateway(url, token="of-the-gateway"))

    def rows(self, query: str = "SELECT * FROM deliveries ORDER BY due_at, kind") -> list[Any]:
        """Ask the database."""
        with self.database.connect() as connection:
            return connection.execute(query).fetchall()

    def states(self) -> dict[str, str]:
        """Return the state of each kind of message."""
        return {row["kind"]: row["state"] for row in self.rows()}

    def told(self) -> list[tuple[str, str, int]]:
        """Return the events that wait to be published: type, kind, tries."""
        bodies = [row["body"] for row in self.rows("SELECT body FROM outbox ORDER BY id")]
        return [(each["type"], each["data"]["kind"], each["data"]["tries"]) for each in bodies]
