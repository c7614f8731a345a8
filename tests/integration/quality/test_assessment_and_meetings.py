"""The quarterly ranking as plain SQL has it, fixed when published; meetings with their agenda and actions."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.chassis import clock
from services.chassis.caller import Caller
from services.quality.domain.quarters import read_quarter
from services.quality.errors import (
    ActionSettled,
    AlreadyWithdrawn,
    LeadersOnly,
    ManagersOnly,
    MeetingChanged,
    MeetingExists,
    NotAnAward,
    NotThatDepartment,
    QuarterPublished,
    QuarterRunning,
    UnknownDepartment,
)
from services.quality.schemas import assessment as schemas
from services.quality.use_cases import assessment, commendations, meetings
from tests.integration.quality.in_process import ANALYST, CLERK, Hall
from tests.integration.quality.in_process import rows as ask
from tests.integration.statistics.simulated_day import simulate
from tests.integration.statistics.test_evaluations import evaluation
from tests.integration.statistics.test_figures_of_appointments import event

Q1 = read_quarter("2026-Q1")
FIRST_OF_APRIL = datetime.fromisoformat("2026-04-01T09:00:00+08:00")
DEPARTMENTS = ("market", "tax", "drc", "housing")
RULES = [
    {"code": "on-time", "measure": "on_time_rate", "points": "0.4", "above": "50", "cap": "18"},
    {"code": "letter", "measure": "letters", "points": "0.5", "cap": "5"},
    {"code": "negative", "measure": "negative_evaluations", "points": "-0.2", "cap": "1"},
    {"code": "it", "measure": "awards", "points": "2", "cap": "6"},
]


@pytest.fixture
def hands() -> Iterator[list[datetime]]:
    """A clock that shows the moment in a list of one."""
    hands = [FIRST_OF_APRIL]
    with clock.showing(lambda: hands[0]):
        yield hands


def rows(hall: Hall, statement: str) -> list[dict[str, Any]]:
    """Ask statistics past its store; there are the first and last day of the quarter to ask for."""
    return ask(hall.figures.database, statement, first=Q1.first, last=Q1.last)


def ours(hall: Hall, statement: str) -> list[dict[str, Any]]:
    """Ask quality past its store, as `rows` does."""
    return ask(hall.database, statement, first=Q1.first, last=Q1.last)


@pytest.fixture
def quarter(hall: Hall, hands: list[datetime]) -> Hall:
    """A first quarter with cases, evaluations, letters, awards and the rules of an assessment."""
    about = {"name_en": "d", "offers_three_services": True}
    hall.hear(
        [
            event("catalogue.department.published", code, 1, {**about, "code": code, "name": code})
            for code in DEPARTMENTS
        ]
    )
    days = [date(2026, 1, 5), date(2026, 2, 10), date(2026, 3, 30)]
    hall.hear(simulate(days, tickets=60, seed=8).events)
    rng = random.Random(8)
    hall.hear([each for nth in range(60) for each in evaluation(rng, nth)])
    told = [
        {**each, "name": each["code"], "name_en": each["code"], "valid_from": "2026-01-01"} for each in RULES
    ]
    loaded = schemas.LoadRules().load({"rules": told})
    assert hall.do(assessment.load_rules, **loaded) == {"rules": 4}
    for department, day in (
        ("tax", date(2026, 1, 1)),
        ("tax", date(2026, 3, 31)),
        ("tax", FIRST_OF_APRIL.date()),
    ):
        given = {"department": department, "kind": "letter", "received_on": day, "note": ""}
        hall.do(commendations.record_commendation, **given)
    for _ in range(2):
        award(hall)
    return hall


def award(hall: Hall, **more: Any) -> Any:
    """Award market for its work on IT in the first quarter."""
    told = {"department": "market", "rule": "it", "awarded_on": date(2026, 3, 2), "reason": "自助终端"}
    return hall.do(assessment.record_award, ANALYST, **{**told, **more})


def recount(hall: Hall) -> dict[str, float]:
    """Give the points in the plainest way, from the facts."""
    points: Counter[str] = Counter({code: Decimal(0) for code in DEPARTMENTS})  # type: ignore[misc]
    for row in rows(
        hall,
        "SELECT department, round(100.0 * count(*) FILTER (WHERE on_time) / count(*), 2) AS rate FROM case_facts"
        " WHERE decided_on BETWEEN %(first)s AND %(last)s AND accepted_at IS NOT NULL GROUP BY 1",
    ):
        points[row["department"]] += min(max(row["rate"] - 50, Decimal(0)) * Decimal("0.4"), Decimal(18))
    for row in ours(
        hall, "SELECT department FROM commendations WHERE received_on BETWEEN %(first)s AND %(last)s"
    ):
        points[row["department"]] += Decimal("0.5")
    for row in rows(
        hall,
        "SELECT department, least(count(*) * 0.2, 1) AS lost FROM evaluation_facts"
        " WHERE level <= 2 AND business_date BETWEEN %(first)s AND %(last)s GROUP BY 1",
    ):
        points[row["department"]] -= row["lost"]
    for row in ours(
        hall,
        "SELECT department FROM awards WHERE awarded_on BETWEEN %(first)s AND %(last)s AND withdrawn_at IS NULL",
    ):
        points[row["department"]] += 2
    return {code: round(float(each), 2) for code, each in points.items()}


def standings(hall: Hall) -> dict[str, float]:
    """Return the points of the first quarter as they are told."""
    told = hall.do(assessment.get_assessment, ANALYST, period=Q1)["ranking"]
    assert [each["points"] for each in told] == sorted((each["points"] for each in told), reverse=True)
    return {each["department"]: pytest.approx(each["points"], abs=0.011) for each in told}


def test_a_ranking_is_that_of_a_recount_and_stays_when_it_is_published(
    quarter: Hall, hands: list[datetime]
) -> None:
    assert recount(quarter) == standings(quarter)
    withdrawn = award(quarter, department="drc")
    assert (
        quarter.do(assessment.withdraw_award, ANALYST, id=withdrawn["id"], reason="误登")["withdrawal"]
        == "误登"
    )
    with pytest.raises(AlreadyWithdrawn):
        quarter.do(assessment.withdraw_award, ANALYST, id=withdrawn["id"], reason="误登")
    assert recount(quarter) == standings(quarter)
    hands[0] -= timedelta(days=1)
    with pytest.raises(QuarterRunning):
        quarter.do(assessment.publish_assessment, period=Q1)
    hands[0] += timedelta(days=1)
    with pytest.raises(ManagersOnly):
        quarter.do(assessment.publish_assessment, ANALYST, period=Q1)
    fixed = quarter.do(assessment.publish_assessment, period=Q1)
    assert (fixed["state"], fixed["published_by"]) == ("published", "manager")
    told = {"department": "drc", "kind": "letter", "received_on": date(2026, 2, 1), "note": ""}
    quarter.do(commendations.record_commendation, **told)
    assert quarter.do(assessment.get_assessment, ANALYST, period=Q1) == fixed
    with quarter.database.autocommit() as store:
        told = quarter.told(Q1)
        assert assessment.ranking_of(store, "main", Q1, told) == fixed["ranking"]
        assert assessment.ranking_now(store, "main", Q1, told) != fixed["ranking"]
    for refused in (
        lambda: quarter.do(assessment.publish_assessment, period=Q1),
        lambda: award(quarter),
    ):
        with pytest.raises(QuarterPublished):
            refused()
    listed = quarter.do(assessment.list_awards, ANALYST, since=Q1.first, until=Q1.last, department="drc")
    assert [each["withdrawal"] for each in listed] == ["误登"]


def test_a_rule_is_changed_by_its_code_and_first_day(quarter: Hall) -> None:
    told = {"code": "it", "name": "信息化", "name_en": "IT", "measure": "awards", "points": 1}
    changed = schemas.SaveRule().load({**told, "valid_from": "2026-01-01"})
    quarter.do(assessment.save_rule, **changed)
    quarter.do(assessment.save_rule, **{**changed, "valid_from": date(2026, 4, 1), "points": Decimal(9)})
    found = [each for each in quarter.do(assessment.list_rules, ANALYST) if each.code == "it"]
    assert [(each.points, each.cap) for each in found] == [(1, None), (9, None)]
    for refused, error in (({"rule": "letter"}, NotAnAward), ({"department": "nobody"}, UnknownDepartment)):
        with pytest.raises(error):
            award(quarter, **refused)
    with pytest.raises(ManagersOnly):
        quarter.do(assessment.save_rule, ANALYST, **changed)
    with pytest.raises(LeadersOnly):
        quarter.do(assessment.get_assessment, CLERK, period=Q1)


def test_a_meeting_has_the_figures_of_its_quarter_and_what_is_still_open(quarter: Hall) -> None:
    today = FIRST_OF_APRIL.date()
    called = quarter.do(meetings.call_meeting, ANALYST, quarter=Q1, held_on=today)
    agenda = {each["topic"]: each["figures"] for each in called["agenda"]}
    cases = rows(quarter, "SELECT count(*) AS n FROM case_facts WHERE accepted_at IS NOT NULL")[0]["n"]
    assert (agenda["volumes"]["cases"], agenda["volumes"]["tickets"]) == (cases, 180)
    assert (agenda["volumes"]["cases_before"], agenda["volumes"]["cases_change"]) == (0, None)
    assert agenda["commendations"] == {"letters": 2, "banners": 0, "plaques": 0}
    assert [each["department"] for each in agenda["ranking"]] == list(standings(quarter))
    negative = [each["negative"] for each in agenda["evaluations"]["departments"]]
    assert sum(negative) == agenda["evaluations"]["negative"] > 0
    assert negative == sorted(negative, reverse=True)
    assert agenda["anomalies"] == {"states": {}, "items": []}
    assert agenda["open_actions"] == []
    with pytest.raises(MeetingExists):
        quarter.do(meetings.call_meeting, ANALYST, quarter=Q1, held_on=today)

    written = quarter.do(meetings.write_minutes, id=called["id"], minutes="议定两项。", version=1)
    assert (written["minutes"], written["version"]) == ("议定两项。", 2)
    with pytest.raises(MeetingChanged):
        quarter.do(meetings.write_minutes, id=called["id"], minutes="议定一项。", version=1)
    for task in ("增开窗口", "补齐材料"):
        told = {"task": task, "department": "tax", "due_on": today + timedelta(days=30)}
        agreed = quarter.do(meetings.agree_action, id=called["id"], **told)
    with pytest.raises(UnknownDepartment):
        quarter.do(meetings.agree_action, id=called["id"], **{**told, "department": "nobody"})
    first, second = agreed["actions"]
    assert [(each.ordinal, each.task, each.state) for each in (first, second)] == [
        (1, "增开窗口", "open"),
        (2, "补齐材料", "open"),
    ]
    for department, refused in (("market", True), ("tax", False)):
        head = Caller(
            hall="main",
            username="head",
            roles=frozenset({"department_head"}),
            department=department,
            capacity="analyst",
        )
        with pytest.raises(NotThatDepartment) if refused else nullcontext():
            assert len(quarter.do(meetings.list_tasks, head)["items"]) == (0 if refused else 2)
            quarter.do(meetings.settle_action, head, id=first.id, state="done", result="已增开")
    assert [each["title"] for each in quarter.do(meetings.list_tasks, head)["items"]] == ["补齐材料"]
    assert quarter.do(meetings.list_tasks, ANALYST)["items"] == []
    with pytest.raises(ActionSettled):
        quarter.do(meetings.settle_action, id=first.id, state="dropped", result="不办")

    following = quarter.do(meetings.call_meeting, quarter=read_quarter("2026-Q2"), held_on=today)
    open_then = {each["topic"]: each["figures"] for each in following["agenda"]}["open_actions"]
    assert [(each["quarter"], each["task"]) for each in open_then] == [("2026-Q1", "补齐材料")]
    kept = quarter.do(meetings.get_meeting, ANALYST, id=called["id"])
    assert kept["agenda"] == called["agenda"], "figures stay as they were when the meeting was called"
    listed = quarter.do(meetings.list_meetings, ANALYST)
    assert {
        each["quarter"]: (each["has_minutes"], each["actions"], each["open_actions"]) for each in listed
    } == {
        "2026-Q1": (True, 2, 1),
        "2026-Q2": (False, 0, 0),
    }
    with pytest.raises(LeadersOnly):
        quarter.do(meetings.list_meetings, CLERK)


def test_a_quarter_that_runs_is_compared_with_as_much_of_the_one_before(
    quarter: Hall, hands: list[datetime]
) -> None:
    daily = (
        "SELECT business_date AS day, count(*) AS n FROM case_facts WHERE accepted_at IS NOT NULL GROUP BY 1"
    )
    cases = {row["day"]: row["n"] for row in rows(quarter, daily)}
    assert date(2026, 1, 5) in cases and date(2026, 3, 30) in cases
    before = {}
    for today in ("2026-04-04", "2026-04-07", "2026-06-30"):
        hands[0] = datetime.fromisoformat(f"{today}T09:00:00+08:00")
        volumes = quarter.told(read_quarter("2026-Q2"))["volumes"]
        before[today] = volumes["cases_before"]
        assert volumes["cases_change"] == (-1 if before[today] else None)
    assert before == {
        "2026-04-04": 0,
        "2026-04-07": cases[date(2026, 1, 5)],
        "2026-06-30": sum(cases.values()),
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": 0}, {"points": "NaN"}, {"above": -1}, {"cap": 0}, {"measure": "smiles"},
        {"valid_to": "2025-12-31"}, {"code": "a b"}, {"name": ""},
    ],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    right = {**RULES[0], "name": "按时", "name_en": "On time", "valid_from": "2026-01-01"}
    assert schemas.SaveRule().validate(right) == {}
    assert schemas.SaveRule().validate({**right, **wrong})


@pytest.mark.parametrize("name", ["2000-Q1", "2003-Q4", "2099-Q4"])
def test_every_quarter_of_the_century_has_a_ranking(quarter: Hall, name: str) -> None:
    told = quarter.do(assessment.get_assessment, ANALYST, period=read_quarter(name))
    assert (told["state"], len(told["ranking"])) == ("open", len(DEPARTMENTS))
