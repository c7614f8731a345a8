"""One database and one role for each service, closed to the others."""

from collections.abc import Mapping

import psycopg
from psycopg import sql

from deploy.local import postgres


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


def make(admin_dsn: str, passwords: Mapping[str, str]) -> None:
    """Make what is missing, and set the roles' passwords. Safe to repeat.

    Args:
        admin_dsn: of a role that may create databases and roles.
        passwords: by service.

    Raises:
        DatabasesFailed: the server refuses.
    """
    try:
        with psycopg.connect(admin_dsn, autocommit=True) as connection:
            for service, password in passwords.items():
                _make_role(connection, role(service), password)
                _make_database(connection, database(service), owner=role(service))
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
