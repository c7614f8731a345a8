"""Loading a hall from its tables, once and again."""

from collections.abc import Callable
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from small_catalogue import Clock, courses, item_row, published

from deploy.hall.load import REFERENCE
from services.catalogue import schemas
from services.catalogue.errors import AdminOnly, ReferenceInvalid
from services.catalogue.store import Store
from services.catalogue.tables.hall import read_hall
from services.catalogue.tables.sending import catalogue_tables
from services.catalogue.use_cases import items, loading, places, there
from services.chassis.caller import Caller
from services.chassis.db import Database

Tables = dict[str, Any]
Load = Callable[[Tables], dict[str, Any]]


def types(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"].split(".")[1] for event in events]


def test_a_load_publishes_each_part_of_the_hall_once(
    catalogue: Database[Store], load: Load, tables: Tables
) -> None:
    done = load(tables)
    events = published(catalogue)
    assert types(events) == (
        ["department"] * 2
        + ["zone"]
        + ["queue"] * 3
        + ["window"]
        + ["item"] * 3
        + ["hours"]
        + ["calendar"] * 2
    )
    assert {event["sequence"] for event in events} == {1}
    assert done["items"]["added"] == 3


def test_loading_the_same_tables_again_tells_nobody_and_makes_no_revision(
    loaded: Database[Store], load: Load, tables: Tables, admin: Caller
) -> None:
    done = load(tables)
    assert published(loaded) == []
    assert all(each["added"] == each["changed"] == 0 for each in done.values())
    with loaded.autocommit() as store:
        assert len(items.list_revisions(store, admin)["items"]) == 3


def test_changed_rows_are_published_with_the_next_sequence(
    loaded: Database[Store], load: Load, tables: Tables
) -> None:
    tables["windows"][0]["queues"] = ["tax-a"]
    tables["queues"][1]["max_wait_s"] = 600
    tables["departments"].reverse()
    tables["calendar"].pop()
    tables["calendar"][0]["name"] = "新年"
    tables["hours"].pop()
    load(tables)
    events = published(loaded)
    assert [(event["type"], event["subject"], event["sequence"]) for event in events] == [
        ("catalogue.queue.published", "tax-b", 2),
        ("catalogue.window.published", "101", 2),
        ("catalogue.hours.published", "main", 2),
        ("catalogue.calendar.published", "2026", 2),
    ]
    assert events[1]["data"]["queues"] == ["tax-a"]
    assert len(events[2]["data"]["hours"]) == 4
    with loaded.autocommit() as store:
        assert [each.code for each in store.departments("main")] == ["police", "tax"]


def test_a_changed_row_of_an_item_is_a_revision_from_today_on(
    loaded: Database[Store], load: Load, tables: Tables, admin: Caller
) -> None:
    tables["items"][0]["time_limit_days"] = 3
    assert load(tables)["items"]["changed"] == 1
    (event,) = published(loaded)
    assert (event["data"]["time_limit_days"], event["data"]["revision"], event["sequence"]) == (3, 2, 2)
    with loaded.autocommit() as store:
        newest = items.list_revisions(store, admin)["items"][0]
    assert (newest["action"], newest["effective_from"]) == ("adjusted", date(2026, 3, 2))
    assert newest["changes"] == [{"field": "time_limit_days", "before": 5, "after": 3}]


def test_an_item_that_vanished_from_the_tables_is_withdrawn_once(
    loaded: Database[Store], load: Load, tables: Tables, admin: Caller
) -> None:
    tables["items"].pop()
    assert load(tables)["items"]["withdrawn"] == ["police-001"]
    (event,) = published(loaded)
    assert (event["subject"], event["data"]["state"]) == ("police-001", "withdrawn")
    assert load(tables)["items"]["withdrawn"] == []
    assert published(loaded) == []
    with loaded.autocommit() as store:
        assert items.get_item(store, admin, code="police-001").state == "withdrawn"


def test_an_item_that_comes_back_to_the_tables_is_offered_again(
    loaded: Database[Store], load: Load, tables: Tables
) -> None:
    row = tables["items"].pop()
    load(tables)
    tables["items"].append(row)
    load(tables)
    assert [event["data"]["state"] for event in published(loaded)] == ["withdrawn", "active"]


def test_places_that_vanished_are_kept_and_named(loaded: Database[Store], load: Load, tables: Tables) -> None:
    tables["windows"].clear()
    tables["departments"].pop()
    tables["queues"].pop()
    tables["items"].pop()
    done = load(tables)
    missing = {name: done[name]["missing"] for name in ("departments", "queues", "windows")}
    assert missing == {"departments": ["police"], "queues": ["police-a"], "windows": ["101"]}
    with loaded.autocommit() as store:
        assert len(store.departments("main")) == 2


def test_what_an_administrator_changed_stays_when_the_tables_are_loaded_again(
    loaded: Database[Store], load: Load, tables: Tables, admin: Caller
) -> None:
    with loaded.transaction() as store:
        items.adjust_item(store, admin, code="tax-001", time_limit_days=1)
        items.withdraw_item(store, admin, code="tax-002")
    published(loaded)
    load(tables)
    assert published(loaded) == []
    with loaded.autocommit() as store:
        assert items.get_item(store, admin, code="tax-001").time_limit_days == 1
        assert items.get_item(store, admin, code="tax-002").state == "withdrawn"


def test_an_item_added_by_an_administrator_is_not_withdrawn_by_a_load(
    loaded: Database[Store], load: Load, tables: Tables, admin: Caller
) -> None:
    row = item_row("tax-900", "新事项")
    del row["effective_from"]
    with loaded.transaction() as store:
        items.add_item(store, admin, **row)
    assert load(tables)["items"]["withdrawn"] == []


def test_two_queues_can_swap_their_letters(loaded: Database[Store], load: Load, tables: Tables) -> None:
    one, two = tables["queues"][:2]
    one["prefix"], two["prefix"] = two["prefix"], one["prefix"]
    load(tables)
    assert [event["data"]["prefix"] for event in published(loaded)] == ["B", "A"]


def test_tables_that_do_not_fit_together_change_nothing(
    catalogue: Database[Store], load: Load, tables: Tables
) -> None:
    tables["queues"][0]["zone"] = "Z"
    tables["windows"][0]["queues"] = ["nowhere"]
    tables["items"][0]["queue"] = "police-a"
    tables["items"].append(tables["items"][1])
    with pytest.raises(ReferenceInvalid) as refusal:
        load(tables)
    assert refusal.value.errors.keys() == {
        "queues.tax-a",
        "windows.101",
        "items.tax-001.queue",
        "items.tax-002",
    }
    assert published(catalogue) == []


def test_the_tables_of_another_hall_are_refused(load: Load, tables: Tables) -> None:
    tables["hall"] |= {"code": "other", "time_zone": "Asia/Tokyo"}
    with pytest.raises(ReferenceInvalid) as refusal:
        load(tables)
    assert refusal.value.errors.keys() == {"hall.code", "hall.time_zone"}


def test_only_an_administrator_loads_a_hall(catalogue: Database[Store], clerk: Caller) -> None:
    with catalogue.transaction() as store, pytest.raises(AdminOnly):
        loading.load_hall(store, clerk)


def test_the_hall_says_how_it_works_today(loaded: Database[Store], admin: Caller, hall_clock: Clock) -> None:
    with loaded.autocommit() as store:
        monday = places.get_hall(store, admin)["today"]
        hall_clock.go_to(date(2026, 1, 4))
        made_up_sunday = places.get_hall(store, admin)["today"]
    assert monday == {
        "date": "2026-03-02",
        "working": True,
        "name": None,
        "opens": "09:00",
        "closes": "17:45",
        "breaks": [{"starts": "12:00", "ends": "14:00"}],
        "closures": [],
    }
    assert (made_up_sunday["working"], made_up_sunday["name"]) == (True, "元旦调休上班")


def test_everything_is_published_once_more_for_a_service_that_is_new(
    catalogue: Database[Store], load: Load, tables: Tables, admin: Caller
) -> None:
    load(tables)
    first, told = published(catalogue), courses(catalogue)
    with catalogue.transaction() as store:
        done = loading.publish_hall(store, admin)
    again = published(catalogue)
    dated = courses(catalogue)
    assert [event["data"] for event in dated] == [event["data"] for event in told]
    assert done == {"facts": len(again) + len(dated)}
    kept = [event for event in again if event["type"].split(".")[1] not in ("hours", "calendar")]
    newest = {(event["type"], event["subject"]): event for event in first}
    for event in kept:
        before = newest[event["type"], event["subject"]]
        assert (event["sequence"], event["data"]) == (before["sequence"], before["data"])
    assert {(event["type"], event["subject"]) for event in again} == newest.keys()


def tell_untold(catalogue: Database[Store]) -> tuple[int, int]:
    """Run the job once, two items at once; returns how many items and years it told."""
    with catalogue.transaction() as store:
        return items.tell_untold_courses(store, limit=2), loading.tell_untold_years(store)


def tell_places(catalogue: Database[Store]) -> int:
    with catalogue.transaction() as store:
        return loading.tell_untold_places(store)


def test_the_places_of_a_hall_from_before_are_told_once_as_they_are(
    catalogue: Database[Store], load: Load, tables: Tables
) -> None:
    load(tables)
    told = [(each["type"], each["subject"], each["sequence"], each["data"]) for each in published(catalogue)]
    assert (tell_places(catalogue), published(catalogue)) == (0, [])
    migration = files("services.catalogue") / "migrations" / "0004_places_told.sql"
    with catalogue.connect() as connection:
        connection.execute("ALTER TABLE halls DROP COLUMN places_told")
        connection.execute(migration.read_text("utf-8"))
    load(tables)
    assert [tell_places(catalogue) for _ in range(2)] == [1, 0]
    again = [(each["type"], each["subject"], each["sequence"], each["data"]) for each in published(catalogue)]
    assert again == [
        each for each in told if each[0].split(".")[1] in ("department", "zone", "queue", "window")
    ]


def make_as_before(catalogue: Database[Store]) -> None:
    """Have the rows be there before the migration that knows what was told."""
    migration = files("services.catalogue") / "migrations" / "0003_told.sql"
    with catalogue.connect() as connection:
        connection.execute("ALTER TABLE items DROP COLUMN course_told")
        connection.execute("ALTER TABLE calendar_years DROP COLUMN told")
        connection.execute(migration.read_text("utf-8"))


def test_what_was_there_before_courses_were_told_is_told_once_in_batches(
    catalogue: Database[Store], load: Load, tables: Tables, admin: Caller
) -> None:
    load(tables)
    with catalogue.transaction() as store:
        items.withdraw_item(store, admin, code="tax-001", effective_from=date(2026, 4, 1))
    years = [event for event in published(catalogue) if event["type"] == "catalogue.calendar.published"]
    newest = {event["subject"]: event for event in courses(catalogue)}
    make_as_before(catalogue)
    assert [tell_untold(catalogue) for _ in range(3)] == [(2, 2), (1, 0), (0, 0)]
    again, dated = published(catalogue), courses(catalogue)
    assert [event["subject"] for event in dated] == sorted(newest)
    for event in dated:
        before = newest[event["subject"]]
        assert (event["sequence"], event["data"], event["hall"]) == (
            before["sequence"],
            before["data"],
            "main",
        )
    assert [(event["type"], event["subject"], event["sequence"], event["data"]) for event in again] == [
        (event["type"], event["subject"], event["sequence"], event["data"]) for event in years
    ]


def test_a_fresh_hall_tells_nothing_twice(loaded: Database[Store], admin: Caller) -> None:
    with loaded.transaction() as store:
        items.add_item(store, admin, **item_row("tax-900", "新设事项", effective_from=date(2026, 3, 16)))
    published(loaded)
    courses(loaded)
    assert tell_untold(loaded) == (0, 0)
    assert (published(loaded), courses(loaded)) == ([], [])


def test_what_changes_before_the_job_comes_to_it_is_told_by_the_change_alone(
    loaded: Database[Store], load: Load, tables: Tables
) -> None:
    make_as_before(loaded)
    tables["items"][0]["time_limit_days"] = 3
    tables["calendar"][0]["name"] = "新年"
    load(tables)
    assert tell_untold(loaded) == (2, 1)
    assert sorted(event["subject"] for event in courses(loaded)) == ["police-001", "tax-001", "tax-002"]
    years = [event for event in published(loaded) if event["type"] == "catalogue.calendar.published"]
    assert [(event["subject"], event["sequence"]) for event in years] == [("2026", 2), ("2027", 1)]


def test_only_an_administrator_has_everything_published(catalogue: Database[Store]) -> None:
    clerk = Caller(hall="main", username="clerk001", roles=frozenset({"clerk"}))
    with catalogue.transaction() as store, pytest.raises(AdminOnly):
        loading.publish_hall(store, clerk)


def test_the_reference_hall_loads_whole_and_is_found(
    catalogue: Database[Store], load: Load, admin: Caller
) -> None:
    hall = read_hall(REFERENCE)
    done = load({"hall": hall.hall, **catalogue_tables(hall)})
    assert done["items"]["added"] == 607
    assert done["windows"]["added"] == 363
    assert len(published(catalogue)) > 1000
    with catalogue.autocommit() as store:
        assert len(items.list_items(store, admin, limit=700)["items"]) == 607


def test_what_was_loaded_is_told_as_it_was_loaded(
    loaded: Database[Store], tables: Tables, admin: Caller, clerk: Caller
) -> None:
    with loaded.autocommit() as store:
        told = there.hall_tables(store, admin)
        with pytest.raises(AdminOnly):
            there.hall_tables(store, clerk)
    assert told.pop("by_hand") == []
    for rows in (tables, told):
        for name in ("items", "calendar", "hours"):
            rows[name] = sorted(
                ({**row} for row in rows[name]), key=lambda row: str(sorted(row.items(), key=str))
            )
    request = schemas.LoadHall().load(told)
    assert request == schemas.LoadHall().load(tables)


def test_what_is_announced_of_an_item_is_told_and_loading_it_keeps_it(
    loaded: Database[Store], admin: Caller, load: Load
) -> None:
    with loaded.transaction() as store:
        code = items.list_items(store, admin)["items"][0].code
        items.adjust_item(store, admin, code=code, service_seconds=77, effective_from=date(2030, 1, 1))
        items.withdraw_item(store, admin, code=items.list_items(store, admin)["items"][1].code)
        before = items.list_revisions(store, admin)["items"]
    with loaded.autocommit() as store:
        told = there.hall_tables(store, admin)
    told.pop("by_hand")
    row = next(each for each in told["items"] if each["code"] == code)
    assert (row["service_seconds"], row["effective_from"], len(told["items"])) == (77, "2030-01-01", 2)
    load(told)
    with loaded.autocommit() as store:
        assert items.list_revisions(store, admin)["items"] == before
