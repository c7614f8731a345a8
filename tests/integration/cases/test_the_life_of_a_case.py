"""What becomes of a case: decisions, corrections, rejections, and the stays that prove it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from services.cases import schemas
from services.cases.errors import (
    IllegalTransition,
    NoSuchCase,
    NotYourDepartment,
    RefusalWithoutReason,
    StaffOnly,
)
from services.cases.use_cases import cases as use_cases
from services.chassis.caller import Caller
from services.chassis.errors import Invalid
from services.chassis.service import load_request
from tests.integration.cases.in_process import Office, clerk, day, local, verbs

VISITOR = Caller(hall="main", username="visitor", roles=frozenset({"visitor"}))
COMMANDS: list[tuple[Callable[..., Any], dict[str, str]]] = [
    (use_cases.decide_case, {"outcome": "granted"}),
    (use_cases.deliver_case, {}),
    (use_cases.correct_case, {"reason": "缺少章程"}),
    (use_cases.resume_case, {}),
    (use_cases.reject_case, {"reason": "材料未补齐"}),
]


def test_a_case_is_decided_through_review_and_delivered(office: Office) -> None:
    case = office.accept()
    office.go_to("2026-03-09T17:00")
    decided = office.do(use_cases.decide_case, number=case.number, outcome="granted")
    assert (decided.state, decided.decided_at, decided.on_time) == ("decided", office.now, True)
    office.go_to("2026-03-10T09:00")
    delivered = office.do(use_cases.deliver_case, number=case.number)
    assert office.stays(delivered) == [
        ("received", local("2026-03-02T09:05"), local("2026-03-02T09:05")),
        ("accepted", local("2026-03-02T09:05"), local("2026-03-09T17:00")),
        ("in_review", local("2026-03-09T17:00"), local("2026-03-09T17:00")),
        ("decided", local("2026-03-09T17:00"), local("2026-03-10T09:00")),
        ("delivered", local("2026-03-10T09:00"), None),
    ]
    told = office.told()
    assert verbs(told) == ["accepted", "decided", "delivered"]
    assert [event["sequence"] for event in told] == [2, 4, 5]
    assert told[-1]["data"]["on_time"] is True


def test_a_case_decided_after_its_due_date_is_late(office: Office) -> None:
    case = office.accept()
    office.go_to("2026-03-10T00:01")
    assert office.do(use_cases.decide_case, number=case.number, outcome="granted").on_time is False


def test_a_correction_stops_the_clock(office: Office) -> None:
    office.publish_holidays("2026-03-11")
    case = office.accept()
    assert case.due_on == day("2026-03-09")
    office.go_to("2026-03-05T16:00")
    stopped = office.do(use_cases.correct_case, number=case.number, reason="缺少章程")
    assert (stopped.state, stopped.due_on, stopped.days_left) == ("correction", None, 2)
    office.go_to("2026-03-12T10:00")
    resumed = office.do(use_cases.resume_case, number=case.number)
    assert (resumed.state, resumed.due_on) == ("accepted", day("2026-03-16"))
    office.go_to("2026-03-16T17:00")
    assert office.do(use_cases.decide_case, number=case.number, outcome="granted").on_time is True
    told = office.told()
    assert verbs(told) == ["accepted", "correction_requested", "resumed", "decided"]
    assert [(each["data"]["due_on"], each["data"]["days_left"]) for each in told][1:3] == [
        (None, 2),
        ("2026-03-16", None),
    ]


def test_a_case_shows_its_history_with_durations_and_reasons(office: Office) -> None:
    case = office.accept()
    office.go_to("2026-03-02T10:05")
    office.do(use_cases.correct_case, number=case.number, reason="缺少章程")
    shown = schemas.CaseWithHistory().dump(office.ask(use_cases.get_case, number=case.number))
    assert [(each["state"], each["seconds"], each["reason"]) for each in shown["history"]] == [
        ("received", 0, None),
        ("accepted", 3600, None),
        ("correction", None, "缺少章程"),
    ]


def test_a_refusal_is_a_decision_with_a_reason(office: Office) -> None:
    number = office.accept().number
    with pytest.raises(RefusalWithoutReason):
        office.do(use_cases.decide_case, number=number, outcome="refused")
    refused = office.do(use_cases.decide_case, number=number, outcome="refused", reason="不符合规划")
    assert (refused.state, refused.outcome, refused.on_time) == ("decided", "refused", True)
    assert (office.told()[-1]["type"], office.told()[-1]["data"]["outcome"]) == (
        "cases.case.decided",
        "refused",
    )
    shown = schemas.CaseWithHistory().dump(office.ask(use_cases.get_case, number=number))
    assert (shown["outcome"], shown["history"][-1]["reason"]) == ("refused", "不符合规划")
    assert office.do(use_cases.deliver_case, number=number).outcome == "refused"


def test_a_refusal_names_nobody_and_is_one_of_two(office: Office) -> None:
    for wrong in ({"outcome": "refused", "reason": "电话13812345678"}, {"outcome": "perhaps"}):
        with pytest.raises(Invalid):
            load_request(schemas.DecideCase(), {"number": "2026-0000001", **wrong})
    loaded = load_request(schemas.DecideCase(), {"number": "2026-0000001"})
    assert (loaded["outcome"], loaded["reason"]) == ("granted", None)


def test_a_case_whose_materials_do_not_come_is_rejected(office: Office) -> None:
    case = office.accept()
    office.do(use_cases.correct_case, number=case.number, reason="缺少章程")
    rejected = office.do(use_cases.reject_case, number=case.number, reason="材料未补齐")
    assert (rejected.state, rejected.on_time) == ("rejected", None)
    assert verbs(office.told())[-1] == "rejected"


ALLOWED = {
    "accepted": {"decide_case", "correct_case"},
    "correction": {"resume_case", "reject_case"},
    "decided": {"deliver_case"},
    "delivered": set(),
    "rejected": set(),
}
WAYS = {
    "accepted": [],
    "correction": [2],
    "decided": [0],
    "delivered": [0, 1],
    "rejected": [2, 4],
}


@pytest.mark.parametrize("state", sorted(ALLOWED))
@pytest.mark.parametrize(("command", "more"), COMMANDS)
def test_what_the_state_forbids_changes_nothing(
    office: Office, state: str, command: Callable[..., Any], more: dict[str, str]
) -> None:
    number = office.accept().number
    for step in WAYS[state]:
        way, reason = COMMANDS[step]
        office.do(way, number=number, **reason)
    before, told = office.ask(use_cases.get_case, number=number), office.told()
    assert before["state"] == state
    if command.__name__ in ALLOWED[state]:
        assert office.do(command, number=number, **more).version > before["version"]
    else:
        with pytest.raises(IllegalTransition):
            office.do(command, number=number, **more)
        assert (office.ask(use_cases.get_case, number=number), office.told()) == (before, told)


@pytest.mark.parametrize(("command", "more"), COMMANDS)
def test_only_clerks_of_its_department_change_a_case(
    office: Office, command: Callable[..., Any], more: dict[str, str]
) -> None:
    number = office.accept().number
    with pytest.raises(NotYourDepartment):
        office.do(command, clerk("clerk200", department="tax"), number=number, **more)
    with pytest.raises(StaffOnly):
        office.do(command, VISITOR, number=number, **more)
    with pytest.raises(NoSuchCase):
        office.do(command, number="2026-0000999", **more)
    with pytest.raises(NoSuchCase):
        office.do(command, clerk(hall="north"), number=number, **more)


def test_visitors_see_no_case(office: Office) -> None:
    number = office.accept().number
    with pytest.raises(StaffOnly):
        office.ask(use_cases.get_case, VISITOR, number=number)
    with pytest.raises(StaffOnly):
        office.ask(use_cases.list_cases, VISITOR, ticket="t1")


def test_a_clerk_reads_no_case_of_another_department_by_counting(office: Office) -> None:
    accepted = office.accept()
    stranger = clerk("clerk200", department="tax")
    with pytest.raises(NoSuchCase):
        office.ask(use_cases.get_case, stranger, number=accepted.number)
    assert office.ask(use_cases.list_cases, stranger, ticket=accepted.ticket)["items"] == []
    for reader in (
        clerk("clerk201", department=accepted.department),
        clerk(accepted.clerk, department="tax"),
    ):
        assert office.ask(use_cases.get_case, reader, number=accepted.number)["state"] == "accepted"
    manager = Caller(hall="main", username="manager", roles=frozenset({"manager"}))
    assert office.ask(use_cases.get_case, manager, number=accepted.number)["state"] == "accepted"


def test_of_two_decisions_at_once_one_counts(office: Office) -> None:
    number = office.accept().number

    def decide(_nth: int) -> bool:
        try:
            office.do(use_cases.decide_case, number=number, outcome="granted")
        except IllegalTransition:
            return False
        return True

    with ThreadPoolExecutor(max_workers=8) as pool:
        assert sorted(pool.map(decide, range(8))) == [False] * 7 + [True]
    assert verbs(office.told()) == ["accepted", "decided"]


def test_a_clock_that_was_set_back_makes_no_negative_stay(office: Office) -> None:
    case = office.accept()
    office.go_to("2026-03-02T09:04")
    decided = office.do(use_cases.decide_case, number=case.number, outcome="granted")
    assert decided.decided_at == case.accepted_at
    assert office.stays(case)[1] == ("accepted", local("2026-03-02T09:05"), local("2026-03-02T09:05"))


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE cases SET state = 'lost'",
        "UPDATE cases SET due_on = business_date - 1",
        "UPDATE cases SET decided_at = accepted_at",
        "UPDATE cases SET number = '2026-1'",
        "UPDATE cases SET applicant_ref = repeat('a', 65)",
        "UPDATE cases SET days_left = 3",
        "UPDATE cases SET due_on = NULL",
        "UPDATE cases SET due_on = NULL, days_left = 3",
        "UPDATE cases SET refused = true",
        "UPDATE case_states SET left_at = NULL",
        "UPDATE case_states SET left_at = entered_at - interval '1 second'",
        "DELETE FROM cases",
    ],
)
def test_the_database_keeps_the_rules_too(office: Office, damage: str) -> None:
    office.accept()
    with office.database.connect() as connection, pytest.raises(psycopg.IntegrityError):
        connection.execute(damage)
