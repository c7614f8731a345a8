"""Messages to people: what was sent, and in which words."""

from collections.abc import Mapping
from typing import Any

from gateway.api.paging import page_of
from gateway.api.routing import Routes
from gateway.http.asking import ask
from gateway.schemas.common import Page
from gateway.schemas.notifications import (
    Message,
    MessageList,
    MessageQuery,
    NewText,
    Sent,
    SentQuery,
    Template,
    TemplateList,
)

Body = Mapping[str, Any]
READERS = ("operator", "manager")

routes = Routes("notifications", __name__, description="Messages to people and their texts.")


@routes.question("/messages", MessageList, query=MessageQuery, roles=READERS)
def list_messages(query: Body) -> Any:
    """What was sent, will be or could not be; phone numbers masked."""
    return ask("notifications", "list_deliveries", **query)


@routes.question("/messages/sent", Sent, query=SentQuery, roles=READERS)
def count_sent(query: Body) -> Any:
    """How many messages were sent on a day, by kind and channel."""
    return ask("notifications", "count_sent", **query)


@routes.command("/messages/<uuid4:id>/retry", Message, roles=READERS)
def retry_message(id: str) -> Any:
    """Try once more to send a message that failed."""
    return ask("notifications", "retry_delivery", id=id)


@routes.question("/message-templates", TemplateList, query=Page, roles=READERS)
def list_templates(query: Body) -> Any:
    """The texts of all kinds of messages."""
    return page_of(ask("notifications", "list_templates"), query)


@routes.command("/message-templates", Template, body=NewText, roles=("manager",), method="PUT")
def save_template(body: Body) -> Any:
    """Change the text of a kind of message; its placeholders are checked."""
    return ask("notifications", "save_template", **body)
