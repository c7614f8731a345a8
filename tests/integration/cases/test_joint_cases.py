"""Joint cases on a real database: a project goes through its departments, two at once where they race."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from services.cases.domain.case import Case
from services.cases.errors import (
    AnotherDepartmentsStep,
    CaseUnderWay,
    CommitmentInThePast,
    HandedInBefore,
    MaterialsMissing,
    NoSuchJointCase,
    NoSuchProcedure,
    NotAStep,
    NotTheLead,
    ProcedureContradicts,
    ProcedureExists,
    ProcedureWithdrawn,
    StaffOnly,
    StepNotReady,
    StepsOpen,
    UnknownJointCase,
)
from services.cases.use_cases import cases, joint, procedures
from services.chassis.caller import Caller
from services.chassis.errors import ServiceError
from tests.integration.cases.in_process import Office, clerk, day, local, verbs
from tests.waiting import DEADLINE_S

MANAGER = Caller(hall="main", username="manager", roles=frozenset({"manager"}))
ANALYST = Caller(hall="main", username="analyst", roles=frozenset({"analyst"}))
TAX = clerk("clerk002", department="tax")
PLAN: dict[str, Any] = {
    "code": "shop",
    "name": "开店",
    "name_en": "Opening a shop",
    "lead": "market",
    "preconditioned": False,
    "steps": [
        {"step": "name", "item": "market-001", "after": []},
        {"step": "tax", "item": "tax-001", "after": ["name"]},
        {"step": "licence", "item": "market-002", "after": ["tax"]},
    ],
    "materials": [
        {"material": "charter", "name": "章程", "name_en": None, "needed_by": ["name", "tax"]},
        {"material": "lease", "name": "租约", "name_en": "Lease", "needed_by": ["licence"]},
    ],
}


@pytest.fixture
def hall(office: Office) -> Office:
    """An office with a procedure of two departments, and a ticket at each."""
    office.tickets["t2"] = {**office.tickets["t1"], "id": "t2", "department": "tax", "clerk": "clerk002"}
    office.do(procedures.define_procedure, MANAGER, **PLAN)
    office.do(
        procedures.define_procedure, MANAGER, **{**PLAN, "code": "shop-promise", "preconditioned": True}
    )
    return office


def opened(hall: Office, procedure: str = "shop") -> str:
    """Open a joint case with its materials and return its number."""
    one = hall.do(joint.open_joint_case, procedure=procedure, project="老街书店", applicant_ref="P-7")
    for material in ("charter", "lease"):
        hall.do(joint.hand_in, number=one["number"], material=material, reference=None)
    return str(one["number"])


def seen(hall: Office, number: str) -> dict[str, dict[str, Any]]:
    """Return the steps of a joint case as staff sees them, by code."""
    one = hall.ask(joint.get_joint_case, ANALYST, number=number)
    return {each["step"]: each for each in one["steps"]}


def states(hall: Office, number: str) -> list[str]:
    return [each["state"] for each in seen(hall, number).values()]


def at_market(hall: Office, number: str, item: str = "market-001") -> Case:
    return hall.accept(item=item, joint_case=number)


def at_tax(hall: Office, number: str) -> Case:
    return hall.accept(TAX, ticket="t2", item="tax-001", joint_case=number)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do things at the same moment and return what came of each, a refusal as itself."""
    barrier = Barrier(len(deeds), timeout=DEADLINE_S)

    def one(deed: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return deed()
        except ServiceError as refusal:
            return refusal

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def test_a_project_goes_from_department_to_department_and_is_closed(hall: Office) -> None:
    number = opened(hall)
    assert number == "J2026-00001"
    assert states(hall, number) == ["ready", "waiting", "waiting"]
    first = at_market(hall, number)
    assert states(hall, number) == ["under_way", "waiting", "waiting"]
    hall.go_to("2026-03-04T10:00")
    hall.do(cases.decide_case, number=first.number, outcome="granted")
    assert states(hall, number) == ["closed", "ready", "waiting"]
    second = at_tax(hall, number)
    hall.do(cases.decide_case, TAX, number=second.number, outcome="granted")
    with pytest.raises(StepsOpen):
        hall.do(joint.close_joint_case, number=number)
    hall.do(cases.decide_case, number=at_market(hall, number, "market-002").number, outcome="granted")
    closed = hall.do(joint.close_joint_case, number=number)
    assert (closed["state"], closed["ended_by"]) == ("closed", "clerk001")
    assert hall.ask(joint.list_joint_cases, ANALYST, state="open", limit=10)["items"] == []


def test_each_stay_of_a_step_is_kept(hall: Office) -> None:
    number = opened(hall)
    case = at_market(hall, number)
    hall.go_to("2026-03-04T10:00")
    hall.do(cases.decide_case, number=case.number, outcome="granted")
    stays = {
        code: [(each.state, each.entered_at, each.left_at) for each in step["history"]]
        for code, step in seen(hall, number).items()
    }
    start, later = local("2026-03-02T09:05"), local("2026-03-04T10:00")
    assert stays["name"] == [("ready", start, start), ("under_way", start, later), ("closed", later, None)]
    assert stays["tax"] == [("waiting", start, later), ("ready", later, None)]


def test_a_step_shows_its_case_and_is_late_after_its_due_date(hall: Office) -> None:
    number = opened(hall)
    case = at_market(hall, number)
    step = seen(hall, number)["name"]
    assert (step["case"].number, step["case"].due_on, step["late"]) == (case.number, day("2026-03-09"), False)
    hall.go_to("2026-03-10T09:00")
    assert seen(hall, number)["name"]["late"] is True


def test_nothing_is_accepted_ahead_of_its_turn_without_its_materials_or_under_another_item(
    hall: Office,
) -> None:
    number = str(
        hall.do(joint.open_joint_case, procedure="shop", project="书店", applicant_ref=None)["number"]
    )
    with pytest.raises(MaterialsMissing):
        at_market(hall, number)
    with pytest.raises(StepNotReady):
        at_tax(hall, number)
    hall.publish_item("market-003", department="market", time_limit_days=1)
    with pytest.raises(NotAStep):
        at_market(hall, number, "market-003")
    with pytest.raises(UnknownJointCase):
        at_market(hall, "J2026-00099")
    assert hall.ask(cases.list_cases, ticket="t1") == {"items": []}
    assert hall.do(joint.hand_in, number=number, material="charter", reference=None)
    assert at_market(hall, number).number == "2026-0000001"


def test_a_number_of_another_platform_is_kept_as_it_is(hall: Office) -> None:
    assert at_market(hall, "TZ-2026.17").joint_case == "TZ-2026.17"
    hall.do(cases.decide_case, number="2026-0000001", outcome="granted")


def test_a_rejected_case_gives_the_step_back(hall: Office) -> None:
    number = opened(hall)
    case = at_market(hall, number)
    hall.do(cases.correct_case, number=case.number, reason="缺少签章")
    assert (seen(hall, number)["name"]["correction"], seen(hall, number)["tax"]["correction"]) == (
        "缺少签章",
        None,
    )
    hall.do(cases.reject_case, number=case.number, reason="材料未补齐")
    assert (states(hall, number)[0], seen(hall, number)["name"]["case"]) == ("ready", None)
    again = at_market(hall, number)
    hall.do(cases.decide_case, number=again.number, outcome="granted")
    assert states(hall, number) == ["closed", "ready", "waiting"]


def test_a_commitment_lets_the_others_go_on(hall: Office) -> None:
    number = opened(hall, "shop-promise")
    hall.do(cases.decide_case, number=at_market(hall, number).number, outcome="granted")
    promise = {"number": number, "step": "tax", "text": "月底前补办", "fulfil_by": day("2026-03-31")}
    with pytest.raises(AnotherDepartmentsStep):
        hall.do(joint.commit_step, **promise)
    with pytest.raises(CommitmentInThePast):
        hall.do(joint.commit_step, TAX, **{**promise, "fulfil_by": day("2026-03-01")})
    hall.do(joint.commit_step, TAX, **promise)
    assert states(hall, number) == ["closed", "committed", "ready"]
    hall.do(cases.decide_case, number=at_market(hall, number, "market-002").number, outcome="granted")
    assert hall.do(joint.close_joint_case, number=number)["state"] == "closed"
    kept = seen(hall, number)["tax"]["commitment"]
    assert (kept.text, kept.fulfil_by, kept.made_by) == ("月底前补办", day("2026-03-31"), "clerk002")


def test_a_project_that_is_given_up_leaves_its_cases_to_themselves(hall: Office) -> None:
    number = opened(hall)
    case = at_market(hall, number)
    with pytest.raises(NotTheLead):
        hall.do(joint.withdraw_joint_case, TAX, number=number, reason="业主放弃")
    hall.do(joint.withdraw_joint_case, MANAGER, number=number, reason="业主放弃")
    hall.do(cases.decide_case, number=case.number, outcome="granted")
    assert states(hall, number) == ["closed", "ready", "waiting"]


def test_a_step_that_does_not_get_on_is_urged(hall: Office) -> None:
    number = opened(hall)
    with pytest.raises(NotTheLead):
        hall.do(joint.urge_step, TAX, number=number, step="name", text="请尽快办理")
    hall.do(joint.urge_step, MANAGER, number=number, step="name", text="请尽快办理")
    [urging] = seen(hall, number)["name"]["urgings"]
    assert (urging.text, urging.urged_by, urging.urged_at) == (
        "请尽快办理",
        "manager",
        local("2026-03-02T09:05"),
    )


def test_a_department_sees_what_it_leads_or_has_a_step_in(hall: Office) -> None:
    number = opened(hall)

    def numbers(**query: str) -> list[str]:
        found = hall.ask(joint.list_joint_cases, ANALYST, **query, limit=10)
        return [each["number"] for each in found["items"]]

    assert numbers(department="tax") == numbers(department="market") == numbers(state="open") == [number]
    assert numbers(department="water") == numbers(state="closed") == []


def test_a_long_list_comes_in_parts_the_newest_first(hall: Office) -> None:
    numbers = [opened(hall) for _ in range(5)]
    seen_numbers, cursor = [], None
    while True:
        part = hall.ask(joint.list_joint_cases, ANALYST, limit=2, cursor=cursor)
        seen_numbers += [each["number"] for each in part["items"]]
        if (cursor := part["next"]) is None:
            break
    assert seen_numbers == numbers[::-1]


def test_two_windows_accept_a_step_at_once_and_one_does(hall: Office) -> None:
    number = opened(hall)
    hall.tickets["t3"] = {**hall.tickets["t1"], "id": "t3", "clerk": "clerk003", "window": "103"}
    for _ in range(10):
        found = at_once(
            lambda: at_market(hall, number),
            lambda: hall.accept(clerk("clerk003"), ticket="t3", item="market-001", joint_case=number),
        )
        assert {type(each) for each in found} == {Case, CaseUnderWay}
        [case] = [each for each in found if isinstance(each, Case)]
        assert seen(hall, number)["name"]["case"] == case
        hall.do(cases.correct_case, number=case.number, reason="缺少签章")
        hall.do(cases.reject_case, number=case.number, reason="材料未补齐")


def test_two_windows_take_a_material_at_once_and_one_does(hall: Office) -> None:
    for _ in range(10):
        one = hall.do(joint.open_joint_case, procedure="shop", project="书店", applicant_ref=None)
        hand_in = {"number": one["number"], "material": "charter", "reference": None}
        found = at_once(*(partial(hall.do, joint.hand_in, each, **hand_in) for each in (clerk(), TAX)))
        assert {type(each) for each in found} == {dict, HandedInBefore}


def test_two_decisions_at_once_release_what_waits_for_both(hall: Office) -> None:
    both = {
        **PLAN,
        "code": "both",
        "steps": [*PLAN["steps"][:1], {"step": "tax", "item": "tax-001", "after": []},
                  {"step": "licence", "item": "market-002", "after": ["name", "tax"]}],
    }  # fmt: skip
    hall.do(procedures.define_procedure, MANAGER, **both)
    for _ in range(10):
        number = opened(hall, "both")
        one, other = at_market(hall, number), at_tax(hall, number)
        at_once(
            partial(hall.do, cases.decide_case, number=one.number, outcome="granted"),
            partial(hall.do, cases.decide_case, TAX, number=other.number, outcome="granted"),
        )
        assert states(hall, number) == ["closed", "closed", "ready"]


def test_each_change_is_told_once_with_the_whole_state(hall: Office) -> None:
    number = opened(hall)
    case = at_market(hall, number)
    hall.do(cases.decide_case, number=case.number, outcome="granted")
    told = [each for each in hall.told() if each["subject"] == number]
    assert verbs(told) == ["opened", *["advanced"] * 4]
    assert [each["sequence"] for each in told] == [1, 2, 3, 4, 5]
    last = told[-1]["data"]
    assert [(each["step"], each["state"], each["case"]) for each in last["steps"]] == [
        ("name", "closed", case.number),
        ("tax", "ready", None),
        ("licence", "waiting", None),
    ]
    assert not {"project", "applicant_ref", "reason"} & set(last)


def test_a_step_that_rolls_back_takes_the_joint_case_with_it(hall: Office) -> None:
    number = opened(hall)
    with pytest.raises(ZeroDivisionError), hall.database.transaction() as store:
        cases.accept_case(store, clerk(), ticket=hall.ticket_of("t1"), item="market-001", joint_case=number)
        raise ZeroDivisionError
    assert states(hall, number) == ["ready", "waiting", "waiting"]
    assert at_market(hall, number).number == "2026-0000001"


def test_procedures_are_defined_by_managers_once_and_withdrawn(hall: Office) -> None:
    with pytest.raises(StaffOnly):
        hall.do(procedures.define_procedure, **{**PLAN, "code": "other"})
    with pytest.raises(ProcedureExists):
        hall.do(procedures.define_procedure, MANAGER, **PLAN)
    steps = [*PLAN["steps"], {"step": "gone", "item": "market-999", "after": []}]
    with pytest.raises(ProcedureContradicts):
        hall.do(procedures.define_procedure, MANAGER, **{**PLAN, "code": "other", "steps": steps})
    assert hall.do(procedures.withdraw_procedure, MANAGER, code="shop").state == "withdrawn"
    with pytest.raises(ProcedureWithdrawn):
        hall.do(joint.open_joint_case, procedure="shop", project="书店", applicant_ref=None)
    with pytest.raises(NoSuchProcedure):
        hall.do(joint.open_joint_case, procedure="nothing", project="书店", applicant_ref=None)
    listed = hall.ask(procedures.list_procedures, ANALYST)["items"]
    assert [(each.code, each.state) for each in listed] == [("shop", "withdrawn"), ("shop-promise", "active")]


def test_the_halls_own_procedures_are_brought_to_what_its_tables_say(hall: Office) -> None:
    admin = Caller(hall="main", username="admin", roles=frozenset({"admin"}))
    number = opened(hall)
    changed = {**PLAN, "name": "开业一件事", "steps": PLAN["steps"][:2], "materials": []}
    with pytest.raises(StaffOnly):
        hall.do(procedures.load_procedures, MANAGER, procedures=[changed])
    hall.do(procedures.load_procedures, admin, procedures=[changed])
    [now, _] = hall.ask(procedures.list_procedures, ANALYST)["items"]
    assert (now.name, len(now.steps)) == ("开业一件事", 2)
    assert len(seen(hall, number)) == 3


def test_only_the_lead_or_a_manager_opens_and_only_who_has_a_step_takes_materials(hall: Office) -> None:
    with pytest.raises(NotTheLead):
        hall.do(joint.open_joint_case, TAX, procedure="shop", project="书店", applicant_ref=None)
    one = hall.do(joint.open_joint_case, MANAGER, procedure="shop", project="书店", applicant_ref=None)
    with pytest.raises(AnotherDepartmentsStep):
        hall.do(
            joint.hand_in, clerk(department="water"), number=one["number"], material="lease", reference=None
        )
    taken = hall.do(joint.hand_in, TAX, number=one["number"], material="lease", reference="A-3")
    [lease] = [each for each in taken["materials"] if each.material == "lease"]
    assert (lease.department, lease.handed_in_by, lease.reference) == ("tax", "clerk002", "A-3")
    with pytest.raises(StaffOnly):
        hall.do(joint.close_joint_case, MANAGER, number=one["number"])
    with pytest.raises(NoSuchJointCase):
        hall.ask(joint.get_joint_case, ANALYST, number="J2026-00077")


def test_a_clerk_sees_the_joint_cases_of_their_department_alone_though_numbers_count_up(hall: Office) -> None:
    number = opened(hall)
    for department, seen_by in (("market", True), ("tax", True), ("water", False)):
        by = clerk("clerk300", department=department)
        found = hall.ask(joint.list_joint_cases, by, limit=10)["items"]
        assert [each["number"] for each in found] == ([number] if seen_by else [])
        if seen_by:
            assert hall.ask(joint.get_joint_case, by, number=number)["number"] == number
            continue
        with pytest.raises(NoSuchJointCase):
            hall.ask(joint.get_joint_case, by, number=number)
        assert hall.ask(joint.list_joint_cases, by, department="market", limit=10)["items"] == []


def test_a_procedure_that_is_changed_is_so_for_projects_that_begin_after_that(hall: Office) -> None:
    begun = opened(hall)
    plan = {name: value for name, value in PLAN.items() if name != "code"}
    shorter = {**plan, "name": "开店（简化）", "steps": PLAN["steps"][:2], "materials": PLAN["materials"][:1]}
    hall.do(procedures.withdraw_procedure, MANAGER, code="shop")
    changed = hall.do(procedures.change_procedure, MANAGER, code="shop", **shorter)
    assert (changed.state, changed.name, len(changed.steps)) == ("active", "开店（简化）", 2)
    later = hall.do(joint.open_joint_case, procedure="shop", project="新店", applicant_ref=None)["number"]
    assert [len(seen(hall, number)) for number in (begun, later)] == [3, 2], (
        "what has begun goes on as it was"
    )
    with pytest.raises(NoSuchProcedure):
        hall.do(procedures.change_procedure, MANAGER, code="none", **shorter)
    with pytest.raises(StaffOnly):
        hall.do(procedures.change_procedure, code="shop", **shorter)
    circle = [{**each, "after": ["name" if each["step"] == "tax" else "tax"]} for each in PLAN["steps"][:2]]
    with pytest.raises(ProcedureContradicts):
        hall.do(procedures.change_procedure, MANAGER, code="shop", **{**shorter, "steps": circle})
