"""Joint cases: opened, advanced by the cases of their steps, supervised, and closed by the lead department."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.cases import events, schemas
from services.cases.domain import joint as domain
from services.cases.domain.case import GRANTED, Case
from services.cases.domain.joint import Commitment, JointCase, Material
from services.cases.errors import CommitmentInThePast, NoSuchJointCase, UnknownJointCase
from services.cases.store import Store
from services.cases.use_cases.common import STAFF, require
from services.cases.use_cases.procedures import procedure_of
from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.outbox import publish_later

_STATE = schemas.JointState()


def open_joint_case(
    store: Store, caller: Caller, *, procedure: str, project: str, applicant_ref: str | None
) -> dict[str, Any]:
    """Open a joint case at the lead department.

    Args:
        store: the database.
        caller: a clerk of the lead department, or a manager.
        procedure: its code; steps and materials are copied from it.
        project: what the project is called.
        applicant_ref: opaque reference to the applicant.

    Raises:
        NotFound, Forbidden, Conflict: no such procedure, another department leads it, it is withdrawn.
    """
    require(caller, "clerk", "manager")
    followed = procedure_of(store, caller, procedure)
    domain.check_lead(followed.lead, department=caller.department, may_all=caller.has("manager"))
    domain.check_active(followed)
    at = clock.now()
    year = clock.business_date(at).year
    serial = store.next_joint_serial(caller.hall, year)
    joint = JointCase(
        hall=caller.hall,
        number=domain.joint_number(year, serial),
        procedure=followed.code,
        project=project,
        applicant_ref=applicant_ref,
        lead=followed.lead,
        preconditioned=followed.preconditioned,
        state="open",
        opened_at=at,
        opened_by=caller.username,
        steps=domain.first_steps(followed),
        materials=tuple(Material(**vars(each)) for each in followed.materials),
    )
    store.add_joint_case(joint, year=year, serial=serial)
    _publish(store, caller, "opened", joint, at=at)
    return _view(store, joint)


def to_begin(store: Store, caller: Caller, case: Case) -> Callable[[Case], None]:
    """Make sure that a received case may begin the step of the joint case it names.

    Returns:
        What advances the joint case, for when the case has its number.

    Raises:
        Invalid, Conflict: there is no such joint case or step; it cannot begin now.
    """
    number = _own_number(case)
    if number is None:
        return lambda _accepted: None
    joint = store.joint_case_to_change(caller.hall, number)
    if joint is None:
        raise UnknownJointCase(errors={"joint_case": ["The hall has no joint case of this number."]})
    step = domain.to_begin(joint, item=case.item)

    def begin(accepted: Case) -> None:
        begun = domain.begin(joint, step, case=accepted.number)
        _save(store, caller, joint, begun, at=accepted.accepted_at or clock.now())

    return begin


def follow(store: Store, caller: Caller, case: Case, *, at: datetime) -> None:
    """Have the joint case of a case that was decided or rejected know it.

    What was refused is not done for those that come after: its step is given back, as after a rejection.
    """
    number = _own_number(case)
    joint = store.joint_case_to_change(caller.hall, number) if number else None
    step = domain.step_with(joint, case.number) if joint else None
    if joint and step:
        change = domain.decided if case.outcome == GRANTED else domain.rejected
        _save(store, caller, joint, change(joint, step), at=at)


def _own_number(case: Case) -> str | None:
    """Return the number of a joint case of the hall; None when there is none, or one of another platform."""
    number = case.joint_case
    return number if number and schemas.JOINT_NUMBER.match(number) else None


def hand_in(
    store: Store, caller: Caller, *, number: str, material: str, reference: str | None
) -> dict[str, Any]:
    """Take a material at any window of the departments that have a step; it is never asked for again.

    Raises:
        NotFound, Forbidden, Conflict: no such joint case or material; the department has no step; it is here already.
    """
    require(caller, "clerk", "manager")
    joint = _to_change(store, caller, number)
    domain.check_involved(joint, department=caller.department, may_all=caller.has("manager"))
    at = clock.now()
    taken = domain.hand_in(
        joint, material, at=at, by=caller.username, department=caller.department, reference=reference
    )
    return _view(store, _save(store, caller, joint, taken, at=at))


def commit_step(
    store: Store, caller: Caller, *, number: str, step: str, text: str, fulfil_by: date
) -> dict[str, Any]:
    """Take the written commitment of a co-handler, which counts as the step's closing.

    Args:
        store: the database.
        caller: a clerk of the step's department.
        number: of a pre-conditioned joint case.
        step: its code.
        text: what is promised.
        fulfil_by: the day until which; today or later.

    Raises:
        NotFound, Forbidden, Conflict, Invalid: no such joint case or step; another department's; commitments do not
            count in it, or the step is closed; the day is past.
    """
    require(caller, "clerk")
    joint = _to_change(store, caller, number)
    at = clock.now()
    commitment = Commitment(text=text, fulfil_by=fulfil_by, made_at=at, made_by=caller.username)
    committed = domain.commit(joint, step, commitment, department=caller.department, is_admin=caller.has())
    if fulfil_by < clock.business_date(at):
        raise CommitmentInThePast(errors={"fulfil_by": ["Is past."]})
    return _view(store, _save(store, caller, joint, committed, at=at))


def urge_step(store: Store, caller: Caller, *, number: str, step: str, text: str) -> dict[str, Any]:
    """Write to the department of a step that does not get on; it stands with the step from then on.

    Raises:
        NotFound, Forbidden, Conflict: no such joint case or step; the caller is neither manager nor of the lead
            department; the step is closed, or the joint case has ended.
    """
    require(caller, "clerk", "manager")
    joint = _to_change(store, caller, number)
    domain.check_lead(joint.lead, department=caller.department, may_all=caller.has("manager"))
    at = clock.now()
    urged = domain.urge(joint, step)
    store.add_urging(joint, domain.step_of(joint, step), text=text, at=at, by=caller.username)
    return _view(store, _save(store, caller, joint, urged, at=at))


def close_joint_case(store: Store, caller: Caller, *, number: str) -> dict[str, Any]:
    """Close a joint case at the lead department, once every step is closed or committed.

    Raises:
        NotFound, Forbidden, Conflict: no such joint case; another department leads it; steps are open, or it has ended.
    """
    require(caller, "clerk")
    joint = _to_change(store, caller, number)
    domain.check_lead(joint.lead, department=caller.department, may_all=caller.has())
    return _end(store, caller, joint, "closed")


def withdraw_joint_case(store: Store, caller: Caller, *, number: str, reason: str) -> dict[str, Any]:
    """End a joint case whose project is given up; the cases of its steps go on by themselves.

    Raises:
        NotFound, Forbidden, Conflict: no such joint case; another department leads it; it has ended.
    """
    require(caller, "clerk", "manager")
    joint = _to_change(store, caller, number)
    domain.check_lead(joint.lead, department=caller.department, may_all=caller.has("manager"))
    return _end(store, caller, joint, "withdrawn", reason=reason)


def _end(
    store: Store, caller: Caller, joint: JointCase, state: str, *, reason: str | None = None
) -> dict[str, Any]:
    at = clock.now()
    ended = domain.end(joint, state, at=at, by=caller.username, reason=reason)
    return _view(store, _save(store, caller, joint, ended, at=at, verb=state))


def get_joint_case(store: Store, caller: Caller, *, number: str) -> dict[str, Any]:
    """Return a joint case with its steps, their history, and its materials.

    Raises:
        NotFound, Forbidden: there is none of this number, or it is not the caller's to see; the caller is no staff.
    """
    require(caller, *STAFF)
    joint = store.joint_case(caller.hall, number)
    if joint is None or not _may_see(store, caller, joint):
        raise NoSuchJointCase
    return _view(store, joint)


def _may_see(store: Store, caller: Caller, joint: JointCase) -> bool:
    """Tell whether a joint case is the caller's to see: numbers count up here, too.

    Clerks see those in which their department takes part, and those they opened.
    """
    if caller.has("operator", "manager", "analyst") or caller.department is None:
        return True
    mine = joint.opened_by is not None and joint.opened_by == caller.username
    return mine or store.takes_part(caller.hall, joint.number, caller.department)


def list_joint_cases(
    store: Store,
    caller: Caller,
    *,
    state: str | None = None,
    department: str | None = None,
    limit: int,
    cursor: str | None = None,
) -> dict[str, Any]:
    """Return a part of the joint cases in a state that a department leads or has a step in, the newest first.

    Clerks find those that are theirs to see, of their own department where none is named.

    Raises:
        Forbidden: the caller is no staff.
    """
    require(caller, *STAFF)
    before = domain.place_of(cursor) if cursor else None
    if not caller.has("operator", "manager", "analyst"):
        department = department or caller.department
    found = store.joint_cases(caller.hall, state=state, department=department, before=before, limit=limit + 1)
    page = found[:limit]
    seen = [joint for joint in page if _may_see(store, caller, joint)]
    return {"items": _views(store, seen), "next": page[-1].number if len(found) > limit else None}


def _to_change(store: Store, caller: Caller, number: str) -> JointCase:
    joint = store.joint_case_to_change(caller.hall, number)
    if joint is None:
        raise NoSuchJointCase
    return joint


def _save(
    store: Store,
    caller: Caller,
    before: JointCase,
    after: JointCase,
    *,
    at: datetime,
    verb: str = "advanced",
) -> JointCase:
    store.save_joint_case(before, after, at=at, by=caller.username)
    _publish(store, caller, verb, after, at=at)
    return after


def _publish(store: Store, caller: Caller, verb: str, joint: JointCase, *, at: datetime) -> None:
    event = events.joint_event(verb, _STATE.dump(joint), version=joint.version)
    publish_later(store, event, caller=caller, at=at)


def _view(store: Store, joint: JointCase) -> dict[str, Any]:
    return _views(store, [joint])[0]


def _views(store: Store, joints: Sequence[JointCase]) -> list[dict[str, Any]]:
    """Return joint cases with what belongs to their steps."""
    if not joints:
        return []
    hall, numbers = joints[0].hall, [each.number for each in joints]
    of_steps = domain.cases_of(joints)
    cases, corrections = store.cases(hall, of_steps), store.corrections(hall, of_steps)
    stays, urgings = store.step_states(hall, numbers), store.urgings(hall, numbers)
    today = clock.business_date(clock.now())

    def of_step(joint: JointCase, step: domain.Step) -> Mapping[str, Any]:
        case, key = cases.get(step.case or ""), (joint.number, step.step)
        return {
            **vars(step),
            "case": case,
            "correction": corrections.get(step.case or ""),
            "since": stays[key][-1].entered_at,
            "late": domain.is_late(step, due_on=case.due_on if case else None, today=today),
            "waits_for": domain.waits_for(joint, step),
            "urgings": urgings.get(key, ()),
            "history": stays[key],
        }

    return [{**vars(joint), "steps": [of_step(joint, each) for each in joint.steps]} for joint in joints]
