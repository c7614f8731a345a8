"""What holds on a day: an item as it is from each of some days on.

The catalogue tells the whole course of an item (`catalogue.item.dated`), what is announced included. Every service
keeps it and judges a promise by the day of the service, never by today. The days of terms are ISO texts, as events
carry them.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

Term = Mapping[str, Any]


def as_of(terms: Iterable[Term], day: date) -> Term | None:
    """Return what an item is on a day; None before its first."""
    begun = [term for term in terms if term["effective_from"] <= day.isoformat()]
    return max(begun, key=lambda term: str(term["effective_from"]), default=None)
