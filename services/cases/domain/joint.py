"""A joint case: one project that several departments approve, in steps that depend on each other.

The lead department closes it only after every step is closed. In a pre-conditioned case a co-handler's written
commitment counts as closed. Materials are handed in once, for all steps that need them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from graphlib import CycleError, TopologicalSorter
from itertools import chain

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
    NotTheLead,
    ProcedureContradicts,
    ProcedureWithdrawn,
    StepNotReady,
    StepsOpen,
)

# Each state of a step with those that may follow it: a rejected case gives the step back, to be accepted anew.
STEP_TRANSITIONS: Mapping[str, frozenset[str]] = {
    "waiting": frozenset({"ready", "committed"}),
    "ready": frozenset({"under_way", "committed"}),
    "under_way": frozenset({"closed", "committed", "ready"}),
    "committed": frozenset({"closed", "ready"}),
    "closed": frozenset(),
}
# What counts as closed for those that come after, and for the whole.
DONE = frozenset({"committed", "closed"})


@dataclass(frozen=True, kw_only=True)
class PlannedStep:
    """What one department does of a procedure: an item of its own, `after` other steps."""

    step: str
    item: str
    department: str
    after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PlannedMaterial:
    """What is handed in once, and the steps that need it."""

    material: str
    name: str
    name_en: str | None
    needed_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """How a kind of project is approved; a joint case copies it when it is opened."""

    hall: str
    code: str
    name: str
    name_en: str | None
    lead: str
    preconditioned: bool
    state: str
    steps: tuple[PlannedStep, ...]
    materials: tuple[PlannedMaterial, ...]
    defined_at: datetime
    defined_by: str | None


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """A co-handler's written word that its step will be done by a day."""

    text: str
    fulfil_by: date
    made_at: datetime
    made_by: str | None


@dataclass(frozen=True, kw_only=True)
class Step(PlannedStep):
    """A step of a joint case. `version` counts the states it has entered."""

    state: str = "waiting"
    case: str | None = None
    commitment: Commitment | None = None
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class Material(PlannedMaterial):
    """A material of a joint case; `department` is where it was handed in, `reference` where it is filed."""

    handed_in_at: datetime | None = None
    handed_in_by: str | None = None
    department: str | None = None
    reference: str | None = None


@dataclass(frozen=True, kw_only=True)
class JointCase:
    """A project under approval. `version` counts its changes."""

    hall: str
    number: str
    procedure: str
    project: str
    applicant_ref: str | None
    lead: str
    preconditioned: bool
    state: str
    opened_at: datetime
    opened_by: str | None
    steps: tuple[Step, ...]
    materials: tuple[Material, ...]
    ended_at: datetime | None = None
    ended_by: str | None = None
    reason: str | None = None
    version: int = 1


def joint_number(year: int, serial: int) -> str:
    """Return the number as people read it, `J2026-00012`."""
    return f"J{year}-{serial:05d}"


def place_of(number: str) -> tuple[int, int]:
    """Return the year and serial of a number that `joint_number` gave."""
    year, _, serial = number.removeprefix("J").partition("-")
    return int(year), int(serial)


def check_procedure(procedure: Procedure) -> Procedure:
    """Return a procedure that makes sense.

    Raises:
        ProcedureContradicts: a code or item stands twice, something refers to a step that is not there, steps wait
            for each other in a circle, one department does it all, or the lead does nothing of it.
    """
    problems = {
        "steps": [*_of_steps(procedure.steps)],
        "materials": [*_of_materials(procedure)],
        "lead": [] if _departments(procedure.steps) >= {procedure.lead} else ["Has no step of its own."],
    }
    if found := {field: messages for field, messages in problems.items() if messages}:
        raise ProcedureContradicts(errors=found)
    return procedure


def _of_steps(steps: Sequence[PlannedStep]) -> list[str]:
    codes = [each.step for each in steps]
    problems = [f"{each} stands twice." for each in _twice([*codes, *(each.item for each in steps)])]
    problems += [
        f"{each.step} comes after {other}, which is no step."
        for each in steps
        for other in each.after
        if other not in codes
    ]
    try:
        TopologicalSorter({each.step: each.after for each in steps}).prepare()
    except CycleError as fault:
        problems.append(f"Wait for each other: {', '.join(fault.args[1])}.")
    if len(_departments(steps)) < 2:
        problems.append("Are all of one department.")
    return problems


