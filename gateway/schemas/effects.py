"""Whom a change would touch, before anybody makes it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from gateway.schemas.appointments import TimeOfDay
from gateway.schemas.common import Answer, Code, Day, Input, Text, Whole
from gateway.schemas.dispatch import NewCrew

_CODES = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_WEEKDAYS = re.compile(r"[1-7](?:,[1-7]){0,6}\Z")


class Json(fields.String):
    """A query's parameter that holds what a body would, as JSON."""

    def __init__(self, schema: Schema, **kwargs: Any) -> None:
        """Take what a schema takes."""
        super().__init__(**kwargs)
        self._schema = schema

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return self._schema.load(json.loads(text))
        except ValueError as fault:
            if isinstance(fault, ValidationError):
                raise ValidationError([f"{name}: {why}" for name, why in _flat(fault.messages)]) from None
            raise ValidationError("Not JSON.") from None


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Give the messages of nested fields, each with the path to its field."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _flat(inner, f"{path}.{name}" if path else str(name))
    else:
        yield from ((path, str(message)) for message in messages)


class Example(Answer):
    """One of those whom a change touches."""

    kind = fields.String(metadata={"description": "Which of the counts it is part of."})
    number = fields.String(
        metadata={
            "description": "Of a booking, wish or visit its reference, of a ticket or case its number, "
            "of a session its windows."
        }
    )
    on = fields.Date(allow_none=True, metadata={"description": "Its day; of a case when it is due."})


class Effects(Answer):
    """How many people a change touches, as of this moment; those whose promise falls are told once it is made."""

    bookings = fields.Integer(metadata={"description": "Appointments that lose their place and are told."})
    waiting = fields.Integer(
        metadata={"description": "Wishes on the waitlist that end, since no day is left for them."}
    )
    tickets = fields.Integer(metadata={"description": "People with a number; they are served all the same."})
    cases = fields.Integer(metadata={"description": "Open cases, which are carried on."})
    visits = fields.Integer(metadata={"description": "On-site orders to which nobody can come as promised."})
    sessions = fields.Integer(
        metadata={"description": "Extended sessions that could not be held as planned."}
    )
    examples = fields.List(fields.Nested(Example), metadata={"description": "At most three of each count."})


class ItemEffectsQuery(Input):
    """What becomes of an item: from which day (today when left out), and the department then; it ends without one."""

    effective_from = Day()
    department = Code()


class DaysEffectsQuery(Input):
    """Days on which the hall would not work, the last of them included; one day without `to`."""

    class Meta(Input.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(required=True), "to": Day()}  # noqa: RUF012


class HoursEffectsQuery(Input):
    """What the hours of some weekdays would be from a day on (today when left out).

    Of the whole hall when no department is named. Without `opens` and `closes` a department has the hall's hours then,
    and the hall none.
    """

    department = Code()
    weekdays = fields.String(
        required=True,
        validate=validate.Regexp(_WEEKDAYS),
        metadata={"description": "1 Monday to 7 Sunday, by commas."},
    )
    opens = TimeOfDay()
    closes = TimeOfDay()
    break_starts = TimeOfDay()
    break_ends = TimeOfDay()
    effective_from = Day()

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse hours that do not follow one another, or of which a part is missing."""
        opens, closes, *pause = (data.get(name) for name in ("opens", "closes", "break_starts", "break_ends"))
        if (opens is None) != (closes is None) or (opens is None and any(pause)):
            raise ValidationError("Opening and closing belong together.", "closes")
        if (pause[0] is None) != (pause[1] is None):
            raise ValidationError("A break has a start and an end.", "break_ends")
        edges = [each for each in (opens, *pause, closes) if each is not None]
        if any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValidationError("The hours do not follow one another.", "closes")


class DepartmentEffectsQuery(Input):
    """What of a department changes from a day on (today when left out); it leaves the hall when nothing is named."""

    effective_from = Day()
    offers_three_services = fields.Boolean(
        metadata={"description": "Whether it takes appointments, stays open longer and visits people."}
    )
    name = Text(most=100, metadata={"description": "Another name touches nobody."})
    name_en = Text(most=100)


class WindowEffectsQuery(Input):
    """From which queues a window calls from now on; it is closed when none is named."""

    queues = fields.String(
        validate=validate.Regexp(re.compile(rf"(?:{_CODES}(?:,{_CODES}){{0,99}})?\Z")),
        metadata={"description": "Codes of queues, by commas."},
    )


class CrewEffectsQuery(Input):
    """What becomes of a crew: somebody is away, it is another one from a day on, or makes no visits any more.

    Absent are the `member`, or the whole crew, from `from` to `to`. With `crew` or `ends` it is changed from `from` on,
    today when left out.
    """

    class Meta(Input.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(), "to": Day()}  # noqa: RUF012

    member = Code()
    crew = Json(NewCrew(), metadata={"description": "What it would be, as `POST /crews` takes it, in JSON."})
    ends = fields.Boolean()

    @validates_schema(skip_on_field_errors=True)
    def one_change(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse what is no absence and no change, or both."""
        changed = "crew" in data or data.get("ends", False)
        if not changed and "from" not in data:
            raise ValidationError("Needed for an absence.", "from")
        if changed and ("member" in data or "to" in data):
            raise ValidationError("An absence and a change are asked for one at a time.", "crew")


class PlanEffectsQuery(Input):
    """What of a slot plan changes; what is left out stays. With `from` alone: it makes no slots from that day on."""

    class Meta(Input.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day()}  # noqa: RUF012

    items = fields.String(
        validate=validate.Regexp(re.compile(rf"(?:{_CODES}(?:,{_CODES}){{0,699}})?\Z")),
        metadata={"description": "Codes of items, by commas; empty for all of the department's."},
    )
    weekdays = fields.String(
        validate=validate.Regexp(_WEEKDAYS),
        metadata={"description": "1 Monday to 7 Sunday, by commas."},
    )
    starts = TimeOfDay()
    ends = TimeOfDay()
    slot_minutes = Whole(least=5, most=480, strict=False)
    capacity = Whole(least=1, most=1000, strict=False)
    valid_from = Day()
    valid_to = fields.String(
        validate=validate.Regexp(re.compile(r"(?:20\d{2}-\d{2}-\d{2})?\Z")),
        metadata={"description": "The last day; empty for no end."},
    )


def plan_changes(query: dict[str, Any]) -> dict[str, Any]:
    """Return a query's changes as the service takes them."""
    changes = dict(query)
    if "items" in changes:
        changes["items"] = [code for code in changes["items"].split(",") if code]
    if "weekdays" in changes:
        changes["weekdays"] = [int(day) for day in changes["weekdays"].split(",")]
    if "valid_to" in changes:
        changes["valid_to"] = changes["valid_to"] or None
    return changes


def hours_changed(rows: Sequence[Mapping[str, Any]], query: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return all opening hours of the hall as a query would have them."""
    weekdays = {int(day) for day in query["weekdays"].split(",")}
    department = query.get("department")
    kept = [row for row in rows if row["department"] != department or row["weekday"] not in weekdays]
    if "opens" not in query:
        return kept
    breaks = (
        [{"starts": query["break_starts"], "ends": query["break_ends"]}] if "break_starts" in query else []
    )
    times = {"opens": query["opens"], "closes": query["closes"], "breaks": breaks}
    return [*kept, *({"department": department, "weekday": day, **times} for day in sorted(weekdays))]
