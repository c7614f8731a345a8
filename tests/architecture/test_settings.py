"""Every setting that the code reads reaches the containers and stands in the table of settings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.shared import ROOT

PACKAGES = ("services", "gateway", "deploy")
READERS = {"str", "int", "float", "bool", "list", "get", "_words"}
NAME = re.compile(r"(HALL|METRICS|OIDC)_[A-Z_]+\Z|DATABASE_URL\Z|AMQP_URI\Z")
# What processes tell each other, not what anybody sets.
INTERNAL = {"HALL_GATEWAY_SLOT"}
# Only the `hall` command on one's own machine reads these.
OF_THE_COMMAND = {"HALL_RUN_DIR", "HALL_START_SECONDS"}
# Their values in containers are for containers: strict unless told otherwise, and bound inside the network.
OTHERWISE_IN_CONTAINERS = {
    "HALL_ENV",
    "HALL_BIND",
    "METRICS_BIND",
    "METRICS_PORT",
    "DATABASE_URL",
    "AMQP_URI",
}
_ROW = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)?", re.MULTILINE)
_GIVEN = re.compile(r"\$\{(?P<name>[A-Z_]+)(?:(?::-|:\?)(?P<default>.*))?\}\Z")


def _read_in(path: Path) -> Iterator[tuple[str, str | None]]:
    """Yield the settings that a module reads, with their defaults as text."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
            named: list[ast.expr] = [node.slice]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in READERS:
            named = [each for each in node.args if not isinstance(each, ast.Name)]
        else:
            continue
        values: list[Any] = [each.value for each in named if isinstance(each, ast.Constant)]
        if values and isinstance(values[0], str) and NAME.match(values[0]):
            yield values[0], _as_text(values[1]) if len(values) > 1 else None


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return f"{value:g}" if isinstance(value, int | float) else str(value or "")


@pytest.fixture(scope="module")
def read() -> dict[str, set[str | None]]:
    """What the code reads, with its defaults."""
    found: dict[str, set[str | None]] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for name, default in _read_in(path):
                found.setdefault(name, set()).add(default)
    return {name: defaults for name, defaults in found.items() if name not in INTERNAL}


@pytest.fixture(scope="module")
def composed() -> dict[str, str]:
    """What the containers of the hall's own processes are given, by name."""
    services = YAML(typ="safe").load(ROOT / "docker-compose.yml")["services"]
    return {
        name: str(value)
        for service in ("gateway", "ticketing", "load")
        for name, value in services[service]["environment"].items()
    }


def test_the_code_reads_settings(read: dict[str, set[str | None]]) -> None:
    assert {"HALL_TRUSTED_PROXIES", "HALL_SMS_PAUSE", "HALL_GATEWAY_WORKERS", "METRICS_PORT"} <= set(read)


def test_every_setting_reaches_the_containers(
    read: dict[str, set[str | None]], composed: dict[str, str]
) -> None:
    assert sorted(set(read) - OF_THE_COMMAND - set(composed)) == []


def test_what_is_not_set_is_in_containers_what_it_is_in_the_code(
    read: dict[str, set[str | None]], composed: dict[str, str]
) -> None:
    for name, value in composed.items():
        given = _GIVEN.match(value)
        if name in OTHERWISE_IN_CONTAINERS or given is None or ":?" in value:
            continue
        assert given["name"] == name
        assert given["default"] in read[name] | {""}, f"{name} is {given['default']!r} in containers"


def test_the_table_has_every_setting_with_its_default_and_no_other(read: dict[str, set[str | None]]) -> None:
    table = dict(_ROW.findall((ROOT / "docs" / "operators" / "settings.md").read_text("utf-8")))

    assert sorted(set(read) - set(table)) == []
    assert sorted(set(table) - set(read)) == []
    for name, default in table.items():
        assert default in {each or "" for each in read[name]}, f"{name} is said to be {default!r}"
