"""JSON as it goes over the bus and into the database: compact, times in RFC 3339 with offset."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form here")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


def dumps(value: Any) -> str:
    """Return the compact JSON text of a value.

    Raises:
        TypeError: a part of it has no JSON form.
    """
    return _encode(value)


def canonical(value: Any) -> str:
    """Return the same text for equal values, whatever the order of their members."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain)
