"""Extended sessions on a real database: planned, opened and closed by hand and by the clock, and their overtime."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from services.appointments.errors import (
    IllegalTransition,
    NoSuchSession,
    NoThreeServices,
    RoleMissing,
    SessionInvalid,
    SessionOverlaps,
    UnknownDepartment,
    UnknownWindow,
    WrongDates,
)
from services.appointments.use_cases import overtime, sessions
from services.chassis.errors import ServiceError
from tests.integration.appointments.in_process import MANAGER, OPERATOR, Hall

TODAY = date(2026, 3, 2)


def at(clock: str, *, day: int = 2) -> datetime:
    return datetime.fromisoformat(f"2026-03-{day:02d}T{clock}:00+08:00")


def plan(hall: Hall, starts: str = "17:00", ends: str = "19:00", **changes: Any) -> dict[str, Any]:
    request = {
        "department": "market",
        "windows": ["101", "102"],
        "staff": ["wang"],
        "starts_at": at(starts),
        "ends_at": at(ends),
    }
    planned: dict[str, Any] = hall.do(sessions.plan_session, MANAGER, **(request | changes))
    return planned


class Clerks:
    """What ticketing says of the windows."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.sequence = 0

    def come(self, clerk: str, window: str, clock: str, *, late: bool = False) -> None:
        """Sign somebody in; the fact is heard then, or only now."""
        self._say("signed_in", clerk, window, at(clock), at(clock), late=late)

    def leave(self, clerk: str, window: str, since: str, clock: str, *, day: int = 2) -> None:
        """Sign somebody out who has been there since a moment."""
        self._say("signed_out", clerk, window, at(since), at(clock, day=day), late=False)

    def _say(
        self, verb: str, clerk: str, window: str, since: datetime, moment: datetime, *, late: bool
    ) -> None:
        self.sequence += 1
        if not late:
            self.hall.now = moment
        data = {"code": window, "clerk": clerk, "signed_in_at": since.isoformat()}
        self.hall.hear(f"ticketing.window.{verb}", data, sequence=self.sequence, at=moment)


@pytest.fixture
def clerks(hall: Hall) -> Clerks:
    return Clerks(hall)


def now(hall: Hall, clock: str, *, day: int = 2) -> None:
    """Let the clock show a moment and do what is due."""
    hall.now = at(clock, day=day)
    hall.tick()


