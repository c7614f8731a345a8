"""Starting, stopping and forgetting the local hall."""

import fcntl
import hashlib
import math
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from deploy.hall import hours
from deploy.local import databases, launch, ports, postgres, processes, rabbitmq, state, supervision
from deploy.local.layout import GATEWAY, ROOT, SERVERS, Layout
from deploy.local.state import State

REFERENCE = ROOT / "deploy" / "hall"
Step = Callable[[str], AbstractContextManager[None]]


class StartFailed(RuntimeError):
    """The hall could not be started; the message says why and how to mend it."""


@dataclass(frozen=True)
class Started:
    """How a start ended: what is remembered, whether the hall was running already, and the code that sets it up."""

    known: State
    was_running: bool
    setup_code: str | None = None


@contextmanager
def exclusively(layout: Layout) -> Iterator[None]:
    """Keep every other `hall up|down|reset` of this folder out meanwhile.

    Raises:
        StartFailed: one is at work.
    """
    layout.run_dir.mkdir(parents=True, exist_ok=True)
    with layout.lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise StartFailed(
                "another `hall up`, `down` or `reset` is at work; wait until it is done"
            ) from busy
        yield


def is_ready(known: State, *, timeout_s: float = 5.0) -> bool:
    """Say whether the gateway, and everything behind it, answers."""
    try:
        with urllib.request.urlopen(f"{known.url}/readyz", timeout=timeout_s) as answer:  # noqa: S310 - http
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def not_ready_because(known: State) -> str:
    """Return what `/readyz` says, or why it says nothing."""
    try:
        with urllib.request.urlopen(f"{known.url}/readyz", timeout=5) as answer:  # noqa: S310 - http
            return str(answer.read(500), "utf-8", "replace")
    except urllib.error.HTTPError as refused:
        return refused.read(500).decode("utf-8", "replace")
    except OSError as silent:
        return str(silent)


def up(layout: Layout, *, step: Step) -> Started:
    """Start what is not running, and wait until the hall is ready; go on where an earlier start stopped.

    Raises:
        StartFailed: with what to do about it.
    """
    with exclusively(layout):
        known = state.read(layout)
        if known is not None and supervision.pid(layout) and is_ready(known):
            if known.loaded is not None or not known.demo:
                return Started(known, True)
            with step("Reference hall"):
                return Started(load_once(layout, known), False)
        with step("Programs and ports"):
            known = _prepared(layout, known)
        with step("PostgreSQL and RabbitMQ"):
            _start_servers(layout, known)
        with step("Databases and migrations"):
            _migrate(layout, known)
        with step("Services and gateway"):
            _start_hall(layout, known)
        if known.demo:
            with step("Reference hall"):
                return Started(load_once(layout, known), False)
        return Started(known, False, setup_code=setup_code(layout, known))


def own_servers(known: State) -> list[str]:
    """Return which servers are ours to run."""
    own = {"postgres": known.own_postgres, "rabbitmq": known.own_rabbitmq}
    return [name for name in SERVERS if own[name]]


def _prepared(layout: Layout, known: State | None) -> State:
    if known is None and (layout.postgres.exists() or layout.rabbitmq.exists()):
        raise StartFailed(f"{layout.state} is gone, and with it the passwords of the data there: make reset")
    fresh = state.complete(known or state.new(layout))
    if supervision.pid(layout):
        return fresh  # something is not well, but ports and clock stay as they are
    processes.end_marked(fresh.mark)  # left behind by a supervisor that was killed
    fresh = state.with_free_ports(state.with_environment(fresh, os.environ))
    _require_programs(fresh)
    _require_web_port(fresh.web_port)
    fresh = _with_clock(fresh, last_alive=_last_alive(layout))
    state.write(layout, fresh)
    return fresh


