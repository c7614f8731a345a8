"""Two years of cases in a fresh database, and what plain SQL counts of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import psycopg

FIRST, LAST = date(2010, 9, 1), date(2011, 11, 30)
# Some on rest days too, in sessions of extended hours; a twentieth late; decided up to three days later.
CASES = """
    INSERT INTO case_facts (hall, number, sequence, business_date, department, item, origin, state, accepted_at,
        accepted_hour, decided_on, on_time, due_on)
    SELECT 'main', to_char(day, 'YYYYMMDD-') || n, 0, day, department, department || '-00' || 1 + n %% 3,
        CASE WHEN department = 'tax' AND day >= '2011-05-03' AND n %% 6 = 0
            THEN (ARRAY['phone', 'web', 'extended', 'on_site'])[1 + (n / 6 + extract(doy FROM day)::integer) %% 4]
            ELSE 'walk_in' END,
        'decided', day + make_interval(hours => 1 + n %% 8), 9 + n %% 8,
        CASE WHEN n %% 7 > 0 THEN day + n %% 4 END, CASE WHEN n %% 7 > 0 THEN n %% 20 > 0 END, day + 3
    FROM (SELECT day::date AS day, 4 + extract(doy FROM day)::integer %% 11 AS many
            FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS day
            WHERE extract(isodow FROM day) < 7 AND to_char(day, 'MM-DD') NOT IN ('10-01', '10-03', '10-04')) AS days,
        generate_series(1, many) AS n,
        LATERAL (SELECT (ARRAY['tax', 'drc', 'market'])[1 + n %% 3] AS department) AS owner
"""
OTHERS = """
    INSERT INTO departments SELECT 'main', code, code <> 'drc', 1
    FROM unnest(ARRAY['tax', 'drc', 'market', 'port']) AS code;
    INSERT INTO names SELECT 'main', 'department', code, code || '局', NULL, 1
    FROM unnest(ARRAY['tax', 'drc', 'market', 'port']) AS code;
    INSERT INTO items SELECT 'main', code || '-00' || n, code, 'public_service',
        CASE WHEN n = 4 THEN 'withdrawn' ELSE 'active' END,
        CASE n WHEN 1 THEN date '2004-05-10' WHEN 5 THEN date '2012-03-01' ELSE date '2011-03-01' END, 1
    FROM unnest(ARRAY['tax', 'drc', 'market']) AS code, generate_series(1, 5) AS n;
    INSERT INTO names SELECT 'main', 'item', code, code || '事项', NULL, 1 FROM items;
    INSERT INTO staff SELECT 'main', 'clerk' || n, CASE WHEN n < 4 THEN 'tax' ELSE 'drc' END,
        CASE n WHEN 7 THEN 'manager' ELSE 'clerk' END, n <> 6, 1 FROM generate_series(1, 7) AS n;
    INSERT INTO overtime_facts SELECT 'main', 'o' || n, 1, date '2011-04-20' + n * 9, 'tax', 'clerk1', 31 + n
    FROM generate_series(1, 20) AS n;
    INSERT INTO commendation_facts SELECT 'main', gen_random_uuid(), 1, 'tax',
        (ARRAY['letter', 'letter', 'banner'])[1 + n % 3], date '2010-12-01' + n * 20, false
    FROM generate_series(1, 20) AS n;
    INSERT INTO commendation_facts SELECT 'main', gen_random_uuid(), 2, 'tax', 'letter', '2011-02-02', true;
    INSERT INTO evaluation_facts SELECT 'main', 't' || n, 1, date '2011-01-05' + n, 'drc', 'drc-001', 1 + n % 5
    FROM generate_series(1, 50) AS n;
    INSERT INTO anomalies SELECT 'main', gen_random_uuid(), 'item', 'tax-001', 'tax', day, 9, 3, 1, 6, 4, 'plain',
        now(), state, 'analyst', day, CASE WHEN state IN ('explained', 'fed_back') THEN 'why' END,
        CASE state WHEN 'fed_back' THEN 'done' END, 1, 'rise', day, 1, NULL, NULL, NULL, day, '[]', NULL
    FROM generate_series(1, 6) AS n, LATERAL (SELECT date '2011-06-01' + n AS day,
        (ARRAY['detected', 'assigned', 'explained', 'fed_back'])[1 + n % 4] AS state) AS found;
    INSERT INTO events_seen VALUES ('main', 'cases', '2011-11-30 09:51:07.25+00', 12);
"""


def write_history(url: str) -> None:
    """Write the history into a database of statistics."""
    with psycopg.connect(url) as connection:
        dates = {"first": FIRST, "last": LAST}
        connection.execute(
            "SELECT open_months('case_facts', array(SELECT generate_series(%(first)s, %(last)s, interval '1 month')"
            "::date))",
            dates,
        )
        connection.execute(CASES, dates)
        connection.execute(OTHERS)


def recount(url: str, first: date, last: date, department: str | None = None) -> Mapping[str, Any]:
    """Count a stretch of dates in the raw facts."""
    about = {"first": first, "last": last, "department": department}
    with psycopg.connect(url) as connection:

        def rows(query: str) -> list[Any]:
            inside = "BETWEEN %(first)s AND %(last)s AND department = coalesce(%(department)s, department)"
            return connection.execute(query.replace("{inside}", inside), about).fetchall()

        def counts(by: str) -> dict[str, int]:
            query = f"SELECT {by}, count(*) FROM case_facts WHERE business_date {{inside}} GROUP BY 1"  # noqa: S608
            return dict(rows(query))

        months, hours = counts("to_char(business_date, 'YYYY-MM')"), counts("to_char(accepted_hour, 'FM00')")
        by_day = counts("business_date")
        decided = rows(
            "SELECT count(*), count(*) FILTER (WHERE on_time) FROM case_facts WHERE decided_on {inside}"
        )
        minutes = rows("SELECT coalesce(sum(minutes), 0) FROM overtime_facts WHERE business_date {inside}")
        ever = rows(
            "SELECT count(*) FROM case_facts WHERE business_date <= %(last)s"
            " AND department = coalesce(%(department)s, department)"
        )
        return {
            "accepted": sum(by_day.values()),
            "peak": max(by_day.values()),
            "days": by_day.keys(),
            "decided": decided[0],
            "cumulative": ever[0][0],
            "origins": counts("origin"),
            "months": months,
            "departments": counts("department"),
            "items": counts("item"),
            "hours": hours,
            "since_may": sum(count for month, count in months.items() if month >= "2011-05"),
            "minutes": minutes[0][0],
        }
