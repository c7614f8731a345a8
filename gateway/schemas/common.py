"""Building blocks of every schema."""

import re
from datetime import UTC, date, datetime
from typing import Any
from unicodedata import category

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate
from marshmallow.fields import Field

from services.chassis import personal
from services.chassis.schemas import LONGEST_PHONE, shows_all

CODE_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
CASE_PATTERN = r"^\d{4}-\d{7,12}$"
JOINT_PATTERN = r"^J\d{4}-\d{5,9}$"
DATE_PATTERN = r"^20\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
UUID_PATTERN = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
LARGEST_INTEGER = 2**31 - 1


class Input(Schema):
    """A body or query: an unknown field is an error."""

    class Meta:
        """Marshmallow's options."""

        unknown = RAISE


class Answer(Schema):
    """An answer; it documents what services send, which may be more."""

    class Meta:
        """Marshmallow's options."""

        unknown = EXCLUDE


class HolderToken(fields.String):
    """The secret of who holds a ticket, appointment or order."""

    def __init__(self) -> None:
        """Make the field, which only some answers have."""
        super().__init__(
            metadata={
                "description": "The holder's secret, to send as X-Holder-Token; in the answer that made it, "
                "and in the holder's own."
            }
        )


def refuse_control_characters(text: str) -> None:
    """Refuse what no screen shows and no database keeps: control characters and lone surrogates."""
    if any(category(character) == "Cc" and character not in "\n\t" for character in text):
        raise ValidationError("May not contain control characters.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError("May not contain lone surrogates.")


class Text(fields.String):
    """Text of a bounded length without control characters."""

    def __init__(self, *, most: int = 200, least: int = 1, **kwargs: Any) -> None:
        """Take `least` to `most` characters."""
        super().__init__(validate=[validate.Length(least, most), refuse_control_characters], **kwargs)


class PersonName(Text):
    """The name or address of a person: nothing in it is invisible, and it has a letter."""

    def __init__(self, **kwargs: Any) -> None:
        """Take what `Text` does."""
        super().__init__(**kwargs)
        self.validators.append(shows_all)


class PhoneNumber(fields.String):
    """A phone number as people type and paste it: with blanks, brackets, dashes, wide digits, an extension."""

    def __init__(self, **kwargs: Any) -> None:
        """Take what the services read as a number."""
        super().__init__(validate=[validate.Length(1, LONGEST_PHONE), _is_phone], **kwargs)


def _is_phone(text: str) -> None:
    try:
        personal.phone_number(text)
    except personal.PhoneInvalid as exc:
        raise ValidationError("Not a phone number.") from exc


class Code(fields.String):
    """The code of a department, zone, window, queue, item, kind or chain."""

    def __init__(self, **kwargs: Any) -> None:
        """Take 1 to 64 letters, digits, dots, dashes and underscores."""
        pattern = re.compile(CODE_PATTERN.replace("$", r"\Z"))
        rule = validate.Regexp(pattern, error="Must be 1 to 64 letters, digits, '.', '-' or '_'.")
        kwargs.setdefault("metadata", {}).setdefault("pattern", CODE_PATTERN)
        super().__init__(validate=rule, **kwargs)


class Whole(fields.Integer):
    """A whole number in a range."""

    def __init__(
        self, *, least: int = 0, most: int = LARGEST_INTEGER, strict: bool = True, **kwargs: Any
    ) -> None:
        """Take `least` to `most`; text too, as in a query, unless `strict`."""
        super().__init__(validate=validate.Range(least, most), strict=strict, **kwargs)


class Day(fields.String):
    """A date `YYYY-MM-DD` of this century, kept as text."""

    def __init__(self, **kwargs: Any) -> None:
        """Take a date that exists."""
        kwargs.setdefault("metadata", {}).update(format="date", pattern=DATE_PATTERN)
        super().__init__(validate=_is_day, **kwargs)


class Moment(fields.String):
    """A time of this century in RFC 3339 with offset, kept as text."""

    def __init__(self, **kwargs: Any) -> None:
        """Take a time with offset from 2000 to 2099, wherever on earth one looks at it."""
        kwargs.setdefault("metadata", {}).update(format="date-time")
        super().__init__(validate=_is_moment, **kwargs)


def _is_day(text: str) -> None:
    try:
        if not re.match(DATE_PATTERN.replace("$", r"\Z"), text):
            raise ValueError(text)
        date.fromisoformat(text)
    except ValueError as exc:
        raise ValidationError("Must be a date YYYY-MM-DD from 2000 to 2099.") from exc


# A day inside the century, so that it is the same one in every zone.
FIRST_MOMENT = datetime(2000, 1, 2, tzinfo=UTC)
LAST_MOMENT = datetime(2099, 12, 31, tzinfo=UTC)


def _is_moment(text: str) -> None:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None or not FIRST_MOMENT <= moment < LAST_MOMENT:
            raise ValueError(text)
    except (ValueError, OverflowError) as exc:
        raise ValidationError("Must be a time from 2000 to 2099 in RFC 3339 with an offset.") from exc


class MomentOrDay(fields.String):
    """A time in RFC 3339 with offset, or a day of the hall; kept as text."""

    def __init__(self, **kwargs: Any) -> None:
        """Take either."""
        super().__init__(validate=_is_moment_or_day, **kwargs)


def _is_moment_or_day(text: str) -> None:
    if len(text) == len("2026-03-02"):
        _is_day(text)
    else:
        _is_moment(text)


class Because(Input):
    """Why a member of the staff does it."""

    reason = Text(most=200, required=True)


class Page(Input):
    """Which part of a list."""

    limit = Whole(least=1, most=500, strict=False, metadata={"description": "At most so many items."})
    cursor = Text(most=200, metadata={"description": "`next` of the part before."})


def list_of(item: type[Schema], *, name: str) -> type[Schema]:
    """Return the schema of a list's answer: `{"items": […], "next": cursor or null}`."""
    members: dict[str, Field[Any]] = {
        "items": fields.List(fields.Nested(item), required=True),
        "next": fields.String(allow_none=True, metadata={"description": "Cursor of the next part, if any."}),
    }
    return Answer.from_dict(members, name=name)


class Problem(Answer):
    """An error (RFC 9457)."""

    type = fields.String(required=True, metadata={"format": "uri-reference"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "Stable; write programs against this."})
    call_id = fields.String(required=True, metadata={"description": "Quote it when you report the problem."})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "With 422: field to messages."},
    )
