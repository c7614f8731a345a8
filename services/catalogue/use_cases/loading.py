"""Loading a hall from its tables. It can be done again: what has not changed is left alone and tells nobody."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from itertools import groupby
from typing import Any

from services.catalogue import events
from services.catalogue.domain import items as rules
from services.catalogue.domain import opening, places
from services.catalogue.domain.items import Content, Revision
from services.catalogue.domain.opening import CalendarDay, Hours
from services.catalogue.domain.places import Chain, Department, Hall, Place, Queue, Window, Zone
from services.catalogue.errors import ReferenceInvalid
from services.catalogue.store import Recorded, Store, StoredItem
from services.catalogue.use_cases.closures import told_closures
from services.catalogue.use_cases.items import publish, recorded, require_admin, settle, tell_courses
from services.chassis import clock, wire
from services.chassis.caller import Caller
from services.chassis.inbox import Received
from services.chassis.outbox import Event

VANISHED = "No longer in the tables of the hall."

PUBLISHED: Mapping[type[Place], Callable[..., Event]] = {
    Department: events.department_published,
    Zone: events.zone_published,
    Queue: events.queue_published,
    Window: events.window_published,
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """An item as the tables have it, with the mark by which the same row is known again."""

    code: str
    content: Content
    effective_from: date
    mark: str


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """The places of a hall that refer to each other."""

    departments: Sequence[Department]
    zones: Sequence[Zone]
    queues: Sequence[Queue]
    windows: Sequence[Window]


@dataclass(frozen=True, kw_only=True)
class Tables(Arrangement):
    """The tables of a hall."""

    hall: Hall
    chains: Sequence[Chain]
    items: Sequence[Row]
    hours: Sequence[Hours]
    calendar: Sequence[CalendarDay]


@dataclass
class Summary:
    """What a load did to one table."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    missing: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)


def load_hall(store: Store, caller: Caller, **request: Any) -> dict[str, Any]:
    """Bring the catalogue to what the tables of a hall say; returns what changed in each.

    Items that the tables no longer have are withdrawn; everything else that is missing is kept and named. A change
    made by an administrator stays until the item's row changes in the tables.

    Raises:
        AdminOnly: the caller is no administrator.
        ReferenceInvalid: the tables do not fit together, or are of another hall.
    """
    require_admin(caller)
    tables = _tables(request)
    _require_sound(tables, hall=caller.hall)
    store.lock_hall(tables.hall)
    named: tuple[tuple[str, type[Place], Sequence[Place]], ...] = (
        ("departments", Department, tables.departments),
        ("zones", Zone, tables.zones),
        ("chains", Chain, tables.chains),
        ("queues", Queue, tables.queues),
        ("windows", Window, tables.windows),
    )
    done = {name: load_places(store, caller, kind, rows) for name, kind, rows in named}
    done["items"] = _load_items(store, caller, tables.items)
    done["hours"] = load_hours(store, caller, tables.hall, tables.hours)
    done["calendar"] = load_calendar(store, caller, tables.calendar)
    return {name: asdict(summary) for name, summary in done.items()}


def _tables(request: Mapping[str, Any]) -> Tables:
    return Tables(
        hall=Hall(**request["hall"]),
        departments=[Department(**row, position=n) for n, row in enumerate(request["departments"])],
        zones=[Zone(**row, position=n) for n, row in enumerate(request["zones"])],
        chains=[Chain(**row, position=n) for n, row in enumerate(request["chains"])],
        queues=[Queue(**row, position=n) for n, row in enumerate(request["queues"])],
        windows=[
            Window(**{**row, "queues": tuple(row["queues"])}, position=n)
            for n, row in enumerate(request["windows"])
        ],
        items=[_row(row) for row in request["items"]],
        hours=[Hours(**row) for row in request["hours"]],
        calendar=[CalendarDay(**row) for row in request["calendar"]],
    )


def _row(row: Mapping[str, Any]) -> Row:
    lists = {name: tuple(row[name]) for name in ("chains", "materials")}
    content = Content(**{**{name: row[name] for name in rules.FIELDS}, **lists})
    mark = sha256(wire.canonical(row).encode()).hexdigest()
    return Row(code=row["code"], content=content, effective_from=row["effective_from"], mark=mark)


def _require_sound(tables: Tables, *, hall: str) -> None:
    found: dict[str, list[str]] = {}
    for where, message in _faults(tables, hall=hall):
        found.setdefault(where, []).append(message)
    if found:
        raise ReferenceInvalid(errors=found)


def _faults(tables: Tables, *, hall: str) -> Iterator[tuple[str, str]]:
    if tables.hall.code != hall:
        yield "hall.code", f"This is hall {hall!r}."
    if tables.hall.time_zone != clock.hall_zone().key:
        yield "hall.time_zone", f"The services of this hall run in {clock.hall_zone().key} (HALL_TZ)."
    for name in ("departments", "zones", "chains", "queues", "windows", "items"):
        for code in sorted(places.twice([row.code for row in getattr(tables, name)])):
            yield f"{name}.{code}", "Stands twice."
    yield from place_faults(tables)
    yield from _item_faults(tables)
    for message in opening.misdated(tables.hours):
        yield "hours", message
    for day in sorted(places.twice([str(each.day) for each in tables.calendar])):
        yield f"calendar.{day}", "Stands twice."
    for key in sorted(places.twice([f"{each.department or ''}.{each.weekday}" for each in tables.hours])):
        yield f"hours.{key}", "Stands twice."


