"""What watches over the processes of a local hall, and what a process finds when it starts."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local import launch, state, supervision
from deploy.local.layout import GATEWAY, Layout

HALF_A_DAY_S = 12 * 3600


def test_a_program_that_ends_again_and_again_is_tried_for_half_a_day(tmp_path: Path) -> None:
    """Unless told otherwise supervisord gives up after four starts in some seconds."""
    written = supervision.configuration(
        Layout(tmp_path), groups={"servers": ["postgres"], "hall": ["ticketing"]}
    )
    tries = [int(line.partition("=")[2]) for line in written.splitlines() if line.startswith("startretries=")]

    assert len(tries) == 2
    # Each further try comes a second later than the one before.
    assert all(each * (each + 1) // 2 >= HALF_A_DAY_S for each in tries)


def test_logs_are_read_by_nobody_else_on_the_machine(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "run")
    layout.logs.mkdir(parents=True, mode=0o755)
    supervision.write_configuration(layout, servers=(), hall=())

    assert layout.logs.stat().st_mode & 0o777 == 0o700


def test_a_gateway_begins_without_the_counters_of_a_former_life(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = Layout(tmp_path)
    known = replace(state.complete(state.new(layout)), clock="real")
    settings = launch.settings_of(GATEWAY, known=known, layout=layout)
    left = Path(settings[launch.METRICS_FOLDER]) / "counter_4711.db"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"old")
    began: list[str] = []
    monkeypatch.setattr(os, "execve", lambda program, *_: began.append(program))

    launch._become_hall(GATEWAY, settings)

    assert began and left.parent.is_dir() and not left.exists()
