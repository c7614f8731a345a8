"""Databases handed on from test to test: emptied again, and given up where more than rows has changed.

PostgreSQL takes 85 to 260 ms of processor time to copy a database and to drop it, and 15 to 20 to empty the tables
that a test filled. A database that is handed on has to be as a fresh one is: the same relations, rules, rights and
seeds, no statistics, no session, and sequences at their beginning. What that cannot be said of is dropped.
"""

import json
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import namedtuple_row

# What a test could have changed beside rows. Not the rows of pg_class: TRUNCATE gives a table another.
_SHAPE = """
SELECT jsonb_build_array(
    (SELECT jsonb_build_array(count(*), max(xmin::text::bigint)) FROM pg_attribute),
    (SELECT jsonb_build_array(count(*), max(xmin::text::bigint)) FROM pg_constraint),
    (SELECT jsonb_build_array(count(*), max(xmin::text::bigint)) FROM pg_trigger),
    (SELECT jsonb_build_array(count(*), max(xmin::text::bigint)) FROM pg_proc),
    (SELECT jsonb_build_array(count(*), max(xmin::text::bigint)) FROM pg_index),
    (SELECT count(*) FROM pg_statistic WHERE starelid >= 16384),
    (SELECT count(*) FROM pg_class WHERE relkind = 'r' AND reltuples >= 0 AND oid >= 16384),
    (SELECT md5(string_agg(concat(relname, relacl, reloptions), ',' ORDER BY oid))
       FROM pg_class WHERE relkind <> 't' AND oid >= 16384),
    (SELECT jsonb_build_array(datallowconn, datconnlimit) FROM pg_database WHERE datname = current_database()),
    (SELECT count(*) FROM pg_db_role_setting
      WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())))
"""
_TABLES = """
SELECT oid::regclass::text AS name, oid::bigint, pg_relation_size(oid) > 0 AS filled
  FROM pg_class WHERE relkind IN ('r', 'p') AND oid >= 16384 AND relnamespace = 'public'::regnamespace
"""
_SEQUENCES = "SELECT format('%I.%I', schemaname, sequencename) AS name, last_value FROM pg_sequences"
# What keeps account of migrations; no service writes there.
_ACCOUNTS_OF_MIGRATIONS = ("_yoyo", "yoyo")
_LEAVE = """
SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def origin(dsn: str) -> dict[str, Any]:
    """Return what a database is like that nobody has used: its shape, last relation, seeds and sequences."""
    with psycopg.connect(dsn, row_factory=namedtuple_row) as connection:
        tables = connection.execute(_TABLES).fetchall()
        return {
            "shape": _shape(connection),
            "last": max(table.oid for table in tables),
            "seeds": {
                table.name: _rows(connection, table.name) for table in tables if _is_service_data(table)
            },
            "sequences": {
                row.name: row.last_value for row in connection.execute(_SEQUENCES) if row.last_value
            },
        }


def empty(dsn: str, fresh: dict[str, Any]) -> bool:
    """Make a used database what it was; return whether it is.

    Args:
        dsn: the database's address, for an administrator.
        fresh: its `origin`.
    """
    with psycopg.connect(dsn, row_factory=namedtuple_row) as connection:
        connection.execute(_LEAVE)
        tables = connection.execute(_TABLES).fetchall()
        made = [table.name for table in tables if table.oid > fresh["last"]]
        filled = [table.name for table in tables if table.oid <= fresh["last"] and _is_service_data(table)]
        # Neither foreign keys nor triggers, for instance those of tables that are only added to.
        connection.execute("SET LOCAL session_replication_role = replica")
        if made:
            connection.execute(f"DROP TABLE {', '.join(made)} CASCADE")  # type: ignore[arg-type]
        if filled:
            connection.execute(f"TRUNCATE {', '.join(filled)} CASCADE")  # type: ignore[arg-type]
        for name, rows in fresh["seeds"].items():
            _restore(connection, name, rows)
        _rewind(connection, fresh["sequences"])
        connection.execute("SELECT pg_stat_reset()")
        return _shape(connection) == fresh["shape"]


def _is_service_data(table: Any) -> bool:
    return table.filled and not table.name.startswith(_ACCOUNTS_OF_MIGRATIONS)


def _shape(connection: psycopg.Connection[Any]) -> Any:
    row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return row[0]


def _rows(connection: psycopg.Connection[Any], table: str) -> str:
    asked = sql.SQL("SELECT coalesce(jsonb_agg(t), '[]') FROM {} t").format(sql.SQL(table))  # type: ignore[arg-type]
    row = connection.execute(asked).fetchone()
    assert row is not None
    return json.dumps(row[0])


def _restore(connection: psycopg.Connection[Any], table: str, rows: str) -> None:
    """Put the rows of migrations back, where the table was emptied with others."""
    again = sql.SQL(
        "INSERT INTO {0} SELECT * FROM jsonb_populate_recordset(NULL::{0}, %s::jsonb)"
        " WHERE NOT EXISTS (SELECT FROM {0})"
    ).format(sql.SQL(table))  # type: ignore[arg-type]
    connection.execute(again, (rows,))


def _rewind(connection: psycopg.Connection[Any], begun: dict[str, int]) -> None:
    for row in connection.execute(_SEQUENCES).fetchall():
        if row.last_value != begun.get(row.name):
            connection.execute(f"ALTER SEQUENCE {row.name} RESTART")  # type: ignore[arg-type]
            if row.name in begun:
                connection.execute("SELECT setval(%s, %s)", (row.name, begun[row.name]))