def _with_clock(known: State, *, last_alive: float) -> State:
    if not known.demo and not os.environ.get("HALL_CLOCK"):
        return replace(known, clock="real", clock_started=0.0, clock_reason="it is no demo")
    seen = datetime.fromisoformat(known.seen) if known.seen else None
    if known.clock_started:  # it was not stopped by `hall down`
        seen = hours.shown(known.clock, known.clock_started, real_time=last_alive)
    given = os.environ.get("HALL_CLOCK", "")
    clock = hours.choose(hours.Timetable(REFERENCE), given=given, now=datetime.now(UTC), seen=seen)
    return replace(known, clock=clock.setting, clock_started=clock.started, clock_reason=clock.reason)


def _last_alive(layout: Layout) -> float:
    """Return when a process of ours last wrote to its log, in unix seconds."""
    return max((log.stat().st_mtime for log in layout.logs.glob("*.log")), default=0.0)


def _require_programs(known: State) -> None:
    if known.own_postgres:
        postgres.binaries()
        postgres.server_account()
    if known.own_rabbitmq:
        rabbitmq.version()


def _require_web_port(port: int) -> None:
    if ports.is_free(port):
        return
    taker = processes.listener(port)
    who = f"{taker.name()} (process {taker.pid})" if taker else "another user's process"
    raise StartFailed(f"port {port} is taken by {who}: end it, or choose another with HALL_PORT=8001 make up")


def _start_servers(layout: Layout, known: State) -> None:
    servers = own_servers(known)
    if supervision.pid(layout) is None:
        supervision.write_configuration(layout, servers=servers, hall=())
        supervision.start(layout, mark=known.mark)
    else:
        supervision.update(layout)
    if known.own_postgres:
        _answer("PostgreSQL", layout.log_of("postgres"), known.cluster.wait_ready)
    if known.own_rabbitmq:
        _answer("RabbitMQ", layout.log_of("rabbitmq"), known.node(layout).wait_ready)


def _answer(name: str, log: Path, wait_ready: Callable[[], None]) -> None:
    try:
        wait_ready()
    except (postgres.PostgresFailed, rabbitmq.RabbitFailed) as silent:
        raise StartFailed(f"{name} does not come up: {silent}\n{last_lines(log)}\n(log: {log})") from silent


def _migrate(layout: Layout, known: State) -> None:
    databases.make(known.database_admin, known.role_passwords, known.owner_passwords)
    settings = {**os.environ, processes.MARK: known.mark, "HALL_RUN_DIR": str(layout.run_dir)}
    _run([sys.executable, "-m", "deploy.local.migrations"], settings, "migrating the databases")


