"""Bring one service's database and bus queues up to date: `python -m services.chassis.migrate ticketing`.

Forward only; each migration is plain SQL, compatible with the code that still runs, and gives up after four seconds
behind a lock rather than hold up the hall.
"""

import re
import sys
from importlib.resources import files
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql
from yoyo import get_backend, read_migrations

from services.chassis import logs, topology
from services.chassis.config import settings
from services.chassis.container import configure, package_of, service_class
from services.chassis.inbox import Hearing

TIMEOUTS = "-c lock_timeout=4s -c statement_timeout=60s"
RIGHTS = "rights.sql"


def migrate(service: str, *, database_url: str, owner_url: str = "") -> int:
    """Apply what is missing of the chassis's and the service's migrations; returns how many.

    Args:
        service: its name.
        database_url: the service's own role in its database.
        owner_url: the role that owns the database, where that is another: it migrates, and the service's role is
            granted what `rights.sql` of the service says.

    Raises:
        psycopg.Error: a migration failed; it and those after it are not applied.
    """
    folders = [str(files(package) / "migrations") for package in ("services.chassis", package_of(service))]
    backend = get_backend(_yoyo_url(owner_url or database_url))
    with backend.lock(timeout=30):
        missing = backend.to_apply(read_migrations(*folders))
        backend.apply_migrations(missing)
    backend.connection.close()
    if owner_url:
        grant(service, role=unquote(urlsplit(database_url).username or ""), owner_url=owner_url)
    return len(missing)


def grant(service: str, *, role: str, owner_url: str) -> None:
    """Grant a service's role what it may do in a database that another role owns; can be repeated."""
    rights = (files(package_of(service)) / RIGHTS).read_text("utf-8")
    name = sql.Identifier(role).as_string()
    granted = re.sub(r"\b(TO|FROM) service;", lambda found: f"{found[1]} {name};", rights)
    with psycopg.connect(owner_url, options=TIMEOUTS) as connection:
        connection.execute(granted)


def _yoyo_url(database_url: str) -> str:
    parts = urlsplit(database_url)
    options = f"options={quote(TIMEOUTS)}"
    query = f"{parts.query}&{options}" if parts.query else options
    return urlunsplit(parts._replace(scheme="postgresql+psycopg", query=query))


def hearings(service: str) -> tuple[Hearing, ...]:
    """Return what a service hears."""
    inbox = getattr(service_class(service), "inbox", None)
    return tuple(inbox.hearings) if inbox else ()


def declare(service: str, *, amqp_uri: str) -> None:
    """Make the service's queues on the broker."""
    types = [hearing.type for hearing in hearings(service)]
    topology.declare(amqp_uri, service_class(service).name, types)


def main(arguments: list[str]) -> None:
    """Read the command line and migrate."""
    if len(arguments) != 1:
        raise SystemExit("usage: python -m services.chassis.migrate SERVICE")
    service = arguments[0]
    logs.configure(level=settings().log_level, process=f"migrate-{service}")
    configure()
    applied = migrate(service, database_url=settings().database_url, owner_url=settings().database_owner_url)
    declare(service, amqp_uri=settings().amqp_uri)
    logs.get_logger().info("migrated", service=service, applied=applied)


if __name__ == "__main__":
    main(sys.argv[1:])
