"""Breaks of crews from the form to the plan, the hand that moves a visit, and the route."""

from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.dispatch.domain.travel import GreatCircle
from services.dispatch.errors import CrewInvalid, NotFeasible
from services.dispatch.schemas.replies import CrewReply, RouteReply
from services.dispatch.use_cases import crews, looking, plans
from tests.integration.dispatch.in_process import CREW, DISPATCHER, Hall, crew_fields


def shifts(**more: Any) -> list[dict[str, Any]]:
    return [{"weekday": each, "starts": time(9), "ends": time(18), **more} for each in range(1, 6)]


def save(hall: Hall, code: str = "m1", **more: Any) -> dict[str, Any]:
    fields = crew_fields(code, shifts=shifts(**more))
    saved: dict[str, Any] = CrewReply().dump(hall.do(crews.save_crew, DISPATCHER, **fields))
    return saved


def noon(hall: Hall, since: int = 12, until: int = 14) -> list[dict[str, str]]:
    return [{"from": hall.at(since).isoformat(), "to": hall.at(until).isoformat()}]


def test_a_crew_has_its_departments_break_until_it_has_its_own(hall: Hall) -> None:
    usual = save(hall)
    assert (usual["breaks"], usual["shifts"][0]["breaks"]) == (noon(hall), None)
    own = save(hall, breaks=[{"starts": time(11, 30), "ends": time(12)}])
    assert own["shifts"][0]["breaks"] == [{"starts": "11:30", "ends": "12:00"}]
    assert [each["from"] for each in own["breaks"]] == [hall.at(11, 30).isoformat()]
    none = save(hall, breaks=[])
    assert (none["breaks"], none["shifts"][0]["breaks"]) == ([], [])
    again = hall.do(crews.list_crews, DISPATCHER, date=None)["items"][0]
    assert again["breaks"] == []
    with pytest.raises(CrewInvalid):
        save(hall, breaks=[{"starts": time(17), "ends": time(19)}])


def test_a_route_tells_its_crew_when_it_has_its_break(hall: Hall) -> None:
    route = RouteReply().dump(hall.do(looking.get_route, CREW, code="m1", date=None))
    assert route["breaks"] == noon(hall)


def test_a_day_is_planned_round_the_breaks_and_a_hand_keeps_them(hall: Hall) -> None:
    windows = ((10, 12), (11, 17), (12, 13), (16, 18))
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("m2", members=["li"], shifts=shifts(breaks=[])))
    taken = [hall.order(nth, window=each) for nth, each in enumerate(windows, 1)]
    hour = [hall.screen(each, service_seconds=3600) for each in taken]
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("m2", members=["li"]))
    draft = hall.planned()
    stops = {stop.job: stop for _, stop in draft.stops}
    assert [each.job for each in draft.plan.unserved] == [hour[2].id]
    assert [each.reason for each in draft.plan.unserved] == ["break"]
    for stop in stops.values():
        way = stop.arrives_at - timedelta(seconds=stop.travel_s or 0)
        for since, until in ((way, stop.arrives_at), (stop.starts_at, stop.leaves_at)):
            assert until <= hall.at(12) or since >= hall.at(14)
    request = {"id": UUID(draft.id), "order": UUID(hour[2].id), "crew": "m2", "position": None}
    told = hall.do(plans.reassign, DISPATCHER, **request, dry_run=True, travel=GreatCircle())
    assert (told["feasible"], told["reasons"]) == (False, [{"order": hour[2].id, "reason": "break"}])
    with pytest.raises(NotFeasible):
        hall.do(plans.reassign, DISPATCHER, **request, dry_run=False, travel=GreatCircle())
    hall.publish(draft)


def test_a_day_is_drafted_anew_when_a_crew_that_has_visits_gets_another_break(hall: Hall) -> None:
    hall.screened(1)
    crew = next(iter(hall.published().plan.routes)).crew
    members = {"m1": ["crew", "wang"], "m2": ["li"]}[crew]
    fields = crew_fields(crew, members=members, shifts=shifts(breaks=[{"starts": time(9), "ends": time(12)}]))
    changed = hall.do(crews.save_crew, DISPATCHER, **fields)
    assert [list(each.reasons) for each in changed["replanned"]] == [["crew"]]
