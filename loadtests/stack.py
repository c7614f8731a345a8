"""What the hall's processes use of the machine."""

from __future__ import annotations

import psutil


def resident_mb(supervisor: int) -> int:
    """Return the memory of a supervisor and all below it in MB, pages that several share counted once (PSS)."""
    return _megabytes(_family(supervisor))


def resident_mb_of(supervisor: int, service: str) -> int:
    """Return the memory of a supervisor's processes that run a service's code, in MB, as `resident_mb` counts it."""
    return _megabytes(
        [
            process
            for process in _family(supervisor)
            if any(service in word.replace(".", "/").split("/") for word in process.cmdline())
        ]
    )


def _family(supervisor: int) -> list[psutil.Process]:
    top = psutil.Process(supervisor)
    return [top, *top.children(recursive=True)]


def _megabytes(processes: list[psutil.Process]) -> int:
    return round(sum(process.memory_full_info().pss for process in processes) / 1e6)
