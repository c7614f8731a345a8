"""Negative evaluations are followed up, each step kept."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.chassis.caller import Caller
from services.ticketing import schemas
from services.ticketing.errors import (
    FollowUpRefused,
    ManagersOnly,
    NoSuchEvaluation,
    NoSuchOwner,
    NotThatDepartment,
    NotYourFollowUp,
)
from services.ticketing.use_cases import evaluations
from tests.integration.ticketing.conftest import SmallHall

VISITOR = Caller(hall="main")
MANAGER = Caller(hall="main", username="manager", roles=frozenset({"manager"}))
ANALYST = Caller(hall="main", username="analyst", roles=frozenset({"analyst"}))
# Department heads, who act as managers of their own department alone.
HEAD, OTHER_HEAD = (
    Caller(
        hall="main",
        username=f"head-{department}",
        roles=frozenset({"department_head"}),
        department=department,
        capacity="manager",
    )
    for department in ("d0", "d1")
)
NOBODY = UUID("00000000-0000-4000-8000-000000000000")
FRIDAY = date(2026, 3, 6)


def evaluated(hall: SmallHall, level: int) -> UUID:
    """Serve somebody at window 100 and have them say how it was."""
    id_, clerk = str(hall.issue()["id"]), hall.clerk("100")
    hall.call_next("100")
    hall.act("start", id_, clerk)
    hall.act("finish", id_, clerk)
    hall.clock.move(minutes=1)
    hall.act("evaluate", id_, hall.visitor(id_), level=level)
    return UUID(id_)


def listed(hall: SmallHall, **query: Any) -> list[tuple[str, str | None]]:
    """Return ticket and follow-up of the evaluations that a query finds, page by page of one."""
    rows, cursor = [], None
    while True:
        request = schemas.ListEvaluations().load({**query, "limit": 1, "cursor": cursor})
        page = hall.do(evaluations.list_evaluations, ANALYST, **request)
        rows += [(each.ticket, each.follow_up) for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            return rows


def test_a_negative_evaluation_is_assigned_and_followed_up(hall: SmallHall) -> None:
    hall.furnish()
    hall.sign_in("100")
    bad, good = evaluated(hall, 1), evaluated(hall, 5)
    assert listed(hall) == [(str(good), None), (str(bad), "open")]
    assert listed(hall, follow_up="open", department="d0") == [(str(bad), "open")]
    for owner in ("clerk100", "clerk100", "clerk101"):
        hall.do(
            evaluations.assign_evaluation,
            MANAGER,
            ticket=bad,
            owner=owner,
            owner_roles=["clerk"],
            due_on=FRIDAY,
        )
    hall.clock.move(hours=2)
    done = hall.do(evaluations.follow_up_evaluation, MANAGER, ticket=bad, result="已回访并整改")
    assert (done.follow_up, done.owner, done.version) == ("followed_up", "clerk101", 4)
    assert listed(hall, **{"from": "2026-03-02", "to": "2026-03-02"}) == [
        (str(good), None),
        (str(bad), "followed_up"),
    ]
    assert listed(hall, **{"from": "2026-03-03"}) == []
    steps = hall.rows("SELECT * FROM evaluation_steps ORDER BY version")
    assert [each["state"] for each in steps] == ["assigned", "assigned", "followed_up"]
    assert [each["left_at"] for each in steps] == [steps[1]["entered_at"], steps[2]["entered_at"], None]
    told = hall.rows("SELECT body FROM outbox WHERE type LIKE 'ticketing.evaluation.%%' ORDER BY id")
    mine = [each["body"] for each in told if each["body"]["subject"] == str(bad)]
    assert [(each["sequence"], each["data"]["follow_up"]) for each in mine] == [
        (1, "open"),
        (2, "assigned"),
        (3, "assigned"),
        (4, "followed_up"),
    ]
    assert "整改" not in str(told)


def test_a_department_head_sees_and_follows_up_their_own_department_alone(hall: SmallHall) -> None:
    hall.furnish()
    hall.sign_in("100")
    bad = evaluated(hall, 1)
    task = {"ticket": bad, "owner": "clerk100", "owner_roles": ["clerk"], "due_on": FRIDAY}
    every = {"since": None, "until": None, "limit": 9, "follow_up": None, "cursor": None}
    seen = [
        [each.ticket for each in hall.do(evaluations.list_evaluations, by, department=None, **every)["items"]]
        for by in (HEAD, OTHER_HEAD)
    ]
    assert seen == [[str(bad)], []]
    before = hall.everything()
    with pytest.raises(NotThatDepartment):
        hall.do(evaluations.list_evaluations, OTHER_HEAD, department="d0", **every)
    with pytest.raises(NotThatDepartment):
        hall.do(evaluations.assign_evaluation, OTHER_HEAD, **task)
    with pytest.raises(NotThatDepartment):
        hall.do(evaluations.follow_up_evaluation, OTHER_HEAD, ticket=bad, result="已回访")
    assert hall.everything() == before
    hall.do(evaluations.assign_evaluation, HEAD, **task)
    assert hall.do(evaluations.follow_up_evaluation, HEAD, ticket=bad, result="已回访").owner == "clerk100"


def test_whoever_was_given_a_follow_up_finds_and_answers_it(hall: SmallHall) -> None:
    hall.furnish()
    hall.sign_in("100")
    first, second = evaluated(hall, 1), evaluated(hall, 2)
    for ticket, day in ((first, FRIDAY), (second, date(2026, 3, 5))):
        task = {"owner": "clerk100", "owner_roles": ["clerk"], "due_on": day}
        hall.do(evaluations.assign_evaluation, MANAGER, ticket=ticket, **task)
    clerk, other = hall.clerk("100"), hall.clerk("101")
    given = hall.do(evaluations.list_tasks, clerk)["items"]
    assert [each["id"] for each in given] == [str(second), str(first)], "what is due first"
    assert hall.do(evaluations.list_tasks, other)["items"] == []
    before = hall.everything()
    for caller in (other, MANAGER, VISITOR):
        with pytest.raises(NotYourFollowUp):
            hall.do(evaluations.answer_follow_up, caller, ticket=first, result="已回访")
    assert hall.everything() == before
    assert hall.do(evaluations.answer_follow_up, clerk, ticket=first, result="已回访").result == "已回访"
    with pytest.raises(FollowUpRefused):
        hall.do(evaluations.answer_follow_up, clerk, ticket=first, result="又一次")
    assert [each["id"] for each in hall.do(evaluations.list_tasks, clerk)["items"]] == [str(second)]


def test_what_may_not_be_changes_nothing(hall: SmallHall) -> None:
    hall.furnish()
    hall.sign_in("100")
    bad, good = evaluated(hall, 2), evaluated(hall, 3)
    before = hall.everything()
    assign, follow_up = evaluations.assign_evaluation, evaluations.follow_up_evaluation
    task = {"owner": "clerk100", "owner_roles": ["clerk"], "due_on": FRIDAY}
    for strange in ([], ["admin"]):
        with pytest.raises(NoSuchOwner):
            hall.do(assign, MANAGER, ticket=bad, **{**task, "owner_roles": strange})
    with pytest.raises(FollowUpRefused):
        hall.do(follow_up, MANAGER, ticket=bad, result="已回访")
    with pytest.raises(FollowUpRefused):
        hall.do(assign, MANAGER, ticket=good, **task)
    with pytest.raises(NoSuchEvaluation):
        hall.do(assign, MANAGER, ticket=NOBODY, **task)
    for caller in (ANALYST, hall.clerk("100"), VISITOR):
        with pytest.raises(ManagersOnly):
            hall.do(assign, caller, ticket=bad, **task)
    with pytest.raises(ManagersOnly):
        hall.do(evaluations.list_evaluations, VISITOR, since=None, until=None, limit=1)
    assert hall.everything() == before
