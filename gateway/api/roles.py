"""Roles made of operations of the API."""

from collections.abc import Mapping
from typing import Any

from gateway.api.paging import page_of
from gateway.api.routing import Routes
from gateway.http.asking import ask
from gateway.http.permissions import NARROWEST, OPERATIONS, SHIPPED, Operation
from gateway.http.problems import Problem
from gateway.schemas.common import Page
from gateway.schemas.roles import NewRole, PermissionList, Role, RoleChange, RoleList

Body = Mapping[str, Any]
ADMIN = ("admin",)
NAMES = {
    "clerk": ("窗口人员", "Window clerk"),
    "crew": ("外勤人员", "On-site crew"),
    "operator": ("电话预约员", "Telephone operator"),
    "dispatcher": ("上门调度员", "Dispatcher"),
    "analyst": ("统计分析员", "Analyst"),
    "manager": ("大厅管理", "Hall manager"),
    "admin": ("系统管理员", "Administrator"),
    "department_head": ("单位负责人", "Department head"),
    "front_desk": ("导办台", "Front desk"),
    "auditor": ("审计员", "Auditor"),
}

routes = Routes("roles", __name__, description="Roles, and what each permits.")


@routes.question("/permissions", PermissionList, query=Page, roles=ADMIN)
def list_permissions(query: Body) -> Any:
    """The operations of which roles are made; those that give rights are for administrators alone."""
    found = [
        {"code": each.code, "group": each.group, "roles": [role for role in NAMES if _has(role, each)]}
        for each in sorted(OPERATIONS.grantable().values(), key=lambda each: (each.group, each.code))
    ]
    return page_of({"items": found}, query)


@routes.question("/roles", RoleList, query=Page, roles=ADMIN)
def list_roles(query: Body) -> Any:
    """All roles: those that come with HallFlow, the hall's own, and at last those that have ended."""
    own = [{**role, "shipped": False} for role in ask("identity", "list_roles")["items"]]
    return page_of({"items": [*map(_shipped, NAMES), *own]}, query)


@routes.command("/roles", Role, body=NewRole, roles=ADMIN, status=201)
def create_role(body: Body) -> Any:
    """Make a role of operations."""
    require_grantable(body, "permissions")
    return {**ask("identity", "create_role", **body), "shipped": False}


@routes.command("/roles/<code:code>", Role, body=RoleChange, roles=ADMIN, method="PATCH")
def change_role(body: Body, code: str) -> Any:
    """Change what one of the hall's own roles is called or permits."""
    require_grantable(body, "permissions")
    return {**ask("identity", "change_role", code=code, **body), "shipped": False}


@routes.command("/roles/<code:code>/end", Role, roles=ADMIN)
def end_role(code: str) -> Any:
    """End one of the hall's own roles, which nobody has any more."""
    return {**ask("identity", "end_role", code=code), "shipped": False}


def require_grantable(body: Body, member: str) -> None:
    """Refuse operations that can be given to nobody.

    Raises:
        Problem: 422, a code in this member is not one of `GET /permissions`.
    """
    known = OPERATIONS.grantable()
    unknown = sorted(set(body.get(member, ())) - known.keys())
    if unknown:
        raise Problem(422, errors={member: [f"Not one of /permissions: {', '.join(unknown)}."]})


def _shipped(code: str) -> dict[str, Any]:
    name, name_en = NAMES[code]
    permissions = [each.code for each in OPERATIONS.grantable().values() if _has(code, each)]
    role = {"code": code, "name": name, "name_en": name_en, "permissions": sorted(permissions)}
    return {**role, "shipped": True, "ended": False, "accounts": None}


def _has(role: str, operation: Operation) -> bool:
    """Tell whether a role that comes with HallFlow permits an operation."""
    if role in NARROWEST:
        return role == "admin" or role in (*operation.roles, *operation.staff)
    return operation.code in SHIPPED[role]
