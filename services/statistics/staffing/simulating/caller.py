"""Starts the process that simulates, and follows it."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from services.chassis.child import running
from services.statistics.staffing.domain import Cell, Service

COMMAND = (sys.executable, "-m", "services.statistics.staffing.simulating")
# It takes about two minutes at most; one that is so late has lost its way.
LONGEST_S = 900.0


class SimulationFailed(Exception):
    """The process that simulates ended before it was through."""


def simulate(
    cells: Sequence[Cell],
    services: Mapping[str | None, Service],
    *,
    target: float,
    within_s: int,
    seed: int,
    command: Sequence[str] = COMMAND,
    longest_s: float = LONGEST_S,
) -> Iterator[dict[str, Any]]:
    """Give the advice for each cell, as it is ready. The process ends with this generator.

    Args:
        cells: hours of queues.
        services: how long service takes by queue, of the hall under None.
        target: the share that is to wait no longer than promised.
        within_s: what is promised, in seconds.
        seed: makes the draw.
        command: what starts the process.
        longest_s: seconds after which it is killed.

    Raises:
        SimulationFailed: the process broke down, or did not end in time.
    """
    problem = {
        "cells": [asdict(cell) for cell in cells],
        "services": {queue or "": asdict(service) for queue, service in services.items()},
        "target": target,
        "within_s": within_s,
        "seed": seed,
    }
    given = 0
    with running(command, problem, longest_s=longest_s) as child:
        for line in child.lines():
            given += 1
            yield line
        if child.process.wait() or given < len(cells):
            raise SimulationFailed(child.fault(f"after {given} of {len(cells)} hours"))
