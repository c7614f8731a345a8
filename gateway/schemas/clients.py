"""Machine clients: programs that use the API in their own name."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas.common import Answer, Code, Input, Text, Whole, list_of
from gateway.schemas.identity import Username

MOST_CALLS = 60_000


class Scopes(fields.List[str]):
    """The codes of operations that a client may do."""

    def __init__(self, **kwargs: Any) -> None:
        """Make a list of 1 to 50 codes of `GET /permissions`."""
        super().__init__(Text(most=80), validate=validate.Length(1, 50), **kwargs)


class NewClient(Input):
    """A machine client."""

    code = Code(required=True, metadata={"description": "Its `client_id`; it acts as `client:<code>`."})
    name = Text(most=100, required=True)
    owner = Username(required=True)
    scopes = Scopes(required=True)
    quota = Whole(least=1, most=MOST_CALLS, required=True, metadata={"description": "Calls a minute."})


class ClientChange(Input):
    """What of a client changes; other scopes or another quota end its tokens."""

    name = Text(most=100)
    owner = Username()
    scopes = Scopes()
    quota = Whole(least=1, most=MOST_CALLS)


class Client(Answer):
    """A machine client."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    owner = fields.String(required=True, metadata={"description": "The account that answers for it."})
    owner_open = fields.Boolean(required=True, metadata={"description": "That account is not closed."})
    scopes = fields.List(fields.String(), required=True)
    quota = fields.Integer(required=True, metadata={"description": "Calls a minute."})
    closed = fields.Boolean(required=True)
    created_at = fields.String(metadata={"format": "date-time"})
    signed_in_at = fields.String(
        allow_none=True, metadata={"format": "date-time", "description": "Of the tokens that still count."}
    )


class ClientWithSecret(Client):
    """A machine client with its secret, shown this once."""

    client_secret = fields.String(required=True)


ClientList = list_of(Client, name="ClientList")