def place_faults(tables: Arrangement) -> Iterator[tuple[str, str]]:
    """Yield where and why departments, zones, queues and windows do not fit together."""
    departments = {each.code for each in tables.departments}
    zones = {each.code for each in tables.zones}
    for code, message in places.misplaced(tables.queues, departments=departments, zones=zones):
        yield f"queues.{code}", message
    for prefix in sorted(places.twice([queue.prefix for queue in tables.queues])):
        yield "queues", f"Two queues have the prefix {prefix!r}."
    for code, message in places.misplaced(tables.windows, departments=departments, zones=zones):
        yield f"windows.{code}", message
    for code, message in places.misled(tables.windows, queues={queue.code for queue in tables.queues}):
        yield f"windows.{code}", message


def _item_faults(tables: Tables) -> Iterator[tuple[str, str]]:
    queue_departments = {queue.code: queue.department for queue in tables.queues}
    departments = {each.code for each in tables.departments}
    chains = {each.code for each in tables.chains}
    for row in tables.items:
        found = rules.misfits(
            row.content, queue_departments=queue_departments, departments=departments, chains=chains
        )
        for name, messages in found.items():
            yield f"items.{row.code}.{name}", " ".join(messages)


def load_places(store: Store, caller: Caller, kind: type[Place], wanted: Sequence[Place]) -> Summary:
    """Bring the places of a kind to these, and tell of those that are new or have changed; others stay."""
    stored = store.versions(caller.hall, kind)
    summary = Summary(missing=sorted(stored.keys() - {place.code for place in wanted}))
    writes: list[tuple[Place, int]] = []
    facts: list[Event] = []
    for place in wanted:
        before, version = stored.get(place.code, (None, 0))
        if before == place:
            summary.unchanged += 1
            if before.position != place.position:
                writes.append((place, version))
            continue
        summary.changed += before is not None
        summary.added += before is None
        writes.append((place, version + 1))
        if kind in PUBLISHED:
            facts.append(PUBLISHED[kind](place, sequence=version + 1))
    store.save_places(caller.hall, writes)
    publish(store, caller, facts)
    return summary


def _load_items(store: Store, caller: Caller, rows: Sequence[Row]) -> Summary:
    stored = store.lock_items(caller.hall)
    new = [row for row in rows if row.code not in stored]
    known = [row for row in rows if row.code in stored and stored[row.code].loaded != row.mark]
    gone = _gone(stored, {row.code for row in rows})
    touched = [row.code for row in (*new, *known)] + gone
    revisions = store.revisions_of(caller.hall, touched)
    changes = [_added(caller, row) for row in new]
    changes += [change for row in known if (change := _changed(caller, revisions[row.code], row))]
    changes += [change for code in gone if (change := _withdrawn(caller, code, revisions[code]))]
    store.add_loaded_items(
        caller.hall, [(row.code, row.content, row.effective_from, row.mark) for row in new]
    )
    store.add_revisions(caller.hall, changes)
    store.save_loaded(caller.hall, {**{row.code: row.mark for row in known}, **dict.fromkeys(gone)})
    settle(store, caller, touched)
    tell_courses(store, caller, sorted({each.revision.item for each in changes}))
    return Summary(
        added=len(new),
        changed=sum(each.revision.item in {row.code for row in known} for each in changes),
        unchanged=len(rows) - len(new) - len(known),
        withdrawn=gone,
    )


def _gone(stored: Mapping[str, StoredItem], kept: set[str]) -> list[str]:
    """Return the items that were loaded once and are in the tables no more."""
    return sorted(code for code, item in stored.items() if item.loaded is not None and code not in kept)


def _added(caller: Caller, row: Row) -> Recorded:
    revision = Revision(
        item=row.code,
        revision=1,
        action=rules.ADD,
        effective_from=row.effective_from,
        changes=asdict(row.content),
    )
    return recorded(caller, [], revision)


def _changed(caller: Caller, revisions: Sequence[Revision], row: Row) -> Recorded | None:
    """Return the revision that brings an item to its row; None when it is so already.

    Nothing takes effect in the past: a row whose day has passed counts from today.
    """
    day = max(row.effective_from, clock.business_date(clock.now()), rules.first_day(revisions))
    item = rules.as_of(revisions, day)
    offered = item is not None and item.state == rules.ACTIVE
    changes = rules.differences(item, asdict(row.content)) if item and offered else asdict(row.content)
    if not changes:
        return None
    action = rules.ADJUST if offered else rules.ADD
    return recorded(caller, revisions, _next(revisions, row.code, action, day, changes))