def _run(command: list[str], settings: dict[str, str], purpose: str) -> str:
    done = subprocess.run(
        command,
        env=settings,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise StartFailed(f"{purpose} failed (exit code {done.returncode}):\n{done.stdout.strip()[-1500:]}")
    return done.stdout


def patience_s() -> float:
    """Return how many seconds the services and the gateway have to come up: `HALL_START_SECONDS`, 90 unless told.

    Raises:
        StartFailed: it is not a number above zero.
    """
    given = os.environ.get("HALL_START_SECONDS") or "90"
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < math.inf:
        raise StartFailed(f"HALL_START_SECONDS is {given!r}, it must be a number of seconds above zero")
    return seconds


def _start_hall(layout: Layout, known: State) -> None:
    supervision.write_configuration(layout, servers=own_servers(known), hall=supervision.HALL)
    timeout_s = patience_s()
    supervision.update(layout)
    deadline = time.monotonic() + timeout_s
    while not is_ready(known):
        if time.monotonic() > deadline:
            raise StartFailed(_diagnosis(layout, known))
        time.sleep(0.3)


def _diagnosis(layout: Layout, known: State) -> str:
    failing = [program for program in supervision.programs(layout) if not program.running]
    parts = [
        f"the hall is not ready after {patience_s():.0f} s; /readyz says: {not_ready_because(known)}",
        "what was started goes on starting: the same command again goes on where this one stopped, and on a slow "
        "machine HALL_START_SECONDS=300 waits longer",
    ]
    for program in failing:
        log = layout.log_of(program.name)
        parts.append(f"{program.name} is {program.state} {program.detail}\n{last_lines(log)}\n(log: {log})")
    return "\n".join([*parts, "`hall doctor` looks further"])


def last_lines(log: Path, count: int = 8) -> str:
    """Return the end of a log, indented."""
    lines = log.read_text(errors="replace").splitlines()[-count:] if log.exists() else ["(no log)"]
    return "\n".join(f"    {line[:300]}" for line in lines)


def digest_of(tables: Path) -> str:
    """Return a digest of a hall's tables, a folder of them or a workbook."""
    digest = hashlib.sha256()
    for table in sorted(tables.glob("*.csv")) if tables.is_dir() else [tables]:
        digest.update(table.name.encode() + b"\0" + table.read_bytes())
    return digest.hexdigest()


def load_once(layout: Layout, known: State) -> State:
    """Load the reference hall unless its tables are as they were when it was last loaded here.

    A hall that was given tables of its own keeps them.
    """
    if known.own_tables or known.loaded == digest_of(REFERENCE):
        return known
    return load(layout, known, REFERENCE)[0]


def setup_code(layout: Layout, known: State) -> str | None:
    """Return a new code that sets the hall up, None when it has an administrator."""
    settings = launch.settings_of(GATEWAY, known=known, layout=layout)
    said = _run([sys.executable, "-m", "deploy.hall.begin"], settings, "asking for a set-up code")
    found = re.search(r"^set-up code: (\S+)$", said, re.MULTILINE)
    return found[1] if found else None


def check(layout: Layout, known: State, folder: Path) -> str:
    """Check a hall's tables and return what the loader says of whom they touch; changes nothing."""
    settings = launch.settings_of(GATEWAY, known=known, layout=layout)
    command = [sys.executable, "-m", "deploy.hall.load", "--dry-run", str(folder)]
    return _run(command, settings, f"checking {folder}")


def load(layout: Layout, known: State, folder: Path) -> tuple[State, str]:
    """Load a hall's tables; return what is remembered now and what the loader said."""
    settings = launch.settings_of(GATEWAY, known=known, layout=layout)
    said = _run([sys.executable, "-m", "deploy.hall.load", str(folder)], settings, f"loading {folder}")
    own = folder.resolve() != REFERENCE.resolve()
    known = replace(known, loaded=digest_of(folder), own_tables=own)
    state.write(layout, known)
    return known, said


def down(layout: Layout) -> bool:
    """Stop everything of this start; return whether anything ran."""
    with exclusively(layout):
        return _stop(layout)


def _stop(layout: Layout) -> bool:
    known = state.read(layout)
    if known is None:
        return False
    running = bool(processes.marked(known.mark))
    if running and known.clock_started:
        seen = hours.shown(known.clock, known.clock_started).isoformat(timespec="seconds")
        state.write(layout, replace(known, seen=seen, clock_started=0.0))
    supervision.shutdown(layout)
    # What a killed supervisor left behind, and epmd, which outlives its node.
    processes.end_marked(known.mark)
    supervision.clear(layout)
    return running


def reset(layout: Layout) -> None:
    """Stop everything and forget the data. Databases on a server from outside are left as they are."""
    with exclusively(layout):
        _stop(layout)
        try:
            known = state.read(layout)
        except state.StateBroken:
            known = None
        if known is not None:
            _forget_cluster(Path(known.postgres_folder), layout)
        for each in layout.run_dir.iterdir():
            if each == layout.lock:
                continue
            if each.is_dir():
                shutil.rmtree(each)
            else:
                each.unlink()


def _forget_cluster(folder: Path, layout: Layout) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if layout.run_dir not in folder.parents:
        with suppress(OSError):  # other clones' clusters are in there too
            folder.parent.rmdir()
