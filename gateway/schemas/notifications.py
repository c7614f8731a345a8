"""Messages to people and the texts they are made of."""

from marshmallow import fields, validate

from gateway.schemas.appointments import LANGUAGES, Language
from gateway.schemas.common import Answer, Code, Day, Input, Page, Text, list_of

CHANNELS = ("sms", "local")
MESSAGE_STATES = ("due", "sending", "sent", "failed", "dropped")
_TIME = {"format": "date-time"}


class Message(Answer):
    """A message and what became of it."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    to = fields.String(allow_none=True, metadata={"description": "Masked."})
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    state = fields.String(required=True)
    text = fields.String(allow_none=True)
    tries = fields.Integer(required=True)
    due_at = fields.String(required=True, metadata=_TIME)
    sent_at = fields.String(allow_none=True, metadata=_TIME)
    fault = fields.String(allow_none=True, metadata={"description": "Why the last try failed."})
    cause = fields.String(required=True, metadata={"description": "The event or moment it was made for."})


class Template(Answer):
    """The text of one kind of message in one language."""

    kind = fields.String(required=True)
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    text = fields.String(required=True)
    placeholders = fields.List(
        fields.String(), required=True, metadata={"description": "What its `{…}` may name."}
    )


MessageList = list_of(Message, name="MessageList")
TemplateList = list_of(Template, name="TemplateList")


class MessageQuery(Page):
    """Messages of one state and kind, to or about one, or all."""

    state = Code()
    kind = Code()
    q = Code(
        metadata={"description": "A reference, a ticket's number, or a phone; its last four digits will do."}
    )


class SentQuery(Input):
    """Messages sent on a day, today's when left out, of one kind or all."""

    date = Day()
    kind = Code()


class SentCount(Answer):
    """How many messages of a kind were sent by a channel."""

    kind = fields.String(required=True)
    channel = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(CHANNELS),
        metadata={
            "description": "`sms` by the gateway of messages, `local` where there is none and messages are only kept; "
            "null for those of before it was noted."
        },
    )
    count = fields.Integer(required=True)


class Sent(Answer):
    """What was sent on a day."""

    date = fields.String(required=True, metadata={"format": "date"})
    items = fields.List(fields.Nested(SentCount), required=True)


class NewText(Input):
    """Another text for a kind of message."""

    kind = Code(required=True)
    language = Language(required=True)
    text = Text(most=500, required=True)
