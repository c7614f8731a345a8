"""`hall environment` tells what a further copy of a process is started with."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.local import hall, state
from deploy.local.layout import Layout


@pytest.fixture
def run_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a hall whose ports, passwords and clock are chosen; nothing runs."""
    layout = Layout(tmp_path)
    chosen = replace(
        state.complete(state.new(layout)), clock="2026-03-02T08:30:00+08:00@180", clock_started=12.5
    )
    state.write(layout, chosen)
    monkeypatch.setenv("HALL_RUN_DIR", str(tmp_path))
    return tmp_path


def settings(program: str) -> dict[str, str]:
    """Return what the command prints for a program."""
    done = CliRunner().invoke(hall.main, ["environment", program], catch_exceptions=False)
    found: dict[str, str] = json.loads(done.output)
    return found


def test_a_service_gets_its_own_database_and_the_halls_clock_also_where_ours_is_the_same(
    run_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HALL_CLOCK", "2026-03-02T08:30:00+08:00@180")
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@elsewhere/else")
    found = settings("ticketing")
    assert "hall_ticketing" in found["DATABASE_URL"]
    assert (found["HALL_CLOCK"], found["HALL_CLOCK_STARTED"]) == ("2026-03-02T08:30:00+08:00@180", "12.5")
    assert found["AMQP_URI"].startswith("amqp://")


def test_the_gateway_has_no_database(run_dir: Path) -> None:
    found = settings("gateway")
    assert "HALL_PORT" in found
    assert "DATABASE_URL" not in found
