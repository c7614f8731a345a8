"""What the hall's processes use of the machine."""

from __future__ import annotations

import psutil


def resident_mb(supervisor: int) -> int:
    """Return the memory of a supervisor and all below it in MB, pages that several share counted once (PSS)."""
    top = psutil.Process(supervisor)
    family = [top, *top.children(recursive=True)]
    return round(sum(process.memory_full_info().pss for process in family) / 1e6)
