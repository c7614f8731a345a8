"""The compose file's processes: which say that they are well, and how they are asked."""

from typing import Any

import pytest
from ruamel.yaml import YAML

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
