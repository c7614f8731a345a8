"""Starts the process that makes a file of a report, a few at once, and follows it."""

import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from services.chassis.child import running
from services.chassis.logs import get_logger
from services.statistics.errors import RendererBusy, RendererFailed
from services.statistics.rendering.wording import title

COMMAND = (sys.executable, "-m", "services.statistics.rendering")
# Each needs a core and some 150 MB; those that wait hold a worker of the service.
AT_ONCE, WAITING = 2, 4
TURN_S, LONGEST_S = 30.0, 60.0

log = get_logger()


class Renderer:
    """Makes files of reports, each in a process of its own."""

    def __init__(
        self,
        *,
        command: Sequence[str] = COMMAND,
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
        turn_s: float = TURN_S,
        longest_s: float = LONGEST_S,
    ) -> None:
        """Make a renderer.

        Args:
            command: what starts the process.
            at_once: most processes at a time.
            waiting: most calls that wait for their turn.
            turn_s: seconds a call waits for its turn.
            longest_s: seconds after which a process is killed.
        """
        self._command, self._turn_s, self._longest_s = command, turn_s, longest_s
        self._places = BoundedSemaphore(at_once)
        self._queue = BoundedSemaphore(at_once + waiting)

    def render(self, report: Mapping[str, Any], form: str) -> dict[str, str]:
        """Return a file: its name, and its content in base64.

        Args:
            report: as its JSON.
            form: `xlsx` or `docx`.

        Raises:
            RendererBusy: too many files are being made.
            RendererFailed: the process broke down, or took too long.
        """
        with self._turn():
            content = self._run({"format": form, "report": report})
        return {"filename": f"{title(report)}.{form}", "content": b64encode(content).decode("ascii")}

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._queue.acquire(blocking=False):
            raise RendererBusy
        try:
            if not self._places.acquire(timeout=self._turn_s):
                raise RendererBusy
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._queue.release()

    def _run(self, message: Mapping[str, Any]) -> bytes:
        with running(self._command, message, longest_s=self._longest_s) as child:
            content = child.output()
            if child.process.wait() or not content:
                log.error("report.not_rendered", fault=child.fault("without a file"))
                raise RendererFailed
        return content
