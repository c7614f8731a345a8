"""`hall` starts a whole hall of real processes, keeps it up, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from deploy.local import processes, start, state, supervision
from deploy.local.layout import ROOT, SERVICES, Layout
from deploy.local.ports import free_port
from deploy.local.state import State
from gateway.http import readiness
from loadtests import stack
from tests.waiting import DEADLINE_S, until

IDLE_MB = 1200
KILLED = ("ticketing", "gateway", "postgres", "rabbitmq")


@dataclass(frozen=True)
class Hall:
    """A hall of this test in a folder and on a port of its own."""

    layout: Layout
    environment: dict[str, str]

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run the command, and return what it printed."""
        return subprocess.run(
            [sys.executable, "-m", "deploy.local.hall", *arguments],
            env=self.environment | settings,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    @property
    def known(self) -> State:
        known = state.read(self.layout)
        assert known is not None
        return known

    @property
    def pids(self) -> dict[str, int | None]:
        return {program.name: program.pid for program in supervision.programs(self.layout)}


def a_hall(folder: Path, *, port: int) -> Hall:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HALL_")}
    for given in ("DATABASE_URL", "AMQP_URI"):
        kept.pop(given, None)
    return Hall(Layout(folder), kept | {"HALL_RUN_DIR": str(folder), "HALL_PORT": str(port)})


@dataclass(frozen=True)
class FirstStart:
    """What was said when a start gave up before the hall was ready, and by a doctor once it was."""

    gave_up: subprocess.CompletedProcess[str]
    doctor: str


@pytest.fixture(scope="module")
def _started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hall, FirstStart]]:
    """A running hall whose first start waited for a moment only, so that the second went on."""
    made = a_hall(tmp_path_factory.mktemp("hall"), port=free_port())
    try:
        gave_up = made.run("up", HALL_START_SECONDS="0.01")
        until(lambda: start.is_ready(made.known), what="the hall is ready", seen=lambda: gave_up.stdout)
        first = FirstStart(gave_up, made.run("doctor").stdout)
        came_up = made.run("up")
        assert came_up.returncode == 0, came_up.stdout
        yield made, first
    finally:
        made.run("reset", "--yes")


@pytest.fixture(scope="module")
def hall(_started: tuple[Hall, FirstStart]) -> Hall:
    """A running hall."""
    return _started[0]


def test_a_start_goes_on_where_an_earlier_one_gave_up(_started):
    hall, first = _started

    assert first.gave_up.returncode == 1
    assert "HALL_START_SECONDS" in first.gave_up.stdout
    assert "tables were never loaded" in first.doctor
    assert httpx.get(f"{hall.known.url}/api/v1/hall", timeout=DEADLINE_S).status_code == 200
    assert "tables were never loaded" not in hall.run("doctor").stdout


@pytest.mark.parametrize("given", ["soon", "0", "-5", "nan", "inf"])
def test_a_patience_that_is_no_number_of_seconds_is_named(monkeypatch, given):
    monkeypatch.setenv("HALL_START_SECONDS", given)

    with pytest.raises(start.StartFailed, match="HALL_START_SECONDS"):
        start.patience_s()


def test_the_whole_hall_is_ready_after_up(hall):
    assert set(hall.pids) == {*SERVICES, "planner", "analyst", "gateway", "postgres", "rabbitmq"}
    assert httpx.get(f"{hall.known.url}/readyz", timeout=DEADLINE_S).status_code == 200
    departments = httpx.get(f"{hall.known.url}/api/v1/departments?limit=200", timeout=DEADLINE_S).json()
    assert len(departments["items"]) == 34
    assert hall.run("status").returncode == 0


def test_a_second_up_changes_nothing_and_says_so(hall):
    before = hall.pids

    again = hall.run("up")

    assert again.returncode == 0
    assert "running already" in again.stdout
    assert hall.pids == before


def test_every_process_of_the_hall_listens_on_the_loopback_alone(hall, listening):
    found = listening(hall.known.mark)

    assert {"postgres", "beam.smp", "epmd"} <= set(found)
    assert set.union(*found.values()) <= {"127.0.0.1", "::1"}


def test_the_idle_hall_stays_small(hall):
    assert stack.resident_mb(supervision.pid(hall.layout)) < IDLE_MB


def test_the_clock_shows_opening_hours(hall):
    told = hall.run("doctor").stdout

    assert "the hall's clock shows" in told
    assert told.rstrip().endswith(": open")


@pytest.mark.parametrize("name", KILLED)
def test_what_is_killed_is_up_again_by_itself(hall, name):
    before = hall.pids[name]
    os.kill(before, signal.SIGKILL)

    until(
        lambda: hall.pids.get(name) not in (before, None), what=f"{name} runs again", seen=lambda: hall.pids
    )
    time.sleep(readiness.KEEP_S)  # Timed: the hall tells for so long what it saw before the kill.
    until(
        lambda: start.is_ready(hall.known),
        what=f"the hall is ready with another {name}",
        seen=lambda: hall.run("doctor").stdout,
    )


def test_down_leaves_no_process_and_up_finds_the_data_again(hall):
    mark = hall.known.mark

    down = hall.run("down")

    assert down.returncode == 0, down.stdout
    assert processes.marked(mark) == []
    assert hall.run("status").returncode == 1
    again = hall.run("up")
    assert again.returncode == 0, again.stdout
    departments = httpx.get(f"{hall.known.url}/api/v1/departments?limit=200", timeout=DEADLINE_S).json()
    assert len(departments["items"]) == 34


def test_up_mends_what_a_killed_supervisor_leaves(hall):
    shown = hall.run("clock").stdout
    os.kill(supervision.pid(hall.layout), signal.SIGKILL)
    orphans = {process.pid for process in processes.marked(hall.known.mark)}

    again = hall.run("up")

    assert again.returncode == 0, again.stdout
    assert not [pid for pid in orphans if psutil.pid_exists(pid)]
    assert hall.run("clock").stdout[:45] >= shown[:45], "the hall's clock went back"


def test_a_taken_web_port_is_named_before_anything_is_started(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taker:
        refused = a_hall(tmp_path / "run", port=taker.getsockname()[1])

        came_up = refused.run("up")

    assert came_up.returncode == 1
    assert f"(process {os.getpid()})" in came_up.stdout
    assert not refused.layout.state.exists()


def test_data_whose_passwords_are_lost_are_named_before_anything_is_started(tmp_path):
    hall = a_hall(tmp_path / "run", port=free_port())
    hall.layout.rabbitmq.mkdir(parents=True)

    came_up = hall.run("up")

    assert came_up.returncode == 1
    assert "make reset" in came_up.stdout


def test_a_clone_made_again_does_not_meet_the_former_ones_cluster(tmp_path, monkeypatch):
    monkeypatch.setattr(state.postgres, "reachable_folder", lambda _, *, otherwise: otherwise)
    layout = Layout(tmp_path)

    assert state.new(layout).postgres_folder != state.new(layout).postgres_folder


def test_two_starts_of_one_folder_do_not_meet(tmp_path):
    hall = a_hall(tmp_path / "run", port=free_port())
    with start.exclusively(hall.layout):
        came_up = hall.run("up")

    assert came_up.returncode == 1
    assert "at work" in came_up.stdout


def test_commands_before_the_first_start_say_what_to_do(tmp_path):
    hall = a_hall(tmp_path / "run", port=free_port())

    assert "make up" in hall.run("status").stdout
    assert hall.run("down").stdout.endswith("Nothing was running.\n")
