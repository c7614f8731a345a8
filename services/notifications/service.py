"""The Nameko service of notifications: its calls, what it hears, and its jobs."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marshmallow import ValidationError

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.calls import Calls
from services.chassis.config import settings
from services.chassis.inbox import hears
from services.chassis.personal import vault
from services.chassis.service import Data, Inbox, Service, command, every, question
from services.notifications import schemas
from services.notifications.domain.delivery import Contact, Delivery
from services.notifications.store import Store
from services.notifications.use_cases import hearing, messages, sending, witness
from services.notifications.use_cases.sms import LocalOutbox, NotSent, SmsGateway

AT_ONCE = 50
_KNOWN_FOR = timedelta(days=90)
_CONTACT = schemas.Contact()
_STATES = ("booked", "cancelled", "rescheduled", "displaced", "offered")
_OF_ORDERS = (*hearing.OF_ORDERS, "arrived", "done")
_ENDINGS = ("checked_in", "fulfilled", "lapsed", "no_show")


class Notifications(Service):
    """Messages to people, each cause told once."""

    name = "notifications"
    data = Data(Store, "services.notifications")
    calls = Calls()
    inbox = Inbox(
        hears("catalogue.item.published", schemas.ItemPublished(), hearing.keep_items),
        hears("catalogue.department.published", schemas.PlacePublished(), hearing.keep_departments),
        hears("catalogue.zone.published", schemas.PlacePublished(), hearing.keep_zones),
        hears("catalogue.queue.published", schemas.QueuePublished(), hearing.keep_queues),
        *(
            hears(f"appointments.appointment.{verb}", schemas.AppointmentEvent(), hearing.hear_appointments)
            for verb in (*_STATES, *_ENDINGS)
        ),
        hears("ticketing.ticket.approaching", schemas.TicketApproaching(), hearing.hear_tickets),
        hears("ticketing.ticket.paused", schemas.TicketPaused(), hearing.hear_pauses),
        *(hears(f"dispatch.order.{verb}", schemas.OrderEvent(), hearing.hear_orders) for verb in _OF_ORDERS),
        hears("identity.otp.requested", schemas.OtpRequested(), hearing.hear_codes),
        hears("identity.trail.ended", schemas.TrailEnded(), witness.keep_trail_heads),
    )

    @question(schemas.DeliveryQuery(), schemas.Deliveries())
    def list_deliveries(self, store: Store, request: dict[str, Any]) -> Any:
        """Return messages."""
        return messages.list_deliveries(store, self.caller, **request)

    @question(schemas.SentQuery(), schemas.Sent())
    def count_sent(self, store: Store, request: dict[str, Any]) -> Any:
        """Return how many messages were sent on a day."""
        return messages.count_sent(store, self.caller, **request)

    @command(schemas.DeliveryId(), schemas.Delivery())
    def retry_delivery(self, store: Store, request: dict[str, Any]) -> Any:
        """Try a failed message again."""
        return messages.retry_delivery(store, self.caller, **request)

    @question(schemas.TrailQuery(), schemas.TrailHeads())
    def list_trail_heads(self, store: Store, request: dict[str, Any]) -> Any:
        """Where did the trail of the staff end, as far as it was told here?"""
        return {"items": witness.list_trail_heads(store, self.caller, **request)}

    @question(schemas.Nothing(), schemas.Templates())
    def list_templates(self, store: Store, request: dict[str, Any]) -> Any:
        """Return the texts."""
        return messages.list_templates(store, self.caller)

    @command(schemas.NewText(), schemas.Template())
    def save_template(self, store: Store, request: dict[str, Any]) -> Any:
        """Change a text."""
        return messages.save_template(store, self.caller, **request)

    @every(1)
    def send_due(self) -> None:
        """Send what is due."""
        chosen = settings()
        gateway = SmsGateway(chosen.sms_url, token=chosen.sms_token) if chosen.sms_url else None
        send: sending.Send = gateway or LocalOutbox()
        for _ in range(AT_ONCE):
            if not sending.deliver_next(self.data, self._contact, send, pause_s=chosen.sms_pause):
                break
            self.wake_relay()

    @every(30)
    def reseal(self) -> None:
        """Seal under the active key what is sealed under another."""
        with self.data.transaction() as store:
            sending.reseal(store)

    @every(3600)
    def forget(self) -> None:
        """Drop what is known of appointments and orders that are over."""
        with self.data.transaction() as store:
            store.forget_appointments(before=clock.now() - _KNOWN_FOR)
            store.forget_orders(before=clock.now() - _KNOWN_FOR)

    def health_details(self, store: Any) -> dict[str, Any]:
        """Say how many sealed rows there are under which key."""
        return {"personal": {"active": vault().active, "rows": store.sealed_under()}}

    def _contact(self, delivery: Delivery) -> Contact:
        """Ask the owner of a person's data; one literal call each, so that the graph of calls can be read."""
        caller = Caller(
            hall=delivery.hall,
            call_id=delivery.id,
            command_id=f"contact:{delivery.id}",
            username="notifications",
            roles=frozenset({"service"}),
        )
        found: Mapping[str, Any]
        if delivery.source == "appointment":
            asked = {"appointment": delivery.source_id}
            found = self.calls("appointments", "contact", asked, caller=caller)
        elif delivery.source == "ticket":
            found = self.calls("ticketing", "contact", {"ticket": delivery.source_id}, caller=caller)
        elif delivery.source == "onsite_order":
            found = self.calls("dispatch", "contact", {"order": delivery.source_id}, caller=caller)
        else:
            found = self.calls("identity", "take_otp", {"request": delivery.source_id}, caller=caller)
        try:
            known = _CONTACT.load(found)
        except ValidationError:
            raise NotSent("contact_unreadable", again=True) from None
        return Contact(
            phone=known["phone"], name=known["name"] or "", language=known["language"], code=known["code"]
        )