def _of_materials(procedure: Procedure) -> list[str]:
    codes = {each.step for each in procedure.steps}
    problems = [f"{each} stands twice." for each in _twice([one.material for one in procedure.materials])]
    return problems + [
        f"{each.material} is needed by {step}, which is no step."
        for each in procedure.materials
        for step in each.needed_by
        if step not in codes
    ]


def _twice(names: Sequence[str]) -> list[str]:
    return sorted({each for each in names if names.count(each) > 1})


def _departments(steps: Sequence[PlannedStep]) -> set[str]:
    return {each.department for each in steps}


def check_active(procedure: Procedure) -> None:
    """Make sure that projects may begin under a procedure.

    Raises:
        ProcedureWithdrawn: they may no longer.
    """
    if procedure.state != "active":
        raise ProcedureWithdrawn


def withdrawn(procedure: Procedure) -> Procedure:
    """Return a procedure under which no project begins any more."""
    return replace(procedure, state="withdrawn")


def check_lead(lead: str, *, department: str | None, may_all: bool) -> None:
    """Make sure that a caller speaks for the lead department.

    Raises:
        NotTheLead: they do not.
    """
    if not may_all and department != lead:
        raise NotTheLead


def check_involved(joint: JointCase, *, department: str | None, may_all: bool) -> None:
    """Make sure that a caller's department has a part in a joint case.

    Raises:
        AnotherDepartmentsStep: it has none.
    """
    if not may_all and department not in _departments(joint.steps):
        raise AnotherDepartmentsStep("Your department has no step in this joint case.")


def first_steps(procedure: Procedure) -> tuple[Step, ...]:
    """Return the steps of a new joint case: those that come after none are ready."""
    return tuple(Step(**vars(each), state="waiting" if each.after else "ready") for each in procedure.steps)


def step_of(joint: JointCase, code: str) -> Step:
    """Return a step.

    Raises:
        NoSuchStep: there is none of this code.
    """
    found = next((each for each in joint.steps if each.step == code), None)
    if found is None:
        raise NoSuchStep
    return found


def waits_for(joint: JointCase, step: Step) -> list[str]:
    """Return the codes of the steps that have to be done before this one."""
    return [each for each in step.after if step_of(joint, each).state not in DONE]


def to_begin(joint: JointCase, *, item: str) -> Step:
    """Return the step whose business may be accepted under this item now.

    Raises:
        JointCaseEnded: it is closed or withdrawn.
        NotAStep: no step is of this item.
        CaseUnderWay: the step has its case.
        StepNotReady: another step has to be done first; `waits_for` names it.
        MaterialsMissing: what it needs was not handed in; `materials` names it.
    """
    _check_open(joint)
    step = next((each for each in joint.steps if each.item == item), None)
    if step is None:
        raise NotAStep(errors={"item": [f"Is no step of {joint.number}."]})
    if step.case is not None:
        raise CaseUnderWay(case=step.case)
    if waiting := waits_for(joint, step):
        raise StepNotReady(waits_for=waiting)
    if missing := [each.material for each in materials_of(joint, step) if each.handed_in_at is None]:
        raise MaterialsMissing(materials=missing)
    return step


def materials_of(joint: JointCase, step: Step) -> list[Material]:
    """Return the materials that a step needs."""
    return [each for each in joint.materials if step.step in each.needed_by]


def begin(joint: JointCase, step: Step, *, case: str) -> JointCase:
    """Return the joint case after a step's business was accepted as `case`; a commitment stands until it is decided."""
    begun = replace(step, case=case)
    return _with(joint, begun if step.state == "committed" else _enter(begun, "under_way"))


def step_with(joint: JointCase, case: str) -> Step | None:
    """Return the step whose case this is; None when no step is."""
    return next((each for each in joint.steps if each.case == case), None)


def decided(joint: JointCase, step: Step) -> JointCase:
    """Return the joint case after a step's case was decided, with what waited only for it ready."""
    return _with(joint, _enter(step, "closed"))


def rejected(joint: JointCase, step: Step) -> JointCase:
    """Return the joint case after a step's case was rejected: it may be accepted anew, a commitment is void."""
    return _with(joint, replace(_enter(step, "ready"), case=None, commitment=None))


