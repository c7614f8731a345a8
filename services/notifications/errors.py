"""What notifications refuses."""

from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound


class StaffOnly(Forbidden):
    """This needs another role."""

    code = "staff_only"


class DeliveryNotFound(NotFound):
    """There is no such message."""

    code = "delivery_not_found"


class NotFailed(Conflict):
    """Only a message that failed can be tried again."""

    code = "not_failed"


class UnknownKind(Invalid):
    """There is no such kind of message."""

    code = "unknown_kind"


class TemplateInvalid(Invalid):
    """The text names a placeholder that this kind of message does not have, or is not well formed."""

    code = "template_invalid"


class CursorInvalid(Invalid):
    """The cursor is none that was given out here."""
