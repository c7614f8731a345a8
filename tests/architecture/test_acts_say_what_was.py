"""Whatever the staff change, the trail is told what it was before: read from the code, for every command.

A command says so by a query that locks what it changes, `lock_…` or `…_to_change` with more than two columns, or by
`was` (`services/chassis/trail.py`); identity, which keeps the trail, by the entry itself.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from services.chassis.container import service_class
from services.chassis.db import SOMETHING, TO_CHANGE, load_queries
from services.chassis.service import TOLD
from tests.architecture.test_kept_tables import SERVICES
from tests.shared import ROOT

NEW = "makes something new: nothing was before"
# Which commands tell of no before, and why.
WITHOUT = {
    **dict.fromkeys(
        (
            "appointments.book",
            "appointments.join_waitlist",
            "appointments.plan_session",
            "cases.define_joint_procedure",
            "catalogue.begin_workbook",
            "cases.open_joint_case",
            "dispatch.request_order",
            "dispatch.request_plan",
            "quality.agree_action",
            "quality.publish_assessment",
            "quality.record_award",
            "quality.record_commendation",
            "quality.call_meeting",
            "statistics.begin_import",
            "statistics.request_advice",
            "catalogue.announce_closure",
        ),
        NEW,
    ),
    "identity.publish_accounts": "changes nothing of what is",
    "appointments.load_slot_plans": "loads a file; each of its plans is told by its slots and effects",
    "cases.load_joint_procedures": "loads a file, in place of what the hall came with",
    "identity.revoke_token": "a token counts or does not",
    "identity.rotate_keys": "keys are told nobody",
}


@cache
def _functions(service: str) -> dict[str, list[ast.FunctionDef]]:
    found: dict[str, list[ast.FunctionDef]] = {}
    for path in sorted((ROOT / "services" / service).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, []).append(node)
    return found


@cache
def _telling(service: str) -> frozenset[str]:
    """Return the queries that tell what a thing was."""
    queries = load_queries(f"services.{service}")
    return frozenset(
        name for name in queries if TO_CHANGE.fullmatch(name) and _columns(queries[name]) >= SOMETHING
    )


def _columns(query: str) -> int:
    """Return how many columns a query gives at least; a function's result and `*` count as enough."""
    given = re.search(r"(?:\bRETURNING\b|\ASELECT\b|\)\s*SELECT\b)(.*?)(?:\bFROM\b|\Z)", query, re.DOTALL)
    if given is None:
        return 0
    return SOMETHING if "*" in given[1] else given[1].count(",") + 1


def _says(service: str, function: ast.FunctionDef) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and node.value in _telling(service):
            return True
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called == "was" and ast.unparse(node.args[1]) != "None":
                return True
            if called == "Entry" and any(each.arg == "before" for each in node.keywords):
                return True
    return False


def _calls(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).rpartition(".")[2]


def _tells_what_was(service: str, command: str) -> bool:
    known, seen, to_see = _functions(service), set[str](), [command]
    while to_see:
        name = to_see.pop()
        if name in seen:
            continue
        seen.add(name)
        for function in known.get(name, ()):
            if _says(service, function):
                return True
            to_see += _calls(function)
    return False


@pytest.mark.parametrize("service", SERVICES)
def test_every_command_tells_what_it_changes_was_or_stands_here_with_the_reason(service: str) -> None:
    service_class(service)
    ours = {name for name in TOLD if name.partition(".")[0] == service}
    silent = {name for name in ours if not _tells_what_was(service, name.partition(".")[2])}
    assert silent == {name for name in WITHOUT if name in ours}


def test_none_stands_here_that_is_no_command() -> None:
    for service in SERVICES:
        service_class(service)
    assert WITHOUT.keys() <= TOLD
