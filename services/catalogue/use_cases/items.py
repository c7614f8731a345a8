"""Items: finding them, and the dated revisions that add, adjust and withdraw them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from itertools import groupby
from typing import Any

from services.catalogue import events
from services.catalogue.domain import items as rules
from services.catalogue.domain import search
from services.catalogue.domain.items import Content, Item, Revision
from services.catalogue.errors import (
    AdminOnly,
    CursorInvalid,
    EffectiveDateInvalid,
    ItemExists,
    ItemNotFound,
    ItemNotYetOffered,
    ItemWithdrawn,
    NothingChanges,
    ReferenceInvalid,
)
from services.catalogue.store import Recorded, Store
from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.outbox import Event, publish_later

ANY_STATE = "all"
NEWEST = (date.max, 2**62)
SPELLED_AT_ONCE = 500
TOLD_AT_ONCE = 100


def list_items(
    store: Store,
    caller: Caller,
    *,
    q: str | None = None,
    department: str | None = None,
    kind: str | None = None,
    chain: str | None = None,
    state: str = rules.ACTIVE,
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """Return the items that match, the best matches first.

    Args:
        store: the catalogue.
        caller: whose hall it is.
        q: code, part of the name, pinyin or pinyin initials.
        department, kind, chain: only those of it.
        state: `active`, `withdrawn` or `all`.
        limit: most items of an answer.
        cursor: where an earlier answer ended.

    Raises:
        CursorInvalid: the cursor is none of ours.
    """
    found = store.search(
        caller.hall,
        q=q,
        state=None if state == ANY_STATE else state,
        department=department,
        kind=kind,
        chain=chain,
        after=_place(cursor, int, str) if cursor else (-1, ""),
        limit=limit + 1,
    )
    more = len(found) > limit
    last_rank, last = found[limit - 1] if more else (0, None)
    return {
        "items": [item for _, item in found[:limit]],
        "next": search.to_cursor(last_rank, last.code) if last else None,
    }


def _place(cursor: str, *kinds: type) -> Any:
    try:
        return search.from_cursor(cursor, *kinds)
    except ValueError:
        raise CursorInvalid(errors={"cursor": ["Not a cursor of this list."]}) from None


def get_item(store: Store, caller: Caller, *, code: str) -> Item:
    """Return an item as it is today.

    Raises:
        ItemNotFound: there is none, or it is only announced.
    """
    item = store.item(caller.hall, code)
    if item is None:
        raise ItemNotFound
    return item


def add_item(
    store: Store,
    caller: Caller,
    *,
    code: str,
    effective_from: date | None = None,
    reason: str | None = None,
    **content: Any,
) -> Item:
    """Offer a new item from a day on; returns it as it will be then.

    Raises:
        AdminOnly, ItemExists, EffectiveDateInvalid, ReferenceInvalid: it cannot be added.
    """
    require_admin(caller)
    day = _effective(effective_from)
    new = Content(**_frozen(content))
    _require_fit(store, caller.hall, new)
    if not store.add_item(caller.hall, code, new, effective_from=day):
        raise ItemExists
    return _record(store, caller, [], _revision(code, [], rules.ADD, day, asdict(new)), reason=reason)


def adjust_item(
    store: Store,
    caller: Caller,
    *,
    code: str,
    effective_from: date | None = None,
    reason: str | None = None,
    **changes: Any,
) -> Item:
    """Change an item from a day on; returns it as it will be then.

    Raises:
        AdminOnly, ItemNotFound, ItemNotYetOffered, ItemWithdrawn, EffectiveDateInvalid, ReferenceInvalid: it cannot
            be changed so.
        NothingChanges: it is like that already.
    """
    require_admin(caller)
    day = _effective(effective_from)
    revisions = _held(store, caller.hall, code)
    item = _offered(revisions, day)
    different = rules.differences(item, changes)
    if not different:
        raise NothingChanges
    _require_fit(store, caller.hall, replace(rules.content_of(item), **different))
    revision = _revision(code, revisions, rules.ADJUST, day, different)
    return _record(store, caller, revisions, revision, reason=reason)


def withdraw_item(
    store: Store, caller: Caller, *, code: str, effective_from: date | None = None, reason: str | None = None
) -> Item:
    """Stop offering an item from a day on; returns it as it will be then.

    Raises:
        AdminOnly, ItemNotFound, ItemNotYetOffered, ItemWithdrawn, EffectiveDateInvalid: it cannot be withdrawn then.
    """
    require_admin(caller)
    day = _effective(effective_from)
    revisions = _held(store, caller.hall, code)
    _offered(revisions, day)
    revision = _revision(code, revisions, rules.WITHDRAW, day, {})
    return _record(store, caller, revisions, revision, reason=reason)


def list_revisions(
    store: Store,
    caller: Caller,
    *,
    item: str | None = None,
    from_: date = date.min,
    to: date = date.max,
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """Return what was added, adjusted and withdrawn with effect in a period, the newest first; of one item or all.

    Staff alone are told by whom.

    Raises:
        CursorInvalid: the cursor is none of ours.
    """
    rows = store.revisions(
        caller.hall, item=item, first=from_, last=to, before=_before(cursor), limit=limit + 1
    )
    shown, more = rows[:limit], len(rows) > limit
    return {
        "items": [
            {
                **row,
                "changes": _listed(row["before"], row["changes"]),
                "recorded_by": row["recorded_by"] if caller.is_staff else None,
            }
            for row in shown
        ],
        "next": search.to_cursor(shown[-1]["effective_from"], shown[-1]["position"]) if more else None,
    }


def _before(cursor: str | None) -> tuple[date, int]:
    if cursor is None:
        return NEWEST
    day, position = _place(cursor, str, int)
    try:
        return date.fromisoformat(day), position
    except ValueError:
        raise CursorInvalid(errors={"cursor": ["Not a cursor of this list."]}) from None


def _listed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"field": field, "before": before.get(field), "after": value} for field, value in after.items()]


def require_admin(caller: Caller) -> None:
    """Let only administrators on.

    Raises:
        AdminOnly: the caller is none.
    """
    if not caller.has("admin"):
        raise AdminOnly


def apply_due(store: Store) -> int:
    """Make announced revisions effective on their day; returns how many items were looked at."""
    today = clock.business_date(clock.now())
    due = store.lock_due_items(today)
    for hall, group in groupby(due, key=lambda pair: pair[0]):
        settle(store, Caller(hall=hall), [code for _, code in group])
    return len(due)


def respell(store: Store) -> int:
    """Spell items anew that were stored under earlier rules, up to a batch; returns how many."""
    found = store.lock_items_to_spell(limit=SPELLED_AT_ONCE)
    store.spell_items(found)
    return len(found)


def settle(store: Store, caller: Caller, codes: Sequence[str]) -> None:
    """Bring items to what their revisions make of them today, and publish those that changed."""
    today = clock.business_date(clock.now())
    held = store.lock_items(caller.hall, codes)
    revisions = store.revisions_of(caller.hall, codes)
    saved: list[tuple[Item, int, date | None]] = []
    waiting: dict[str, date | None] = {}
    for code, stored in held.items():
        item = rules.as_of(revisions[code], today)
        next_change_on = rules.next_change(revisions[code], today)
        if item and item != stored.item:
            saved.append((item, stored.version + 1, next_change_on))
        elif next_change_on != stored.next_change_on:
            waiting[code] = next_change_on
    store.save_items(caller.hall, saved)
    store.save_next_changes(caller.hall, waiting)
    publish(store, caller, [events.item_published(item, sequence=version) for item, version, _ in saved])


def tell_courses(store: Store, caller: Caller, codes: Sequence[str]) -> None:
    """Say what items are from each day on, also what is only announced: promises are judged by their own day."""
    facts = [
        events.item_dated(code, rules.course(of_item), sequence=max(each.revision for each in of_item))
        for code, of_item in store.revisions_of(caller.hall, codes).items()
        if of_item
    ]
    publish(store, caller, facts)
    store.mark_courses_told(caller.hall, codes)


def tell_untold_courses(store: Store, *, limit: int = TOLD_AT_ONCE) -> int:
    """Tell the courses of items that were recorded before courses were told; returns how many.

    Args:
        store: the catalogue.
        limit: most items at once.
    """
    untold = store.lock_items_to_tell(limit=limit)
    for hall, group in groupby(untold, key=lambda pair: pair[0]):
        tell_courses(store, Caller(hall=hall), [code for _, code in group])
    return len(untold)


def publish(store: Store, caller: Caller, facts: Sequence[Event]) -> None:
    """Publish events, if there are any, with the transaction."""
    if facts:
        publish_later(store, *facts, caller=caller, at=clock.now())


def _effective(day: date | None) -> date:
    today = clock.business_date(clock.now())
    if day is not None and day < today:
        raise EffectiveDateInvalid(errors={"effective_from": [f"May not be before today, {today}."]})
    return day or today


def _held(store: Store, hall: str, code: str) -> list[Revision]:
    if not store.lock_items(hall, [code]):
        raise ItemNotFound
    return store.revisions_of(hall, [code])[code]


def _known(revisions: Sequence[Revision], day: date) -> Item:
    item = rules.as_of(revisions, day)
    if item is None:
        raise ItemNotYetOffered(f"The item is offered from {rules.first_day(revisions)} on.")
    return item


def _offered(revisions: Sequence[Revision], day: date) -> Item:
    item = _known(revisions, day)
    if item.state == rules.WITHDRAWN:
        raise ItemWithdrawn
    return item


def _require_fit(store: Store, hall: str, content: Content) -> None:
    found = rules.misfits(
        content,
        queue_departments={queue.code: queue.department for queue in store.queues(hall)},
        departments={department.code for department in store.departments(hall)},
        chains={chain.code for chain in store.chains(hall)},
    )
    if found:
        raise ReferenceInvalid(errors=found)


def _frozen(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in content.items()}


def _revision(
    code: str, revisions: Sequence[Revision], action: str, day: date, changes: Mapping[str, Any]
) -> Revision:
    number = 1 + max((each.revision for each in revisions), default=0)
    return Revision(item=code, revision=number, action=action, effective_from=day, changes=changes)


def recorded(
    caller: Caller, revisions: Sequence[Revision], revision: Revision, *, reason: str | None = None
) -> Recorded:
    """Return a revision as it is stored: by whom, when, and what was before."""
    before = rules.as_of(revisions, revision.effective_from)
    return Recorded(
        revision=revision,
        recorded_at=clock.now(),
        recorded_by=caller.username,
        reason=reason,
        before={name: getattr(before, name) for name in revision.changes} if before else {},
    )


def _record(
    store: Store, caller: Caller, revisions: list[Revision], revision: Revision, *, reason: str | None
) -> Item:
    store.add_revisions(caller.hall, [recorded(caller, revisions, revision, reason=reason)])
    settle(store, caller, [revision.item])
    tell_courses(store, caller, [revision.item])
    return _known([*revisions, revision], revision.effective_from)
