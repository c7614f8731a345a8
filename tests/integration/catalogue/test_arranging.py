"""Departments, zones, queues, windows, hours and days that administrators change in place."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from typing import Any

import pytest
from small_catalogue import published

from services.catalogue.domain.places import Department, Hall, Queue, Window, Zone
from services.catalogue.errors import (
    AdminOnly,
    HoursInvalid,
    PlaceExists,
    PlaceNotFound,
    ReferenceInvalid,
)
from services.catalogue.store import Store
from services.catalogue.use_cases import arranging, places, there
from services.chassis.caller import Caller
from services.chassis.db import Database
from tests.waiting import DEADLINE_S, until

MANAGER = Caller(hall="main", username="head", roles=frozenset({"manager"}))
NEW_DEPARTMENT = {"code": "water", "name": "水务局", "name_en": "Water", "offers_three_services": False}


def do(catalogue: Database[Store], admin: Caller, use_case: Any, *given: Any, **request: Any) -> Any:
    """Run a use case in one transaction."""
    with catalogue.transaction() as store:
        return use_case(store, admin, *given, **request)


def test_a_place_is_made_changed_and_told_and_nothing_else(loaded: Database[Store], admin: Caller) -> None:
    do(loaded, admin, arranging.add_place, Department, **NEW_DEPARTMENT)
    changed = do(loaded, admin, arranging.change_place, Department, code="water", name="市水务局")
    assert (changed.name, changed.name_en) == ("市水务局", "Water")
    told = published(loaded)
    assert [(each["type"], each["subject"], each["sequence"]) for each in told] == [
        ("catalogue.department.published", "water", 1),
        ("catalogue.department.published", "water", 2),
    ]
    do(loaded, admin, arranging.change_place, Department, code="water", name="市水务局")
    assert published(loaded) == [], "it is like that already"
    with loaded.autocommit() as store:
        assert places.list_departments(store, admin)[-1].code == "water", "behind the others"


def test_a_window_serves_queues_of_several_departments(loaded: Database[Store], admin: Caller) -> None:
    with loaded.autocommit() as store:
        queues = [queue.code for queue in places.list_queues(store, admin)]
        window = arranging.list_windows(store, admin)[0]
    changed = do(loaded, admin, arranging.change_place, Window, code=window.code, queues=queues)
    assert changed.queues == tuple(queues)
    (told,) = published(loaded)
    assert told["data"]["queues"] == queues
    made = {**vars(window), "code": "W99", "queues": queues[:1]}
    made.pop("position")
    assert do(loaded, admin, arranging.add_place, Window, **made).code == "W99"


def test_what_does_not_fit_together_changes_nothing(
    loaded: Database[Store], admin: Caller, tables: dict[str, Any]
) -> None:
    first, second = tables["queues"][:2]
    for refusal, use_case, kind, request in (
        (PlaceExists, arranging.add_place, Department, {**NEW_DEPARTMENT, "code": "tax"}),
        (PlaceNotFound, arranging.change_place, Zone, {"code": "Z9", "name": "九区"}),
        (ReferenceInvalid, arranging.change_place, Queue, {"code": first["code"], "department": "nobody"}),
        (ReferenceInvalid, arranging.change_place, Queue, {"code": first["code"], "zone": "Z9"}),
        (
            ReferenceInvalid,
            arranging.change_place,
            Queue,
            {"code": first["code"], "prefix": second["prefix"]},
        ),
        (
            ReferenceInvalid,
            arranging.change_place,
            Window,
            {"code": tables["windows"][0]["code"], "queues": ["no-such"]},
        ),
    ):
        with pytest.raises(refusal):
            do(loaded, admin, use_case, kind, **request)
    assert published(loaded) == []
    with pytest.raises(AdminOnly):
        do(loaded, MANAGER, arranging.change_place, Zone, code="Z1", name="一区")


def test_weekdays_get_other_hours_and_those_of_the_hall_again(loaded: Database[Store], admin: Caller) -> None:
    with loaded.autocommit() as store:
        before = store.hours(admin.hall)
    given = {"department": "tax", "weekdays": [6, 7]}
    with_break = {"break_starts": time(12), "break_ends": time(13)}
    after = do(loaded, admin, arranging.save_hours, **given, opens=time(9), closes=time(16), **with_break)
    assert [(each.weekday, each.breaks) for each in after if each.department == "tax"] == [
        (6, [{"starts": "12:00", "ends": "13:00"}]),
        (7, [{"starts": "12:00", "ends": "13:00"}]),
    ]
    (told,) = published(loaded)
    assert len(told["data"]["hours"]) == len(before) + 2
    assert set(do(loaded, admin, arranging.save_hours, **given)) == set(before)
    for wrong in (
        {"opens": time(9)},
        {"opens": time(16), "closes": time(9)},
        {"opens": time(9), "closes": time(10), "break_starts": time(12), "break_ends": time(13)},
    ):
        with pytest.raises(HoursInvalid):
            do(loaded, admin, arranging.save_hours, **given, **wrong)
    with pytest.raises(ReferenceInvalid):
        do(loaded, admin, arranging.save_hours, department="nobody", weekdays=[1])


def test_days_are_worked_or_not_until_the_plain_rule_holds_again(
    loaded: Database[Store], admin: Caller
) -> None:
    days = [date(2031, 10, 1), date(2031, 10, 2)]
    made = do(loaded, admin, arranging.save_days, days=days, working=False, name="国庆节")
    assert [each.day for each in made] == days
    do(loaded, admin, arranging.save_days, days=days[:1], working=True, name="调休上班")
    told = published(loaded)
    assert [len(each["data"]["days"]) for each in told] == [2, 2]
    with loaded.autocommit() as store:
        found = arranging.list_days(store, admin, year=2031)
    assert [(each.day, each.working) for each in found] == [(days[0], True), (days[1], False)]
    assert do(loaded, admin, arranging.save_days, days=days, working=None) == []
    (told_empty,) = published(loaded)
    assert (told_empty["data"]["days"], told_empty["sequence"]) == ([], 3)


def test_what_is_changed_in_place_is_in_the_tables_that_are_fetched_and_stays(
    loaded: Database[Store], admin: Caller, load: Any, tables: dict[str, Any]
) -> None:
    """Whoever loads the tables from before brings back what they say, and keeps what they do not know."""
    do(loaded, admin, arranging.add_place, Department, **NEW_DEPARTMENT)
    queues = [row["code"] for row in tables["queues"]]
    window = tables["windows"][0]["code"]
    do(loaded, admin, arranging.change_place, Window, code=window, queues=queues)
    with loaded.autocommit() as store:
        fetched = there.hall_tables(store, admin)
    assert fetched["departments"][-1] == NEW_DEPARTMENT
    assert next(row for row in fetched["windows"] if row["code"] == window)["queues"] == queues
    published(loaded)
    again = load({name: fetched[name] for name in tables})
    assert (again["windows"]["changed"], again["departments"]["changed"], published(loaded)) == (0, 0, [])
    assert load(tables)["departments"]["missing"] == ["water"]


def test_a_queue_stays_with_the_department_of_the_items_that_wait_in_it(
    loaded: Database[Store], admin: Caller, tables: dict[str, Any]
) -> None:
    item = tables["items"][0]
    other = next(row["code"] for row in tables["departments"] if row["code"] != item["department"])
    with pytest.raises(ReferenceInvalid):
        do(loaded, admin, arranging.change_place, Queue, code=item["queue"], department=other)
    assert published(loaded) == []


def test_a_hall_that_is_renamed_while_something_is_arranged_keeps_its_new_name(
    loaded: Database[Store], admin: Caller, load: Any, tables: dict[str, Any]
) -> None:
    tables["hall"]["name"] = "新名大厅"
    with ThreadPoolExecutor(1) as pool:
        with loaded.transaction() as store:
            store.lock_hall(Hall(**tables["hall"]))
            arranging_now = pool.submit(do, loaded, admin, arranging.add_place, Department, **NEW_DEPARTMENT)
            until(lambda: waits_for_a_lock(loaded), what="who arranges waits for who loads")
        arranging_now.result(DEADLINE_S)
    with loaded.autocommit() as store:
        assert places.get_hall(store, admin)["name"] == "新名大厅"


def waits_for_a_lock(catalogue: Database[Store]) -> bool:
    """Tell whether somebody waits for another's row in this database."""
    with catalogue.connect() as connection:
        found = connection.execute(
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchall()
    return bool(found)
