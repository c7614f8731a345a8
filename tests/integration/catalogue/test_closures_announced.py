"""Closures: who may announce them, what is told of them, how they end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from small_catalogue import Clock, published

from services.catalogue import schemas
from services.catalogue.errors import (
    ClosureInvalid,
    ClosureOver,
    NoSuchClosure,
    NotYourDepartment,
    RoleMissing,
)
from services.catalogue.store import Store
from services.catalogue.use_cases import closures, loading, places
from services.chassis.caller import Caller
from services.chassis.db import Database
from services.chassis.errors import Invalid
from services.chassis.service import load_request

MANAGER = Caller(hall="main", username="manager", roles=frozenset({"manager"}))
VISITOR = Caller(hall="main")
# Wednesday 4 March 2026, the whole day in Shanghai.
DAY = {"starts_at": "2026-03-04T00:00:00+08:00", "ends_at": "2026-03-05T00:00:00+08:00", "reason": "供电检修"}


def announce(hall: Database[Store], caller: Caller = MANAGER, **closure: Any) -> dict[str, Any]:
    request = load_request(schemas.AnnounceClosure(), {"scope": "hall", **DAY, **closure})
    with hall.transaction() as store:
        return closures.announce_closure(store, caller, **request)


def end(hall: Database[Store], id_: str, caller: Caller = MANAGER) -> dict[str, Any]:
    with hall.transaction() as store:
        return closures.end_closure(store, caller, id=UUID(id_))


def listed(hall: Database[Store], caller: Caller = MANAGER, **which: Any) -> list[dict[str, Any]]:
    with hall.autocommit() as store:
        found: list[dict[str, Any]] = closures.list_closures(store, caller, **which)["items"]
        return found


def test_a_closure_is_told_whole_with_the_days_it_takes(loaded: Database[Store]) -> None:
    made = announce(loaded, reason_en="Power maintenance")
    (told,) = published(loaded)
    assert (told["type"], told["subject"], told["sequence"]) == ("catalogue.closure.published", made["id"], 1)
    assert told["data"]["days"] == ["2026-03-04"]
    assert (told["data"]["reason"], told["data"]["reason_en"]) == ("供电检修", "Power maintenance")
    assert (made["state"], made["scope"], made["recorded_by"]) == ("coming", "hall", "manager")


@pytest.mark.parametrize(
    ("closure", "days"),
    [
        ({"ends_at": "2026-03-04T17:45:00+08:00", "starts_at": "2026-03-04T09:00:00+08:00"}, ["2026-03-04"]),
        ({"ends_at": "2026-03-04T17:30:00+08:00"}, []),
        ({"scope": "department", "department": "tax"}, []),
        ({"scope": "window", "window": "101"}, []),
    ],
)
def test_only_the_whole_hall_loses_a_day_and_only_where_nothing_of_its_hours_is_left(
    loaded: Database[Store], closure: dict[str, Any], days: list[str]
) -> None:
    announce(loaded, **closure)
    assert published(loaded)[0]["data"]["days"] == days


def test_what_has_begun_already_begins_now(loaded: Database[Store], hall_clock: Clock) -> None:
    made = announce(loaded, starts_at="2026-03-02T00:00:00+08:00", ends_at="2026-03-03T00:00:00+08:00")
    assert (made["starts_at"], made["state"]) == (hall_clock.shows, "running")


def test_a_closure_that_runs_ends_early_and_one_that_comes_is_called_off(
    loaded: Database[Store], hall_clock: Clock
) -> None:
    coming, running = announce(loaded), announce(loaded, starts_at="2026-03-02T00:00:00+08:00")
    published(loaded)
    hall_clock.shows += timedelta(hours=1)
    ended, off = end(loaded, running["id"]), end(loaded, coming["id"])
    assert (ended["state"], ended["until"], ended["ended_by"]) == ("past", hall_clock.shows, "manager")
    assert (off["state"], off["until"]) == ("called_off", off["starts_at"])
    told = {each["subject"]: (each["sequence"], each["data"]) for each in published(loaded)}
    assert told[running["id"]][0] == told[coming["id"]][0] == 2
    assert datetime.fromisoformat(told[running["id"]][1]["ends_at"]) == hall_clock.shows
    assert told[coming["id"]][1]["ends_at"] == told[coming["id"]][1]["starts_at"]
    assert told[coming["id"]][1]["days"] == []
    for each in (coming, running):
        with pytest.raises(ClosureOver):
            end(loaded, each["id"])
    with pytest.raises(NoSuchClosure):
        end(loaded, str(uuid4()))
    assert [each["state"] for each in listed(loaded)] == ["called_off", "past"]


def test_a_manager_of_one_department_closes_no_other_and_not_the_hall(loaded: Database[Store]) -> None:
    of_tax = replace(MANAGER, department="tax")
    announce(loaded, of_tax, scope="department", department="tax")
    announce(loaded, of_tax, scope="window", window="101")
    of_police = replace(MANAGER, department="police")
    for closure in ({}, {"scope": "department", "department": "tax"}, {"scope": "window", "window": "101"}):
        with pytest.raises(NotYourDepartment):
            announce(loaded, of_police, **closure)
    for other in listed(loaded):
        with pytest.raises(NotYourDepartment):
            end(loaded, other["id"], of_police)


@pytest.mark.parametrize(
    "closure",
    [
        {"scope": "department", "department": "none"},
        {"scope": "window", "window": "none"},
        {"scope": "department"},
        {"scope": "hall", "window": "101"},
        {"ends_at": "2026-03-01T00:00:00+08:00", "starts_at": "2026-02-28T00:00:00+08:00"},
        {"ends_at": "2026-03-04T00:00:00+08:00"},
        {"ends_at": "2027-05-04T00:00:00+08:00"},
        {"starts_at": "2029-03-04T00:00:00+08:00", "ends_at": "2029-03-05T00:00:00+08:00"},
        {"reason": ""},
    ],
)
def test_what_is_no_closure_is_refused_and_looked_at_so(
    loaded: Database[Store], closure: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        announce(loaded, **closure)
    assert not listed(loaded)
    assert issubclass(ClosureInvalid, Invalid)


def test_others_read_closures_without_names_and_announce_none(loaded: Database[Store], clerk: Caller) -> None:
    announce(loaded)
    assert [each["recorded_by"] for each in listed(loaded, VISITOR)] == [None]
    assert [each["recorded_by"] for each in listed(loaded, clerk)] == ["manager"]
    assert not listed(loaded, state="past") and listed(loaded, state="coming")
    for caller in (VISITOR, clerk):
        with pytest.raises(RoleMissing):
            announce(loaded, caller)


def test_the_hall_says_what_is_closed_today_and_tells_all_closures_again(
    loaded: Database[Store], hall_clock: Clock, admin: Caller, load: Callable[..., Any]
) -> None:
    made = announce(loaded)
    announce(loaded, scope="department", department="tax")
    with loaded.autocommit() as store:
        assert places.get_hall(store, VISITOR)["today"]["closures"] == []
    hall_clock.shows = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
    with loaded.autocommit() as store:
        (today,) = places.get_hall(store, VISITOR)["today"]["closures"]
    assert datetime.fromisoformat(today["ends_at"]) == made["ends_at"]
    published(loaded)
    with loaded.transaction() as store:
        loading.publish_hall(store, admin)
    told = [each for each in published(loaded) if each["type"] == "catalogue.closure.published"]
    assert [each["sequence"] for each in told] == [1, 1]
