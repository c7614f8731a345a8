"""Service items and the dated revisions that make them.

A revision says what changes from a day on. An item on a day is what its revisions up to that day make of it, in the
order of their days and then of their numbers; so a change that is announced for later does not undo one made meanwhile.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

KINDS = ("administrative_licence", "non_licence_approval", "public_service")

# announced -> active -> withdrawn -> active (only when a hall's tables offer the item again)
ANNOUNCED, ACTIVE, WITHDRAWN = "announced", "active", "withdrawn"
STATES = (ANNOUNCED, ACTIVE, WITHDRAWN)

ADD, ADJUST, WITHDRAW = "added", "adjusted", "withdrawn"
ACTIONS = (ADD, ADJUST, WITHDRAW)


@dataclass(frozen=True, kw_only=True)
class Content:
    """What an item says. The time limit is in working days, 0 stands for decided on the spot."""

    name: str
    name_en: str
    department: str
    queue: str
    kind: str
    time_limit_days: int
    service_seconds: int
    chains: tuple[str, ...] = ()
    guide: str = ""
    guide_en: str = ""
    materials: tuple[str, ...] = ()


FIELDS = tuple(field.name for field in fields(Content))


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A change of an item that takes effect on a day; `changes` holds the new values by field."""

    item: str
    revision: int
    action: str
    effective_from: date
    changes: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Item(Content):
    """An item as it is on some day; `revision` is the one that took effect last."""

    code: str
    state: str
    effective_from: date
    revision: int


def as_of(revisions: Iterable[Revision], on: date) -> Item | None:
    """Return the item that these revisions of it make on a day; None when it is not offered yet."""
    item: Item | None = None
    for revision in _in_effect(revisions, on):
        item = _after(item, revision)
    return item


def _in_effect(revisions: Iterable[Revision], on: date) -> list[Revision]:
    due = [revision for revision in revisions if revision.effective_from <= on]
    return sorted(due, key=lambda revision: (revision.effective_from, revision.revision))


def _after(item: Item | None, revision: Revision) -> Item | None:
    if item is None and revision.action != ADD:
        return None
    if item and item.state == WITHDRAWN and revision.action == ADJUST:
        return item  # it was announced before the withdrawal
    known = {name: getattr(item, name) for name in FIELDS} if item else {}
    states = {ADD: ACTIVE, WITHDRAW: WITHDRAWN}
    return Item(
        **{**known, **_frozen(revision.changes)},
        code=revision.item,
        state=states.get(revision.action) or (item.state if item else ACTIVE),
        effective_from=revision.effective_from,
        revision=revision.revision,
    )


def _frozen(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in changes.items()}


def course(revisions: Collection[Revision]) -> list[Item]:
    """Return what an item is from each day on which that changes, in order; announced changes are part of it."""
    days = sorted({each.effective_from for each in revisions})
    return [item for day in days if (item := as_of(revisions, day))]


def next_change(revisions: Iterable[Revision], after: date) -> date | None:
    """Return the first day after a day on which a revision takes effect; None when nothing is announced."""
    return min((each.effective_from for each in revisions if each.effective_from > after), default=None)


def first_day(revisions: Sequence[Revision]) -> date:
    """Return the first day on which an item is offered."""
    return min(each.effective_from for each in revisions if each.action == ADD)


def content_of(item: Content) -> Content:
    """Return what an item says, without its code, state and dates."""
    return Content(**{name: getattr(item, name) for name in FIELDS})


def differences(before: Content, after: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the new values that differ from what an item says."""
    return {name: value for name, value in _frozen(after).items() if getattr(before, name) != value}


def misfits(
    content: Content,
    *,
    queue_departments: Mapping[str, str],
    departments: Collection[str],
    chains: Collection[str],
) -> dict[str, list[str]]:
    """Return by field what an item names that does not exist, or does not belong together.

    Args:
        content: the item.
        queue_departments: the department of each queue.
        departments: all codes of departments.
        chains: all codes of chains.
    """
    found: dict[str, list[str]] = {}
    if content.department not in departments:
        found["department"] = [f"There is no department {content.department!r}."]
    if content.queue not in queue_departments:
        found["queue"] = [f"There is no queue {content.queue!r}."]
    elif queue_departments[content.queue] != content.department:
        found["queue"] = [f"Queue {content.queue!r} is of department {queue_departments[content.queue]!r}."]
    if unknown := [chain for chain in content.chains if chain not in chains]:
        found["chains"] = [f"There is no chain {chain!r}." for chain in unknown]
    return found
