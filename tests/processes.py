"""Processes of the hall that a test starts, watches, kills and ends."""

import base64
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import amqp
import httpx
import kombu

from deploy.local.launch import HELPERS
from deploy.local.ports import free_port
from tests import shared
from tests.nursery import Forked
from tests.servers import HTTP
from tests.shared import ROOT
from tests.waiting import DEADLINE_S, until

# What is sealed and hashed in these tests is made up, and so are the keys.
TEST_KEYS = {
    "HALL_PERSONAL_KEYS": f"k1:{base64.b64encode(bytes(range(32))).decode()}",
    "HALL_PHONE_KEY": base64.b64encode(bytes(range(32, 64))).decode(),
}
# A Monday morning in opening hours; no test depends on when it is run.
MONDAY_MORNING = "2026-03-02T09:05:00+08:00@1"
GATEWAY = ("-c", "gateway/gunicorn.conf.py", "gateway.app:create_app()")


def clean_environment() -> dict[str, str]:
    """Return our environment without the settings of a hall, and those of a test's hall."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HALL_", "OIDC_"))}
    return kept | {
        **TEST_KEYS,
        "EVENTLET_NO_GREENDNS": "yes",
        "HALL_CLOCK": MONDAY_MORNING,
        "HALL_CLOCK_STARTED": f"{time.time():.3f}",
        "HALL_DEMO": "1",
        # A slow machine's answer is late, and not given up.
        "HALL_CALL_TIMEOUT": "60",
        "HALL_ENV": "local",
        "HALL_GRACE": "5",
        "HALL_GATEWAY_WORKERS": "1",
        "PYTHONUNBUFFERED": "1",
    }


@dataclass
class Process:
    """One process of ours: what it runs, its log, and how to see that it is ready.

    `nursery` is `services`, `helpers` or `gateway`, the parent that it is forked from, and `arguments` what it
    runs there; without one `arguments` is a whole command.
    """

    nursery: str | None
    arguments: list[str]
    environment: dict[str, str]
    log: Path
    ready: Callable[[], bool]
    handle: Forked | subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it is asked to end when the test's process does first."""
        self.handle = self._executed() if self.nursery is None else self._forked(self.nursery)

    def _forked(self, nursery: str) -> Forked:
        told = shared.once(f"nursery-{nursery}", lambda: shared.start_kept("tests.nursery", nursery))
        return Forked(told["socket"], arguments=self.arguments, environment=self.environment, log=self.log)

    def _executed(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *self.arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                start_new_session=True,
            )

    def wait_ready(self) -> None:
        """Wait until it does its work: a gateway answers, a service consumes calls."""
        until(self._is_ready, what=f"the process does its work, see {self.log}")

    def _is_ready(self) -> bool:
        assert self.handle is not None and self.handle.poll() is None, f"ended, see {self.log}"
        return self.ready()

    def ask_to_end(self) -> None:
        """Ask it to end in good order, and do not wait."""
        assert self.handle is not None
        self.handle.terminate()

    def stop(self) -> None:
        """End it in good order."""
        self.ask_to_end()
        assert self.handle is not None
        self.handle.wait(timeout=DEADLINE_S)

    def kill(self) -> None:
        """End it as `kill -9` does."""
        assert self.handle is not None
        self.handle.kill()
        self.handle.wait(timeout=DEADLINE_S)

    def clear_away(self) -> None:
        """End it and its children; not gently, which has tests of its own."""
        if self.handle is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.handle.pid, signal.SIGKILL)
            self.handle.wait(timeout=DEADLINE_S)


@dataclass
class Stack:
    """Running processes on databases and a virtual host of their own.

    `processes["ticketing"]` is a process (a further copy is `"ticketing-2"`), `databases["ticketing"]` its
    DSN, `url` the gateway's root and `operations_url` that of its operators' listener.
    """

    amqp_uri: str
    environment: dict[str, str]
    folder: Path
    database: Callable[[str], str]
    url: str = ""
    operations_url: str = ""
    databases: dict[str, str] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)

    def start(self, *names: str) -> list[Process]:
        """Start a process for each name, a further copy where there is one; return them once all are ready."""
        added = [self._add(name) for name in names]
        for process in added:
            process.start()
        for process in added:
            process.wait_ready()
        return added

    def stop(self) -> None:
        """End all in good order."""
        for process in self.processes.values():
            process.ask_to_end()
        for process in self.processes.values():
            process.stop()

    def clear_away(self) -> None:
        """End all at once."""
        for process in self.processes.values():
            process.clear_away()

    def _add(self, name: str) -> Process:
        copy = 1 + sum(re.fullmatch(rf"{name}(-\d+)?", each) is not None for each in self.processes)
        label = name if copy == 1 else f"{name}-{copy}"
        log = self.folder / f"{label}.log"
        if name == "gateway":
            self.processes[label] = self._gateway(log)
        elif name in HELPERS:
            self.processes[label] = self._helper(name, log)
        else:
            self.processes[label] = self._service(name, copy, log)
        return self.processes[label]

    def _gateway(self, log: Path) -> Process:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        operations = free_port()
        self.operations_url = f"http://127.0.0.1:{operations}"
        metrics = log.with_suffix(".metrics")
        metrics.mkdir()
        environment = self.environment | {
            "AMQP_URI": self.amqp_uri,
            "HALL_PORT": str(port),
            "HALL_BIND": "127.0.0.1",
            "METRICS_PORT": str(operations),
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        }
        return Process("gateway", list(GATEWAY), environment, log, partial(_is_ok, f"{self.url}/healthz"))

    def _helper(self, name: str, log: Path) -> Process:
        owner, module = HELPERS[name]
        environment = self.environment | {"AMQP_URI": self.amqp_uri, "DATABASE_URL": self._declared(owner)}
        return Process("helpers", [module], environment, log, lambda: "chores.started" in log.read_text())

    def _service(self, name: str, copy: int, log: Path) -> Process:
        port = free_port()
        environment = self.environment | {
            "AMQP_URI": self.amqp_uri,
            "DATABASE_URL": self._declared(name),
            "METRICS_PORT": str(port),
        }
        healthy = partial(_is_ok, f"http://127.0.0.1:{port}/healthz")
        ready = partial(_consumes, self.amqp_uri, name, copies=copy, healthy=healthy)
        return Process("services", [name], environment, log, ready)

    def _declared(self, service: str) -> str:
        """Return the DSN of a service's database in this stack, made with its queues the first time."""
        from services.chassis.migrate import declare

        if service not in self.databases:
            declare(service, amqp_uri=self.amqp_uri)
            self.databases[service] = self.database(service)
        return self.databases[service]


def _is_ok(url: str) -> bool:
    try:
        return HTTP.get(url, timeout=DEADLINE_S).status_code == 200
    except httpx.HTTPError:
        return False


def _consumes(uri: str, service: str, *, copies: int, healthy: Callable[[], bool]) -> bool:
    """Say whether so many copies take calls; a process lives before it does."""
    if not healthy():
        return False
    with kombu.Connection(uri) as connection:
        try:
            queue = connection.default_channel.queue_declare(f"rpc-{service}", passive=True)
        except amqp.exceptions.NotFound:
            return False
        return queue.consumer_count >= copies
