"""The kinds of columns of a table: what a cell must look like, and what becomes of it."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from marshmallow import ValidationError, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from services.catalogue.tables.faults import Fault


class Text(fields.String):
    """A text, which must not be empty unless it may be left out."""

    def __init__(self, *, longest: int = 200, optional: bool = False) -> None:
        self.optional, self.longest = optional, longest
        super().__init__(
            required=True,
            validate=[
                Length(min=0 if optional else 1, error=Fault("empty")),
                Length(max=longest, error=Fault("too_long", most=longest)),
            ],
        )


class _OrNone(fields.Field[Any]):
    """A column that is None where it may be left out and is empty."""

    def __init__(self, *, optional: bool = False, **kwargs: Any) -> None:
        self.optional = optional
        super().__init__(required=True, allow_none=optional, **kwargs)

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        """Read an empty cell as None where it may be left out."""
        return super().deserialize(None if self.optional and value == "" else value, attr, data, **kwargs)


class Code(_OrNone, fields.String):
    """A code of one form; `form` is the fault that says it in words for whoever corrects the table."""

    def __init__(self, pattern: str, form: str, *, optional: bool = False) -> None:
        self.form = Fault(form)
        super().__init__(optional=optional, validate=Regexp(f"^(?:{pattern})$", error=self.form))


class Whole(fields.Integer):
    """A whole number in a range."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high
        bounds = Range(min=low, max=high, error=Fault("not_between", low=low, high=high))
        super().__init__(required=True, validate=bounds, error_messages={"invalid": Fault("not_whole")})


class Rate(fields.Float):
    """How fast a class gains priority."""

    def __init__(self) -> None:
        super().__init__(
            required=True,
            validate=Range(min=0, max=100, min_inclusive=False, error=Fault("rate_range")),
            error_messages={"invalid": Fault("not_number"), "special": Fault("not_number")},
        )


class Choice(fields.String):
    """One of some words."""

    def __init__(self, known: Sequence[str]) -> None:
        self.known = known
        wrong = Fault("not_one_of", known=", ".join(known))
        super().__init__(required=True, validate=OneOf(known, error=wrong))


class Flag(fields.Boolean):
    """Yes or no."""

    def __init__(self) -> None:
        super().__init__(
            required=True,
            truthy={"true", "TRUE", "True", "1", "是"},
            falsy={"false", "FALSE", "False", "0", "否"},
            error_messages={"invalid": Fault("flag_form")},
        )


class Parts(fields.Field[list[str]]):
    """Several values in one cell, each once."""

    def __init__(self, separator: str, *, least: int = 0) -> None:
        self.separator, self.least = separator, least
        super().__init__(required=True)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[str]:
        parts = [part.strip() for part in value.split(self.separator)] if value else []
        if "" in parts:
            raise ValidationError(Fault("part_empty", separator=self.separator))
        if twice := next((part for part in parts if parts.count(part) > 1), None):
            raise ValidationError(Fault("part_twice", value=twice))
        if len(parts) < self.least:
            raise ValidationError(Fault("empty"))
        return parts


class Weekdays(Parts):
    """Days of the week, 1 Monday to 7 Sunday, kept as numbers."""

    def __init__(self) -> None:
        super().__init__(";", least=1)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        parts = super()._deserialize(value, attr, data, **kwargs)
        if wrong := next((part for part in parts if part not in set("1234567")), None):
            raise ValidationError(Fault("no_weekday", value=wrong))
        return [int(part) for part in parts]


class Day(_OrNone):
    """A date, kept in the form that goes over the wire."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        try:
            day = date.fromisoformat(value)
        except ValueError as exc:
            raise ValidationError(Fault("no_date", value=value)) from exc
        return day.isoformat()


class TimeOfDay(_OrNone):
    """A time of day to the minute, kept in the form that goes over the wire."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        try:
            moment = time.fromisoformat(value)
        except ValueError as exc:
            raise ValidationError(Fault("no_time", value=value)) from exc
        if moment.tzinfo or moment.second or moment.microsecond:
            raise ValidationError(Fault("not_minutes", value=value))
        return moment.strftime("%H:%M")


class Degrees(fields.Float):
    """Degrees of latitude or longitude (WGS 84)."""

    def __init__(self, most: int) -> None:
        super().__init__(
            required=True,
            validate=Range(min=-most, max=most, error=Fault("not_between", low=-most, high=most)),
            error_messages={"invalid": Fault("not_number"), "special": Fault("not_number")},
        )


class Amount(fields.Float):
    """A number of at most four decimals; an empty cell is None where it may be left out."""

    def __init__(self, low: float, high: float, *, optional: bool = False) -> None:
        self.optional = optional
        super().__init__(
            required=True,
            allow_none=optional,
            validate=Range(min=low, max=high, error=Fault("not_between", low=f"{low:g}", high=f"{high:g}")),
            error_messages={"invalid": Fault("not_number"), "special": Fault("not_number")},
        )

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        """Read an empty cell as None where it may be left out."""
        return super().deserialize(None if self.optional and value == "" else value, attr, data, **kwargs)


def slug(*, optional: bool = False) -> Code:
    """Return a field for the codes of departments, queues, items and chains."""
    return Code("[a-z0-9][a-z0-9-]{0,39}", "slug_form", optional=optional)


def zone_code() -> Code:
    """Return a field for the codes of zones."""
    return Code("[A-Z][A-Z0-9]{0,3}", "zone_form")


def window_code(*, optional: bool = False) -> Code:
    """Return a field for the codes of windows."""
    return Code("[0-9]{2,4}", "window_form", optional=optional)
