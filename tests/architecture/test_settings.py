"""Every setting that the code reads reaches the containers whose code reads it, and stands in the table of settings."""

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
NAME = re.compile(r"(HALL|METRICS|OIDC)_[A-Z_]+\Z|DATABASE_(OWNER_)?URL\Z|AMQP_URI\Z")
# Only the `hall` command on one's own machine reads these.
OF_THE_COMMAND = {"HALL_RUN_DIR", "HALL_START_SECONDS"}
# Their values in containers are for containers: strict unless told otherwise, and bound inside the network.
OTHERWISE_IN_CONTAINERS = {
    "HALL_ENV",
    "HALL_BIND",
    "METRICS_BIND",
    "METRICS_PORT",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "AMQP_URI",
}
# Not set by anybody: `hall` knows its processes by it.
MARK = "HALL_RUN_MARK"
# Where a process listens, which only those that listen are told.
OF_LISTENERS = {"METRICS_PORT", "METRICS_BIND", "HALL_BIND", "HALL_DEMO_OPEN"}
# Whose database belongs to another role, which migrates it.
OF_MIGRATIONS = {"DATABASE_OWNER_URL"}
_ROW = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)?", re.MULTILINE)
_READ_BY_COMPOSE = re.compile(r"\$\{([A-Z_]+)(?::-([^}]*))?")
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


def _named_in(path: Path) -> Iterator[str]:
    """Yield what a module names as a setting is named."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.match(node.value):
            yield node.value


def _read_below(*folders: str) -> dict[str, set[str | None]]:
    found: dict[str, set[str | None]] = {}
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for name, default in _read_in(path):
                found.setdefault(name, set()).add(default)
    return found


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return f"{value:g}" if isinstance(value, int | float) else str(value or "")


@pytest.fixture(scope="module")
def read() -> dict[str, set[str | None]]:
    """What the code reads, with its defaults."""
    return _read_below(*PACKAGES)


@pytest.fixture(scope="module")
def containers() -> dict[str, dict[str, str]]:
    """What each container of the hall's own is given, by its name and the setting's."""
    services = YAML(typ="safe").load(ROOT / "docker-compose.yml")["services"]
    return {
        name: {setting: str(value) for setting, value in described["environment"].items()}
        for name, described in services.items()
        if "build" in described
    }


@pytest.fixture(scope="module")
def composed(containers: dict[str, dict[str, str]]) -> dict[str, str]:
    """What the containers of the hall's own are given, by the setting's name."""
    return {name: value for given in containers.values() for name, value in given.items()}


@pytest.fixture(scope="module")
def document() -> str:
    """What operators read of the settings."""
    return (ROOT / "docs" / "operators" / "settings.md").read_text("utf-8")


def test_the_code_reads_settings(read: dict[str, set[str | None]]) -> None:
    assert {"HALL_TRUSTED_PROXIES", "HALL_SMS_PAUSE", "HALL_GATEWAY_WORKERS", "METRICS_PORT"} <= set(read)


def test_what_the_code_names_as_settings_are_named_it_reads(read: dict[str, set[str | None]]) -> None:
    """A setting that is read by another way than those looked for here would be missed by all that follows."""
    named = {
        name for package in PACKAGES for path in (ROOT / package).rglob("*.py") for name in _named_in(path)
    }
    assert sorted(named - set(read)) == [MARK]


def test_every_container_is_given_what_its_code_reads(containers: dict[str, dict[str, str]]) -> None:
    everywhere = set(_read_below("services")) - OF_LISTENERS - OF_MIGRATIONS
    for name, given in containers.items():
        # The gateway and the loader have the chassis alone of the services.
        of_its_own = {"gateway": set(_read_below("gateway")), "begin": set(_read_below("deploy/hall"))}.get(
            name
        )
        wanted = (
            everywhere | {"DATABASE_URL"}
            if of_its_own is None
            else (everywhere | of_its_own) - {"DATABASE_URL"}
        )
        assert (name, sorted(wanted - set(given))) == (name, [])


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


def test_the_table_has_every_setting_with_its_default_and_no_other(
    read: dict[str, set[str | None]], document: str
) -> None:
    table = dict(_ROW.findall(document))

    assert sorted(set(read) - set(table)) == []
    assert sorted(set(table) - set(read) - set(_of_compose())) == []
    for name, default in table.items():
        defaults = {each or "" for each in read[name]} if name in read else {_of_compose()[name]}
        assert default in defaults, f"{name} is said to be {default!r}"


def test_what_only_the_compose_file_reads_is_told_too(
    read: dict[str, set[str | None]], document: str
) -> None:
    assert sorted(name for name in set(_of_compose()) - set(read) if f"`{name}`" not in document) == []


def _of_compose() -> dict[str, str]:
    """Return the names the compose file reads from its own environment, with their defaults."""
    return dict(_READ_BY_COMPOSE.findall((ROOT / "docker-compose.yml").read_text("utf-8")))
