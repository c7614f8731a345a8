"""Joint approval: one project, several departments."""

from collections.abc import Mapping
from typing import Any

from gateway.api.paging import page_of
from gateway.api.routing import Routes
from gateway.http.asking import ask
from gateway.schemas.cases import Reason
from gateway.schemas.common import Page
from gateway.schemas.joint import (
    HandIn,
    JointCase,
    JointCaseList,
    JointCaseQuery,
    JointProcedure,
    JointProcedureList,
    JointProcedurePlan,
    NewCommitment,
    NewJointCase,
    NewJointProcedure,
    NewUrging,
)

Body = Mapping[str, Any]
Query = Mapping[str, Any]
READERS = ("clerk", "operator", "manager", "analyst")
CLERK = ("clerk",)
LEADERS = ("clerk", "manager")
MANAGER = ("manager",)

routes = Routes("joint", __name__, description="Projects that several departments approve together.")


@routes.question("/joint-procedures", JointProcedureList, query=Page, roles=READERS)
def list_joint_procedures(query: Query) -> Any:
    """How kinds of projects are approved: their steps, in a graph of dependencies, and materials."""
    return page_of(ask("cases", "list_joint_procedures"), query)


@routes.command("/joint-procedures", JointProcedure, body=NewJointProcedure, roles=MANAGER, status=201)
def define_joint_procedure(body: Body) -> Any:
    """Define how a kind of project is approved."""
    return ask("cases", "define_joint_procedure", **body)


@routes.command(
    "/joint-procedures/<code:code>", JointProcedure, body=JointProcedurePlan, roles=MANAGER, method="PATCH"
)
def change_joint_procedure(body: Body, code: str) -> Any:
    """Define it anew, whole; projects that have begun go on under the definition they began with."""
    return ask("cases", "change_joint_procedure", code=code, **body)


@routes.command("/joint-procedures/<code:code>/withdraw", JointProcedure, roles=MANAGER)
def withdraw_joint_procedure(code: str) -> Any:
    """No more projects begin under this procedure."""
    return ask("cases", "withdraw_joint_procedure", code=code)


@routes.command("/joint-cases", JointCase, body=NewJointCase, roles=LEADERS, problems=(404, 409), status=201)
def open_joint_case(body: Body) -> Any:
    """Open a joint case at the lead department; steps and materials are copied from the procedure."""
    return ask("cases", "open_joint_case", **body)


@routes.question("/joint-cases", JointCaseList, query=JointCaseQuery, roles=READERS)
def list_joint_cases(query: Query) -> Any:
    """Joint cases, the newest first."""
    return ask("cases", "list_joint_cases", **query)


@routes.question("/joint-cases/<joint:number>", JointCase, roles=READERS)
def get_joint_case(number: str) -> Any:
    """A joint case with its steps, their history, and its materials."""
    return ask("cases", "get_joint_case", number=number)


@routes.command(
    "/joint-cases/<joint:number>/materials/<code:material>/hand-in", JointCase, body=HandIn, roles=LEADERS
)
def hand_in_material(body: Body, number: str, material: str) -> Any:
    """A material is here, once for all steps that need it."""
    return ask("cases", "hand_in_material", number=number, material=material, **body)


@routes.command(
    "/joint-cases/<joint:number>/steps/<code:step>/commit", JointCase, body=NewCommitment, roles=CLERK
)
def commit_step(body: Body, number: str, step: str) -> Any:
    """A co-handler commits itself in writing; in a pre-conditioned joint case that counts as closed."""
    return ask("cases", "commit_step", number=number, step=step, **body)


@routes.command(
    "/joint-cases/<joint:number>/steps/<code:step>/urge", JointCase, body=NewUrging, roles=LEADERS
)
def urge_step(body: Body, number: str, step: str) -> Any:
    """Write to the department of a step that does not get on."""
    return ask("cases", "urge_step", number=number, step=step, **body)


@routes.command("/joint-cases/<joint:number>/close", JointCase, roles=CLERK)
def close_joint_case(number: str) -> Any:
    """The lead department closes the joint case, once every step is closed or committed."""
    return ask("cases", "close_joint_case", number=number)


@routes.command("/joint-cases/<joint:number>/withdraw", JointCase, body=Reason, roles=LEADERS)
def withdraw_joint_case(body: Body, number: str) -> Any:
    """The project is given up; cases that were accepted go on by themselves."""
    return ask("cases", "withdraw_joint_case", number=number, **body)
