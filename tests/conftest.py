"""Real servers, fresh databases and virtual hosts, and running processes for the tests.

PostgreSQL and RabbitMQ are started once a run, by the first test of any worker that asks for them, and end with
the run, however that ends. What tests share lies in `shared.py`, `servers.py`, `nursery.py` and `processes.py`.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

# The chassis refuses to run without it: psycopg's own waiting would block every greenthread.
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

import pytest
from xdist.scheduler import LoadScopeScheduling

from deploy.local.ports import free_port
from tests import shared
from tests.processes import TEST_KEYS, Process, Stack, clean_environment
from tests.servers import HTTP, PostgresServer, RabbitServer, Vhost
from tests.shared import ROOT
from tests.waiting import DEADLINE_S

os.environ.update(TEST_KEYS)
# Who visits the session's hall; the last of them leaves it in a mess.
VISITORS = ("tests/e2e/", "tests/integration/gateway/test_contract_fuzz.py")
# The one visitor that wants a hall to itself.
OWN_HALL = "tests/e2e/test_readme.py"
_LOGS = pytest.StashKey[dict[str, Path]]()
_OWNER = pytest.StashKey[shared.Owner]()


def pytest_configure(config: pytest.Config) -> None:
    """Let the process that was started by hand own what all workers share."""
    if not hasattr(config, "workerinput"):
        config.stash[_OWNER] = shared.Owner()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what was shared."""
    if owner := config.stash.get(_OWNER, None):
        owner.end()


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    """The PostgreSQL server of this run."""
    return PostgresServer.of_this_run()


@pytest.fixture(scope="session")
def rabbitmq_server() -> RabbitServer:
    """The RabbitMQ server of this run, with management."""
    return RabbitServer.of_this_run()


@pytest.fixture
def database(postgres_server: PostgresServer) -> Iterator[Callable[[str], str]]:
    """Make fresh migrated databases: `database("ticketing")` is the DSN of a new one, each time."""
    with postgres_server.clones() as clone:
        yield clone


@pytest.fixture(scope="module")
def database_of_module(postgres_server: PostgresServer) -> Iterator[Callable[[str], str]]:
    """Make databases as `database` does, that the tests of a module share."""
    with postgres_server.clones() as clone:
        yield clone


@pytest.fixture(scope="session")
def database_of_session(postgres_server: PostgresServer) -> Iterator[Callable[[str], str]]:
    """Make databases as `database` does, that all tests of this worker share."""
    with postgres_server.clones() as clone:
        yield clone


@pytest.fixture
def vhost(rabbitmq_server: RabbitServer) -> Iterator[Vhost]:
    """A fresh virtual host."""
    with rabbitmq_server.vhost() as made:
        yield made


@pytest.fixture
def running_services(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    database: Callable[[str], str],
    vhost: Vhost,
) -> Iterator[Callable[..., Stack]]:
    """Start real processes: `running_services("ticketing", "ticketing", "gateway", HALL_CLOCK="real")`.

    A name given twice is started in two copies. Keywords are further environment variables. All are ready
    when the call returns; their logs are shown when the test fails. A second call adds to the first.
    """
    stack = Stack(vhost.uri, clean_environment(), tmp_path, database)
    logs = request.node.stash.setdefault(_LOGS, {})

    def start(*names: str, **environment: str) -> Stack:
        stack.environment |= environment
        try:
            stack.start(*names)
        finally:
            logs.update({process.log.stem: process.log for process in stack.processes.values()})
        return stack

    yield start
    stack.clear_away()


@dataclass(frozen=True)
class RunningHall:
    """A whole hall as `make up` starts it: the gateway's root and the folder it runs in."""

    url: str
    folder: Path
    environment: dict[str, str]

    def command(self, *arguments: str) -> str:
        """Run the `hall` command on it and return what it prints."""
        return _hall_command(self.environment, *arguments)


@pytest.fixture(scope="session")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    """A hall with its reference data on a Monday morning, demo accounts on (password `demo`)."""
    yield from _running_hall(tmp_path_factory.mktemp("hall"))


@pytest.fixture
def fresh_hall(tmp_path: Path) -> Iterator[RunningHall]:
    """A hall of its own, in which nothing has happened yet."""
    yield from _running_hall(tmp_path)


def _running_hall(folder: Path) -> Iterator[RunningHall]:
    port = free_port()
    environment = clean_environment() | {"HALL_RUN_DIR": str(folder), "HALL_PORT": str(port)}
    # Its browsers and clients all come from one address.
    environment |= {f"HALL_LIMIT_{what}": "100000" for what in ("CHANGES", "READS", "CODES")}
    try:
        _hall_command(environment, "up")
        yield RunningHall(f"http://127.0.0.1:{port}", folder, environment)
    finally:
        _hall_command(environment, "reset", "--yes")


def _hall_command(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.hall", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, f"hall {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Keep each file's tests in one process, and all visits of the session's hall, so that it starts once."""
    return _ByFile(config, log)


class _ByFile(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return "hall" if path.startswith(VISITORS) and path != OWN_HALL else path


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the last lines of each process's log with a failure."""
    report = yield
    if report.failed:
        for name, path in item.stash.get(_LOGS, {}).items():
            lines = path.read_text(errors="replace").splitlines()[-60:] if path.exists() else []
            report.sections.append((f"log of {name} ({path})", "\n".join(lines)))
    return report
