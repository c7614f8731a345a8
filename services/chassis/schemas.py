"""Marshmallow building blocks of every service: strict requests, tolerant events."""

import re
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")


class Request(Schema):
    """Input of a command or question: an unknown field is an error."""

    class Meta:
        """Marshmallow's options."""

        unknown = RAISE


class EventData(Schema):
    """Data of an event from elsewhere: fields that are not needed here are left out."""

    class Meta:
        """Marshmallow's options."""

        unknown = EXCLUDE


class Reply(Schema):
    """Output of a command or question."""


def _no_control_characters(text: str) -> None:
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        raise ValidationError("May not contain control characters.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError("May not contain lone surrogates.")


class Text(fields.String):
    """Text of a bounded length without control characters, trimmed."""

    def __init__(self, *, most: int = 200, least: int = 1, **kwargs: Any) -> None:
        """Make a field of `least` to `most` characters."""
        rules = [_no_control_characters, validate.Length(least, most), *kwargs.pop("rules", [])]
        super().__init__(validate=rules, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        return text.strip()


class Code(fields.String):
    """The code of a department, window, queue or item."""

    def __init__(self, **kwargs: Any) -> None:
        """Make a field of 1 to 64 letters, digits, dots, dashes and underscores."""
        rule = validate.Regexp(CODE, error="Not a code: 1 to 64 letters, digits, '.', '-' or '_'.")
        super().__init__(validate=rule, **kwargs)
