"""What all processes of one test run share: a folder, and servers that are started once.

The process that was started by hand makes the folder and a pipe in it, whose writing end it alone holds open.
Whoever needs a server first starts it, with the pipe as its standard input; so it ends when the run does,
however that ends, and not with the worker that happened to start it.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psutil

from tests.waiting import DEADLINE_S

ROOT = Path(__file__).parent.parent
FOLDER = "TESTS_SHARED_FOLDER"
_OWNER = "owner"


class Owner:
    """The run itself: holds what is shared until `end`."""

    def __init__(self) -> None:
        """Make the folder and the pipe, and tell the workers, which inherit the environment."""
        self.folder = Path(tempfile.mkdtemp(prefix="hall-tests-"))
        self.folder.chmod(0o755)  # the account that runs PostgreSQL passes through
        os.mkfifo(self.folder / _OWNER)
        self._pipe = os.open(self.folder / _OWNER, os.O_RDWR | os.O_CLOEXEC)
        os.environ[FOLDER] = str(self.folder)

    def end(self) -> None:
        """End all servers, wait for them, and delete the folder."""
        keepers = [json.loads(path.read_text()).get("keeper") for path in self.folder.glob("*.json")]
        os.close(self._pipe)
        psutil.wait_procs(
            [psutil.Process(pid) for pid in keepers if pid and psutil.pid_exists(pid)], timeout=DEADLINE_S
        )
        os.environ.pop(FOLDER, None)
        shutil.rmtree(self.folder, ignore_errors=True)


def folder() -> Path:
    """Return the folder of this run."""
    return Path(os.environ[FOLDER])


def once(name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what the first asker of this run made under a name; the others wait for it.

    What is made has to be JSON; a `keeper` in it is the id of a process that ends with the run.
    """
    told = folder() / f"{name}.json"
    with told.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            made = make()
            told.write_text(json.dumps(made))
        found: dict[str, Any] = json.loads(told.read_text())
        return found


def start_kept(*module: str) -> dict[str, Any]:
    """Start `python -m MODULE …`, which tells one line of JSON and lives as long as this run.

    Raises:
        RuntimeError: it ended without a word; the message is its own.
    """
    with (folder() / _OWNER).open("rb") as pipe:
        keeper, told = _start(module, stdin=pipe)
    # It is nobody's child to wait for: its owner is the run.
    keeper.returncode = 0
    return {**told, "keeper": keeper.pid}


@contextmanager
def kept_here(*module: str) -> Iterator[dict[str, Any]]:
    """Start `python -m MODULE …` as `start_kept` does, for the time of a test that would spoil it for others."""
    keeper, told = _start(module, stdin=subprocess.PIPE)
    assert keeper.stdin is not None
    try:
        yield told
    finally:
        keeper.stdin.close()
        keeper.wait(timeout=DEADLINE_S)


def _start(
    module: Sequence[str], *, stdin: IO[bytes] | int
) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    log = folder() / f"{module[-1]}.log"
    with log.open("ab") as errors:
        keeper = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-u", "-m", *module],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=ROOT,
            start_new_session=True,
        )
    assert keeper.stdout is not None
    with keeper.stdout:
        told = keeper.stdout.readline()
    if not told:
        raise RuntimeError(f"{' '.join(module)} did not start:\n{log.read_text(errors='replace')}")
    return keeper, json.loads(told)
