"""Starts the process that simulates, and follows it."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import Any

from services.statistics.domain.staffing import Cell, Service

COMMAND = (sys.executable, "-m", "services.statistics.staffing")
ROOT = Path(__file__).parents[3]
# It takes about two minutes at most; one that is so late has lost its way.
LONGEST_S = 900.0
SHOWN_OF_FAULT = 2000


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
    with (
        TemporaryFile("w+") as asked,
        TemporaryFile("w+") as complaints,
    ):
        json.dump(problem, asked)
        asked.seek(0)
        with subprocess.Popen(  # noqa: S603 - a command of our own
            command, stdin=asked, stdout=subprocess.PIPE, stderr=complaints, text=True, cwd=ROOT
        ) as child:
            too_late = Timer(longest_s, child.kill)
            too_late.start()
            try:
                for line in child.stdout or ():
                    given += 1
                    yield json.loads(line)
                status = child.wait()
            finally:
                too_late.cancel()
                child.kill()
        if status or given < len(cells):
            complaints.seek(0)
            raise SimulationFailed(
                f"The process ended with status {status} after {given} of {len(cells)} hours. "
                f"{complaints.read().strip()[-SHOWN_OF_FAULT:]}".rstrip()
            )
