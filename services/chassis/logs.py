"""Structured logs: one JSON object a line, each with the call id that began at the gateway."""

import atexit
import logging
import sys
import threading
from collections.abc import MutableMapping
from time import monotonic
from typing import Any, TextIO, cast

import structlog
from structlog.typing import FilteringBoundLogger, Processor, WrappedLogger

GATHER_S = 0.5
MOST_GATHERED = 200


class Gathered:
    """Writes lines in lots: a system call for each would be a tenth of what a call costs.

    A line that is not about routine (its level is above info) goes out at once, with those before it; the others
    within half a second, or at the end of the process.
    """

    def __init__(self, stream: TextIO) -> None:
        """Write to a stream; a thread of our own sees to what is left over."""
        self._stream = stream
        self._lines: list[str] = []
        self._written_at = monotonic()
        self._urgent = False
        atexit.register(self.write_out)
        threading.Thread(target=self._write_out_for_ever, name="logs", daemon=True).start()

    def write(self, line: str) -> None:
        """Take a line."""
        self._lines.append(line)
        self._urgent = self._urgent or not ('"level": "info"' in line or '"level": "debug"' in line)

    def flush(self) -> None:
        """Write what has gathered when it is time."""
        due = monotonic() - self._written_at > GATHER_S
        if due or self._urgent or len(self._lines) > MOST_GATHERED:
            self.write_out()

    def write_out(self) -> None:
        """Write what has gathered now."""
        lines, self._lines = self._lines, []
        self._written_at, self._urgent = monotonic(), False
        if lines:
            self._stream.write("".join(lines))
            self._stream.flush()

    def _write_out_for_ever(self) -> None:
        pause = threading.Event()
        while not pause.wait(GATHER_S):
            self.write_out()


def configure(*, level: str = "INFO", process: str = "") -> None:
    """Send every log line of this process, ours and the libraries', to stderr as JSON.

    Args:
        level: the lowest level that is written.
        process: the service or gateway name, on every line.
    """

    def name_process(
        _logger: WrappedLogger, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        event["process"] = process
        return event

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        name_process,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    gathered = Gathered(sys.stderr)
    handler = logging.StreamHandler(gathered)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("amqp").setLevel(logging.WARNING)
    logging.getLogger("kombu").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, gathered)),
        cache_logger_on_first_use=True,
    )


def get_logger() -> FilteringBoundLogger:
    """Return a logger; call it with an event name and fields."""
    logger: FilteringBoundLogger = structlog.get_logger()
    return logger
