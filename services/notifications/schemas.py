"""Requests and answers of notifications, and the events it hears."""

from marshmallow import fields, validate

from services.chassis.schemas import Code, EventData, Reply, Request, Text
from services.notifications.domain import texts


class Nothing(Request):
    """A request without fields."""


class DeliveryQuery(Request):
    """Which messages."""

    state = fields.String(validate=validate.OneOf(["due", "sending", "sent", "failed", "dropped"]))
    kind = Code()
    q = Code()
    limit = fields.Integer(validate=validate.Range(1, 500))
    cursor = fields.String(validate=validate.Length(1, 100))


class SentQuery(Request):
    """Messages sent on a day, of a kind or all."""

    date = fields.Date()
    kind = Code()


class DeliveryId(Request):
    """One message."""

    id = fields.UUID(required=True)


class NewText(Request):
    """Another text for a kind of message."""

    kind = Code(required=True)
    language = fields.String(required=True, validate=validate.OneOf(texts.LANGUAGES))
    text = Text(required=True, most=texts.LONGEST)


class Delivery(Reply):
    """A message; the phone is masked."""

    id = fields.String()
    kind = fields.String()
    to = fields.String(attribute="phone", allow_none=True)
    language = fields.String()
    state = fields.String()
    text = fields.String(allow_none=True)
    tries = fields.Integer()
    due_at = fields.AwareDateTime()
    sent_at = fields.AwareDateTime(allow_none=True)
    cause = fields.String()
    fault = fields.String(allow_none=True)


class Deliveries(Reply):
    """Messages, and where the list goes on."""

    items = fields.List(fields.Nested(Delivery))
    next = fields.String(allow_none=True)


class SentCount(Reply):
    """How many messages of a kind were sent by a channel; it is null for those of before that was noted."""

    kind = fields.String()
    channel = fields.String(allow_none=True)
    count = fields.Integer()


class Sent(Reply):
    """What was sent on a day."""

    date = fields.Date()
    items = fields.List(fields.Nested(SentCount))


class TrailQuery(Request):
    """Behind which entry of the trail."""

    after = fields.Integer(load_default=0, validate=validate.Range(0))


class TrailHead(Reply):
    """Where the trail of the staff ended: the number of its last entry, and its link."""

    number = fields.Integer()
    link = fields.String()


class TrailHeads(Reply):
    """Where the trail ended at times."""

    items = fields.List(fields.Nested(TrailHead))


class Template(Reply):
    """A text."""

    kind = fields.String()
    language = fields.String()
    text = fields.String()
    placeholders = fields.List(fields.String())


class Templates(Reply):
    """All texts."""

    items = fields.List(fields.Nested(Template))


class ItemPublished(EventData):
    """The name of an item."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(allow_none=True, load_default=None)


class PlacePublished(EventData):
    """The name of a department or zone."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(allow_none=True, load_default=None)


class QueuePublished(EventData):
    """Where a department has a queue."""

    code = fields.String(required=True)
    department = fields.String(required=True)
    zone = fields.String(required=True)


class Alternative(EventData):
    """A free slot."""

    starts_at = fields.AwareDateTime(required=True)


class AppointmentEvent(EventData):
    """What became of an appointment."""

    id = fields.String(required=True)
    reference = fields.String(required=True)
    state = fields.String(required=True)
    item = fields.String(required=True)
    starts_at = fields.AwareDateTime(allow_none=True, load_default=None)
    booked_at = fields.AwareDateTime(allow_none=True, load_default=None)
    rescheduled_from = fields.String(allow_none=True, load_default=None)
    offer_until = fields.AwareDateTime(allow_none=True, load_default=None)
    warning = fields.String(allow_none=True, load_default=None)
    alternatives = fields.List(fields.Nested(Alternative), allow_none=True, load_default=None)
    cause = fields.String(allow_none=True, load_default=None)
    moved_to = fields.String(allow_none=True, load_default=None)
    language = fields.String(allow_none=True, load_default=None)


class OrderWindow(EventData):
    """When a crew may come."""

    from_ = fields.AwareDateTime(required=True, data_key="from")
    to = fields.AwareDateTime(required=True)


class OrderEvent(EventData):
    """What became of an on-site order."""

    id = fields.String(required=True)
    reference = fields.String(required=True)
    item = fields.String(required=True)
    window = fields.Nested(OrderWindow, required=True)
    crew = fields.String(allow_none=True, load_default=None)
    arrives_at = fields.AwareDateTime(allow_none=True, load_default=None)
    language = fields.String(allow_none=True, load_default=None)
    alternatives = fields.List(fields.Raw(), load_default=list)
    cause = fields.String(allow_none=True, load_default=None)


class TicketApproaching(EventData):
    """A ticket whose turn comes near."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    ahead = fields.Integer(required=True)
    appointment = fields.String(allow_none=True, load_default=None)
    language = fields.String(allow_none=True, load_default=None)


class TicketPaused(EventData):
    """A ticket that waits in a closure; without `until` where nobody is served any more today."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    closure = fields.String(required=True)
    until = fields.AwareDateTime(required=True, allow_none=True)
    appointment = fields.String(allow_none=True, load_default=None)
    language = fields.String(allow_none=True, load_default=None)


class OtpRequested(EventData):
    """A one-time code to be sent."""

    request = fields.String(required=True)


class TrailEnded(EventData):
    """Where the trail of the staff ends."""

    number = fields.Integer(required=True)
    link = fields.String(required=True)


class Contact(EventData):
    """Whom to tell, as the owner of the person's data answers."""

    phone = fields.String(required=True)
    name = fields.String(allow_none=True, load_default=None)
    language = fields.String(allow_none=True, load_default=None)
    code = fields.String(allow_none=True, load_default=None)
