"""Lists that a service gives whole, in the API's pages."""

from collections.abc import Mapping
from typing import Any

from gateway.http.problems import Problem


def page_of(content: Any, query: Mapping[str, Any]) -> Any:
    """Return the part of a whole list that a query asks for; all of it without a limit.

    Args:
        content: a list, or an object with `items`.
        query: `limit` and `cursor`, the cursor being a place in the list.

    Raises:
        Problem: 422, the cursor was not given out here.
    """
    items = content if isinstance(content, list) else content["items"]
    start = _place(query.get("cursor", "0"))
    end = start + query.get("limit", len(items))
    return {"items": items[start:end], "next": str(end) if end < len(items) else None}


def without_page(query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a query without limit and cursor."""
    return {name: value for name, value in query.items() if name not in ("limit", "cursor")}


def _place(cursor: str) -> int:
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 10:
        return int(cursor)
    raise Problem(422, errors={"cursor": ["Not a cursor of ours."]})
