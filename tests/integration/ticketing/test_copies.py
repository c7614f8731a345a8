"""Copies of the catalogue: the newest sequence stays, whatever came when."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from services.chassis.inbox import Received, read_event
from services.ticketing.errors import UnknownItem
from services.ticketing.service import Ticketing
from services.ticketing.store import Store
from tests.integration.ticketing.conftest import HOURS, RATES, SmallHall

HEARINGS = {hearing.type: hearing for hearing in Ticketing.inbox.hearings}
NAMED = {"code": "x1", "name": "名", "name_en": "Name"}
# An event's data by type, and the part that changes from one sequence to the next.
DATA: dict[str, tuple[dict[str, Any], str, Callable[[int], Any]]] = {
    "department": (NAMED, "name", str),
    "zone": (NAMED, "name", str),
    "queue": (
        {**NAMED, "prefix": "X", "department": "d0", "zone": "A", "max_wait_s": 600, "rates": RATES},
        "max_wait_s",
        lambda n: 600 + n,
    ),
    "window": ({**NAMED, "department": "d0", "zone": "A", "queues": []}, "queues", lambda n: [f"q{n}"]),
    "item": (
        {**NAMED, "department": "d0", "queue": "q0", "service_seconds": 60, "state": "active"},
        "service_seconds",
        lambda n: 60 + n,
    ),
    "hours": ({"hours": HOURS}, "hours", lambda n: HOURS[:n]),
    "calendar": ({"year": 2026, "days": []}, "days", lambda n: [{"day": f"2026-05-0{n}", "working": False}]),
    "closure": (
        {
            "id": "c1",
            "department": None,
            "window": None,
            "reason_en": "",
            "starts_at": "2026-03-02T09:00:00+08:00",
            "ends_at": "2026-03-02T10:00:00+08:00",
        },
        "reason",
        str,
    ),
}
TABLES = {"calendar": "calendar_years", "hours": "hours"}
COLUMNS = {"hours": "rows"}


def _event(kind: str, sequence: int, **changes: Any) -> Received:
    """Return an event as it comes off the bus, with members nobody here knows."""
    data, name, value = DATA[kind]
    body = {
        "id": f"00000000-0000-4000-8000-{sequence:012d}",
        "type": f"catalogue.{kind}.published",
        "subject": "x1",
        "time": datetime(2026, 3, 2, tzinfo=UTC).isoformat(),
        "sequence": sequence,
        "hall": "main",
        "data": {**data, name: value(sequence), "new_in_a_later_release": 1, **changes},
    }
    return read_event(body, HEARINGS)


def _hear(hall: SmallHall, *events: Received) -> None:
    def take(store: Store, received: Sequence[Received]) -> None:
        HEARINGS[received[0].type].handler(store, received)

    hall.do(take, events)


def _kept(hall: SmallHall, kind: str) -> list[tuple[Any, int]]:
    name = COLUMNS.get(kind, DATA[kind][1])
    rows = hall.rows(f"SELECT {name} AS value, sequence FROM {TABLES.get(kind, kind + 's')}")  # noqa: S608
    return [(row["value"], row["sequence"]) for row in rows]


def test_everything_the_catalogue_publishes_is_heard_and_what_becomes_of_sessions() -> None:
    sessions = {f"appointments.session.{verb}" for verb in ("planned", "opened", "closed", "cancelled")}
    published = {f"catalogue.{kind}.published" for kind in DATA}
    assert set(HEARINGS) == published | sessions | {"catalogue.item.dated", "appointments.token.renewed"}


@pytest.mark.parametrize("kind", DATA)
def test_the_newest_stays_in_any_order_one_by_one_and_in_a_batch(hall: SmallHall, kind: str) -> None:
    newest = [(DATA[kind][2](3), 3)]
    table = TABLES.get(kind, kind + "s")
    for order in permutations((1, 2, 3)):
        for sequence in order:
            _hear(hall, _event(kind, sequence))
        assert _kept(hall, kind) == newest, order
        hall.change(f"DELETE FROM {table}")  # noqa: S608
        _hear(hall, *(_event(kind, sequence) for sequence in order))
        assert _kept(hall, kind) == newest, order
        hall.change(f"DELETE FROM {table}")  # noqa: S608


def test_a_repeat_changes_nothing_but_the_version_of_the_copies(hall: SmallHall) -> None:
    hall.furnish()
    _hear(hall, _event("queue", 2))
    before = hall.everything()
    version = before.pop("reference_version")[0]["version"]
    _hear(hall, _event("queue", 2), _event("queue", 1))
    after = hall.everything()
    assert after.pop("reference_version")[0]["version"] > version
    assert after == before


def test_who_sits_at_a_window_survives_its_new_copy(hall: SmallHall) -> None:
    hall.furnish()
    hall.sign_in("100")
    _hear(hall, _event("window", 9, code="100", name="新名"))
    row = hall.rows("SELECT name, clerk, profile FROM windows WHERE code = '100'")
    assert row == [{"name": "新名", "clerk": "clerk100", "profile": ["q0", "q1"]}]


def test_a_published_item_can_be_asked_for_at_once(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue()
    _hear(hall, _event("item", 1, queue="x1"))
    _hear(hall, _event("queue", 1))
    hall.forget()
    assert hall.issue("x1")["number"] == "X001"


def test_copies_of_another_hall_do_not_meet_ours(hall: SmallHall) -> None:
    hall.furnish()
    data, _, _ = DATA["zone"]
    hall.keep("keep_zone", **data | {"hall": "annexe", "code": "A"})
    names = hall.rows("SELECT hall, name FROM zones ORDER BY hall")
    assert names == [{"hall": "annexe", "name": "名"}, {"hall": "main", "name": "甲区"}]


def test_how_much_is_here_is_said(hall: SmallHall) -> None:
    hall.furnish()
    with hall.database.autocommit() as store:
        assert store.count_copies("main") == {"items": 3, "queues": 3, "windows": 6}


def test_an_item_is_taken_as_it_is_today_and_who_was_promised_it_is_served(hall: SmallHall) -> None:
    hall.furnish()
    terms = [
        {"effective_from": day, "state": state, "department": "d0", "queue": queue, "service_seconds": 60}
        for day, state, queue in (
            ("2010-01-04", "active", "q0"),
            ("2026-03-03", "active", "q1"),
            ("2026-03-04", "withdrawn", "q1"),
        )
    ]
    hall.do(Store.keep, "keep_terms", [{"hall": "main", "code": "i0", "terms": terms, "sequence": 3}])
    queues = []
    for day in (2, 3):
        hall.go_to(f"2026-03-0{day}T09:05")
        queues.append(hall.issue("i0")["queue"])
    assert queues == ["q0", "q1"]
    hall.go_to("2026-03-04T09:05")
    with pytest.raises(UnknownItem):
        hall.issue("i0")
    promised = hall.check_in("a0000000-0000-4000-8000-000000000001", item="i0").body
    assert promised["queue"] == "q1"
