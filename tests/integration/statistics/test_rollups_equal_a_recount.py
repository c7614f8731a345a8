"""Sums stay those of a plain recount, whatever comes, in whatever order, to however many consumers."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from services.chassis.inbox import read_event
from tests.integration.statistics.in_process import HEARINGS, Figures
from tests.integration.statistics.plain_recount import kept, recounted
from tests.integration.statistics.simulated_day import Told, names, simulate

CONSUMERS = 4
MONTH = [date(2026, 3, 1) + timedelta(days=nth) for nth in range(31)]
# What is told late, of months that are over.
LATE = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 28)]

State = dict[str, Any]


def tell_at_once(figures: Figures, events: Sequence[State], *, seed: int) -> None:
    """Hand shuffled events, a third of them twice, to several consumers that work at the same time."""
    rng = random.Random(seed)
    mixed = [*events, *rng.sample(list(events), len(events) // 3)]
    rng.shuffle(mixed)
    batches = [mixed[start : start + 200] for start in range(0, len(mixed), 200)]
    with ThreadPoolExecutor(CONSUMERS) as consumers:
        for done in [consumers.submit(figures.take, batch) for batch in batches]:
            done.result()


def assert_sums(figures: Figures) -> None:
    with figures.database.connect() as connection:
        assert kept(connection) == recounted(connection)


def count(figures: Figures, table: str) -> int:
    with figures.database.connect() as connection:
        row = connection.execute(f"SELECT count(*) AS rows FROM {table}").fetchone()  # noqa: S608
    assert row is not None
    return int(row["rows"])


def test_a_month_in_any_order_to_many_consumers_is_counted_right(figures: Figures) -> None:
    told = simulate([*MONTH, *LATE], tickets=40, seed=31)
    tell_at_once(figures, [*told.events, *names()], seed=31)
    assert_sums(figures)
    assert count(figures, "ticket_facts") == len(told.tickets)
    assert count(figures, "case_facts") == len(told.cases)
    assert count(figures, "event_archive") == len(told.events) + len(names())


def moved(told: Told, *, by: int) -> list[State]:
    """Tell of every ticket and case once more, now of another date."""
    last = {event["subject"]: event for event in told.events}
    return [
        {
            **event,
            "id": f"{nth:08x}-0000-4000-8000-000000000000",
            "sequence": event["sequence"] + 1,
            "data": event["data"] | {"business_date": shifted(event["data"]["business_date"], by)},
        }
        for nth, event in enumerate(last.values())
    ]


def shifted(day: str, by: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=by)).isoformat()


def test_what_is_heard_with_another_date_counts_once(figures: Figures) -> None:
    told = simulate([date(2026, 3, 30)], tickets=60, seed=32)
    later = moved(told, by=3)
    figures.take([*told.events, *later])
    figures.take(told.events)
    assert_sums(figures)
    assert count(figures, "ticket_facts") == len(told.tickets)
    assert count(figures, "case_facts") == len(told.cases)
    with figures.database.connect() as connection:
        for facts in ("ticket_facts", "case_facts"):
            days = connection.execute(f"SELECT DISTINCT business_date FROM {facts}").fetchall()  # noqa: S608
            assert [row["business_date"] for row in days] == [date(2026, 4, 2)]


def import_cases(figures: Figures, numbers: Sequence[str], day: date) -> None:
    """Put cases in as an import does, of which nothing was heard."""
    with figures.database.connect() as connection, connection.transaction():
        connection.execute("SELECT open_months('case_facts', %s::date[])", [[day]])
        connection.execute(
            "INSERT INTO case_facts SELECT 'main', number, 0, %(day)s, 'tax', 'tax-001', 'walk_in', 'decided',"
            " '2026-02-03 10:00+08', 10, %(day)s, true, %(day)s FROM unnest(%(numbers)s::text[]) AS number",
            {"day": day, "numbers": list(numbers)},
        )
        connection.execute(
            "INSERT INTO case_numbers SELECT 'main', number, %s FROM unnest(%s::text[]) AS number",
            [day, list(numbers)],
        )


def test_an_event_wins_over_an_imported_case_of_another_date(figures: Figures) -> None:
    told = simulate([date(2026, 3, 30)], tickets=20, seed=33)
    import_cases(figures, list(told.cases), date(2026, 2, 3))
    assert_sums(figures)
    figures.take(told.events)
    assert_sums(figures)
    assert count(figures, "case_facts") == len(told.cases)
    assert count(figures, "case_facts WHERE sequence = 0") == 0


def test_a_batch_of_one_ticket_touches_its_sums_alone(figures: Figures) -> None:
    told = simulate([date(2026, 3, 30)], tickets=1, seed=34)
    figures.take_batch([read_event(told.events[0], HEARINGS)])
    with figures.database.connect() as connection:
        assert {key[2] for key in kept(connection)} == {
            "item",
            "origin",
            "hour",
            "weekday_hour",
            "hall_weekday_hour",
        }
        assert len(kept(connection)) == 8
