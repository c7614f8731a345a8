"""One database and one role for each service, closed to the others.

The database of a service that keeps what its own role must not change belongs to another role, which migrates it.
"""

from collections.abc import Mapping
from types import MappingProxyType

import psycopg
from psycopg import sql

from deploy.local import postgres

# Services whose databases belong to a role of their own: identity's has the trail of the staff.
OWNED = ("identity",)


NONE: Mapping[str, str] = MappingProxyType({})


class DatabasesFailed(RuntimeError):
    """The databases could not be made with the given administrator."""


def role(service: str) -> str:
    """Return the name of a service's role."""
    return f"hall_{service}"


def database(service: str) -> str:
    """Return the name of a service's database."""
    return f"hall_{service}"


def dsn(admin_dsn: str, service: str, *, password: str) -> str:
    """Return the DSN of a service's own role to its own database."""
    return postgres.dsn_like(admin_dsn, user=role(service), password=password, database=database(service))


def owner(service: str) -> str:
    """Return the name of the role that owns a service's database."""
    return f"{role(service)}_owner" if service in OWNED else role(service)


def owner_dsn(admin_dsn: str, service: str, *, password: str) -> str:
    """Return the DSN of the role that owns a service's database."""
    return postgres.dsn_like(admin_dsn, user=owner(service), password=password, database=database(service))


def make(admin_dsn: str, passwords: Mapping[str, str], owners: Mapping[str, str] = NONE) -> None:
    """Make what is missing, and set the roles' passwords; a database that another owned before changes hands.

    Safe to repeat.

    Args:
        admin_dsn: of a role that may create databases and roles.
        passwords: by service.
        owners: passwords of the roles that own databases, by service.

    Raises:
        DatabasesFailed: the server refuses.
    """
    try:
        with psycopg.connect(admin_dsn, autocommit=True) as connection:
            for service, password in passwords.items():
                _make_role(connection, role(service), password)
                if service in OWNED:
                    _make_role(connection, owner(service), owners[service])
                _make_database(connection, database(service), owner=owner(service))
                if service in OWNED:
                    _hand_over(connection, admin_dsn, service)
    except psycopg.Error as refused:
        raise DatabasesFailed(f"PostgreSQL refuses to make the databases: {refused}") from refused


def _make_role(connection: psycopg.Connection[tuple[object, ...]], name: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    statement = "ALTER ROLE {} LOGIN PASSWORD {}" if known else "CREATE ROLE {} LOGIN PASSWORD {}"
    connection.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Literal(password)))


def _make_database(connection: psycopg.Connection[tuple[object, ...]], name: str, *, owner: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        # An administrator who is no superuser may give a database only to a role it belongs to.
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(owner)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner))
        )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))


def _hand_over(connection: psycopg.Connection[tuple[object, ...]], admin_dsn: str, service: str) -> None:
    """Give what a service's role owns from before to the owner, and let the service in."""
    names = {
        "service": sql.Identifier(role(service)),
        "owner": sql.Identifier(owner(service)),
        "database": sql.Identifier(database(service)),
    }
    for each in ("service", "owner"):
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(names[each]))
    here = postgres.to_database(admin_dsn, database(service))
    with psycopg.connect(here, autocommit=True, options="-c lock_timeout=4s") as inside:
        inside.execute(sql.SQL("REASSIGN OWNED BY {service} TO {owner}").format(**names))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {database} TO {service}").format(**names))
