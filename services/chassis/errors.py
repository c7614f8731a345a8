"""The four kinds of error a service answers with, and their wire form.

Each error has a stable `code`. A subclass is named for one broken rule; its docstring is the message.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

FieldErrors = Mapping[str, Sequence[str]]


class ServiceError(Exception):
    """Something a caller did not get, with a reason it can act on."""

    kind: ClassVar[str] = "unexpected"
    code: str = "unexpected"

    def __init__(self, detail: str = "", *, errors: FieldErrors | None = None, **extra: Any) -> None:
        """Make an error.

        Args:
            detail: what is wrong this time, in one sentence; the class's docstring when left out.
            errors: field name to messages, for invalid input.
            extra: further members of the answer, as `alternatives` of a cut-off.
        """
        self.detail = detail or (type(self).__doc__ or "").partition("\n")[0]
        self.errors = {field: list(messages) for field, messages in (errors or {}).items()}
        self.extra = extra
        super().__init__(self.detail)

    def to_wire(self) -> dict[str, Any]:
        """Return the JSON form of this error."""
        return {
            "kind": self.kind,
            "code": self.code,
            "detail": self.detail,
            "errors": self.errors,
            "extra": self.extra,
        }


class NotFound(ServiceError):
    """There is no such thing."""

    kind = "not_found"
    code = "not_found"


class Conflict(ServiceError):
    """The state of things forbids it."""

    kind = "conflict"
    code = "conflict"


class Invalid(ServiceError):
    """The request is not valid."""

    kind = "invalid"
    code = "invalid"


class Forbidden(ServiceError):
    """You may not do this."""

    kind = "forbidden"
    code = "forbidden"


class KeyReused(Invalid):
    """This idempotency key was used for another request."""

    code = "idempotency_key_reused"


class NamesAPerson(Invalid):
    """A text holds an identity or phone number; nothing about persons is kept here."""

    code = "personal_data"


class ServiceAway(ServiceError):
    """A service that is needed for the answer does not answer."""

    kind = "away"
    code = "service_unavailable"
