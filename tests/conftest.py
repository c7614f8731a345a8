"""Real servers, fresh databases and virtual hosts, and running processes for the tests.

Every pytest process (each worker of `pytest -n 2` too) has servers of its own. They are started by the
first test that asks for them, and end with the process that asked, however that ends.
"""

import base64
import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

# The chassis refuses to run without it: psycopg's own waiting would block every greenthread.
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

import amqp
import httpx
import kombu
import psycopg
import pytest
from psycopg import sql
from xdist.scheduler import LoadScopeScheduling

from deploy.local.ports import free_port
from tests.waiting import DEADLINE_S, until

ROOT = Path(__file__).parent.parent
# What is sealed and hashed in these tests is made up, and so are the keys.
TEST_KEYS = {
    "HALL_PERSONAL_KEYS": f"k1:{base64.b64encode(bytes(range(32))).decode()}",
    "HALL_PHONE_KEY": base64.b64encode(bytes(range(32, 64))).decode(),
}
os.environ.update(TEST_KEYS)
# A Monday morning in opening hours; no test depends on when it is run.
MONDAY_MORNING = "2026-03-02T09:05:00+08:00@1"
SERVICES = (
    "identity",
    "catalogue",
    "ticketing",
    "cases",
    "statistics",
    "notifications",
    "appointments",
    "dispatch",
)
# Who visits the session's hall; the last of them leaves it in a mess.
VISITORS = ("tests/e2e/", "tests/integration/gateway/test_contract_fuzz.py")
# The one visitor that wants a hall to itself.
OWN_HALL = "tests/e2e/test_readme.py"
_LOGS = pytest.StashKey[dict[str, Path]]()
# Made once: each call of httpx's own functions reads the certificates of all authorities anew, 50 ms. It keeps no
# connection open, so that no process waits for one to close when it is asked to end.
HTTP = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))


@dataclass(frozen=True)
class PostgresServer:
    """The session's PostgreSQL: its administrator's DSN, the server's process id, and its processes' mark."""

    dsn: str
    pid: int
    mark: str

    def dsn_of(self, database: str, *, role: str, password: str) -> str:
        """Return the DSN of a database for a role."""
        address = urlsplit(self.dsn)
        return f"postgresql://{role}:{quote(password, safe='')}@{address.hostname}:{address.port}/{database}"

    def run(self, statement: sql.Composed) -> None:
        """Run a statement as administrator, outside any transaction."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(statement)


@dataclass(frozen=True)
class RabbitServer:
    """The session's RabbitMQ: URI of `/`, management API, the node's process id, and its processes' mark."""

    uri: str
    management: str
    user: str
    password: str
    pid: int
    mark: str

    def uri_of(self, vhost: str) -> str:
        """Return the AMQP URI of a virtual host."""
        return urlunsplit(urlsplit(self.uri)._replace(path="/" + quote(vhost, safe="")))

    def api(self, method: str, path: str, **options: object) -> httpx.Response:
        """Call the management API, e.g. `api("GET", "/queues/NAME-OF-VHOST")`; a refusal is an error."""
        answer = HTTP.request(
            method,
            f"{self.management}/api{path}",
            auth=(self.user, self.password),
            timeout=DEADLINE_S,
            **options,
        )
        return answer.raise_for_status()


@dataclass(frozen=True)
class Vhost:
    """A virtual host of one test: its name and AMQP URI."""

    name: str
    uri: str


