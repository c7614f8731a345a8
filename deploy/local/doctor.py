"""What can be wrong with a local hall, and how to mend it."""

import os
import re
import shutil
import sys
import sysconfig
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psutil

from deploy.hall import hours
from deploy.local import ports, postgres, processes, rabbitmq, start, state, supervision
from deploy.local.layout import Layout
from deploy.local.state import State

_NEEDED_MB = 1024
_TIGHT_MB = 3 * 1024
_LOOP = timedelta(minutes=10)
_RESTARTS_OF_A_LOOP = 3
# Written by the supervisor in local time, as in "2026-03-02 09:05:00,123 INFO exited: ticketing (exit status 1...)".
_EXIT = re.compile(r"^(\S+ \S+),\d+ \w+ exited: ([\w-]+) ", re.MULTILINE)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: fine, or a problem with the way to mend it. `serious` keeps the hall from working."""

    what: str
    mend: str = ""
    serious: bool = False

    @property
    def fine(self) -> bool:
        return not self.mend


def examine(layout: Layout) -> list[Finding]:
    """Look at everything and return what was found."""
    try:
        known = state.read(layout)
    except state.StateBroken as broken:
        return [Finding(str(broken), "make reset", serious=True)]
    checks: list[Callable[[], Iterator[Finding]]] = [
        _python,
        _postgres_program,
        _rabbitmq_program,
        lambda: _permission(layout),
        lambda: _disk(layout),
        lambda: _memory(),
        lambda: _web_port(layout, known),
        lambda: _stale(layout, known),
        lambda: _running(layout, known),
        lambda: _loops(layout),
        lambda: _clock(known),
    ]
    return [finding for check in checks for finding in check()]


def _python() -> Iterator[Finding]:
    found = ".".join(str(part) for part in sys.version_info[:3])
    if is_optimised():
        yield Finding(f"Python {found}, built with optimisation ({sys.base_prefix})")
    else:
        yield Finding(
            f"Python {found} is built without optimisation ({sys.base_prefix}): it needs 8 to 25 % more CPU",
            "apt-get install python3-venv, then rm -rf .venv and make up: Debian's own is preferred",
        )


def is_optimised() -> bool:
    """Say whether this Python was built with its profile's help, as distributions build theirs."""
    return sys.base_prefix == "/usr" or "--enable-optimizations" in str(
        sysconfig.get_config_var("CONFIG_ARGS")
    )


def _postgres_program() -> Iterator[Finding]:
    if os.environ.get("DATABASE_URL"):
        yield Finding("PostgreSQL from DATABASE_URL")
        return
    try:
        folder = postgres.binaries()
        postgres.server_account()
        yield Finding(f"PostgreSQL {folder.parent.name} ({folder})")
    except postgres.PostgresMissing as missing:
        yield Finding(str(missing), "apt-get update && apt-get install postgresql", serious=True)


def _rabbitmq_program() -> Iterator[Finding]:
    if os.environ.get("AMQP_URI"):
        yield Finding("RabbitMQ from AMQP_URI")
        return
    try:
        yield Finding(f"RabbitMQ {'.'.join(str(part) for part in rabbitmq.version())}")
    except rabbitmq.RabbitMissing as missing:
        yield Finding(str(missing), "apt-get update && apt-get install rabbitmq-server", serious=True)


def _permission(layout: Layout) -> Iterator[Finding]:
    existing = next(each for each in (layout.run_dir, *layout.run_dir.parents) if each.exists())
    unwritable = [
        path for path in (existing, layout.state, layout.logs) if path.exists() and not _writable(path)
    ]
    for path in unwritable:
        owner = path.stat().st_uid
        mend = f"it belongs to user {owner}: work as that user, or `sudo chown -R $(id -un) {path}`"
        yield Finding(f"no permission to write {path}", mend, serious=True)
    if not unwritable:
        yield Finding(f"{layout.run_dir} can be written")


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK)


def _disk(layout: Layout) -> Iterator[Finding]:
    existing = next(each for each in (layout.run_dir, *layout.run_dir.parents) if each.exists())
    free = shutil.disk_usage(existing).free // 2**20
    if free < _TIGHT_MB:
        mend = "make room: RabbitMQ stops taking messages below 200 MB, PostgreSQL stops when it is full"
        yield Finding(f"only {free} MB free below {existing}", mend, serious=free < _NEEDED_MB)
    else:
        yield Finding(f"{free // 1024} GB free below {existing}")


