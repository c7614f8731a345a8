"""Processes of the hall, forked from a parent that has imported them already.

`python -m tests.nursery services|helpers|gateway` loads the code once and then forks a process for each connection to
its socket, which is what `python -m services.chassis.run NAME`, `python -m MODULE` and gunicorn would be a second of
processor time later. The connection is the process's owner: when it closes, the process is asked to end. So nothing
outlives its test. (`hall up`, which starts each with an interpreter of its own, has tests of its own.)
"""

import atexit
import ctypes
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from deploy.local.layout import SERVICES
from tests.shared import folder
from tests.waiting import DEADLINE_S

_PR_SET_PDEATHSIG = 1
# As they were before eventlet or gevent put their own in the modules' places: the nursery itself has no loop.
_accept, _poll, _read, _write = socket.socket._accept, select.poll, os.read, os.write  # type: ignore[attr-defined]
_fork, _waitpid = os.fork, os.waitpid


class Forked:
    """A process that a nursery has forked; to be handled as `subprocess.Popen`."""

    def __init__(
        self, nursery: str, *, arguments: list[str], environment: Mapping[str, str], log: Path
    ) -> None:
        """Have it forked.

        Args:
            nursery: the path of the nursery's socket.
            arguments: what it runs: a service's name, a helper's module, or gunicorn's arguments.
            environment: all of its environment.
            log: the file that its output is added to.
        """
        log.touch()  # whoever looks for a line may look before the process writes one
        self._owner = socket.socket(socket.AF_UNIX)
        self._owner.connect(nursery)
        wish = {"arguments": arguments, "environment": dict(environment), "log": str(log)}
        self._owner.sendall(json.dumps(wish).encode() + b"\n")
        self._told = self._owner.makefile("r")
        self.pid = int(self._told.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code (that of a signal is negative), None while it runs."""
        if self.returncode is None and select.select([self._owner], [], [], 0)[0]:
            self.returncode = int(self._told.readline())
            self._told.close()
            self._owner.close()
        return self.returncode

    def wait(self, timeout: float = DEADLINE_S) -> int:
        """Wait for its end and return the exit code.

        Raises:
            subprocess.TimeoutExpired: it has not ended in so many seconds.
        """
        if self.returncode is None and not select.select([self._owner], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("a forked process", timeout)
        code = self.poll()
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


@dataclass
class _Child:
    """A living process: its id, the descriptor that tells of its end, and that of its owner, while there is one."""

    pid: int
    pidfd: int
    owner: int | None


class _Nursery:
    """The parent: forks for each connection, and tells it the process's id and, in the end, its exit code."""

    def __init__(self, listener: socket.socket, run: Callable[[list[str]], object]) -> None:
        self._listener = listener
        self._run = run
        self._children: dict[int, _Child] = {}
        self._poll = _poll()
        for source in (listener, sys.stdin):
            self._poll.register(source, select.POLLIN)

    def serve(self) -> None:
        """Fork until standard input ends."""
        while True:
            # One at a time: what has ended may have had a descriptor that is another's by now.
            descriptor = self._poll.poll()[0][0]
            if descriptor == sys.stdin.fileno():
                return
            if descriptor == self._listener.fileno():
                self._take_up()
                continue
            child = self._children.pop(descriptor)
            if descriptor == child.pidfd:
                self._tell_end(child)
            else:
                self._let_go(child)

    def _take_up(self) -> None:
        owner, _ = _accept(self._listener)
        wish = b""
        while not wish.endswith(b"\n"):
            part = _read(owner, 65536)
            if not part:
                os.close(owner)
                return
            wish += part
        if (pid := _fork()) == 0:
            self._become(json.loads(wish), owner)
        child = _Child(pid, os.pidfd_open(pid), owner)
        for descriptor in (child.pidfd, owner):
            self._children[descriptor] = child
            self._poll.register(descriptor, select.POLLIN)
        _write(owner, b"%d\n" % pid)

    def _tell_end(self, child: _Child) -> None:
        _, status = _waitpid(child.pid, 0)
        self._forget(child.pidfd)
        if child.owner is not None:
            del self._children[child.owner]
            with suppress(BrokenPipeError):
                _write(child.owner, b"%d\n" % os.waitstatus_to_exitcode(status))
            self._forget(child.owner)

    def _let_go(self, child: _Child) -> None:
        """End a process that nobody waits for any more."""
        assert child.owner is not None
        self._forget(child.owner)
        child.owner = None
        os.kill(child.pid, signal.SIGTERM)

    def _forget(self, descriptor: int) -> None:
        self._poll.unregister(descriptor)
        os.close(descriptor)

    def _become(self, wish: dict[str, Any], owner: int) -> NoReturn:
        """Be the process that was wished for; whatever happens, do not return into what the parent does."""
        try:
            for descriptor in (self._listener.fileno(), owner, *self._children):
                os.close(descriptor)
            os.setsid()
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            log = os.open(wish["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            nothing = os.open(os.devnull, os.O_RDONLY)
            for source, target in ((nothing, 0), (log, 1), (log, 2)):
                os.dup2(source, target)
            os.environ.clear()
            os.environ.update(wish["environment"])
            atexit._clear()  # what the parent would do at its end is not ours to do
            code = _exit_code(self._run, wish["arguments"])
        except BaseException:
            traceback.print_exc()
            code = 1
        os._exit(code)


def _exit_code(run: Callable[[list[str]], object], arguments: list[str]) -> int:
    """Run and end as an interpreter would; return the exit code."""
    code = 0
    try:
        run(arguments)
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    atexit._run_exitfuncs()
    return code


def _load_services() -> Callable[[list[str]], object]:
    # It puts eventlet's parts in the standard library's places, before psycopg or anything else takes those.
    os.environ["EVENTLET_NO_GREENDNS"] = "yes"
    from services.chassis import run

    for name in SERVICES:
        import_module(f"services.{name}.service")

    def start(arguments: list[str]) -> None:
        from eventlet import hubs

        hubs.use_hub()  # the parent's belongs to the parent
        run.main(arguments)

    return start


def _load_helpers() -> Callable[[list[str]], object]:
    from deploy.local.launch import HELPERS

    modules = {module: import_module(module) for _, module in HELPERS.values()}
    return lambda arguments: modules[arguments[0]].main()


def _load_gateway() -> Callable[[list[str]], object]:
    from gevent import monkey

    # Prometheus asks as it is loaded whether there is such a folder at all, and for each process anew where it is.
    metrics = folder() / "gateway-metrics"
    metrics.mkdir()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)
    # Gunicorn's parent reaps its workers with the system's calls; its workers patch these after the fork.
    monkey.patch_all(os=False, signal=False, subprocess=False)
    import_module("gateway.app")
    import_module("gunicorn.workers.ggevent")
    from gunicorn.app import wsgiapp

    def start(arguments: list[str]) -> None:
        sys.argv = ["gunicorn", *arguments]
        wsgiapp.run()

    return start


_KINDS = {"services": _load_services, "helpers": _load_helpers, "gateway": _load_gateway}


def main(kind: str) -> None:
    """Load, tell where the socket is, and fork until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    path = folder() / f"{kind}.socket"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(64)
        run = _KINDS[kind]()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        gc.freeze()
        sys.stdout.write(json.dumps({"socket": str(path)}) + "\n")
        _Nursery(listener, run).serve()


if __name__ == "__main__":
    main(sys.argv[1])