def get(hall: Hall, session: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = hall.do(sessions.get_session, OPERATOR, id=UUID(session["id"]))
    return found


def told(hall: Hall, type_: str) -> list[dict[str, Any]]:
    return [event for event in hall.told() if event["type"] == type_]


def ledger(hall: Hall, **which: Any) -> list[tuple[str, str, int]]:
    """Return the newest entries of two days as person, date and minutes."""
    request = {"from_": TODAY, "to": TODAY + timedelta(days=1), "department": None, "staff": None} | which
    found = hall.do(overtime.list_overtime, MANAGER, **request)["items"]
    return [(entry.staff, entry.business_date.isoformat(), entry.minutes) for entry in found]


def test_the_clock_opens_and_closes_a_session_and_the_overtime_is_recorded(
    hall: Hall, clerks: Clerks
) -> None:
    planned = plan(hall)
    clerks.come("wang", "101", "13:30")
    now(hall, "17:02")
    assert (get(hall, planned)["state"], get(hall, planned)["opened_at"]) == ("open", at("17:00"))
    now(hall, "17:45")
    assert get(hall, planned)["overtime"] == [{"staff": "wang", "minutes": 45}]
    clerks.leave("wang", "101", "13:30", "18:50")
    now(hall, "19:01")
    closed = get(hall, planned)
    assert (closed["state"], closed["closed_at"]) == ("closed", at("19:00"))
    assert (closed["overtime_minutes"], closed["overtime"]) == (110, [{"staff": "wang", "minutes": 110}])
    assert ledger(hall) == [("wang", "2026-03-02", 110)]
    verbs = [event["type"] for event in hall.told() if ".session." in event["type"]]
    assert verbs == [f"appointments.session.{verb}" for verb in ("planned", "opened", "closed")]
    [recorded] = told(hall, "appointments.overtime.recorded")
    assert (recorded["sequence"], recorded["data"]["session"]) == (1, planned["id"])


def test_a_session_runs_on_past_its_plan_until_the_last_has_left(hall: Hall, clerks: Clerks) -> None:
    planned = plan(hall)
    now(hall, "17:00")
    clerks.come("wang", "101", "17:00")
    clerks.come("li", "102", "17:30")
    now(hall, "19:10")
    assert get(hall, planned)["state"] == "open"
    clerks.leave("wang", "101", "17:00", "19:20")
    now(hall, "19:21")
    assert get(hall, planned)["state"] == "open"
    clerks.leave("li", "102", "17:30", "19:40")
    now(hall, "19:45")
    assert get(hall, planned)["closed_at"] == at("19:40")
    assert ledger(hall) == [("wang", "2026-03-02", 140), ("li", "2026-03-02", 130)]
    assert ledger(hall, staff="li") == [("li", "2026-03-02", 130)]
    assert ledger(hall, department="police") == []


def test_a_session_past_midnight_has_an_entry_for_each_date(hall: Hall, clerks: Clerks) -> None:
    planned = plan(hall, "22:00", ends_at=at("01:00", day=3))
    now(hall, "22:00")
    clerks.come("wang", "101", "22:00")
    clerks.leave("wang", "101", "22:00", "01:10", day=3)
    now(hall, "01:11", day=3)
    assert get(hall, planned)["overtime_minutes"] == 190
    assert ledger(hall) == [("wang", "2026-03-02", 120), ("wang", "2026-03-03", 70)]
    assert ledger(hall, to=TODAY) == [("wang", "2026-03-02", 120)]


def test_a_manager_opens_early_and_closes_with_clerks_still_there(hall: Hall, clerks: Clerks) -> None:
    planned = plan(hall, "12:00", "13:30")
    clerks.come("wang", "101", "09:00")
    hall.now = at("11:50")
    opened = hall.do(sessions.open_session, MANAGER, id=UUID(planned["id"]))
    assert opened["opened_at"] == at("11:50")
    hall.now = at("13:00")
    closed = hall.do(sessions.close_session, MANAGER, id=UUID(planned["id"]))
    assert (closed["closed_at"], closed["overtime_minutes"]) == (at("13:00"), 60)
    with pytest.raises(IllegalTransition):
        hall.do(sessions.close_session, MANAGER, id=UUID(planned["id"]))


def test_words_that_come_late_twice_and_in_any_order_correct_the_ledger(hall: Hall, clerks: Clerks) -> None:
    planned = plan(hall)
    now(hall, "19:01")
    now(hall, "19:02")
    assert (get(hall, planned)["state"], ledger(hall)) == ("closed", [])
    clerks.come("wang", "101", "17:00", late=True)
    assert ledger(hall) == [("wang", "2026-03-02", 120)]
    clerks.leave("wang", "101", "17:00", "18:00")
    clerks.leave("wang", "101", "17:00", "18:00")
    assert ledger(hall) == [("wang", "2026-03-02", 60)]
    first, second = told(hall, "appointments.overtime.recorded")
    assert (first["subject"], first["sequence"], second["sequence"]) == (second["subject"], 1, 2)
    assert get(hall, planned)["overtime_minutes"] == 60
    with hall.database.connect() as connection, pytest.raises(psycopg.Error, match="only ever added to"):
        connection.execute("UPDATE overtime SET minutes = 0")


def test_new_opening_hours_do_not_change_the_overtime_of_a_closed_session(hall: Hall, clerks: Clerks) -> None:
    plan(hall)
    clerks.come("wang", "101", "16:00")
    clerks.leave("wang", "101", "16:00", "19:00")
    now(hall, "19:01")
    now(hall, "19:02")
    rows = [{"department": None, "weekday": day, "opens": "09:00", "closes": "18:00"} for day in range(1, 6)]
    hall.hear("catalogue.hours.published", {"hours": rows}, sequence=2)
    clerks.come("li", "102", "17:00", late=True)
    assert ledger(hall) == [("li", "2026-03-02", 120), ("wang", "2026-03-02", 120)]


def test_a_session_that_runs_over_ends_when_the_next_one_begins(hall: Hall, clerks: Clerks) -> None:
    first = plan(hall, "17:00", "18:00")
    second = plan(hall, "18:30", "19:30")
    now(hall, "17:00")
    clerks.come("wang", "101", "17:00")
    now(hall, "18:31")
    assert [get(hall, each)["state"] for each in (first, second)] == ["closed", "open"]
    clerks.leave("wang", "101", "17:00", "19:00")
    now(hall, "19:31")
    # Ninety and thirty: no minute belongs to both.
    assert sorted(minutes for _, _, minutes in ledger(hall)) == [30, 90]


def test_a_planned_session_is_called_off_and_its_time_is_free_again(hall: Hall) -> None:
    planned = plan(hall)
    with pytest.raises(SessionOverlaps):
        plan(hall, "18:59", "20:00")
    plan(hall, "19:00", "20:00")
    assert hall.do(sessions.cancel_session, MANAGER, id=UUID(planned["id"]))["state"] == "cancelled"
    plan(hall, "17:30", "18:30")
    with pytest.raises(IllegalTransition):
        hall.do(sessions.open_session, MANAGER, id=UUID(planned["id"]))
    found = hall.do(sessions.list_sessions, OPERATOR, from_=TODAY, to=TODAY, department="market")["items"]
    assert [each["state"] for each in found] == ["cancelled", "planned", "planned"]


def test_a_session_opened_early_may_not_run_into_another(hall: Hall) -> None:
    plan(hall, "12:00", "13:30")
    evening = plan(hall)
    hall.now = at("11:00")
    with pytest.raises(SessionOverlaps):
        hall.do(sessions.open_session, MANAGER, id=UUID(evening["id"]))


def test_of_plans_for_the_same_time_made_at_once_one_is_kept(hall: Hall) -> None:
    def attempt(nth: int) -> bool:
        try:
            plan(hall, "17:00", f"19:{nth:02d}")
        except SessionOverlaps:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1


REFUSED: dict[str, tuple[dict[str, Any], type[ServiceError]]] = {
    "a department that is not there": ({"department": "nobody"}, UnknownDepartment),
    "a department without three services": ({"department": "police"}, NoThreeServices),
    "a window of another department": ({"windows": ["101", "201"]}, UnknownWindow),
    "yesterday": ({"starts_at": at("17:00", day=1), "ends_at": at("19:00", day=1)}, SessionInvalid),
    "a whole day": ({"ends_at": at("17:00", day=3)}, SessionInvalid),
    "nothing but opening hours": ({"starts_at": at("10:00"), "ends_at": at("11:00")}, SessionInvalid),
}


@pytest.mark.parametrize("case", REFUSED)
def test_no_session_is_planned_for(hall: Hall, case: str) -> None:
    changes, error = REFUSED[case]
    hall.hear("catalogue.department.published", {"code": "police", "offers_three_services": False})
    hall.hear("catalogue.window.published", {"code": "201", "department": "police"})
    with pytest.raises(error):
        plan(hall, **changes)


def test_only_managers_plan_and_see_overtime_and_only_of_a_sensible_time(hall: Hall) -> None:
    planned = plan(hall)
    for command in (sessions.open_session, sessions.close_session, sessions.cancel_session):
        with pytest.raises(RoleMissing):
            hall.do(command, OPERATOR, id=UUID(planned["id"]))
    dates = {"from_": TODAY, "to": TODAY, "department": None}
    with pytest.raises(RoleMissing):
        hall.do(overtime.list_overtime, OPERATOR, **dates, staff=None)
    with pytest.raises(WrongDates):
        hall.do(sessions.list_sessions, OPERATOR, **dates | {"to": TODAY - timedelta(days=1)})
    with pytest.raises(NoSuchSession):
        hall.do(sessions.get_session, OPERATOR, id=UUID(int=0))
