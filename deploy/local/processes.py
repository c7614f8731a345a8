"""The processes of one local start, found by a mark in their environment.

Pid files lie after a crash, and epmd detaches itself from everything. Every process that a local start
begins inherits `HALL_RUN_MARK`, so all of them are found again, whoever their parent is now.
"""

import contextlib
import time
from collections.abc import Iterable

import psutil

MARK = "HALL_RUN_MARK"


class StillRunning(RuntimeError):
    """A process did not end, not even when killed."""


def alive(pid: int) -> psutil.Process | None:
    """Return the process of this id unless it is gone or a zombie."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process
    except (psutil.NoSuchProcess, ValueError):
        return None


def marked(mark: str) -> list[psutil.Process]:
    """Return every living process with this mark, and their descendants."""
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(MARK) != mark or process.status() == psutil.STATUS_ZOMBIE:
                continue
            # PostgreSQL's children overwrite their environment with their title.
            for each in (process, *process.children(recursive=True)):
                found[each.pid] = each
    return list(found.values())


def listener(port: int) -> psutil.Process | None:
    """Return the process that listens on this port, if one does and may be seen."""
    for connection in psutil.net_connections(kind="tcp"):
        if connection.status != psutil.CONN_LISTEN or not connection.laddr or not connection.pid:
            continue
        if connection.laddr.port == port:
            return alive(connection.pid)
    return None


def end(processes: Iterable[psutil.Process], *, grace_s: float = 10.0) -> None:
    """Ask processes to end, then kill those that are left.

    Raises:
        StillRunning: one survived being killed for five seconds.
    """
    living = list(processes)
    for process in living:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, living = psutil.wait_procs(living, timeout=grace_s)
    for process in living:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    _, living = psutil.wait_procs(living, timeout=5.0)
    if living:
        raise StillRunning(f"processes {[process.pid for process in living]} do not end")


def end_marked(mark: str, *, grace_s: float = 10.0) -> int:
    """End every process with this mark; return how many there were."""
    ended: set[int] = set()
    deadline = time.monotonic() + grace_s + 10.0
    while found := marked(mark):
        ended |= {process.pid for process in found}
        end(found, grace_s=grace_s)
        if time.monotonic() > deadline:
            raise StillRunning(f"processes marked {mark} keep coming back")
    return len(ended)
