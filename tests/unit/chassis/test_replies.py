"""Replies are written by a way of their own, and as marshmallow writes them."""

from collections.abc import Iterator
from datetime import UTC
from importlib import import_module
from pkgutil import walk_packages
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import Schema, fields

import services
from services.chassis.schemas import Reply

PLAIN = {
    fields.String: st.text(max_size=3) | st.sampled_from([7, b"bytes", True]),
    fields.Integer: st.integers(-9, 9) | st.sampled_from([True, 2.5, "7"]),
    fields.Float: st.floats(allow_nan=False) | st.just("1.5"),
    fields.Boolean: st.booleans() | st.just(1),
    fields.UUID: st.uuids() | st.just("no uuid"),
    fields.AwareDateTime: st.datetimes(timezones=st.just(UTC)),
    fields.DateTime: st.datetimes(),
    fields.Date: st.dates(),
    fields.Time: st.times(),
    fields.Decimal: st.decimals(allow_nan=False, allow_infinity=False),
}
ANYTHING = st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)


def _replies() -> list[type[Reply]]:
    for module in walk_packages(services.__path__, "services."):
        if ".schemas" in module.name:
            import_module(module.name)
    return sorted(set(_below(Reply)), key=lambda each: (each.__module__, each.__name__))


def _below(kind: type[Reply]) -> Iterator[type[Reply]]:
    for each in kind.__subclasses__():
        if each.__module__.startswith("services."):
            yield each
        yield from _below(each)


def _values(field: Any) -> st.SearchStrategy[Any]:
    """Return what a field may be given, None with it."""
    if isinstance(field, fields.Nested):
        schema = field.schema
        of_one = _objects(schema)
        found = st.lists(of_one, max_size=2) if schema.many or field.many else of_one
    elif isinstance(field, fields.List):
        found = st.lists(_values(field.inner), max_size=2)
    elif isinstance(field, fields.Dict):
        found = st.dictionaries(st.text(max_size=2), st.integers(), max_size=2)
    else:
        found = next((PLAIN[kind] for kind in type(field).__mro__ if kind in PLAIN), ANYTHING)
    return st.none() | found


def _objects(schema: Schema) -> st.SearchStrategy[Any]:
    """Return mappings and objects with some of the fields of a schema, but for those that a function makes."""
    given_by_name = {
        field.attribute or name: _values(field)
        for name, field in schema.dump_fields.items()
        if not isinstance(field, fields.Function)
    }
    mappings = st.fixed_dictionaries({}, optional=given_by_name).map(_unfolded)
    return mappings | mappings.map(lambda found: SimpleNamespace(**found))


def _unfolded(flat: dict[str, Any]) -> dict[str, Any]:
    """Return `{"a": {"b": 1}}` for `{"a.b": 1}`."""
    found: dict[str, Any] = {}
    for name, value in flat.items():
        *path, last = name.split(".")
        inner = found
        for step in path:
            inner = inner.setdefault(step, {})
        inner[last] = value
    return found


@pytest.mark.parametrize("kind", _replies(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_reply_is_written_as_marshmallow_writes_it(
    kind: type[Reply], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fields.Function, "_serialize", lambda *_given, **_more: "made")
    schema = kind()

    @settings(max_examples=8, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(found=_objects(schema))
    def compare(found: Any) -> None:
        ours = _outcome(schema, found)
        with monkeypatch.context() as patch:
            patch.setattr(Reply, "_serialize", Schema._serialize)
            assert _outcome(schema, found) == ours

    compare()


def _outcome(schema: Schema, found: Any) -> Any:
    """Return what is written with its order, or the kind of fault of a value that cannot be."""
    try:
        return repr(schema.dump(found))
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        return type(fault)


def test_excluded_fields_defaults_and_what_is_not_there_are_as_marshmallows() -> None:
    class Inner(Reply):
        size = fields.Integer()
        kind = fields.String(data_key="class")

    class Outer(Reply):
        name = fields.String(dump_default="none")
        inner = fields.Nested(Inner(), exclude=("size",))
        many = fields.Nested(Inner, many=True)

    found = SimpleNamespace(inner={"size": 1, "kind": "a"}, many=[{"size": 1}, {}])
    assert Outer().dump(found) == {"name": "none", "inner": {"class": "a"}, "many": [{"size": 1}, {}]}
    assert Outer(exclude=("many", "inner"), many=True).dump([found, {"name": None}]) == [
        {"name": "none"},
        {"name": None},
    ]
