"""What holds on a day: an item as it is from each of some days on.

The catalogue tells the whole course of an item (`catalogue.item.dated`), what is announced included. Every service
keeps it and judges a promise by the day of the service, never by today. The days of terms are ISO texts, as events
carry them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import Field, replace
from datetime import date
from typing import Any, ClassVar, Protocol, TypeVar


class Stretch(Protocol):
    """What an item is from a day on until another, which is not part of it."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date: ...


S = TypeVar("S", bound=Stretch)
Term = Mapping[str, Any]


def as_of(terms: Iterable[Term], day: date) -> Term | None:
    """Return what an item is on a day; None before its first."""
    begun = [term for term in terms if term["effective_from"] <= day.isoformat()]
    return max(begun, key=lambda term: str(term["effective_from"]), default=None)


def changed_from(stretches: Iterable[S], day: date, change: Callable[[S], S]) -> Iterator[S]:
    """Give stretches as a change leaves them that counts from a day on: as they were before it, and changed after."""
    for each in stretches:
        before = replace(each, until=min(each.until, day))
        after = replace(change(each), since=max(each.since, day))
        yield from (part for part in (before, after) if part.since < part.until)
