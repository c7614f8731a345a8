"""Starts the process that looks for unusual movements and gives what it finds.

The wire form, one JSON object on stdin. Days:

    {"task": "days", "days": [all dates that have cases, in order], "examine": [dates],
     "subjects": [{"kind": "item", "subject": code, "department": code, "counts": [of each day]}],
     "known": [{"kind", "subject", "direction", "seen_on": date}]}

Hours of a day: `{"task": "hours", "today": date, "hours": ["09", …, the last that is over], "days": [dates before],
"departments": [{"department", "past": [[of each hour] of each day], "counts": [of each hour]}],
"known": [{"department", "direction"}]}`.

Out comes a line for each thing: `{"finding": …}`, `{"goes_on": …}`, `{"examined": date}`, and `{"done": true}` at last.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import Any

COMMAND = (sys.executable, "-m", "services.statistics.detection")
ROOT = Path(__file__).parents[3]
# Nine years of days are examined in about an hour; what takes longer has lost its way.
LONGEST_S = 2 * 3600.0
SHOWN_OF_FAULT = 1000


class DetectionFailed(Exception):
    """The process that looks for unusual movements ended before it was through."""


class Detector:
    """Has counts examined, each time in a process of its own that takes the memory of its libraries with it."""

    def __init__(self, *, command: Sequence[str] = COMMAND, longest_s: float = LONGEST_S) -> None:
        """Make a detector.

        Args:
            command: what starts the process.
            longest_s: seconds after which the process is killed.
        """
        self.command = command
        self.longest_s = longest_s

    def findings(self, message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Give the process's lines but for the last.

        Args:
            message: the counts in their wire form.

        Raises:
            DetectionFailed: it broke down, was ended, or took too long.
        """
        pipe, through = subprocess.PIPE, False
        with (
            TemporaryFile("w+") as complaints,
            subprocess.Popen(  # noqa: S603 - a command of our own
                self.command, stdin=pipe, stdout=pipe, stderr=complaints, text=True, cwd=ROOT
            ) as child,
        ):
            too_late = Timer(self.longest_s, child.kill)
            too_late.start()
            try:
                for line in _said(child, message):
                    through = "done" in line
                    if not through:
                        yield line
            finally:
                too_late.cancel()
                child.kill()
            if not through:
                status = child.wait()
                complaints.seek(0)
                raise DetectionFailed(f"Ended with {status}. {complaints.read()[-SHOWN_OF_FAULT:]}".strip())


def _said(child: subprocess.Popen[str], message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if child.stdin is None or child.stdout is None:
        return
    with suppress(BrokenPipeError), child.stdin as pipe:
        json.dump(message, pipe)
    for text in child.stdout:
        try:
            yield json.loads(text)
        except ValueError:
            return