def commit(
    joint: JointCase, code: str, commitment: Commitment, *, department: str | None, is_admin: bool
) -> JointCase:
    """Take a co-handler's written commitment, which counts as the step's closing.

    Raises:
        JointCaseEnded, NoSuchStep: as they say.
        NotPreconditioned: commitments do not count in this joint case, or not the lead's own.
        AnotherDepartmentsStep: the step is another department's than the caller's.
        IllegalStepTransition: it is closed or committed.
    """
    _check_open(joint)
    step = step_of(joint, code)
    if not joint.preconditioned or step.department == joint.lead:
        raise NotPreconditioned
    if not is_admin and department != step.department:
        raise AnotherDepartmentsStep
    return _with(joint, replace(_enter(step, "committed"), commitment=commitment))


def hand_in(
    joint: JointCase,
    code: str,
    *,
    at: datetime,
    by: str | None,
    department: str | None,
    reference: str | None,
) -> JointCase:
    """Take a material, once for all steps.

    Raises:
        JointCaseEnded, NoSuchMaterial: as they say.
        HandedInBefore: it is here; the error says since when.
    """
    _check_open(joint)
    material = next((each for each in joint.materials if each.material == code), None)
    if material is None:
        raise NoSuchMaterial
    if material.handed_in_at is not None:
        raise HandedInBefore(handed_in_at=material.handed_in_at.isoformat(), department=material.department)
    taken = replace(material, handed_in_at=at, handed_in_by=by, department=department, reference=reference)
    materials = tuple(taken if each is material else each for each in joint.materials)
    return replace(joint, materials=materials, version=joint.version + 1)


def urge(joint: JointCase, code: str) -> JointCase:
    """Return the joint case after the department of a step was urged.

    Raises:
        JointCaseEnded, NoSuchStep: as they say.
        IllegalStepTransition: the step is closed.
    """
    _check_open(joint)
    step = step_of(joint, code)
    if step.state == "closed":
        raise IllegalStepTransition("The step is closed.", state=step.state)
    return replace(joint, version=joint.version + 1)


def end(
    joint: JointCase, state: str, *, at: datetime, by: str | None, reason: str | None = None
) -> JointCase:
    """Close or withdraw a joint case.

    Raises:
        JointCaseEnded: it is closed or withdrawn.
        StepsOpen: it cannot be closed, `steps` are neither closed nor committed.
    """
    _check_open(joint)
    still_open = [each.step for each in joint.steps if each.state not in DONE]
    if state == "closed" and still_open:
        raise StepsOpen(steps=still_open)
    # Never before it was opened, which another machine's clock may have dated.
    ended_at = max(at, joint.opened_at)
    return replace(
        joint, state=state, ended_at=ended_at, ended_by=by, reason=reason, version=joint.version + 1
    )


def is_late(step: Step, *, due_on: date | None, today: date) -> bool:
    """Tell whether a step that is not closed is past its case's due date or the day of its commitment.

    Args:
        step: any step.
        due_on: of its case, None while it has none.
        today: the business date.
    """
    days = [due_on, step.commitment.fulfil_by if step.commitment else None]
    return step.state != "closed" and any(day < today for day in days if day is not None)


def _check_open(joint: JointCase) -> None:
    if joint.state != "open":
        raise JointCaseEnded(f"This joint case is {joint.state}.", state=joint.state)


def _enter(step: Step, state: str) -> Step:
    if state not in STEP_TRANSITIONS[step.state]:
        raise IllegalStepTransition(f"The step is {step.state}; it cannot become {state}.", state=step.state)
    return replace(step, state=state, version=step.version + 1)


def _with(joint: JointCase, changed: Step) -> JointCase:
    """Return the joint case with a changed step, and with what waited only for this one ready."""
    steps = tuple(changed if each.step == changed.step else each for each in joint.steps)
    after = replace(joint, steps=steps, version=joint.version + 1)
    return replace(after, steps=tuple(_released(after, each) for each in steps))


def _released(joint: JointCase, step: Step) -> Step:
    is_free = step.state == "waiting" and not waits_for(joint, step)
    return _enter(step, "ready") if is_free else step


def cases_of(joints: Sequence[JointCase]) -> list[str]:
    """Return the numbers of the cases of all steps."""
    steps = chain.from_iterable(each.steps for each in joints)
    return [each.case for each in steps if each.case is not None]
