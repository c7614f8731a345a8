"""What the hall's processes use of the machine."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil

# PostgreSQL's buffers: they fill up to the size they are given.
BUFFERS = "PostgreSQL's buffers"
# Of a process that ended since it was listed, as PostgreSQL's do.
GONE = (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError)


def resident_mb(supervisor: int) -> int:
    """Return the memory of a supervisor and all below it in MB, pages that several share counted once (PSS)."""
    return _megabytes(_family(supervisor))


def resident_mb_by_part(supervisor: int) -> dict[str, float]:
    """Return the memory of a supervisor and all below it in MB by what they are, as `resident_mb` counts it."""
    found: Counter[str] = Counter()
    for process in _family(supervisor):
        with suppress(*GONE):
            part = _part(process.cmdline())
            pss, shared = _kilobytes(process.pid)
            if part == "PostgreSQL":
                found[BUFFERS] += shared
                pss -= shared
            found[part] += pss
    return {part: round(kilobytes * 1024 / 1e6, 1) for part, kilobytes in sorted(found.items())}


def _part(words: list[str]) -> str:
    """Name a process by its command line: a service, gateway, PostgreSQL, RabbitMQ, or what else runs the hall."""
    line = " ".join(words)
    if "services.chassis.run" in words:
        return words[-1].rpartition(".")[2]
    for sign, part in (("gunicorn", "gateway"), ("postgres", "PostgreSQL"), ("rabbit", "RabbitMQ")):
        if sign in line:
            return part
    return "others"


def _kilobytes(pid: int) -> tuple[int, int]:
    """Return a process's proportional memory, and what of it is shared memory, in kB."""
    lines = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    sizes = {words[0]: int(words[1]) for words in lines}
    return sizes["Pss:"], sizes["Pss_Shmem:"]


def resident_mb_of(supervisor: int, service: str) -> int:
    """Return the memory of a supervisor's processes that run a service's code, in MB, as `resident_mb` counts it."""
    return _megabytes([process for process in _family(supervisor) if _runs(process, service)])


def _runs(process: psutil.Process, service: str) -> bool:
    with suppress(*GONE):
        return any(service in word.replace(".", "/").split("/") for word in process.cmdline())
    return False


def _family(supervisor: int) -> list[psutil.Process]:
    top = psutil.Process(supervisor)
    return [top, *top.children(recursive=True)]


def _megabytes(processes: list[psutil.Process]) -> int:
    used = 0
    for process in processes:
        with suppress(*GONE):
            used += process.memory_full_info().pss
    return round(used / 1e6)
