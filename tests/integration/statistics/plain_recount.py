"""The sums as anybody would count them: one plain SQL for each kind, over the facts."""

from collections import Counter
from typing import Any

import psycopg

Key = tuple[Any, ...]
Sums = dict[Key, tuple[int, ...]]

KEYS = {
    "item": ("item", "item"),
    "origin": ("origin", "origin"),
    "hour": ("lpad(accepted_hour::text, 2, '0')", "lpad(issued_hour::text, 2, '0')"),
    "weekday_hour": (
        "to_char(business_date, 'ID') || '-' || lpad(accepted_hour::text, 2, '0')",
        "to_char(business_date, 'ID') || '-' || lpad(issued_hour::text, 2, '0')",
    ),
}
OF_HALL = {"hall_weekday_hour": KEYS["weekday_hour"]}
PERIODS = {"day": "{}", "month": "make_date(extract(year FROM {0})::int, extract(month FROM {0})::int, 1)"}
KEPT = (
    "SELECT hall, grain, dimension, period, department, key, cases, tickets, served, missed, decided, on_time"
    " FROM volumes"
)

CASES = """
SELECT hall, {where}, {key} AS key, count(*) AS cases, 0 AS tickets, 0 AS served, 0 AS missed,
    count(decided_on) AS decided, count(*) FILTER (WHERE on_time) AS on_time
FROM case_facts WHERE accepted_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
"""
TICKETS = """
SELECT hall, {where}, {key} AS key, 0 AS cases, count(*) FILTER (WHERE stretch = 1) AS tickets,
    count(*) FILTER (WHERE state = 'served') AS served, count(*) FILTER (WHERE misses > 0) AS missed, 0 AS decided,
    0 AS on_time
FROM ticket_facts WHERE {key} IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
HAVING count(*) FILTER (WHERE stretch = 1 OR state = 'served' OR misses > 0) > 0
"""
DECISIONS = """
SELECT hall, '{grain}' AS grain, 'decision' AS dimension, {day} AS period, department, '' AS key, 0 AS cases,
    0 AS tickets, 0 AS served, 0 AS missed, count(*) AS decided, count(*) FILTER (WHERE on_time) AS on_time
FROM case_facts WHERE decided_on IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
"""


def kept(connection: psycopg.Connection[Any]) -> Sums:
    """Return the sums that are kept, without those that have come down to nothing."""
    rows = [tuple(row.values()) for row in connection.execute(KEPT)]
    return {row[:6]: row[6:] for row in rows if any(row[6:])}


def recounted(connection: psycopg.Connection[Any]) -> Sums:
    """Count the sums from the facts."""
    sums: dict[Key, Counter[int]] = {}
    for statement in _statements():
        for row in connection.execute(statement):
            key = tuple(row.values())
            counted = sums.setdefault(key[:6], Counter())
            for nth, number in enumerate(key[6:]):
                counted[nth] += number
    return {key: tuple(counted[nth] for nth in range(6)) for key, counted in sums.items()}


def _statements() -> list[str]:
    made = []
    for grain, pattern in PERIODS.items():
        day, decided = pattern.format("business_date"), pattern.format("decided_on")
        for dimension, (of_cases, of_tickets) in {**KEYS, **OF_HALL}.items():
            if grain == "day" and dimension.endswith("weekday_hour"):
                continue
            department = "''" if dimension in OF_HALL else "department"
            where = (
                f"'{grain}' AS grain, '{dimension}' AS dimension, {day} AS period, {department} AS department"
            )
            made += [CASES.format(where=where, key=of_cases), TICKETS.format(where=where, key=of_tickets)]
        made.append(DECISIONS.format(grain=grain, day=decided))
    return made
