"""The doctor names what is wrong, by whom, and how to mend it."""

import os
import socket
from datetime import datetime
from pathlib import Path

import pytest

from deploy.local import doctor, postgres, rabbitmq, state
from deploy.local.layout import Layout


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """An empty folder, and an environment that says nothing."""
    for name in ("HALL_PORT", "DATABASE_URL", "AMQP_URI"):
        monkeypatch.delenv(name, raising=False)
    return Layout(tmp_path / "run")


def found(layout: Layout, words: str) -> doctor.Finding:
    return next(finding for finding in doctor.examine(layout) if words in finding.what)


def test_a_taken_port_is_named_with_the_process_that_has_it(layout, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taker:
        port = taker.getsockname()[1]
        monkeypatch.setenv("HALL_PORT", str(port))

        finding = found(layout, f"port {port} is taken")

    assert f"process {os.getpid()}" in finding.what
    assert "HALL_PORT=" in finding.mend
    assert finding.serious


def test_a_missing_rabbitmq_is_named_with_the_command_that_installs_it(layout, monkeypatch, tmp_path):
    monkeypatch.setattr(rabbitmq, "_RELEASES", tmp_path)

    assert "apt-get install rabbitmq-server" in found(layout, "RabbitMQ 3.10 or newer is needed").mend


def test_an_old_postgresql_is_named_with_the_version_found(layout, monkeypatch, tmp_path):
    (tmp_path / "13" / "bin").mkdir(parents=True)
    (tmp_path / "13" / "bin" / "initdb").touch()
    monkeypatch.setattr(postgres, "_ROOTS", (tmp_path,))

    finding = found(layout, "PostgreSQL 15 or newer is needed")

    assert finding.what.endswith("found: 13")
    assert "apt-get install postgresql" in finding.mend


def test_servers_from_outside_need_no_programs_here(layout, monkeypatch, tmp_path):
    monkeypatch.setattr(postgres, "_ROOTS", (tmp_path,))
    monkeypatch.setenv("DATABASE_URL", "postgresql://admin@db.example/postgres")

    assert found(layout, "PostgreSQL from DATABASE_URL").fine


def test_a_stale_pid_is_named(layout):
    state.write(layout, state.new(layout))
    layout.supervisor_pid.write_text(str(os.getpid()))

    assert str(layout.supervisor_pid) in found(layout, "stale pid file of supervisor").what


def test_a_nearly_full_disk_is_named(layout, monkeypatch):
    usage = doctor.shutil.disk_usage(layout.run_dir.parent)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage._replace(free=500 * 2**20))

    assert found(layout, "only 500 MB free").serious


def test_a_folder_that_cannot_be_written_is_named(layout, monkeypatch):
    monkeypatch.setattr(doctor, "_writable", lambda path: path != layout.run_dir.parent)

    assert "chown" in found(layout, f"no permission to write {layout.run_dir.parent}").mend


def test_a_broken_state_file_is_named(layout):
    layout.run_dir.mkdir()
    layout.state.write_text("{")

    assert found(layout, "cannot be read").mend == "make reset"


def test_a_process_that_ends_again_and_again_is_counted():
    log = "\n".join(
        [
            "2026-03-02 08:00:00,000 WARN exited: cases (exit status 1; not expected)",
            *(
                f"2026-03-02 09:0{minute}:00,000 WARN exited: cases (exit status 1; not expected)"
                for minute in "345"
            ),
            "2026-03-02 09:05:00,000 INFO spawned: 'cases' with pid 77",
        ]
    )

    assert doctor.restarts(log, now=datetime(2026, 3, 2, 9, 6)) == {"cases": 3}  # noqa: DTZ001 - as it is logged
