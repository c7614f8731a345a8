"""Marshmallow building blocks of every service: strict requests, tolerant events."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from unicodedata import category

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, missing, validate, validates_schema
from marshmallow.utils import ensure_text_type

from services.chassis.wording import has_a_letter, hides_something, names_a_person, without_hidden

LONGEST_PHONE = 40
# Of the years a hall looks back on.
LONGEST_DAYS = 25 * 366
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


Write = Callable[[Any], Any]


class Reply(Schema):
    """Output of a command or question, written as marshmallow writes it; how each field is, is looked up only once.

    Marshmallow looks for the attribute and the way of each field of each object again, which was more than half of
    what a clerk's desk cost. The hooks `_init_fields` and `_serialize` are its private ones: a test compares all
    replies of all services with what marshmallow alone writes.
    """

    _fields_to_write: Sequence[tuple[str, str, Any, Write | None]]

    def _init_fields(self) -> None:
        super()._init_fields()
        self._fields_to_write = [
            (field.data_key or name, name, field, None if field.attribute else _write(field))
            for name, field in self.dump_fields.items()
        ]

    def _serialize(self, obj: Any, *, many: bool = False) -> Any:
        if many and obj is not None:
            return [self._serialize(each) for each in obj]
        found = _attributes(obj)
        written = {}
        for key, name, field, write in self._fields_to_write:
            value = missing if write is None else found.get(name, missing)
            if write is None or value is missing:
                # Another kind of field, a property, a default, or nothing at all.
                value = field.serialize(name, obj, accessor=self.get_attribute)
                if value is missing:
                    continue
            elif value is not None:
                value = write(value)
            written[key] = value
        return written


def _attributes(obj: Any) -> Mapping[str, Any]:
    """Return what can be read of an object without more ado."""
    if type(obj) is dict:
        return obj
    return {} if hasattr(obj, "__getitem__") else getattr(obj, "__dict__", {})


def _write(field: Any) -> Write | None:
    """Return what writes a value other than None as the field does; None for a kind of field that is not known here."""
    kind = type(field)
    if kind is fields.Nested:
        return lambda value: field.schema.dump(value, many=field.schema.many or field.many)
    if kind is fields.List:
        return _write_list(_write(field.inner))
    if kind in (fields.AwareDateTime, fields.Date):
        return kind.SERIALIZATION_FUNCS["iso"] if field.format in (None, "iso") else None
    if kind in (fields.Integer, fields.Float):
        return None if field.as_string else kind.num_type
    return _WRITE.get(kind)


def _write_list(write: Write | None) -> Write | None:
    return write and (lambda values: [None if each is None else write(each) for each in values])


def _as_text(value: Any) -> str:
    return value if type(value) is str else ensure_text_type(value)


_WRITE: Mapping[type, Write] = {
    fields.String: _as_text,
    fields.UUID: str,
    fields.Boolean: lambda value: value,
}


def _no_control_characters(text: str) -> None:
    if any(category(character) == "Cc" and character not in "\n\t" for character in text):
        raise ValidationError("May not contain control characters.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError("May not contain lone surrogates.")


class Text(fields.String):
    """Text of a bounded length without control and format characters, trimmed."""

    def __init__(self, *, most: int = 200, least: int = 1, **kwargs: Any) -> None:
        """Make a field of `least` to `most` characters."""
        rules = [_no_control_characters, validate.Length(least, most), *kwargs.pop("rules", [])]
        super().__init__(validate=rules, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        return without_hidden(text).strip()


def shows_all(text: str) -> None:
    """Refuse a name or an address that holds what nobody sees, or nothing that anybody could read."""
    if hides_something(text):
        raise ValidationError("May not contain invisible characters.")
    if not has_a_letter(text):
        raise ValidationError("Must contain a letter.")


class Name(Text):
    """The name or address of a person, which is sealed where it is kept."""

    def __init__(self, **kwargs: Any) -> None:
        """Make a field as `Text` does."""
        super().__init__(rules=[shows_all], **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text: str = fields.String._deserialize(self, value, attr, data, **kwargs)
        return text.strip(" \u3000")


class Phone(Text):
    """A phone number as somebody typed it; `personal.phone_number` reads it."""

    def __init__(self, **kwargs: Any) -> None:
        """Make a field."""
        super().__init__(most=LONGEST_PHONE, **kwargs)


class Wording(Text):
    """Text that is kept for long and read by many, and names no person."""

    NAMES_A_PERSON = "May hold no identity or phone number."

    def __init__(self, *, rules: Sequence[Callable[[str], Any]] = (), **kwargs: Any) -> None:
        """Make a field as `Text` does."""
        super().__init__(rules=[*rules, self._names_nobody], **kwargs)

    def _names_nobody(self, text: str) -> None:
        if names_a_person(text):
            raise ValidationError(self.NAMES_A_PERSON)


class Code(fields.String):
    """The code of a department, window, queue or item."""

    def __init__(self, **kwargs: Any) -> None:
        """Make a field of 1 to 64 letters, digits, dots, dashes and underscores."""
        rule = validate.Regexp(CODE, error="Not a code: 1 to 64 letters, digits, '.', '-' or '_'.")
        super().__init__(validate=rule, **kwargs)


class Dates(Request):
    """Which business dates, both included."""

    since = fields.Date(required=True, data_key="from")
    until = fields.Date(required=True, data_key="to")

    @validates_schema
    def in_order(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse a range that ends before it begins."""
        if data["until"] < data["since"]:
            raise ValidationError("May not be before `from`.", "to")
        refuse_longer(data, LONGEST_DAYS)


def refuse_longer(data: Mapping[str, Any], days: int) -> None:
    """Refuse dates that are more than so many days.

    Raises:
        ValidationError: they are.
    """
    if (data["until"] - data["since"]).days >= days:
        raise ValidationError(f"At most {days} days.", "to")
