"""A hall that has served before keeps its tickets when they get stretches."""

import secrets
from collections.abc import Iterator
from importlib.resources import files

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from tests.servers import PostgresServer

BEFORE = (
    "0001_ticketing",
    "0002_appointments",
    "0003_follow_up",
    "0004_weight_inline",
    "0005_hall_last",
    "0006_dated",
)
# One served where its number was taken; one sent on at 01:10, called at 01:20 and served; one sent on that waits; one
# that was started, by another machine's clock, before it was called; and, called by such a clock before their numbers
# were taken: one that is called, one that was put back and waits, one that was missed, and one missed while on hold.
KNOWN = """
INSERT INTO queues VALUES ('main', 'q0', 'A', '', '', 'd0', 'A', 2700, '{}', 1),
    ('main', 'q1', 'B', '', '', 'd1', 'A', 2700, '{}', 1);
INSERT INTO tickets (hall, id, number, issued_queue, ordinal, business_date, queue, department, zone, item,
    service_seconds, class_, channel, state, rate, reference_at, overdue_at, "window", issued_at, first_called_at,
    called_at, started_at, finished_at, ahead_at_issue)
SELECT 'main', ('00000000-0000-4000-8000-00000000000' || n)::uuid, 'A00' || n, 'q0', n, '2026-03-02', queue, 'd', 'A',
    'i0', 300, 'walk_in', 'kiosk', state, 1, day, day, CASE WHEN state IN ('served', 'called') THEN '100' END,
    day + issued * minute, day + first * minute, day + called * minute, day + started * minute,
    CASE state WHEN 'served' THEN day + 40 * minute END, 0
FROM (VALUES (1, 'q0', 'served', 0, 5, 5, 6), (2, 'q1', 'served', 0, 5, 20, 6), (3, 'q1', 'waiting', 0, 5, 5, 6),
        (4, 'q0', 'served', 0, 5, 5, 4), (5, 'q0', 'called', 8, 7, 7, NULL), (6, 'q0', 'waiting', 8, 7, NULL, NULL),
        (7, 'q0', 'missed', 8, 7, 7, NULL), (8, 'q0', 'missed', 8, 7, 7, 9)
    ) AS made (n, queue, state, issued, first, called, started),
    (SELECT '2026-03-02 01:00+00'::timestamptz AS day, interval '1 minute' AS minute) AS units;
INSERT INTO ticket_states (hall, ticket, version, state, queue, entered_at, left_at)
SELECT 'main', ('00000000-0000-4000-8000-00000000000' || n)::uuid, version, state, 'q0',
    '2026-03-02 01:00+00'::timestamptz + entered * interval '1 minute', '2026-03-02 02:00+00'
FROM (VALUES (2, 2, 'called', 5), (2, 3, 'serving', 6), (2, 4, 'transferred', 10), (2, 5, 'waiting', 10),
    (2, 6, 'called', 20), (2, 7, 'serving', 25), (3, 4, 'transferred', 10), (3, 5, 'waiting', 10),
    (5, 2, 'called', 7), (6, 2, 'called', 7), (7, 2, 'called', 7), (8, 2, 'called', 7), (8, 3, 'serving', 9)
) AS made (n, version, state, entered);
"""


@pytest.fixture
def connection(postgres_server: PostgresServer) -> Iterator[psycopg.Connection[DictRow]]:
    """A connection to a database as it was before, with some in it."""
    name = sql.Identifier(f"before_{secrets.token_hex(4)}")
    postgres_server.run(sql.SQL("CREATE DATABASE {}").format(name))
    address = psycopg.conninfo.make_conninfo(postgres_server.dsn, dbname=name.as_string().strip('"'))
    with psycopg.connect(address, autocommit=True, row_factory=dict_row) as opened:
        for migration in BEFORE:
            opened.execute(_source(migration))
        opened.execute(KNOWN)
        yield opened
    postgres_server.run(sql.SQL("DROP DATABASE {}").format(name))


def _source(migration: str) -> str:
    return (files("services.ticketing") / "migrations" / f"{migration}.sql").read_text("utf-8")


def test_what_is_known_of_the_last_stretch_is_kept(connection: psycopg.Connection[DictRow]) -> None:
    connection.execute(_source("0007_stretches"))
    connection.execute(_source("0009_no_start_made_up"))
    rows = connection.execute("""
        SELECT stretch_item, queued, past, ARRAY[to_char(stretch_at AT TIME ZONE 'UTC', 'MI'),
            to_char(first_called_at AT TIME ZONE 'UTC', 'MI'), to_char(called_at AT TIME ZONE 'UTC', 'MI'),
            to_char(started_at AT TIME ZONE 'UTC', 'MI')] AS minutes
        FROM tickets ORDER BY ordinal
    """).fetchall()
    assert [row["minutes"] for row in rows] == [
        ["00", "05", "05", "06"],
        ["10", "20", "20", "25"],
        ["10", None, None, None],
        ["00", "05", "05", "05"],
        ["08", "08", "08", None],
        ["08", "08", None, None],
        ["08", "08", "08", None],
        ["08", "08", "08", "09"],
    ]
    assert [row["stretch_item"] for row in rows] == ["i0", None, None, *["i0"] * 5]
    assert all(row["queued"] and row["past"] == [] for row in rows)
