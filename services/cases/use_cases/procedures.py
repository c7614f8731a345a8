"""Procedures of joint approval: how a kind of project passes its departments."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.cases.domain import joint as domain
from services.cases.domain.joint import PlannedMaterial, PlannedStep, Procedure
from services.cases.errors import NoSuchProcedure, ProcedureContradicts, ProcedureExists
from services.cases.store import Store
from services.cases.use_cases.common import STAFF, require
from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.trail import was


def define_procedure(store: Store, caller: Caller, **plan: Any) -> Procedure:
    """Define how a kind of project is approved.

    Args:
        store: the database.
        caller: a manager.
        plan: `code`, `name`, `name_en`, `lead`, `preconditioned`, `steps` and `materials`.

    Raises:
        Forbidden, Conflict, Invalid: no manager; the code is taken; the procedure contradicts itself or names an item
            that the hall does not offer.
    """
    require(caller, "manager")
    procedure = _procedure(store, caller, plan)
    if not store.keep_procedure(procedure, replaces=False):
        raise ProcedureExists
    return procedure


def change_procedure(store: Store, caller: Caller, *, code: str, **plan: Any) -> Procedure:
    """Put another definition in the place of a procedure; projects that have begun go on under the one they began with.

    Args:
        store: the database.
        caller: a manager.
        code: which procedure; one that was withdrawn is in force again.
        plan: as for `define_procedure`, without the code.

    Raises:
        NotFound, Forbidden, Invalid: no such procedure; no manager; the procedure contradicts itself or names an item
            that the hall does not offer.
    """
    require(caller, "manager")
    before = procedure_of(store, caller, code)
    was(store, {"lead": before.lead, "state": before.state, "items": [each.item for each in before.steps]})
    procedure = _procedure(store, caller, {"code": code, **plan})
    store.keep_procedure(procedure, replaces=True)
    return procedure


def load_procedures(
    store: Store, caller: Caller, *, procedures: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Store the procedures of the reference hall in place of those of the same codes.

    Raises:
        Forbidden, Invalid: the caller is no administrator; a procedure is wrong.
    """
    require(caller)
    loaded = [_procedure(store, caller, plan) for plan in procedures]
    for each in loaded:
        store.keep_procedure(each, replaces=True)
    return {"items": loaded}


def _procedure(store: Store, caller: Caller, plan: Mapping[str, Any]) -> Procedure:
    items = store.items(caller.hall, [each["item"] for each in plan["steps"]])
    unknown = [
        each["item"]
        for each in plan["steps"]
        if each["item"] not in items or items[each["item"]].state != "active"
    ]
    if unknown:
        raise ProcedureContradicts(errors={"steps": [f"The hall does not offer {each}." for each in unknown]})
    steps = tuple(
        PlannedStep(**{**each, "after": tuple(each["after"])}, department=items[each["item"]].department)
        for each in plan["steps"]
    )
    materials = tuple(
        PlannedMaterial(**{**each, "needed_by": tuple(each["needed_by"])}) for each in plan["materials"]
    )
    procedure = Procedure(
        **{**plan, "steps": steps, "materials": materials},
        hall=caller.hall,
        state="active",
        defined_at=clock.now(),
        defined_by=caller.username,
    )
    return domain.check_procedure(procedure)


def withdraw_procedure(store: Store, caller: Caller, *, code: str) -> Procedure:
    """Let no more projects begin under a procedure; those that have begun go on.

    Raises:
        NotFound, Forbidden, Conflict: no such procedure; no manager; it is withdrawn.
    """
    require(caller, "manager")
    procedure = procedure_of(store, caller, code)
    domain.check_active(procedure)
    was(store, {"name": procedure.name, "lead": procedure.lead, "state": procedure.state})
    store.withdraw_procedure(procedure)
    return domain.withdrawn(procedure)


def list_procedures(store: Store, caller: Caller) -> dict[str, Any]:
    """Return the procedures, by code.

    Raises:
        Forbidden: the caller is no staff.
    """
    require(caller, *STAFF)
    return {"items": store.procedures(caller.hall)}


def procedure_of(store: Store, caller: Caller, code: str) -> Procedure:
    """Return a procedure.

    Raises:
        NoSuchProcedure: there is none of this code.
    """
    found = store.procedure(caller.hall, code)
    if found is None:
        raise NoSuchProcedure
    return found
