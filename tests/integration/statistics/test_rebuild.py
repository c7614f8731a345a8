"""A rebuild makes of the archive what there was, whatever was damaged, while the service goes on."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from services.chassis.db import Database, load_queries
from services.statistics.errors import RebuildUnderWay
from services.statistics.facts.use_cases import rebuild
from services.statistics.service import hearings
from services.statistics.store import Store
from tests.integration.statistics.in_process import HEARINGS, Figures
from tests.integration.statistics.plain_recount import kept, recounted
from tests.integration.statistics.simulated_day import names, simulate
from tests.integration.statistics.test_rollups_equal_a_recount import import_cases
from tests.waiting import DEADLINE_S

DAYS = [date(2026, 1, 30) + timedelta(days=nth) for nth in range(4)]
SAMPLES = Path(__file__).parents[2] / "contract" / "samples"
# What an inbox, an archive and the migrations keep, and the sums, which follow the facts.
NOT_HEARD = {"inbox", "event_archive", "archive_base", "volumes", "relay"}

# Rows lost, made up, changed, moved, and sums that nobody could explain.
DAMAGE = """
DELETE FROM ticket_facts WHERE issued_hour = 10;
UPDATE ticket_facts SET department = 'nobody', sequence = sequence + 50 WHERE issued_hour = 11;
DELETE FROM case_facts WHERE accepted_hour = 12 AND sequence > 0;
UPDATE case_facts SET on_time = NOT on_time, item = 'other' WHERE accepted_hour = 13;
INSERT INTO case_facts SELECT hall, 'made-up-' || number, 7, '2026-02-01', department, item, origin, state, accepted_at,
    accepted_hour, decided_on, on_time, due_on FROM case_facts WHERE accepted_hour = 14;
INSERT INTO case_numbers SELECT hall, 'never-' || number, business_date FROM case_numbers;
DELETE FROM case_numbers WHERE number LIKE '%5';
DELETE FROM ticket_numbers WHERE ticket LIKE '1%';
UPDATE ticket_numbers SET business_date = '2026-02-28' WHERE ticket LIKE '2%';
UPDATE names SET name = 'wrong';
DELETE FROM departments;
UPDATE events_seen SET position = 1000000;
UPDATE volumes SET cases = cases + 3, on_time = -1 WHERE key LIKE '%1%';
DELETE FROM volumes WHERE dimension = 'origin';
INSERT INTO volumes VALUES ('main', 'day', 'item', '2020-01-01', 'tax', 'x', 1, 1, 1, 1, 1, 1);
"""


@pytest.fixture
def undamaged(database: Callable[[str], str]) -> Iterator[Figures]:
    """The service on another fresh database."""
    opened = Database(
        Store, load_queries("services.statistics"), url=database("statistics"), size=2, timeout=DEADLINE_S
    )
    yield Figures(opened)
    opened.close()


def rows_of(figures: Figures) -> dict[str, list[str]]:
    """Return all rows of all read models."""
    with figures.database.connect() as connection:
        return {
            model: [
                row["content"]
                for row in connection.execute(f"SELECT {model}::text AS content FROM {model} ORDER BY 1")  # noqa: S608
            ]
            for model in rebuild.MODELS
        }


def run_rebuild(figures: Figures, tell: rebuild.Tell = lambda *_: None) -> int:
    return rebuild.rebuild(figures.database, hearings(), tell)


def test_damage_is_mended_while_events_come_in(
    figures: Figures, undamaged: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 200)
    monkeypatch.setattr(rebuild, "FEW", 100)
    told = simulate(DAYS, tickets=70, seed=51)
    half = len(told.events) // 2
    imported = [f"2025-{nth:07d}" for nth in range(30)]
    for each in (figures, undamaged):
        import_cases(each, imported, date(2026, 2, 1))
        each.take([*names(), *told.events[:half]])
    damage(figures)
    with ThreadPoolExecutor(1) as consumer:
        feeding: list[Future[None]] = []

        def tell(*_: Any) -> None:
            if not feeding:
                feeding.append(consumer.submit(figures.take, told.events[half:], batch=20))

        assert run_rebuild(figures, tell) > 0
        feeding[0].result()
    undamaged.take(told.events[half:])
    assert rows_of(figures) == rows_of(undamaged)
    with figures.database.connect() as connection:
        assert kept(connection) == recounted(connection)
    assert run_rebuild(figures) == 0


def damage(figures: Figures) -> None:
    with figures.database.connect() as connection:
        connection.execute(DAMAGE)
        assert kept(connection) != recounted(connection)


def test_what_was_known_before_the_archive_began_stays(figures: Figures) -> None:
    figures.take([*names(), *simulate(DAYS[:1], tickets=20, seed=52).events])
    with figures.database.connect() as connection:
        for model in ("ticket_facts", "case_facts", "names", "departments", "events_seen"):
            connection.execute(
                f"INSERT INTO archive_base SELECT '{model}', to_jsonb(kept) FROM {model} AS kept"  # noqa: S608
            )
        connection.execute("DELETE FROM event_archive")
    before = rows_of(figures)
    assert run_rebuild(figures) == 0
    assert rows_of(figures) == before


def test_one_rebuild_at_a_time(figures: Figures) -> None:
    with figures.database.connect() as connection:
        connection.execute(figures.database.queries["begin_rebuild"])
        with pytest.raises(RebuildUnderWay):
            run_rebuild(figures)


def test_all_that_handlers_write_is_rebuilt(figures: Figures) -> None:
    samples = [json.loads(path.read_text("utf-8")) for path in sorted(SAMPLES.glob("*.json"))]
    figures.take([sample for sample in samples if sample["type"] in HEARINGS])
    with figures.database.connect() as connection:
        written = {table for table in tables(connection) if has_rows(connection, table)}
    assert written - NOT_HEARD <= set(rebuild.MODELS)


def tables(connection: psycopg.Connection[Any]) -> list[str]:
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
        " AND relnamespace = 'public'::regnamespace AND relname NOT LIKE '%yoyo%'"
    )
    return [row["relname"] for row in found]


def has_rows(connection: psycopg.Connection[Any], table: str) -> bool:
    return bool(connection.execute(f"SELECT 1 AS one FROM {table} LIMIT 1").fetchone())  # noqa: S608
