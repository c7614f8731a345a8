"""A hall that recorded quality before it was a service of its own keeps its records, to the last word."""

import json
import secrets
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from services.quality.schemas.copies import TAKEN_OVER
from services.quality.store.copies import TAKE_OVER
from tests.integration.quality.in_process import Hall
from tests.servers import PostgresServer

LEAVES = "0014_quality_leaves"
DEPARTMENTS = "0016_departments_for_quality"
KEPT = [table for table in TAKEN_OVER if table != "departments"]
KNOWN = """
INSERT INTO commendations SELECT 'main', gen_random_uuid(), 'tax', 'letter', date '2025-01-01' + n, '来信' || n,
    'analyst', '2025-06-01 09:00:00.123456+08' FROM generate_series(1, 250) AS n;
INSERT INTO commendations SELECT 'other', gen_random_uuid(), 'tax', 'plaque', '2025-01-01', '', 'analyst', now();
UPDATE commendations SET version = 2, kind = 'banner', withdrawn_at = now() WHERE received_on = '2025-01-08';
INSERT INTO commendation_changes SELECT hall, id, 1, department, 'letter', received_on, note, '是锦旗', 'manager', now()
    FROM commendations WHERE version = 2;
INSERT INTO assessment_rules VALUES
    ('main', 'it', '2025-01-01', NULL, '信息化', 'IT', 'awards', 0.30, 0, 6),
    ('main', 'it', '2026-01-01', '2026-12-31', '信息化', 'IT', 'awards', 2.0001, 0.5, NULL);
INSERT INTO awards VALUES
    ('main', gen_random_uuid(), 'tax', 'it', '2025-02-01', '自助终端', 'manager', now(), NULL, NULL, NULL),
    ('main', gen_random_uuid(), 'tax', 'it', '2025-02-02', '误登', 'manager', now(), now(), 'manager', '重复');
INSERT INTO assessments VALUES
    ('main', '2025-Q1', '[{"rank":1,"department":"tax","points":12.50,"items":[{"rule":"it","points":1e1}]}]',
        'manager', now());
INSERT INTO meetings VALUES
    ('main', '00000000-0000-4000-8000-000000000001', '2025-Q1', '2025-04-02',
        '[{"topic":"volumes","title":"本季度业务量","figures":{"cases":3,"on_time_rate":0.5}}]',
        '议定一项。\n散会。', 2, 'analyst', now()),
    ('main', '00000000-0000-4000-8000-000000000002', '2025-Q2', '2025-07-02', '[]', NULL, 1, 'analyst', now());
INSERT INTO meeting_actions VALUES
    ('main', gen_random_uuid(), '00000000-0000-4000-8000-000000000001', 1, '增开窗口', 'tax', '2025-05-01', 'done',
        '已增开', 'manager', now()),
    ('main', gen_random_uuid(), '00000000-0000-4000-8000-000000000001', 2, '补齐材料', 'tax', '2025-05-01', 'open',
        NULL, NULL, NULL);
"""


@pytest.fixture
def before(postgres_server: PostgresServer) -> Iterator[psycopg.Connection[DictRow]]:
    """A connection to a database of statistics from the time when it kept such records, with some in it."""
    name = sql.Identifier(f"before_{secrets.token_hex(4)}")
    postgres_server.run(sql.SQL("CREATE DATABASE {}").format(name))
    address = psycopg.conninfo.make_conninfo(postgres_server.dsn, dbname=name.as_string().strip('"'))
    with psycopg.connect(address, autocommit=True, row_factory=dict_row) as opened:
        for package in ("services.chassis", "services.statistics"):
            migrations = sorted((files(package) / "migrations").iterdir(), key=lambda each: each.name)
            for migration in migrations:
                if package == "services.chassis" or migration.name < LEAVES:
                    opened.execute(migration.read_text("utf-8").encode())
        opened.execute(KNOWN)
        yield opened
    postgres_server.run(sql.SQL("DROP DATABASE {}").format(name))


def leave(before: psycopg.Connection[DictRow], migration: str = LEAVES) -> list[dict[str, Any]]:
    """Run a migration, and return what it has statistics publish."""
    before.execute(
        (files("services.statistics") / "migrations" / f"{migration}.sql").read_text("utf-8").encode()
    )
    told = before.execute("SELECT body::text AS body FROM outbox ORDER BY id").fetchall()
    return [json.loads(row["body"]) | {"position": nth} for nth, row in enumerate(told, start=1)]


def content(connection: psycopg.Connection[DictRow]) -> dict[str, list[Any]]:
    """Return all rows of the tables that left, whatever the order of their columns."""
    return {
        table: [
            row["content"]
            for row in connection.execute(
                f"SELECT to_jsonb(kept) AS content FROM {table} AS kept ORDER BY 1".encode()  # noqa: S608
            ).fetchall()
        ]
        for table in KEPT
    }


def test_quality_has_each_record_as_it_was_however_often_it_is_told(
    before: psycopg.Connection[DictRow], hall: Hall
) -> None:
    had = content(before)
    assert min(map(len, had.values())) >= 1
    told = leave(before)
    assert max(len(each["data"]["rows"]) for each in told) == 100
    assert {each["hall"] for each in told} == {"main", "other"}
    hall.hear(told)
    hall.hear(told)
    with hall.database.connect() as connection:
        assert content(connection) == had


def test_quality_knows_the_departments_of_a_hall_that_is_not_loaded_again(
    before: psycopg.Connection[DictRow], hall: Hall
) -> None:
    before.execute(
        "INSERT INTO names VALUES ('main', 'department', 'tax', '税务局', 'Tax', 3),"
        " ('main', 'department', 'drc', '发展改革局', NULL, 1), ('main', 'queue', 'tax', '办税', 'Tax', 1),"
        " ('other', 'department', 'tax', '税务局', NULL, 1)"
    )
    told = leave(before, DEPARTMENTS)
    hall.hear(told)
    with hall.database.transaction() as store:
        known = [tuple(row.values()) for row in store.departments("main")]
        store.keep_departments(
            [{"hall": "main", "code": "tax", "name": "税务分局", "name_en": None, "sequence": 4}]
        )
    assert known == [("drc", "发展改革局", None), ("tax", "税务局", "Tax")]
    hall.hear(told)
    with hall.database.autocommit() as store:
        assert store.departments("main")[1]["name"] == "税务分局", "what the catalogue tells later counts"
        assert [row["code"] for row in store.departments("other")] == ["tax"]


def test_statistics_counts_on_and_takes_no_record_any_more(before: psycopg.Connection[DictRow]) -> None:
    leave(before)
    counted = (
        "SELECT kind, withdrawn, sequence, count(*) AS n FROM commendation_facts WHERE hall = 'main'"
        " GROUP BY 1, 2, 3 ORDER BY 1"
    )
    assert [tuple(row.values()) for row in before.execute(counted).fetchall()] == [
        ("banner", True, 2, 1),
        ("letter", False, 1, 249),
    ]
    based = before.execute(
        "SELECT count(*) AS n FROM archive_base WHERE model = 'commendation_facts'"
    ).fetchone()
    assert based == {"n": 251}, "a rebuild begins with them"
    for statement in (
        "DELETE FROM awards",
        "UPDATE meetings SET minutes = ''",
        "INSERT INTO awards DEFAULT VALUES",
    ):
        with pytest.raises(psycopg.errors.RaiseException, match="the service quality keeps"):
            before.execute(statement)


def test_each_table_that_was_handed_over_has_its_query() -> None:
    assert tuple(TAKE_OVER) == TAKEN_OVER
