"""What the catalogue asks of its database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from services.catalogue.domain import search
from services.catalogue.domain.items import FIELDS, Content, Item, Revision
from services.catalogue.domain.opening import CalendarDay, Hours
from services.catalogue.domain.places import Chain, Department, Hall, Place, Queue, Window, Zone
from services.catalogue.store.closures import Closures
from services.catalogue.store.workbooks import Workbooks
from services.chassis import wire


@dataclass(frozen=True, kw_only=True)
class StoredItem:
    """An item's row: what it is today, how often it was published, and what it was loaded from."""

    item: Item
    version: int
    next_change_on: date | None
    loaded: str | None


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A revision with who recorded it, when and why."""

    revision: Revision
    recorded_at: datetime
    recorded_by: str | None
    reason: str | None
    before: Mapping[str, Any]


_SAVE: Mapping[type[Place], str] = {
    Department: "save_department",
    Zone: "save_zone",
    Chain: "save_chain",
    Queue: "save_queue",
    Window: "save_window",
}
_ALL: Mapping[type[Place], str] = {
    Department: "departments",
    Zone: "zones",
    Chain: "chains",
    Queue: "queues",
    Window: "windows",
}


class Store(Closures, Workbooks):
    """The catalogue's tables. Each method is given the hall."""

    def hall(self, hall: str) -> Hall | None:
        """Return the hall, None before it is loaded."""
        row = self.row("hall", hall=hall)
        return Hall(**_without(row, "hours_version")) if row else None

    def name_hall(self, hall: Hall) -> None:
        """Save the names of a hall that was set up, unless its tables were loaded before."""
        self.run("name_hall", hall=hall.code, **_without(asdict(hall), "code"))

    def lock_hall(self, hall: Hall) -> int:
        """Save the hall's names and hold its row; returns how often its hours were published."""
        version: int = self.value("lock_hall", hall=hall.code, **_without(asdict(hall), "code"))
        return version

    def hold_hall(self, hall: str) -> bool:
        """Hold the hall's row, so that this and a load come one after the other; False when there is none."""
        return self.row("hold_hall", hall=hall) is not None

    def lock_halls_to_tell(self) -> list[str]:
        """Hold the halls whose places not every service was there to hear; returns their codes."""
        return [row["hall"] for row in self.rows("lock_halls_to_tell")]

    def mark_places_told(self, hall: str) -> None:
        """Note that a hall's places are told."""
        self.run("mark_places_told", hall=hall)

    def departments(self, hall: str) -> list[Department]:
        """Return all departments."""
        return [Department(**_without(row, "version")) for row in self.rows("departments", hall=hall)]

    def zones(self, hall: str) -> list[Zone]:
        """Return all zones."""
        return [Zone(**_without(row, "version")) for row in self.rows("zones", hall=hall)]

    def chains(self, hall: str) -> list[Chain]:
        """Return all business chains."""
        return [Chain(**_without(row, "version")) for row in self.rows("chains", hall=hall)]

    def queues(self, hall: str, *, department: str | None = None) -> list[Queue]:
        """Return the queues, of one department or all."""
        rows = self.rows("queues", hall=hall, department=department)
        return [Queue(**_without(row, "version")) for row in rows]

    def versions(self, hall: str, kind: type[Place]) -> dict[str, tuple[Place, int]]:
        """Return all places of a kind by code, each with how often it was published."""
        filters: dict[str, Any] = {"department": None} if kind is Queue else {}
        return {
            row["code"]: (_place(kind, row), row["version"])
            for row in self.rows(_ALL[kind], hall=hall, **filters)
        }

    def save_places(self, hall: str, places: Sequence[tuple[Place, int]]) -> None:
        """Add or change places of one kind, each with its new version."""
        rows = [{**asdict(place), "hall": hall, "version": version} for place, version in places]
        if not places:
            return
        self.run_many(_SAVE[type(places[0][0])], rows)
        if windows := [place for place, _ in places if isinstance(place, Window)]:
            self._save_profiles(hall, windows)

    def _save_profiles(self, hall: str, windows: Sequence[Window]) -> None:
        self.run("clear_window_queues", hall=hall, codes=[window.code for window in windows])
        self.run_many(
            "add_window_queue",
            [
                {"hall": hall, "code": window.code, "place": place, "queue": queue}
                for window in windows
                for place, queue in enumerate(window.queues)
            ],
        )

    def search(
        self,
        hall: str,
        *,
        q: str | None,
        state: str | None,
        department: str | None,
        kind: str | None,
        chain: str | None,
        after: tuple[int, str],
        limit: int,
    ) -> list[tuple[int, Item]]:
        """Return items, without guide and materials, with how well they match (0 is best), in that order."""
        text = search.normal(q or "") or None
        rows = self.rows(
            "search_items",
            hall=hall,
            text=text,
            # A text without letters must not match every spelling, as an empty one would.
            letters=(search.squeezed(text) or text) if text else None,
            state=state,
            department=department,
            kind=kind,
            chain=chain,
            after_rank=after[0],
            after_code=after[1],
            limit=limit,
        )
        return [(row["rank"], _item(row)) for row in rows]

    def item(self, hall: str, code: str) -> Item | None:
        """Return an item as it is today, None when it is not or not yet offered."""
        row = self.row("item", hall=hall, code=code)
        return _item(row) if row else None

    def lock_items(self, hall: str, codes: Sequence[str] | None = None) -> dict[str, StoredItem]:
        """Hold items, or all of the hall, until the transaction ends."""
        rows = self.rows("lock_items", hall=hall, codes=None if codes is None else list(codes))
        return {
            row["code"]: StoredItem(
                item=_item(row),
                version=row["version"],
                next_change_on=row["next_change_on"],
                loaded=row["loaded"],
            )
            for row in rows
        }

    def marks(self, hall: str) -> dict[str, str | None]:
        """Return the mark of the row that each item was loaded from, None of one that no table offered."""
        return {row["code"]: row["loaded"] for row in self.rows("item_marks", hall=hall)}

    def lock_due_items(self, on: date) -> list[tuple[str, str]]:
        """Hold the items of which a revision takes effect by a day; returns hall and code of each."""
        return [(row["hall"], row["code"]) for row in self.rows("lock_due_items", on=on)]

    def lock_items_to_spell(self, *, limit: int) -> list[tuple[str, str, str]]:
        """Hold items spelled by earlier rules; returns hall, code and name of each."""
        rows = self.rows("lock_items_to_spell", spelling=search.SPELLING, limit=limit)
        return [(row["hall"], row["code"], row["name"]) for row in rows]

    def lock_items_to_tell(self, *, limit: int) -> list[tuple[str, str]]:
        """Hold items whose course was never told; returns hall and code of each."""
        return [(row["hall"], row["code"]) for row in self.rows("lock_items_to_tell", limit=limit)]

    def mark_courses_told(self, hall: str, codes: Sequence[str]) -> None:
        """Note that the courses of items are told."""
        self.run("mark_courses_told", hall=hall, codes=list(codes))

    def spell_items(self, items: Iterable[tuple[str, str, str]]) -> None:
        """Store how the names of items are typed: hall, code and name of each."""
        self.run_many(
            "spell_item",
            [{"hall": hall, "code": code, **_spelling_row(search.spell(name))} for hall, code, name in items],
        )

    def add_item(self, hall: str, code: str, content: Content, *, effective_from: date) -> bool:
        """Add an announced item; False when the code is taken."""
        row = _new_row(hall, code, content, effective_from=effective_from, loaded=None)
        return self.row("add_item", **row) is not None

    def add_loaded_items(self, hall: str, items: Iterable[tuple[str, Content, date, str]]) -> None:
        """Add announced items, each with its code, first day and the mark of the row it comes from."""
        self.run_many(
            "add_item",
            [
                _new_row(hall, code, content, effective_from=day, loaded=loaded)
                for code, content, day, loaded in items
            ],
        )

    def save_items(self, hall: str, items: Sequence[tuple[Item, int, date | None]]) -> None:
        """Save what items are from today on, each with its new version and the day of its next change."""
        self.run_many(
            "save_item",
            [
                {
                    **_content_row(item),
                    "hall": hall,
                    "code": item.code,
                    "state": item.state,
                    "revision": item.revision,
                    "effective_from": item.effective_from,
                    "version": version,
                    "next_change_on": next_change_on,
                }
                for item, version, next_change_on in items
            ],
        )

    def save_next_changes(self, hall: str, days: Mapping[str, date | None]) -> None:
        """Save on which day the next announced revision of each item takes effect."""
        rows = [{"hall": hall, "code": code, "next_change_on": day} for code, day in days.items()]
        self.run_many("save_next_change", rows)

    def save_loaded(self, hall: str, marks: Mapping[str, str | None]) -> None:
        """Save the mark of the row that each item was loaded from."""
        rows = [{"hall": hall, "code": code, "loaded": mark} for code, mark in marks.items()]
        self.run_many("save_loaded", rows)

    def add_revisions(self, hall: str, recorded: Sequence[Recorded]) -> None:
        """Record changes of items."""
        self.run_many(
            "add_revision",
            [
                {
                    **asdict(each.revision),
                    "changes": wire.dumps(each.revision.changes),
                    "before": wire.dumps(each.before),
                    "hall": hall,
                    "recorded_at": each.recorded_at,
                    "recorded_by": each.recorded_by,
                    "reason": each.reason,
                }
                for each in recorded
            ],
        )

    def revisions_of(self, hall: str, codes: Sequence[str]) -> dict[str, list[Revision]]:
        """Return all revisions of items by code."""
        found: dict[str, list[Revision]] = {code: [] for code in codes}
        for row in self.rows("revisions_of", hall=hall, codes=list(codes)):
            found[row["item"]].append(Revision(**row))
        return found

    def revisions(
        self, hall: str, *, item: str | None, first: date, last: date, before: tuple[date, int], limit: int
    ) -> list[dict[str, Any]]:
        """Return the revisions that take effect in a period, of one item or all, the newest first."""
        return self.rows(
            "revisions",
            hall=hall,
            item=item,
            first=first,
            last=last,
            before_day=before[0],
            before_position=before[1],
            limit=limit,
        )

    def hours(self, hall: str) -> list[Hours]:
        """Return the opening hours of a hall and of departments that have their own."""
        return [Hours(**row) for row in self.rows("hours", hall=hall)]

    def replace_hours(self, hall: str, hours: Sequence[Hours]) -> int:
        """Write the opening hours anew; returns their new version."""
        self.run("clear_hours", hall=hall)
        self.run_many("add_hours", [{**asdict(each), "hall": hall} for each in hours])
        version: int = self.value("next_hours_version", hall=hall)
        return version

    def calendar(self, hall: str) -> list[CalendarDay]:
        """Return all days that differ from the plain rule."""
        return [CalendarDay(**row) for row in self.rows("calendar", hall=hall)]

    def calendar_day(self, hall: str, day: date) -> CalendarDay | None:
        """Return what the calendar says of a day, None when it follows the plain rule."""
        row = self.row("calendar_day", hall=hall, day=day)
        return CalendarDay(**row) if row else None

    def replace_year(self, hall: str, year: int, days: Sequence[CalendarDay]) -> int:
        """Write the days of a year anew; returns its new version."""
        version: int = self.value("next_calendar_version", hall=hall, year=year)
        self.run("clear_year", hall=hall, year=year)
        self.run_many("add_calendar_day", [{**asdict(day), "hall": hall, "year": year} for day in days])
        return version

    def lock_years_to_tell(self) -> list[tuple[str, int, int]]:
        """Hold the years that not every service was there to hear; returns hall, year and version of each."""
        return [(row["hall"], row["year"], row["version"]) for row in self.rows("lock_years_to_tell")]

    def mark_years_told(self, years: Iterable[tuple[str, int]]) -> None:
        """Note that years are told: hall and year of each."""
        self.run_many("mark_year_told", [{"hall": hall, "year": year} for hall, year in years])


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _place(kind: type[Place], row: Mapping[str, Any]) -> Place:
    values = _without(row, "version")
    if kind is Window:
        values["queues"] = tuple(values["queues"])
    return kind(**values)


def _item(row: Mapping[str, Any]) -> Item:
    """Return an item; a row of a list has no guide and materials, and neither has its item."""
    content = {name: row[name] for name in FIELDS if name in row}
    content |= {name: tuple(content[name]) for name in ("chains", "materials") if name in content}
    own = {name: row[name] for name in ("code", "state", "effective_from", "revision")}
    return Item(**content, **own)


def _content_row(content: Content) -> dict[str, Any]:
    """Return an item's columns with the normal forms that the search compares."""
    spelling = search.spell(content.name)
    return {
        **{name: getattr(content, name) for name in FIELDS},
        "chains": list(content.chains),
        "materials": list(content.materials),
        "search_name": search.normal(content.name),
        "search_name_en": search.normal(content.name_en),
        **_spelling_row(spelling),
    }


def _spelling_row(spelling: search.Spelling) -> dict[str, Any]:
    return {**asdict(spelling), "spelled": search.SPELLING}


def _new_row(
    hall: str, code: str, content: Content, *, effective_from: date, loaded: str | None
) -> dict[str, Any]:
    own = {"hall": hall, "code": code, "effective_from": effective_from, "loaded": loaded}
    return {**_content_row(content), **own}
