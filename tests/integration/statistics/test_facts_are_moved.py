"""A hall that has counted before keeps its facts when they are divided into months."""

import secrets
from collections.abc import Iterator
from importlib.resources import files

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from tests.integration.statistics.plain_recount import kept, recounted
from tests.servers import PostgresServer

BEFORE = ("0001_facts", "0002_appointments", "0003_onsite")
AFTERWARDS = (
    "0005_imports",
    "0006_reports",
    "0007_anomalies",
    "0008_quality",
    "0009_joint",
    "0010_stretches",
)
KNOWN = """
INSERT INTO ticket_facts SELECT 'main', 'ticket-' || n, n, '2026-01-30'::date + n, 'tax', 'tax-00' || n % 3, 'walk_in',
    'served', '2026-01-30 09:00+08', 9, '2026-01-30 10:00+08', 10, n % 2, 60, 30, 90 FROM generate_series(1, 9) AS n;
INSERT INTO case_facts SELECT hall, 'case-' || ticket, sequence, business_date, department, item, origin, 'decided',
    issued_at, issued_hour, business_date + 30, true FROM ticket_facts;
INSERT INTO names VALUES ('main', 'department', 'tax', '税务局', NULL, 1);
"""


@pytest.fixture
def connection(postgres_server: PostgresServer) -> Iterator[psycopg.Connection[DictRow]]:
    """A connection to a database as it was before facts had months, with some in it."""
    name = sql.Identifier(f"before_{secrets.token_hex(4)}")
    postgres_server.run(sql.SQL("CREATE DATABASE {}").format(name))
    address = psycopg.conninfo.make_conninfo(postgres_server.dsn, dbname=name.as_string().strip('"'))
    with psycopg.connect(address, autocommit=True, row_factory=dict_row) as opened:
        for migration in BEFORE:
            opened.execute(source(migration))
        opened.execute(KNOWN)
        yield opened
    postgres_server.run(sql.SQL("DROP DATABASE {}").format(name))


def source(migration: str) -> str:
    return (files("services.statistics") / "migrations" / f"{migration}.sql").read_text("utf-8")


def count(connection: psycopg.Connection[DictRow], what: str) -> int:
    row = connection.execute(f"SELECT count(*) AS rows FROM {what}").fetchone()  # noqa: S608
    assert row is not None
    return int(row["rows"])


def test_facts_are_moved_into_months_and_counted(connection: psycopg.Connection[DictRow]) -> None:
    connection.execute(source("0004_rollups"))
    sums = kept(connection)
    for facts in ("ticket_facts", "case_facts"):
        months = {f"{facts}_2026_01": 1, f"{facts}_2026_02": 8}
        assert {part: count(connection, part) for part in months} == months
        assert count(connection, f"archive_base WHERE model = '{facts}'") == 9
    assert count(connection, "case_numbers") == count(connection, "ticket_numbers") == 9
    assert count(connection, "archive_base WHERE model = 'names'") == 1
    for migration in AFTERWARDS:
        connection.execute(source(migration))
    assert sums == kept(connection) == recounted(connection) != {}
    assert count(connection, 'archive_base WHERE content @> \'{"stretch": 1, "queued": true}\'') == 9
