"""A bare machine from outside: give it commands, read what they say, let go of it."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fresh import inside

ROOT = Path(__file__).parents[2]
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_LOOK_EVERY_S = 1.0


class MachineFailed(RuntimeError):
    """The machine could not be made, or ended while a command ran; its log says why."""


@dataclass(frozen=True)
class Account:
    """Who gives the commands: name, home folder."""

    name: str
    home: str

    def environment(self, registries: dict[str, str]) -> dict[str, str]:
        """Return what a login would set, and what reaches the registries; nothing else of this machine."""
        own = {
            "HOME": self.home,
            "USER": self.name,
            "LOGNAME": self.name,
            "SHELL": "/bin/bash",
            "PATH": _PATH,
        }
        return own | registries


ROOT_ACCOUNT = Account("root", "/root")
# Somebody who may use sudo, in a home of their own.
USER_ACCOUNT = Account("visitor", "/home/visitor")


class Machine:
    """One bare machine; leaving the block ends all its processes and removes it."""

    def __init__(self, release: str, *, bundle: Path, log: Path, registries: dict[str, str]) -> None:
        self.log = log
        self._registries = registries
        answers, says = os.pipe()
        self._answers = os.fdopen(answers)
        # The keeper and the first process have it under the number that they agree on.
        mover = f'exec "$@" {inside.REPLIES}>&{says}'
        keeper = [sys.executable, "-m", "tests.fresh.keeper", release, str(bundle)]
        with log.open("wb") as output:
            self._keeper = subprocess.Popen(
                ["bash", "-c", mover, "bash", *keeper],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                cwd=ROOT,
                pass_fds=[says],
                start_new_session=True,
            )
        os.close(says)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._keeper.stdin.close()
        if kind is not None:
            # It may be at what notices no closed pipe: making the base.
            self._keeper.send_signal(signal.SIGTERM)
        self._keeper.wait()
        self._answers.close()

    def run(self, account: Account, script: str, *, progress: Callable[[float, str], None]) -> int:
        """Run a shell script in the account's home; return its exit code.

        Args:
            account: who runs it.
            script: the lines, ended by the first that fails.
            progress: is told every now and then the seconds since its start and the last line of the log.

        Raises:
            MachineFailed: the machine is not there (any more).
        """
        words = ["bash", "-ec", f"cd\n{script}"]
        if account is not ROOT_ACCOUNT:
            words = ["runuser", "-u", account.name, "--", *words]
        asked = {"command": words, "environment": account.environment(self._registries)}
        try:
            self._keeper.stdin.write(f"{json.dumps(asked)}\n".encode())
            self._keeper.stdin.flush()
        except BrokenPipeError as gone:
            raise MachineFailed(self.last_lines(5)) from gone
        return self._await_answer(progress)

    def last_lines(self, count: int, *, since: int = 0) -> str:
        """Return the log's last lines behind a position."""
        text = self.log.read_bytes()[since:].decode(errors="replace").replace("\r", "\n").rstrip()
        return "\n".join(text.splitlines()[-count:])

    def _await_answer(self, progress: Callable[[float, str], None]) -> int:
        began = time.monotonic()
        while not select.select([self._answers], [], [], _LOOK_EVERY_S)[0]:
            progress(time.monotonic() - began, self.last_lines(1))
        told = self._answers.readline()
        if not told:
            raise MachineFailed(self.last_lines(5))
        return int(told)