def _memory() -> Iterator[Finding]:
    free = psutil.virtual_memory().available // 2**20
    if free < _NEEDED_MB:
        yield Finding(
            f"only {free} MB of memory available", "the hall needs about 1.2 GB: end other programs"
        )
    else:
        yield Finding(f"{free // 1024} GB of memory available")


def _web_port(layout: Layout, known: State | None) -> Iterator[Finding]:
    port = int(os.environ.get("HALL_PORT") or (known.web_port if known else 8000))
    if ports.is_free(port):
        yield Finding(f"port {port} is free")
        return
    taker = processes.listener(port)
    ours = known is not None and taker is not None and taker in processes.marked(known.mark)
    if ours:
        yield Finding(f"port {port} is served by the hall")
        return
    who = f"{taker.name()} (process {taker.pid})" if taker else "another user's process"
    yield Finding(
        f"port {port} is taken by {who}",
        f"end it, or choose another: HALL_PORT={port + 1} make up",
        serious=True,
    )


def _stale(layout: Layout, known: State | None) -> Iterator[Finding]:
    stale = [("supervisor", layout.supervisor_pid)] if supervision.has_stale_pid(layout) else []
    if known is not None and known.own_postgres and known.cluster.has_stale_pid():
        stale.append(("PostgreSQL", known.cluster.data / "postmaster.pid"))
    if known is not None and known.own_rabbitmq and known.node(layout).has_stale_pid():
        stale.append(("RabbitMQ", known.node(layout).pid_file))
    for name, path in stale:
        yield Finding(
            f"stale pid file of {name}: {path}", "left by a crash and harmless; `make up` clears it"
        )


def _running(layout: Layout, known: State | None) -> Iterator[Finding]:
    programs = supervision.programs(layout)
    if known is None or not programs:
        left = processes.marked(known.mark) if known else []
        if left:
            pids = ", ".join(str(process.pid) for process in left)
            yield Finding(f"processes without a supervisor: {pids}", "make down, then make up", serious=True)
        else:
            yield Finding("the hall is not running (make up starts it)")
        return
    for program in programs:
        if program.failing:
            log = layout.log_of(program.name)
            what = f"{program.name} is {program.state} {program.detail}".strip()
            mend = f"read {log}:\n{start.last_lines(log)}"
            yield Finding(what, mend, serious=True)
    if start.is_ready(known) and known.loaded is None:
        yield Finding(
            f"the hall answers at {known.url}, but its tables were never loaded",
            "make up goes on where the start stopped (hall load FOLDER takes other tables)",
            serious=True,
        )
    elif start.is_ready(known):
        yield Finding(f"the hall is ready: {known.url}")
    else:
        yield Finding(f"/readyz: {start.not_ready_because(known)}", "hall logs NAME shows why", serious=True)


def restarts(log: str, *, now: datetime) -> Counter[str]:
    """Count how often each program ended by itself in the ten minutes before `now`.

    Args:
        log: the supervisor's log.
        now: naive local time, as the supervisor writes it.
    """
    return Counter(name for when, name in _EXIT.findall(log) if now - datetime.fromisoformat(when) < _LOOP)


def _loops(layout: Layout) -> Iterator[Finding]:
    if not layout.supervisor_log.exists():
        return
    local_now = datetime.now().astimezone().replace(tzinfo=None)
    for name, count in restarts(layout.supervisor_log.read_text(errors="replace"), now=local_now).items():
        if count >= _RESTARTS_OF_A_LOOP:
            log = layout.log_of(name)
            mend = f"its log says why:\n{start.last_lines(log)}\n(log: {log})"
            yield Finding(f"{name} ended {count} times in ten minutes", mend, serious=True)


def _clock(known: State | None) -> Iterator[Finding]:
    table = hours.Timetable(start.REFERENCE)
    if known is None or not known.clock_started:
        return
    shown = hours.shown(known.clock, known.clock_started).astimezone(table.zone)
    what = f"the hall's clock shows {shown:%Y-%m-%d %H:%M} ({known.clock})"
    opened = table.hours_on(shown.date())
    if opened is not None and opened[0] <= shown < opened[1]:
        yield Finding(f"{what}: open")
    else:
        yield Finding(
            f"{what}: closed, no numbers are given", "make down && make up sets it to opening hours"
        )
