"""Has a command of ours work on a message, in a process of its own that takes its memory with it.

It works in plain threads and under eventlet. There who writes to the pipe of a process that is dead never wakes, so the
message lies in a file; and a wait that is over raises another class than `subprocess.TimeoutExpired`, so a timer kills
what is late.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import IO, Any, cast

ROOT = Path(__file__).parents[2]
SHOWN_OF_COMPLAINTS = 2000
_at_work: set[subprocess.Popen[bytes]] = set()


class Child:
    """A process at work on its message."""

    def __init__(self, process: subprocess.Popen[bytes], said: IO[bytes], complaints: IO[bytes]) -> None:
        """Follow a process.

        Args:
            process: the process.
            said: the pipe that is its stdout.
            complaints: the file that is its stderr.
        """
        self.process = process
        self._said, self._complaints = said, complaints

    def lines(self) -> Iterator[Any]:
        """Give what it prints, a JSON value a line, as it comes.

        At a line that is none it breaks off and listens no more, so that a process that goes on talking ends.
        """
        with self._said as lines:
            for line in lines:
                try:
                    yield json.loads(line)
                except ValueError:
                    return

    def output(self) -> bytes:
        """Return all it prints, once it has ended."""
        made = self._said.read()
        self.process.wait()
        return made

    def fault(self, when: str) -> str:
        """Say how it ended, and the last of its complaints; waits for its end.

        Args:
            when: at what point that was, as `before it had a solution`.
        """
        status = self.process.wait()
        how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        self._complaints.seek(0)
        said = self._complaints.read().decode("utf-8", "replace").strip()
        return f"The process {how} {when}. {said[-SHOWN_OF_COMPLAINTS:]}".rstrip()


@contextmanager
def running(command: Sequence[str], message: Mapping[str, Any], *, longest_s: float) -> Iterator[Child]:
    """Have a process work inside the block; none is left behind.

    Args:
        command: what starts it, from the root of the sources.
        message: what it reads as JSON on its stdin.
        longest_s: seconds after which it is killed.
    """
    with TemporaryFile() as asked, TemporaryFile() as complaints:
        asked.write(json.dumps(message).encode())
        asked.seek(0)
        with subprocess.Popen(  # noqa: S603 - a command of our own
            command, stdin=asked, stdout=subprocess.PIPE, stderr=complaints, cwd=ROOT
        ) as process:
            _at_work.add(process)
            too_late = Timer(longest_s, process.kill)
            too_late.start()
            try:
                yield Child(process, cast("IO[bytes]", process.stdout), complaints)
            finally:
                too_late.cancel()
                process.kill()
                _at_work.discard(process)


def end_all() -> None:
    """Kill every process that is at work in some thread of this one, which is about to end."""
    for process in list(_at_work):
        process.kill()
