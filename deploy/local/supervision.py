"""The supervisor that starts our processes and restarts what dies."""

import os
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psutil
from supervisor.states import ProcessStates
from supervisor.xmlrpc import SupervisorTransport

from deploy.local import processes
from deploy.local.layout import ANALYST, GATEWAY, PLANNER, ROOT, SERVICES, Layout

HALL = (*SERVICES, PLANNER, ANALYST, GATEWAY)
# The supervisor itself answers every call from memory.
_UNREACHABLE = (OSError, HTTPException, xmlrpc.client.ProtocolError)


class SupervisorFailed(RuntimeError):
    """The supervisor could not be started or does not answer."""


@dataclass(frozen=True)
class ProgramState:
    """What the supervisor knows of one program; `state` is its word, e.g. RUNNING, BACKOFF or FATAL."""

    name: str
    state: str
    pid: int | None
    uptime_s: int
    detail: str

    @property
    def running(self) -> bool:
        return self.state == "RUNNING"

    @property
    def failing(self) -> bool:
        return self.state in ("BACKOFF", "FATAL", "EXITED")


def configuration(layout: Layout, *, groups: Mapping[str, Sequence[str]]) -> str:
    """Return the supervisor's configuration for these groups of programs, those started first named first."""
    parts = [_header(layout)]
    for order, (group, programs) in enumerate(groups.items()):
        if not programs:
            continue
        parts.append(f"[group:{group}]\nprograms={','.join(programs)}\npriority={100 * (order + 1)}\n")
        parts += [_program(layout, name) for name in programs]
    return "\n".join(parts)


def _header(layout: Layout) -> str:
    log, pid, socket = layout.supervisor_log, layout.supervisor_pid, layout.supervisor_socket
    lines = [
        "[supervisord]",
        f"logfile={_escaped(log)}",
        "logfile_maxbytes=5MB",
        "logfile_backups=1",
        f"pidfile={_escaped(pid)}",
        f"childlogdir={_escaped(layout.logs)}",
        f"directory={_escaped(ROOT)}",
        *(["user=root"] if os.geteuid() == 0 else []),
        "[unix_http_server]",
        f"file={_escaped(socket)}",
        "chmod=0600",
        "[rpcinterface:supervisor]",
        "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
        "[supervisorctl]",
        f"serverurl=unix://{_escaped(socket)}",
        "",
    ]
    return "\n".join(lines)


def _program(layout: Layout, name: str) -> str:
    lines = [
        f"[program:{name}]",
        f'command="{_escaped(sys.executable)}" -m deploy.local.launch {name}',
        f"directory={_escaped(ROOT)}",
        "autostart=true",
        "autorestart=true",
        # It waits a second longer before each further try, so a hall whose disk was full comes back by itself.
        "startretries=1000",
        "startsecs=2",
        f"stopsignal={'INT' if name == 'postgres' else 'TERM'}",
        "stopwaitsecs=30",
        "redirect_stderr=true",
        f"stdout_logfile={_escaped(layout.log_of(name))}",
        "stdout_logfile_maxbytes=10MB",
        "stdout_logfile_backups=2",
        "",
    ]
    return "\n".join(lines)


def _escaped(path: object) -> str:
    return str(path).replace("%", "%%")


def write_configuration(layout: Layout, *, servers: Sequence[str], hall: Sequence[str]) -> None:
    """Write the configuration: the servers stop last, the hall's own processes stop together before them."""
    layout.logs.mkdir(parents=True, exist_ok=True)
    # Logs tell who did what; they are nobody else's on this machine.
    layout.logs.chmod(0o700)
    _make_socket_folder(layout.supervisor_socket.parent)
    text = configuration(layout, groups={"servers": servers, "hall": hall})
    layout.supervisor_config.write_text(text)


def _make_socket_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise SupervisorFailed(f"{folder} belongs to somebody else: remove it")


def clear(layout: Layout) -> None:
    """Remove what a supervisor that was killed leaves behind."""
    layout.supervisor_pid.unlink(missing_ok=True)
    layout.supervisor_socket.unlink(missing_ok=True)
    if layout.supervisor_socket.parent != layout.run_dir:
        with suppress(OSError):
            layout.supervisor_socket.parent.rmdir()


@contextmanager
def _rpc(layout: Layout) -> Iterator[Any]:
    transport = SupervisorTransport(None, None, f"unix://{layout.supervisor_socket}")
    try:
        yield xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor
    finally:
        transport.close()


