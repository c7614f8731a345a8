"""Batches cost a few statements, and a day's overview reads that day alone."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from services.chassis.inbox import read_event
from services.statistics.figures.use_cases.figures import get_overview
from services.statistics.store import Store
from tests.integration.statistics.in_process import ANALYST, HEARINGS, Figures
from tests.integration.statistics.simulated_day import simulate

MONDAY = date(2026, 3, 2)
PAGES = """
SELECT sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0)) AS pages
FROM pg_statio_user_tables
"""
DAYS = [MONDAY + timedelta(days=nth) for nth in range(12)]


def test_a_batch_costs_a_few_statements_a_source(figures: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    run = Store.run
    monkeypatch.setattr(
        Store, "run", lambda self, query, **params: asked.append(query) or run(self, query, **params)
    )
    row = Store.row
    monkeypatch.setattr(
        Store, "row", lambda self, query, **params: asked.append(query) or row(self, query, **params)
    )
    told = simulate([MONDAY], tickets=300, seed=1)
    figures.take_batch([read_event(event, HEARINGS) for event in told.events])
    archived = ["open_months", "archive_events"]
    assert asked == [
        *archived,
        *("open_months", "tickets_moved", "keep_tickets", "note_seen"),
        *archived,
        *("open_months", "cases_moved", "keep_cases", "note_seen"),
    ]


def test_the_overview_of_a_peak_day_looks_at_few_pages(figures: Figures) -> None:
    """How long that takes is measured by `make bench-statistics`; here others on the machine do not count."""
    figures.take(last_of(simulate(DAYS[:1], tickets=6000, seed=2).events), batch=3000)
    analyse(figures)
    assert figures.overview(MONDAY)["issued"] == 6000
    pages = pages_of_an_overview(figures)
    assert 0 < pages < 400


def last_of(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the last event of each ticket and case, which is all that counts."""
    return list({event["subject"]: event for event in events}.values())


def pages_of_an_overview(figures: Figures) -> int:
    """Return how many pages of tables and indexes the database looks at for one overview."""
    with figures.database.connect() as connection, figures.database.connect() as watch:
        store = Store(connection, figures.database.queries)

        def looked_at() -> int:
            # Each session tells of its reading at the end of a statement that follows this one.
            connection.execute("SELECT pg_stat_force_next_flush()")
            connection.execute("SELECT 1")
            row = watch.execute(PAGES).fetchone()
            assert row is not None
            return int(row["pages"])

        get_overview(store, ANALYST, day=MONDAY)
        before = looked_at()
        get_overview(store, ANALYST, day=MONDAY)
        return looked_at() - before


def analyse(figures: Figures) -> None:
    with figures.database.connect() as connection:
        connection.execute("ANALYZE")


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", ()) for node in nodes(part))]


def test_the_overview_finds_a_days_facts_by_index(figures: Figures) -> None:
    figures.take(last_of(simulate(DAYS, tickets=150, seed=3).events), batch=3000)
    analyse(figures)
    query = "EXPLAIN (FORMAT JSON) " + figures.database.queries["overview"]
    with figures.database.connect() as connection:
        row = connection.execute(query, {"hall": "main", "day": MONDAY}).fetchone()
    assert row is not None
    used = {node.get("Index Name") for node in nodes(row["QUERY PLAN"][0]["Plan"])}
    assert used >= {"ticket_facts_2026_03_pkey", "volumes_pkey"}
