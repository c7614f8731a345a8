"""Real servers, fresh databases and virtual hosts, and running processes for the tests.

PostgreSQL and RabbitMQ are started once a run, by the first test of any worker that asks for them, and end with
the run, however that ends. What tests share lies in `shared.py`, `servers.py`, `nursery.py` and `processes.py`.
"""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from zlib import crc32

# The chassis refuses to run without it: psycopg's own waiting would block every greenthread.
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from tests import shared
from tests.processes import TEST_KEYS, Stack, clean_environment
from tests.servers import PostgresServer, RabbitServer, Vhost

os.environ.update(TEST_KEYS)
# A busy machine may take its time over an example.
hypothesis.settings.register_profile("hallflow", deadline=None)
hypothesis.settings.load_profile("hallflow")
# Who visits one hall, in one process; those who visit pages do so in two, since they are a third of all the work.
PAGES = "tests/e2e/pages/"
HALL = "tests/e2e/"
# The one visitor that wants a hall to itself.
OWN_HALL = "tests/e2e/test_walk_through.py"
# What takes longest begins first, so that it is not what all wait for at the end.
LONGEST = (
    "pages ",
    "hall",
    "tests/integration/local/",
    "tests/integration/gateway/test_contract_fuzz",
    "tests/faults/",
    "tests/integration/chassis/",
    "tests/integration/",
    "tests/e2e/",
)
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what takes longest, with all that has to run in the same process."""
    items.sort(key=lambda item: _place(_scope(item.nodeid)))


def _place(scope: str) -> tuple[int, str]:
    """Return where tests of a scope come: scopes of the same kind stay as they were, each in one piece."""
    kinds = (place for place, kind in enumerate(LONGEST) if scope.startswith(kind))
    place = next(kinds, len(LONGEST))
    return place, scope if place < 2 else ""


def _scope(nodeid: str) -> str:
    """Return what names the tests that have to run in one process: their file, or the hall that they visit."""
    path = nodeid.partition("::")[0]
    if path.startswith(PAGES):
        return f"pages {crc32(path.encode()) % 2}"
    return "hall" if path.startswith(HALL) and path != OWN_HALL else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Hand out scopes in their order; the scheduler's own would begin with those of the most tests."""
    config.option.loadscopereorder = False
    return _ByScope(config, log)


class _ByScope(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return _scope(nodeid)


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
