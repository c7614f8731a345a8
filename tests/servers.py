"""Real PostgreSQL and RabbitMQ: one of each a run, with fresh databases and virtual hosts for each test."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import httpx
import psycopg
from psycopg import sql

from deploy.local.databases import owner, role
from tests import shared, spare
from tests.waiting import DEADLINE_S

# Made once: each call of httpx's own functions reads the certificates of all authorities anew, 50 ms. It keeps no
# connection open, so that no process waits for one to close when it is asked to end.
HTTP = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0), timeout=DEADLINE_S)
NOTHING_YET: Mapping[str, str] = MappingProxyType({})
# Databases by service that tests of this process are done with.
_SPARE: dict[str, list[str]] = defaultdict(list)


@dataclass(frozen=True)
class PostgresServer:
    """The run's PostgreSQL: its administrator's DSN, the server's process id, and its processes' mark."""

    dsn: str
    pid: int
    mark: str

    @staticmethod
    def of_this_run() -> "PostgresServer":
        """Return the one server that all workers use, started by whoever asks first."""
        told = shared.once("postgres", lambda: shared.start_kept("deploy.local.keeper", "postgres"))
        return PostgresServer(told["dsn"], told["pid"], told["mark"])

    def dsn_of(self, database: str, *, role: str, password: str) -> str:
        """Return the DSN of a database for a role."""
        address = urlsplit(self.dsn)
        return f"postgresql://{role}:{quote(password, safe='')}@{address.hostname}:{address.port}/{database}"

    def run(self, statement: sql.Composed) -> None:
        """Run a statement as administrator, outside any transaction."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(statement)

    def clone(self, service: str, *, template: str = "") -> tuple[str, str]:
        """Make a database of a service, with nothing in it or as another is; return its name and DSN."""
        account = self._template(service)["account"]
        name = f"{service}_{secrets.token_hex(6)}"
        parts = [sql.Identifier(each) for each in (name, template or f"template_{service}", owner(service))]
        self.run(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY wal_log").format(*parts))
        self._let_in_alone(account["role"], database=name)
        return name, self.dsn_of(name, **account)

    def _let_in_alone(self, role: str, *, database: str) -> None:
        names = {"role": sql.Identifier(role), "database": sql.Identifier(database)}
        self.run(sql.SQL("REVOKE CONNECT ON DATABASE {database} FROM PUBLIC").format(**names))
        self.run(sql.SQL("GRANT CONNECT ON DATABASE {database} TO {role}").format(**names))

    def drop(self, database: str) -> None:
        """Forget a database, whoever is in it."""
        self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    @contextmanager
    def clones(self, templates: Mapping[str, str] = NOTHING_YET) -> Iterator[Callable[[str], str]]:
        """Give what makes databases by the names of services; at the end they are handed on or forgotten.

        Args:
            templates: what a service's database is a copy of; a service that is not named has an empty one.
        """
        made: list[tuple[str, str]] = []

        def clone(service: str) -> str:
            template = templates.get(service, "")
            name, dsn = (not template and self._emptied(service)) or self.clone(service, template=template)
            made.append((name, "" if template else service))
            return dsn

        yield clone
        for name, service in made:
            if service:
                _SPARE[service].append(name)
            else:
                self.drop(name)

    def _emptied(self, service: str) -> tuple[str, str] | None:
        """Return a database that a test before used, as empty as a new one, if there is any."""
        while _SPARE[service]:
            name = _SPARE[service].pop()
            template = self._template(service)
            if spare.empty(self.administers(name), template["origin"]):
                return name, self.dsn_of(name, **template["account"])
            self.drop(name)
        return None

    def administers(self, database: str) -> str:
        """Return the administrator's DSN of a database, which is named or given by another role's DSN."""
        database = urlsplit(database).path.strip("/")
        return urlunsplit(urlsplit(self.dsn)._replace(path=f"/{database}"))

    def _template(self, service: str) -> dict[str, Any]:
        return shared.once(f"template-{service}", lambda: self._make_template(service))

    def _make_template(self, service: str) -> dict[str, Any]:
        from services.chassis.migrate import migrate

        account, base = self._make_account(role(service)), f"template_{service}"
        owns = account if owner(service) == role(service) else self._make_account(owner(service))
        names = {"owner": sql.Identifier(owns["role"]), "base": sql.Identifier(base)}
        self.run(sql.SQL("CREATE DATABASE {base} OWNER {owner}").format(**names))
        owner_url = "" if owns is account else self.dsn_of(base, **owns)
        migrate(service, database_url=self.dsn_of(base, **account), owner_url=owner_url)
        origin = spare.origin(self.administers(f"template_{service}"))
        self.close(f"template_{service}")
        return {"account": account, "origin": origin}

    def _make_account(self, role: str) -> dict[str, str]:
        password = secrets.token_urlsafe(12)
        self.run(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
        )
        return {"role": role, "password": password}

    def close(self, database: str) -> None:
        """Keep everybody out of a database from now on: with a session on it, it cannot be cloned."""
        self.run(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(database)))


@dataclass(frozen=True)
class Vhost:
    """A virtual host of one test: its name and AMQP URI."""

    name: str
    uri: str


@dataclass(frozen=True)
class RabbitServer:
    """The run's RabbitMQ: URI of `/`, management API, the node's process id, and its processes' mark."""

    uri: str
    management: str
    user: str
    password: str
    pid: int
    mark: str

    @staticmethod
    def of_this_run() -> "RabbitServer":
        """Return the one server that all workers use, started by whoever asks first."""
        return _rabbit(shared.once("rabbitmq", lambda: shared.start_kept("deploy.local.keeper", "rabbitmq")))

    @staticmethod
    @contextmanager
    def of_this_test() -> "Iterator[RabbitServer]":
        """Give a server to a test that does things to it which others would not survive."""
        with shared.kept_here("deploy.local.keeper", "rabbitmq") as told:
            yield _rabbit(told)

    def uri_of(self, vhost: str) -> str:
        """Return the AMQP URI of a virtual host."""
        return urlunsplit(urlsplit(self.uri)._replace(path="/" + quote(vhost, safe="")))

    def api(self, method: str, path: str, **options: object) -> httpx.Response:
        """Call the management API, e.g. `api("GET", "/queues/NAME-OF-VHOST")`; a refusal is an error."""
        account = (self.user, self.password)
        answer = HTTP.request(
            method, f"{self.management}/api{path}", auth=account, timeout=DEADLINE_S, **options
        )
        return answer.raise_for_status()

    @contextmanager
    def vhost(self) -> Iterator[Vhost]:
        """Give a fresh virtual host; at the end it is forgotten with all that is in it."""
        name = f"test-{secrets.token_hex(6)}"
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self.api("PUT", f"/vhosts/{name}")
        self.api("PUT", f"/permissions/{name}/{self.user}", json=everything)
        yield Vhost(name, self.uri_of(name))
        self.api("DELETE", f"/vhosts/{name}")


def _rabbit(told: dict[str, Any]) -> RabbitServer:
    return RabbitServer(**{name: told[name] for name in RabbitServer.__dataclass_fields__})
