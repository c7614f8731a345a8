"""The compose file's processes: which say that they are well, and how they are asked."""

from typing import Any

import pytest
from ruamel.yaml import YAML

from deploy.local.layout import SERVICES
from tests.shared import ROOT


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    """What the compose file runs."""
    described: dict[str, dict[str, Any]] = YAML(typ="safe").load(ROOT / "docker-compose.yml")["services"]
    return described


def test_every_process_that_listens_is_asked_by_the_one_check(services: dict[str, dict[str, Any]]) -> None:
    listening = {name for name, each in services.items() if "METRICS_PORT" in each["environment"]}

    assert {"gateway", "ticketing"} <= listening
    for name in listening:
        assert services[name]["healthcheck"]["test"] == ["CMD", "python3", "-m", "services.chassis.healthy"]


def test_a_start_on_a_busy_machine_is_not_called_unwell(services: dict[str, dict[str, Any]]) -> None:
    """A start of 50 s was seen on one."""
    assert services["ticketing"]["healthcheck"]["start_period"] == "60s"


def test_where_the_gateway_is_published_can_be_said_so_that_there_may_be_several(
    services: dict[str, dict[str, Any]],
) -> None:
    assert services["gateway"]["ports"] == ["${HALL_PUBLISH:-127.0.0.1:8000}:8000"]


def test_no_check_is_a_line_of_code(services: dict[str, dict[str, Any]]) -> None:
    """Podman's API splits each word of a check at its spaces, so that none was ever well there."""
    words = [
        word
        for each in services.values()
        for word in each.get("healthcheck", {}).get("test", ())
        if " " in word
    ]
    assert words == []


def test_nobody_tells_anything_before_all_who_hear_it_have_an_inbox(
    services: dict[str, dict[str, Any]],
) -> None:
    """An event that nobody is bound to is gone."""
    migrations = {name for name in services if name.startswith("migrate-")}

    assert {name.removeprefix("migrate-") for name in migrations} == set(SERVICES)
    for name in (*SERVICES, "planner", "analyst"):
        assert _awaited(services[name]) >= migrations, name


def test_what_statistics_hands_over_finds_the_inbox_of_quality(services: dict[str, dict[str, Any]]) -> None:
    """A statistics of before publishes it while the migration has hardly ended."""
    assert _awaited(services["migrate-statistics"]) == {
        *_awaited(services["migrate-quality"]),
        "migrate-quality",
    }


def _awaited(service: dict[str, Any]) -> set[str]:
    """Return what has to be done, or well, before a process starts."""
    found: set[str] = set(service["depends_on"])
    return found
