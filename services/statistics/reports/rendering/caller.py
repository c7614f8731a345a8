"""Starts the process that makes a file of a report, and follows it."""

import sys
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.chassis.child import running
from services.chassis.logs import get_logger
from services.statistics.errors import RendererFailed
from services.statistics.reports.rendering.wording import title

COMMAND = (sys.executable, "-m", "services.statistics.reports.rendering")
# It takes some seconds, on a busy machine a minute; one that is so late has lost its way.
LONGEST_S = 300.0

log = get_logger()


def _nobody(_: float) -> None:
    """Hear nothing of how far it is."""


class Renderer:
    """Makes files of reports, each in a process of its own; a core and some 150 MB while it lasts."""

    def __init__(self, *, command: Sequence[str] = COMMAND, longest_s: float = LONGEST_S) -> None:
        """Make a renderer.

        Args:
            command: what starts the process.
            longest_s: seconds after which it is killed.
        """
        self._command, self._longest_s = command, longest_s

    def __call__(
        self, report: Mapping[str, Any], form: str, *, told: Callable[[float], None] = _nobody
    ) -> tuple[str, bytes]:
        """Return a file: its name and its content.

        Args:
            report: as its JSON.
            form: `xlsx` or `docx`.
            told: hears how far it is, from 0 to 1.

        Raises:
            RendererFailed: the process broke down, or took too long.
        """
        content = b""
        with running(self._command, {"format": form, "report": report}, longest_s=self._longest_s) as child:
            for line in child.lines():
                if "content" in line:
                    content = b64decode(line["content"])
                else:
                    told(line["progress"])
            if child.process.wait() or not content:
                log.error("report.not_rendered", fault=child.fault("without a file"))
                raise RendererFailed
        return f"{title(report)}.{form}", content
