"""Steps wait for each other, are accepted, committed, closed and given back; the whole is closed by the lead."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases.domain import joint as domain
from services.cases.domain.joint import (
    Commitment,
    JointCase,
    Material,
    PlannedMaterial,
    PlannedStep,
    Procedure,
)
from services.cases.errors import (
    AnotherDepartmentsStep,
    CaseUnderWay,
    HandedInBefore,
    IllegalStepTransition,
    JointCaseEnded,
    MaterialsMissing,
    NoSuchMaterial,
    NoSuchStep,
    NotAStep,
    NotPreconditioned,
    ProcedureContradicts,
    StepNotReady,
    StepsOpen,
)

AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
TODAY = date(2026, 3, 2)
WORD = Commitment(text="十日内补齐", fulfil_by=date(2026, 3, 12), made_at=AT, made_by="clerk002")


def step(code: str, department: str, *after: str) -> PlannedStep:
    return PlannedStep(step=code, item=f"{department}-{code}", department=department, after=after)


STEPS = (step("a", "drc"), step("b", "land", "a"), step("c", "green", "a"), step("d", "drc", "b", "c"))
PLAN = PlannedMaterial(material="plan", name="方案", name_en=None, needed_by=("a", "b"))
PROCEDURE = Procedure(
    hall="main",
    code="invest",
    name="投资项目",
    name_en=None,
    lead="drc",
    preconditioned=False,
    state="active",
    steps=STEPS,
    materials=(PLAN,),
    defined_at=AT,
    defined_by="manager",
)


def opened(procedure: Procedure = PROCEDURE, **changes: Any) -> JointCase:
    """Return a joint case that has just been opened."""
    new = JointCase(
        hall="main",
        number="J2026-00001",
        procedure=procedure.code,
        project="体育中心",
        applicant_ref=None,
        lead=procedure.lead,
        preconditioned=procedure.preconditioned,
        state="open",
        opened_at=AT,
        opened_by="clerk001",
        steps=domain.first_steps(procedure),
        materials=tuple(Material(**vars(each)) for each in procedure.materials),
    )
    return replace(new, **changes)


def with_materials(joint: JointCase) -> JointCase:
    for each in joint.materials:
        joint = domain.hand_in(joint, each.material, at=AT, by="clerk001", department="drc", reference=None)
    return joint


def begun(joint: JointCase, code: str) -> JointCase:
    wanted = domain.step_of(joint, code)
    return domain.begin(joint, domain.to_begin(joint, item=wanted.item), case=f"2026-{code}")


def done(joint: JointCase, *codes: str) -> JointCase:
    for code in codes:
        joint = begun(joint, code)
        joint = domain.decided(joint, domain.step_of(joint, code))
    return joint


def states(joint: JointCase) -> str:
    """Return the first letters of the states of the steps: waiting, ready, under_way, committed, closed (x)."""
    return "".join("x" if each.state == "closed" else each.state[0] for each in joint.steps)


def test_a_step_is_ready_when_all_before_it_are_closed() -> None:
    joint = with_materials(opened())
    assert states(joint) == "rwww"
    joint = begun(joint, "a")
    assert states(joint) == "uwww"
    joint = domain.decided(joint, domain.step_of(joint, "a"))
    assert states(joint) == "xrrw"
    joint = done(joint, "b")
    assert (states(joint), domain.waits_for(joint, domain.step_of(joint, "d"))) == ("xxrw", ["c"])
    joint = done(joint, "c")
    assert states(joint) == "xxxr"
    assert domain.end(done(joint, "d"), "closed", at=AT, by="clerk001").state == "closed"


def test_a_step_that_waits_names_what_for() -> None:
    joint = done(with_materials(opened()), "a")
    with pytest.raises(StepNotReady) as refusal:
        domain.to_begin(joint, item="drc-d")
    assert refusal.value.extra == {"waits_for": ["b", "c"]}


def test_a_step_whose_materials_are_missing_names_them() -> None:
    with pytest.raises(MaterialsMissing) as refusal:
        domain.to_begin(opened(), item="drc-a")
    assert refusal.value.extra == {"materials": ["plan"]}
    assert domain.to_begin(with_materials(opened()), item="drc-a").step == "a"


def test_a_step_has_one_case() -> None:
    joint = begun(with_materials(opened()), "a")
    with pytest.raises(CaseUnderWay) as refusal:
        domain.to_begin(joint, item="drc-a")
    assert refusal.value.extra == {"case": "2026-a"}


def test_an_item_that_is_no_step_is_refused() -> None:
    with pytest.raises(NotAStep) as refusal:
        domain.to_begin(opened(), item="drc-z")
    assert list(refusal.value.errors) == ["item"]


def test_a_rejected_case_gives_its_step_back_and_voids_the_commitment() -> None:
    joint = begun(with_materials(opened(preconditioned=True)), "a")
    joint = done(domain.rejected(joint, domain.step_of(joint, "a")), "a")
    assert states(joint) == "xrrw"
    joint = domain.commit(begun(joint, "b"), "b", WORD, department="land", is_admin=False)
    joint = domain.rejected(joint, domain.step_of(joint, "b"))
    again = domain.step_of(joint, "b")
    assert (again.state, again.case, again.commitment) == ("ready", None, None)


def test_a_commitment_counts_as_closed_in_a_preconditioned_case_alone() -> None:
    joint = done(with_materials(opened(preconditioned=True)), "a")
    joint = domain.commit(joint, "b", WORD, department="land", is_admin=False)
    joint = done(joint, "c")
    assert states(joint) == "xcxr"
    closed = domain.end(done(joint, "d"), "closed", at=AT, by="clerk001")
    assert (closed.state, closed.ended_by) == ("closed", "clerk001")
    with pytest.raises(NotPreconditioned):
        domain.commit(opened(), "b", WORD, department="land", is_admin=False)


def test_the_business_of_a_committed_step_follows_and_closes_it() -> None:
    joint = done(with_materials(opened(preconditioned=True)), "a")
    joint = domain.commit(joint, "b", WORD, department="land", is_admin=False)
    joint = begun(joint, "b")
    assert domain.step_of(joint, "b").state == "committed"
    closed = domain.decided(joint, domain.step_of(joint, "b"))
    assert (states(closed), domain.step_of(closed, "b").commitment) == ("xxrw", WORD)


def test_the_lead_does_not_commit_itself_and_nobody_for_others() -> None:
    joint = opened(preconditioned=True)
    with pytest.raises(NotPreconditioned):
        domain.commit(joint, "a", WORD, department="drc", is_admin=False)
    with pytest.raises(AnotherDepartmentsStep):
        domain.commit(joint, "b", WORD, department="green", is_admin=False)
    assert states(domain.commit(joint, "b", WORD, department=None, is_admin=True)) == "rcww"


def test_nobody_commits_twice_or_when_it_is_closed() -> None:
    joint = done(with_materials(opened(preconditioned=True)), "a", "b")
    joint = domain.commit(joint, "c", WORD, department="green", is_admin=False)
    for code, department in (("b", "land"), ("c", "green")):
        with pytest.raises(IllegalStepTransition):
            domain.commit(joint, code, WORD, department=department, is_admin=False)


def test_a_material_is_handed_in_once() -> None:
    joint = with_materials(opened())
    with pytest.raises(HandedInBefore) as refusal:
        domain.hand_in(joint, "plan", at=AT, by="clerk002", department="land", reference=None)
    assert refusal.value.extra == {"handed_in_at": AT.isoformat(), "department": "drc"}
    with pytest.raises(NoSuchMaterial):
        domain.hand_in(joint, "map", at=AT, by="clerk002", department="land", reference=None)


def test_it_is_not_closed_while_a_step_is_open_and_then_only_once() -> None:
    joint = done(with_materials(opened()), "a", "b")
    with pytest.raises(StepsOpen) as refusal:
        domain.end(joint, "closed", at=AT, by="clerk001")
    assert refusal.value.extra == {"steps": ["c", "d"]}
    ended = domain.end(joint, "withdrawn", at=AT, by="clerk001", reason="项目取消")
    with pytest.raises(JointCaseEnded):
        domain.end(ended, "closed", at=AT, by="clerk001")
    with pytest.raises(JointCaseEnded):
        domain.to_begin(ended, item="green-c")
    with pytest.raises(JointCaseEnded):
        domain.urge(ended, "c")


def test_only_open_steps_are_urged() -> None:
    joint = done(with_materials(opened()), "a")
    assert domain.urge(joint, "b").version == joint.version + 1
    with pytest.raises(IllegalStepTransition):
        domain.urge(joint, "a")
    with pytest.raises(NoSuchStep):
        domain.urge(joint, "z")


def test_late_is_what_is_past_its_due_date_or_its_commitment() -> None:
    joint = begun(with_materials(opened()), "a")
    here = domain.step_of(joint, "a")
    assert not domain.is_late(here, due_on=TODAY, today=TODAY)
    assert domain.is_late(here, due_on=date(2026, 3, 1), today=TODAY)
    closed = domain.step_of(domain.decided(joint, here), "a")
    assert not domain.is_late(closed, due_on=date(2026, 3, 1), today=TODAY)
    promised = replace(here, state="committed", commitment=replace(WORD, fulfil_by=date(2026, 3, 1)))
    assert domain.is_late(promised, due_on=None, today=TODAY)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"steps": (*STEPS[:3], step("c", "drc"))}, "steps"),
        ({"steps": (*STEPS, replace(STEPS[0], step="e"))}, "steps"),
        ({"steps": (*STEPS, step("e", "drc", "z"))}, "steps"),
        ({"steps": (step("a", "drc", "b"), step("b", "land", "a"))}, "steps"),
        ({"steps": (step("a", "drc"), step("b", "drc")), "materials": ()}, "steps"),
        ({"lead": "water"}, "lead"),
        ({"materials": (PLAN, PLAN)}, "materials"),
        ({"materials": (replace(PLAN, needed_by=("z",)),)}, "materials"),
    ],
)
def test_a_procedure_that_contradicts_itself_says_where(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ProcedureContradicts) as refusal:
        domain.check_procedure(replace(PROCEDURE, **changes))
    assert field in refusal.value.errors


def test_a_circle_is_named() -> None:
    steps = (step("a", "drc", "c"), step("b", "land", "a"), step("c", "drc", "b"))
    with pytest.raises(ProcedureContradicts) as refusal:
        domain.check_procedure(replace(PROCEDURE, steps=steps, materials=()))
    [message] = refusal.value.errors["steps"]
    assert {"a", "b", "c"} <= set(message.replace(",", "").rstrip(".").split())


@given(st.data())
def test_in_any_graph_and_order_no_step_runs_ahead_and_all_can_be_closed(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 7))
    steps = [
        step(f"s{nth}", "drc" if nth == 0 else data.draw(st.sampled_from(["drc", "land", "green"])),
             *(f"s{other}" for other in range(nth) if data.draw(st.booleans())))
        for nth in range(count)
    ]  # fmt: skip
    procedure = replace(PROCEDURE, steps=(*steps, step("last", "land")), materials=(), preconditioned=True)
    joint = opened(domain.check_procedure(procedure))
    for _ in range(8 * len(joint.steps)):
        ready = [
            each
            for each in joint.steps
            if each.state not in domain.DONE and not domain.waits_for(joint, each)
        ]
        if not ready:
            break
        one = data.draw(st.sampled_from(ready))
        if one.case is None:
            joint = begun(joint, one.step)
        else:
            end = data.draw(st.sampled_from([domain.decided, domain.decided, domain.rejected]))
            joint = end(joint, one)
        assert all((each.state == "waiting") == bool(domain.waits_for(joint, each)) for each in joint.steps)
    while still := [
        each for each in joint.steps if each.state not in domain.DONE and not domain.waits_for(joint, each)
    ]:
        joint = joint if still[0].case else begun(joint, still[0].step)
        joint = domain.decided(joint, domain.step_of(joint, still[0].step))
    assert domain.end(joint, "closed", at=AT, by=None).state == "closed"