def _withdrawn(caller: Caller, code: str, revisions: Sequence[Revision]) -> Recorded | None:
    """Return the revision that withdraws an item; None when it is withdrawn already."""
    day = max(clock.business_date(clock.now()), rules.first_day(revisions))
    item = rules.as_of(revisions, day)
    if item is None or item.state == rules.WITHDRAWN:
        return None
    return recorded(caller, revisions, _next(revisions, code, rules.WITHDRAW, day, {}), reason=VANISHED)


def _next(
    revisions: Sequence[Revision], code: str, action: str, day: date, changes: Mapping[str, Any]
) -> Revision:
    number = 1 + max(each.revision for each in revisions)
    return Revision(item=code, revision=number, action=action, effective_from=day, changes=changes)


def load_hours(store: Store, caller: Caller, hall: Hall, hours: Sequence[Hours]) -> Summary:
    """Bring the opening hours to these, and tell of them when they are others."""
    before = store.hours(caller.hall)
    if set(before) == set(hours):
        return Summary(unchanged=len(hours))
    _publish_hours(store, caller, hall, hours)
    return Summary(added=len(set(hours) - set(before)), unchanged=len(set(hours) & set(before)))


def load_calendar(
    store: Store, caller: Caller, calendar: Sequence[CalendarDay], *, years: Collection[int] = ()
) -> Summary:
    """Bring years of the calendar to these days, `years` even where none of them is left, and tell of what changed."""
    before = _by_year(store.calendar(caller.hall))
    after = {**{year: [] for year in years}, **_by_year(calendar)}
    changed = [year for year, days in after.items() if before.get(year) != days]
    for year in changed:
        _publish_year(store, caller, year, after[year])
    kept = sum(len(after[year]) for year in after if year not in changed)
    return Summary(
        added=len(calendar) - kept,
        unchanged=kept,
        missing=[str(year) for year in sorted(before.keys() - after.keys())],
    )


def keep_set_up(store: Store, told: Sequence[Received]) -> None:
    """Name the halls that were set up, so that their pages open before they have tables."""
    for event in told:
        named = {"name": event.data["name"], "name_en": event.data["name_en"]}
        store.name_hall(Hall(code=event.hall, time_zone=clock.hall_zone().key, **named))


def publish_hall(store: Store, caller: Caller) -> dict[str, int]:
    """Publish everything once more, for a service that was not there when it was published; returns how many facts.

    Places and items keep their version, so whoever knows them changes nothing.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    hall = store.hall(caller.hall)
    facts = _places(store, caller.hall)
    items = store.lock_items(caller.hall)
    facts += [
        events.item_published(stored.item, sequence=stored.version)
        for stored in items.values()
        if stored.item.state != rules.ANNOUNCED
    ]
    publish(store, caller, facts)
    tell_courses(store, caller, list(items))
    hours, years = store.hours(caller.hall), _by_year(store.calendar(caller.hall))
    if hall is not None and hours:
        _publish_hours(store, caller, hall, hours)
    for year, of_year in years.items():
        _publish_year(store, caller, year, of_year)
    closed = told_closures(store, caller.hall)
    publish(store, caller, closed)
    return {"facts": len(facts) + len(items) + bool(hours) + len(years) + len(closed)}


def _places(store: Store, hall: str) -> list[Event]:
    """Return what is published of all places of a hall, with the versions they have."""
    return [
        published(place, sequence=version)
        for kind, published in PUBLISHED.items()
        for place, version in store.versions(hall, kind).values()
    ]


def _publish_hours(store: Store, caller: Caller, hall: Hall, hours: Sequence[Hours]) -> None:
    version = store.replace_hours(caller.hall, hours)
    plain = [each.to_plain() for each in store.hours(caller.hall)]
    fact = events.hours_published(hall.code, plain, time_zone=hall.time_zone, sequence=version)
    publish(store, caller, [fact])


def _publish_year(store: Store, caller: Caller, year: int, of_year: Sequence[CalendarDay]) -> None:
    version = store.replace_year(caller.hall, year, of_year)
    days = [asdict(day) for day in of_year]
    publish(store, caller, [events.calendar_published(year, days, sequence=version)])


def tell_untold_years(store: Store) -> int:
    """Tell the years that were published before every service kept them; returns how many.

    They keep their version, so whoever knows them changes nothing.
    """
    untold = store.lock_years_to_tell()
    for hall, group in groupby(untold, key=lambda row: row[0]):
        known = _by_year(store.calendar(hall))
        facts = [
            events.calendar_published(year, [asdict(day) for day in known.get(year, [])], sequence=version)
            for _, year, version in group
        ]
        publish(store, Caller(hall=hall), facts)
    store.mark_years_told((hall, year) for hall, year, _ in untold)
    return len(untold)


def tell_untold_places(store: Store) -> int:
    """Tell the places of halls that were published before every service kept them; returns of how many halls.

    They keep their version, so whoever knows them changes nothing.
    """
    untold = store.lock_halls_to_tell()
    for hall in untold:
        publish(store, Caller(hall=hall), _places(store, hall))
        store.mark_places_told(hall)
    return len(untold)


def _by_year(calendar: Sequence[CalendarDay]) -> dict[int, list[CalendarDay]]:
    ordered = sorted(calendar, key=lambda each: each.day)
    return {year: list(days) for year, days in groupby(ordered, key=lambda each: each.day.year)}
