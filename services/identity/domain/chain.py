"""The chain of the trail: each entry's link is a hash over its content and the link before it (RFC 6234, SHA-256).

Whoever changes, drops or inserts an entry would have to make all later links anew, and those are known outside: the
newest is told to the log and to another service's database every quarter of an hour, and shown by `hall audit verify`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

BEGINNING = "0" * 64
_MEMBERS = (
    "hall", "number", "service", "action", "username", "by", "roles", "department", "ok", "address", "subject",
    "reason", "details", "before", "after",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place in the chain: how many entries there are up to it, and the link of the last of them."""

    number: int = 0
    link: str = BEGINNING


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Where the chain is broken, and how: an entry is missing, or is not what was written."""

    number: int
    kind: str


def link(before: str, entry: Mapping[str, Any]) -> str:
    """Return the link of an entry, 64 hex digits.

    Args:
        before: the link of the entry before it.
        entry: the entry as it is stored, `at` as an aware moment.
    """
    content: dict[str, Any] = {name: entry[name] for name in _MEMBERS}
    at: datetime = entry["at"]
    content["at"] = at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return sha256(f"{before}\n{text}".encode()).hexdigest()


def follow(
    place: Place, entries: Iterable[Mapping[str, Any]], *, told: Iterable[Mapping[str, Any]] = ()
) -> tuple[Place, Fault | None]:
    """Return how far a part of the chain is whole, and the first fault in it.

    Args:
        place: where the part begins.
        entries: those behind it, by number.
        told: `{number, link}` of entries as they were told elsewhere when they were the last.
    """
    known: dict[int, set[str]] = {}
    for each in told:
        known.setdefault(each["number"], set()).add(each["link"])
    for entry in entries:
        if entry["number"] != place.number + 1:
            return place, Fault(number=place.number + 1, kind="missing")
        if entry["link"] != link(place.link, entry) or known.get(entry["number"], set()) - {entry["link"]}:
            return place, Fault(number=entry["number"], kind="changed")
        place = Place(number=entry["number"], link=entry["link"])
    return place, None