def _kept_server(kind: str) -> Generator[dict[str, object], None, None]:
    """Start a server that ends when we do: its keeper reads our end of a pipe."""
    keeper = subprocess.Popen(
        [sys.executable, "-m", "deploy.local.keeper", kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
    )
    with keeper:
        told = keeper.stdout.readline()
        if not told:
            pytest.exit(f"{kind} did not start; its keeper's message is above", returncode=3)
        try:
            yield json.loads(told)
        finally:
            keeper.stdin.close()
            keeper.wait(timeout=60)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this session."""
    for told in _kept_server("postgres"):
        yield PostgresServer(told["dsn"], told["pid"], told["mark"])


@pytest.fixture(scope="session")
def rabbitmq_server() -> Iterator[RabbitServer]:
    """A RabbitMQ server of this session, with management."""
    for told in _kept_server("rabbitmq"):
        yield RabbitServer(**{name: told[name] for name in RabbitServer.__dataclass_fields__})


@pytest.fixture(scope="session")
def _template(postgres_server: PostgresServer) -> Callable[[str], tuple[str, str]]:
    """Make a service's migrated template once a session; gives its role and password."""
    made: dict[str, tuple[str, str]] = {}

    def template(service: str) -> tuple[str, str]:
        if service not in made:
            made[service] = _make_template(postgres_server, service)
        return made[service]

    return template


def _make_template(server: PostgresServer, service: str) -> tuple[str, str]:
    from services.chassis.migrate import migrate

    role, password = f"hall_{service}", secrets.token_urlsafe(12)
    names = {"role": sql.Identifier(role), "base": sql.Identifier(f"template_{service}")}
    server.run(sql.SQL("CREATE ROLE {role} LOGIN PASSWORD {password}").format(**names, password=password))
    server.run(sql.SQL("CREATE DATABASE {base} OWNER {role}").format(**names))
    migrate(service, database_url=server.dsn_of(f"template_{service}", role=role, password=password))
    # A template with a session on it cannot be cloned: keep everybody out from now on.
    server.run(sql.SQL("ALTER DATABASE {base} ALLOW_CONNECTIONS false").format(**names))
    return role, password


@pytest.fixture
def database(
    postgres_server: PostgresServer, _template: Callable[[str], tuple[str, str]]
) -> Iterator[Callable[[str], str]]:
    """Make fresh migrated databases: `database("ticketing")` is the DSN of a new one, each time."""
    with _clones(postgres_server, _template) as clone:
        yield clone


@pytest.fixture(scope="module")
def database_of_module(
    postgres_server: PostgresServer, _template: Callable[[str], tuple[str, str]]
) -> Iterator[Callable[[str], str]]:
    """Make databases as `database` does, that the tests of a module share."""
    with _clones(postgres_server, _template) as clone:
        yield clone


@contextmanager
def _clones(
    server: PostgresServer, template: Callable[[str], tuple[str, str]]
) -> Iterator[Callable[[str], str]]:
    made: list[str] = []

    def clone(service: str) -> str:
        role, password = template(service)
        name = f"{service}_{secrets.token_hex(6)}"
        parts = [sql.Identifier(each) for each in (name, f"template_{service}", role)]
        server.run(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy").format(*parts))
        made.append(name)
        server.run(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(parts[0]))
        return server.dsn_of(name, role=role, password=password)

    yield clone
    for name in made:
        server.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def vhost(rabbitmq_server: RabbitServer) -> Iterator[Vhost]:
    """A fresh virtual host."""
    name = f"test-{secrets.token_hex(6)}"
    rabbitmq_server.api("PUT", f"/vhosts/{name}")
    rabbitmq_server.api(
        "PUT",
        f"/permissions/{name}/{rabbitmq_server.user}",
        json={"configure": ".*", "write": ".*", "read": ".*"},
    )
    yield Vhost(name, rabbitmq_server.uri_of(name))
    rabbitmq_server.api("DELETE", f"/vhosts/{name}")


@dataclass
class Process:
    """One process of ours: how it is started, its log, and how to see that it is ready."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    ready: Callable[[], bool]
    handle: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it is ended by the kernel if the test's process dies first."""
        with self.log.open("ab") as log:
            self.handle = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *self.command],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )

    def wait_ready(self) -> None:
        """Wait until it does its work: a gateway answers, a service consumes calls."""
        until(self._is_ready, what=f"the process does its work, see {self.log}")

    def _is_ready(self) -> bool:
        assert self.handle is not None and self.handle.poll() is None, f"ended, see {self.log}"
        return self.ready()

    def ask_to_end(self) -> None:
        """Ask it to end in good order, and do not wait."""
        if self.handle is not None and self.handle.poll() is None:
            self.handle.terminate()

    def stop(self) -> None:
        """End it in good order; kill it when it does not."""
        self.ask_to_end()
        if self.handle is None:
            return
        try:
            self.handle.wait(timeout=DEADLINE_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it as `kill -9` does."""
        assert self.handle is not None
        self.handle.kill()
        self.handle.wait(timeout=DEADLINE_S)


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


@dataclass
class Stack:
    """Running processes on databases and a virtual host of their own.

    `processes["ticketing"]` is a process (a further copy is `"ticketing-2"`), `databases["ticketing"]` its
    DSN, `url` the gateway's root.
    """

    amqp_uri: str
    environment: dict[str, str]
    url: str = ""
    databases: dict[str, str] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)


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
    stack = Stack(vhost.uri, _clean_environment())
    logs = request.node.stash.setdefault(_LOGS, {})

    def start(*names: str, **environment: str) -> Stack:
        stack.environment |= environment
        added = [_add(stack, name, folder=tmp_path, database=database) for name in names]
        for process in added:
            process.start()
            logs[process.log.stem] = process.log
        for process in added:
            process.wait_ready()
        return stack

    yield start
    for process in stack.processes.values():
        process.ask_to_end()
    for process in stack.processes.values():
        process.stop()


def _clean_environment() -> dict[str, str]:
    """Return our environment without the settings of a hall, and those of a test's hall."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HALL_", "OIDC_"))}
    return kept | {
        **TEST_KEYS,
        "EVENTLET_NO_GREENDNS": "yes",
        "HALL_CLOCK": MONDAY_MORNING,
        "HALL_CLOCK_STARTED": f"{time.time():.3f}",
        "HALL_DEMO": "1",
        "HALL_ENV": "local",
        "HALL_GRACE": "5",
        "HALL_GATEWAY_WORKERS": "1",
        "PYTHONUNBUFFERED": "1",
    }


def _add(stack: Stack, name: str, *, folder: Path, database: Callable[[str], str]) -> Process:
    copy = 1 + sum(re.fullmatch(rf"{name}(-\d+)?", each) is not None for each in stack.processes)
    label = name if copy == 1 else f"{name}-{copy}"
    port = free_port()
    environment = stack.environment | {"AMQP_URI": stack.amqp_uri}
    healthy = partial(_is_ok, f"http://127.0.0.1:{port}/healthz")
    if name == "gateway":
        stack.url = f"http://127.0.0.1:{port}"
        command = ["-m", "gunicorn", "-c", "gateway/gunicorn.conf.py", "gateway.app:create_app()"]
        environment |= {"HALL_PORT": str(port), "HALL_BIND": "127.0.0.1"}
        ready = healthy
    else:
        environment |= {"DATABASE_URL": _declared(stack, name, database=database), "METRICS_PORT": str(port)}
        command = ["-m", "services.chassis.run", name]
        ready = partial(_consumes, stack.amqp_uri, name, copies=copy, healthy=healthy)
    process = Process([sys.executable, *command], environment, folder / f"{label}.log", ready)
    stack.processes[label] = process
    return process


def _declared(stack: Stack, service: str, *, database: Callable[[str], str]) -> str:
    """Return the DSN of a service's database in this stack, made with its queues the first time."""
    from services.chassis.migrate import declare

    if service not in stack.databases:
        declare(service, amqp_uri=stack.amqp_uri)
        stack.databases[service] = database(service)
    return stack.databases[service]


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
    environment = _clean_environment() | {"HALL_RUN_DIR": str(folder), "HALL_PORT": str(port)}
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
