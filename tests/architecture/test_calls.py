"""Who calls whom over RPC, read from the code: never in a circle, and nothing of Nameko's that is not to be used.

In a circle A → B → A each side holds a worker while it waits, and under load both pools are used up.
"""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ROOT / "services"
# Nameko's own clients declare for each call or wait for ever, its HTTP entrypoint answers with the exception's text.
UNUSED = (
    "nameko.standalone",
    "nameko.web",
    "nameko.events",
    "nameko.rpc.ServiceRpc",
    "nameko.rpc.ClusterRpc",
)
OWN_CODE = ("services", "gateway", "deploy", "loadtests")
# The service that the hall is measured beside is plain Nameko on purpose.
BY_THE_BOOK = ROOT / "loadtests" / "plain"


class UnknownTarget(AssertionError):
    """A call names its service by something else than a text, so the graph cannot be read."""


def targets(source: str) -> Iterator[str]:
    """Yield the services that are called as `calls("name", …)`, with anything before `calls`."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name != "calls":
            continue
        first = node.args[0] if node.args else None
        if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
            raise UnknownTarget(ast.unparse(node))
        yield first.value


def imports(source: str) -> Iterator[str]:
    """Yield the dotted names that are imported."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def call_graph(root: Path) -> dict[str, set[str]]:
    """Return which service calls which."""
    graph: dict[str, set[str]] = {}
    for path in root.glob("*/**/*.py"):
        service = path.relative_to(root).parts[0]
        if service != "chassis":
            graph.setdefault(service, set()).update(targets(path.read_text("utf-8")))
    return graph


def order(graph: Mapping[str, set[str]]) -> list[str]:
    """Return the services so that each stands after those it calls.

    Raises:
        CycleError: there is a circle.
    """
    return list(TopologicalSorter(graph).static_order())


def test_no_service_waits_in_a_circle() -> None:
    graph = call_graph(SERVICES)
    assert order(graph)
    assert "ticketing" in graph["cases"], "the one call there is was not seen, so this test sees nothing"


def test_every_service_that_is_called_exists() -> None:
    graph = call_graph(SERVICES)
    assert set().union(*graph.values()) <= set(graph)


def test_a_circle_would_be_seen(tmp_path: Path) -> None:
    for service, target in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / service).mkdir()
        (tmp_path / service / "service.py").write_text(f"x = self.calls('{target}', 'm', {{}})\n")
    with pytest.raises(CycleError):
        order(call_graph(tmp_path))


def test_a_call_whose_target_is_worked_out_would_be_seen() -> None:
    with pytest.raises(UnknownTarget):
        list(targets("calls(name, 'm', {})"))


def test_nothing_uses_what_nameko_does_badly() -> None:
    """Seen to fail with `from nameko.standalone.rpc import ServiceRpcClient` in a service."""
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for folder in OWN_CODE
        for path in (ROOT / folder).rglob("*.py")
        for name in imports(path.read_text("utf-8"))
        if name.startswith(UNUSED) and BY_THE_BOOK not in path.parents
    }
    assert not found