def pid(layout: Layout) -> int | None:
    """Return the supervisor's process id when it runs; a stale pid file is recognised."""
    try:
        written = int(layout.supervisor_pid.read_text())
    except (FileNotFoundError, ValueError):
        return None
    process = processes.alive(written)
    if process is None:
        return None
    try:
        ours = str(layout.supervisor_config) in process.cmdline()
    except psutil.Error:
        return None
    return written if ours else None


def has_stale_pid(layout: Layout) -> bool:
    """Say whether a pid file lies there while no supervisor of ours has that number."""
    return layout.supervisor_pid.exists() and pid(layout) is None


def start(layout: Layout, *, mark: str, timeout_s: float = 20.0) -> None:
    """Start the supervisor in the background, with what is configured.

    Raises:
        SupervisorFailed: it ends or does not answer.
    """
    done = subprocess.run(
        [sys.executable, "-m", "supervisor.supervisord", "-c", layout.supervisor_config],
        env=os.environ | {processes.MARK: mark, "HALL_RUN_DIR": str(layout.run_dir)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        timeout=timeout_s,
        check=False,
    )
    if done.returncode != 0:
        raise SupervisorFailed(f"the supervisor did not start: {done.stdout.strip()[-500:]}")
    deadline = time.monotonic() + timeout_s
    while not answers(layout):
        if time.monotonic() > deadline:
            raise SupervisorFailed(f"the supervisor does not answer; see {layout.supervisor_log}")
        time.sleep(0.1)


def answers(layout: Layout) -> bool:
    """Say whether the supervisor can be talked to."""
    try:
        with _rpc(layout) as rpc:
            return bool(rpc.getState()["statename"])
    except _UNREACHABLE:
        return False


def programs(layout: Layout) -> list[ProgramState]:
    """Return the state of every program; none when the supervisor does not answer."""
    try:
        with _rpc(layout) as rpc:
            told = rpc.getAllProcessInfo()
    except _UNREACHABLE:
        return []
    return [_state_of(each) for each in told]


def _state_of(told: Mapping[str, Any]) -> ProgramState:
    uptime = told["now"] - told["start"] if told["state"] == ProcessStates.RUNNING else 0
    return ProgramState(
        told["name"], told["statename"], told["pid"] or None, max(0, uptime), told["spawnerr"] or ""
    )


def update(layout: Layout) -> None:
    """Take up programs newly configured and start those that are stopped.

    Raises:
        SupervisorFailed: it does not answer or refuses.
    """
    try:
        with _rpc(layout) as rpc:
            _take_up(rpc)
    except (*_UNREACHABLE, xmlrpc.client.Fault) as refused:
        raise SupervisorFailed(f"the supervisor does not do as told: {refused}") from refused


def _take_up(rpc: Any) -> None:
    [[added, changed, removed]] = rpc.reloadConfig()
    for group in (*changed, *removed):
        rpc.stopProcessGroup(group)
        rpc.removeProcessGroup(group)
    for group in (*changed, *added):
        rpc.addProcessGroup(group)
    for program in rpc.getAllProcessInfo():
        if program["state"] in (ProcessStates.STOPPED, ProcessStates.EXITED, ProcessStates.FATAL):
            rpc.startProcess(f"{program['group']}:{program['name']}", False)


def shutdown(layout: Layout, *, timeout_s: float = 75.0) -> None:
    """End the supervisor and all it started, in good order; no matter when it is not running."""
    running = pid(layout)
    process = None if running is None else processes.alive(running)
    if process is None:
        return
    try:
        with _rpc(layout) as rpc:
            rpc.shutdown()
    except _UNREACHABLE:
        process.terminate()
    psutil.wait_procs([process], timeout=timeout_s)


def restart(layout: Layout, programs: Sequence[str]) -> None:
    """Stop programs in good order and start them again; they read their settings anew.

    Raises:
        SupervisorFailed: it does not answer or refuses.
    """
    try:
        with _rpc(layout) as rpc:
            names = [
                f"{each['group']}:{each['name']}"
                for each in rpc.getAllProcessInfo()
                if each["name"] in programs
            ]
            for name in names:
                with suppress(xmlrpc.client.Fault):  # it was stopped already
                    rpc.stopProcess(name)
            for name in names:
                rpc.startProcess(name, False)
    except (*_UNREACHABLE, xmlrpc.client.Fault) as refused:
        raise SupervisorFailed(f"the supervisor does not start them again: {refused}") from refused
