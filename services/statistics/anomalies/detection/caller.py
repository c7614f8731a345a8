"""Starts the process that looks for unusual movements and gives what it finds.

The wire form, one JSON object on stdin. Days:

    {"task": "days", "days": [all dates that have cases, in order], "examine": [dates],
     "subjects": [{"kind": "item", "subject": code, "department": code, "counts": [of each day]}],
     "known": [{"kind", "subject", "direction", "seen_on": date}]}

Hours of a day: `{"task": "hours", "today": date, "hours": ["09", …, the last that is over], "days": [dates before],
"departments": [{"department", "past": [[of each hour] of each day], "counts": [of each hour]}],
"known": [{"department", "direction"}]}`.

Both have `"calendar": {year: {date: whether it is worked}}`, the days that break the week in each year that the hall's
calendar knows.

Out comes a line for each thing: `{"finding": …}`, `{"goes_on": …}`, `{"examined": date}`, and `{"done": true}` at last.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.chassis.child import running

COMMAND = (sys.executable, "-m", "services.statistics.anomalies.detection")
# Nine years of days are examined in about an hour; what takes longer has lost its way.
LONGEST_S = 2 * 3600.0


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
        through = False
        with running(self.command, message, longest_s=self.longest_s) as child:
            for line in child.lines():
                through = "done" in line
                if not through:
                    yield line
            if not through:
                raise DetectionFailed(child.fault("before it was through"))
