"""Has a workbook read or written by a process of its own: it takes a core for seconds, and its memory with it."""

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from services.catalogue.errors import WorkbookNotMade
from services.chassis.child import running
from services.chassis.logs import get_logger

COMMAND = (sys.executable, "-m", "services.catalogue.tables")
LONGEST_S = 120.0

log = get_logger()


def read_aside(content: bytes, *, command: Sequence[str] = COMMAND) -> Mapping[str, Any]:
    """Return what a workbook says: its `tables`, or its `faults`.

    Raises:
        WorkbookNotMade: the process broke down, or took too long.
    """
    return _answer({"content": b64encode(content).decode()}, command)


def write_aside(tables: Mapping[str, Sequence[Any]], *, command: Sequence[str] = COMMAND) -> bytes:
    """Return the workbook of some tables; raises as `read_aside`."""
    return b64decode(_answer({"tables": tables}, command)["content"])


def _answer(asked: Mapping[str, Any], command: Sequence[str]) -> Mapping[str, Any]:
    with running(command, asked, longest_s=LONGEST_S) as child:
        said = child.output()
        if child.process.returncode or not said:
            log.error("workbook.process_failed", fault=child.fault("without an answer"))
            raise WorkbookNotMade
    answer: Mapping[str, Any] = json.loads(said)
    return answer
