"""Crews: made, changed, listed as they work on a day, and members who are not there."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

import pytest

from services.chassis.caller import Caller
from services.dispatch.errors import CrewInvalid, NoSuchCrew, NotYourCrew, RoleMissing
from services.dispatch.use_cases import crews, looking
from tests.integration.dispatch.in_process import (
    CLOCK,
    CREW,
    DISPATCHER,
    OPERATOR,
    OTHER_CREW,
    Hall,
    crew_fields,
)

MONDAY = date(2026, 3, 2)


def on(hall: Hall, day: date, caller: Caller = DISPATCHER) -> Mapping[str, Any]:
    found = hall.do(crews.list_crews, caller, date=day)["items"]
    return {each["crew"].code: each for each in found}


def test_a_crew_works_by_weekday_but_for_holidays_and_days_off(hall: Hall) -> None:
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("m1", days_off=[MONDAY]))
    days = [{"day": "2026-03-03", "working": False}, {"day": "2026-03-07", "working": True}]
    hall.hear("catalogue.calendar.published", {"year": 2026, "days": days}, sequence=2)
    shifts = {day: on(hall, date(2026, 3, day))["m1"]["shift"] for day in range(2, 9)}
    assert [day for day, shift in shifts.items() if shift] == [4, 5, 6, 7]
    assert shifts[4][0].isoformat() == "2026-03-04T09:00:00+08:00"


def test_a_crew_with_too_few_members_left_does_not_work(hall: Hall) -> None:
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("m1", members=["crew", "wang"], least_members=2))
    request = {"code": "m1", "member": "wang", "from_": MONDAY, "to": None, "reason": "病假"}
    noted = hall.do(crews.note_absence, DISPATCHER, **request)
    assert (noted["shift"], noted["present"]) == (None, ["crew"])
    assert on(hall, date(2026, 3, 3))["m1"]["present"] == ["crew", "wang"]


def test_a_crew_makes_as_large_a_part_of_its_visits_as_members_are_there(hall: Hall) -> None:
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("m1", members=["crew", "wang", "zhao"], capacity=4))
    rooms = []
    for member in ("wang", "zhao"):
        request = {"code": "m1", "member": member, "from_": MONDAY, "to": None, "reason": "病假"}
        crew = hall.do(crews.note_absence, DISPATCHER, **request)["crew"]
        rooms.append([crew.capacity_on(date(2026, 3, day)) for day in (2, 3)])
    assert rooms == [[3, 4], [2, 4]]


def test_a_whole_crew_may_be_out(hall: Hall) -> None:
    request = {"code": "m2", "member": None, "from_": MONDAY, "to": date(2026, 3, 3), "reason": "车辆故障"}
    hall.do(crews.note_absence, DISPATCHER, **request)
    assert [on(hall, date(2026, 3, day))["m2"]["shift"] is None for day in (2, 3, 4)] == [True, True, False]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"skills": {"departments": [], "items": []}}, "skills"),
        ({"shifts": [{"weekday": 1, "starts": time(9), "ends": time(9)}]}, "shifts"),
        ({"shifts": [{"weekday": 1, "starts": time(9), "ends": time(10)}] * 2}, "shifts"),
        ({"least_members": 2}, "least_members"),
    ],
    ids=["no skill", "empty shift", "two shifts", "too few"],
)
def test_a_crew_that_contradicts_itself_is_refused(hall: Hall, fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(CrewInvalid) as refused:
        hall.do(crews.save_crew, DISPATCHER, **crew_fields("m3", **fields))
    assert wrong in refused.value.errors


def test_absences_name_a_member_and_days_in_order(hall: Hall) -> None:
    request = {"code": "m1", "member": "li", "from_": MONDAY, "to": None, "reason": None}
    with pytest.raises(CrewInvalid):
        hall.do(crews.note_absence, DISPATCHER, **request)
    with pytest.raises(CrewInvalid):
        hall.do(crews.note_absence, DISPATCHER, **request | {"member": "crew", "to": date(2026, 3, 1)})
    with pytest.raises(NoSuchCrew):
        hall.do(crews.note_absence, DISPATCHER, **request | {"code": "nobody"})


def test_only_dispatchers_make_crews_and_a_crew_sees_its_own(hall: Hall) -> None:
    for caller in (CREW, OPERATOR):
        with pytest.raises(RoleMissing):
            hall.do(crews.save_crew, caller, **crew_fields("m3"))
    assert set(on(hall, MONDAY)) == {"m1", "m2"}
    assert set(on(hall, MONDAY, CREW)) == {"m1"}
    with pytest.raises(NotYourCrew):
        hall.do(looking.get_route, OTHER_CREW, code="m1", date=MONDAY)


def test_crews_that_are_loaded_again_stay_as_they_are_and_are_told_once(hall: Hall) -> None:
    rows = [crew_fields("m1"), crew_fields("m9", capacity=3)]
    for _ in range(2):
        hall.do(crews.load_crews, CLOCK, crews=rows)
    told = [event["data"]["code"] for event in hall.told("dispatch.crew.published")]
    assert told == ["m1", "m2", "m1", "m9"]
    with pytest.raises(RoleMissing):
        hall.do(crews.load_crews, DISPATCHER, crews=rows)
