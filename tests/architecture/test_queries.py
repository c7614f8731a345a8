"""Every named query is used, prepares against the migrated schema, and the hot ones read by an index."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from services.chassis.container import service_class
from services.chassis.db import load_queries
from tests.architecture import anomalies, appointments, dispatch

SERVICES = (
    "identity",
    "catalogue",
    "ticketing",
    "cases",
    "statistics",
    "quality",
    "notifications",
    "appointments",
    "dispatch",
)
PACKAGES = ("chassis", *SERVICES)
ROOT = Path(__file__).parents[2] / "services"
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
ID = UUID(int=7)

_PLACEHOLDER = re.compile(r"%(?:\((\w+)\)s|%)")
_CONDITION_ON_HALL = re.compile(r"\((?:\w+\.)?hall = [^()]*\)")
_CALLS = re.compile(r"\.(?:row|rows|value|ask|run|run_many|_one)\(\s*[\"'](\w+)[\"']")


def _code(package: str) -> str:
    return "\n".join(path.read_text("utf-8") for path in (ROOT / package).rglob("*.py"))


def _names(query: str) -> list[str]:
    return list(dict.fromkeys(filter(None, _PLACEHOLDER.findall(query))))


def _numbered(query: str) -> str:
    """Return a query with PostgreSQL's own placeholders."""
    names = _names(query)

    def number(found: re.Match[str]) -> str:
        name = found.group(1)
        return "%" if name is None else f"${names.index(name) + 1}"

    return _PLACEHOLDER.sub(number, query)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_query_is_used(package: str) -> None:
    code = _code(package)
    unused = [
        name for name in load_queries(f"services.{package}") if not re.search(rf"[\"']{name}[\"']", code)
    ]
    assert unused == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_query_that_is_asked_for_exists(package: str) -> None:
    known = {*load_queries("services.chassis"), *load_queries(f"services.{package}")}
    assert set(_CALLS.findall(_code(package))) <= known


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_no_query_of_the_chassis_name(service: str) -> None:
    assert not set(load_queries("services.chassis")) & set(load_queries(f"services.{service}"))


@pytest.mark.parametrize("service", SERVICES)
def test_every_query_prepares_against_the_migrated_schema(
    service: str, database: Callable[[str], str]
) -> None:
    queries = {**load_queries("services.chassis"), **load_queries(f"services.{service}")}
    faults = {}
    with psycopg.connect(database(service), autocommit=True) as connection:
        for name, query in queries.items():
            prepared = connection.pgconn.prepare(f"q_{name}".encode(), _numbered(query).encode())
            if prepared.status != psycopg.pq.ExecStatus.COMMAND_OK:
                faults[name] = prepared.error_message.decode()
    assert faults == {}


def test_a_query_on_a_column_that_is_not_there_does_not_prepare(database: Callable[[str], str]) -> None:
    with psycopg.connect(database("ticketing"), autocommit=True) as connection:
        prepared = connection.pgconn.prepare(
            b"q", _numbered("SELECT nobody FROM tickets WHERE hall = %(hall)s").encode()
        )
    assert prepared.status == psycopg.pq.ExecStatus.FATAL_ERROR


@dataclass(frozen=True)
class Planner:
    """PostgreSQL's planner at work in a service's database."""

    service: str
    connection: psycopg.Connection[Any]
    queries: dict[str, str] = field(default_factory=dict)

    def drop_indexes(self, table: str) -> None:
        """Drop all indexes of a table but the unique ones."""
        found = self.connection.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = %s AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
            [table],
        )
        for (name,) in found.fetchall():
            self.connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))

    def plan(self, name: str, **params: Any) -> dict[str, Any]:
        """Return how the planner would carry out a query, prepared as the service prepares it."""
        query = self.queries[name]
        return self.explain(_numbered(query), [params[each] for each in _names(query)])

    def explain(self, statement: str, given: Sequence[Any], types: str = "") -> dict[str, Any]:
        """Return how the planner would carry out a statement with numbered parameters, prepared."""
        execute = sql.SQL("EXPLAIN (FORMAT JSON, VERBOSE) EXECUTE asked {}").format(
            sql.SQL("({})").format(sql.SQL(", ").join(sql.Placeholder() * len(given)))
            if given
            else sql.SQL("")
        )
        with psycopg.ClientCursor(self.connection) as cursor:
            cursor.execute(f"PREPARE asked {types} AS {statement}".encode())
            try:
                row = cursor.execute(execute, given).fetchone()
            finally:
                cursor.execute("DEALLOCATE asked")
        assert row is not None
        found: dict[str, Any] = row[0][0]["Plan"]
        return found

    def scans(self, name: str, **params: Any) -> list[str]:
        """Return the tables that a query would read from end to end, by the planner's own choice."""
        nodes = _nodes(self.plan(name, **params))
        return sorted({node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"})

    def read_for_the_hall(self, plan: dict[str, Any]) -> list[str]:
        """Return the indexes of whole large tables of which a plan reads all that is the hall's."""
        found = {
            node["Index Name"]
            for node in _nodes(plan)
            if "Index Name" in node and not _CONDITION_ON_HALL.sub("", node.get("Index Cond", ""))
        }
        small = self.connection.execute(
            "SELECT indexname FROM pg_indexes WHERE strpos(indexdef, ' WHERE ') > 0 OR tablename = ANY(%s)",
            [list(FEW)],
        )
        return sorted(found - {name for (name,) in small.fetchall()})


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


# Eleven days of 1,500 tickets in 70 queues: today's are in all states, those of other days are over.
TICKETING_ROWS = """
INSERT INTO queues (hall, code, prefix, name, name_en, department, zone, max_wait_s, rates, sequence)
SELECT 'main', 'q' || n, 'A', 'q', 'q', 'd' || n / 2, 'z' || n % 8, 2700, '{}', 1 FROM generate_series(0, 69) AS n;
INSERT INTO windows (hall, code, name, name_en, department, zone, queues, clerk, profile, signed_in_at, sequence)
SELECT 'main', n::text, 'w', 'w', 'd' || n % 35, 'z' || n % 8, ARRAY['q' || n % 70], 'c' || n, ARRAY['q' || n % 70],
    '2026-03-02T09:00:00+08:00', 1
FROM generate_series(0, 362) AS n;
INSERT INTO window_sessions (hall, "window", clerk, queues, signed_in_at, signed_out_at)
SELECT 'main', n::text, 'c' || n, ARRAY['q' || n % 70], '2026-03-02T09:00:00+08:00'::timestamptz - d * interval '1 day',
    '2026-03-02T17:00:00+08:00'::timestamptz - d * interval '1 day'
FROM generate_series(0, 362) AS n, generate_series(1, 60) AS d;
INSERT INTO tickets (hall, id, number, issued_queue, ordinal, business_date, queue, department, zone, item,
    service_seconds, class_, channel, state, rate, reference_at, overdue_at, "window", clerk, issued_at, finished_at,
    service_s, called_at, ahead_at_issue, stretch_at)
SELECT 'main', lpad(to_hex(d * 10000 + n), 32, '0')::uuid, 'A' || n, 'q' || n % 70, n / 70 + 1,
    '2026-03-02'::date - d, 'q' || n % 70, 'd' || n % 70 / 2, 'z' || n % 8, 'i', 300, 'walk_in', 'kiosk', state, 1,
    at, at + interval '45 minutes',
    CASE WHEN state IN ('called', 'serving', 'served', 'on_hold') THEN n::text END, 'c', at, at, 300, at, 0, at
FROM generate_series(0, 10) AS d, generate_series(1, 1500) AS n,
    LATERAL (SELECT '2026-03-02T09:00:00+08:00'::timestamptz - d * interval '1 day' + n * interval '4 seconds' AS at,
        CASE WHEN d > 0 OR n > 700 THEN 'served' WHEN n > 360 THEN 'waiting' WHEN n > 180 THEN 'serving'
            WHEN n > 20 THEN 'called' WHEN n > 10 THEN 'on_hold' ELSE 'missed' END AS state) AS made;
INSERT INTO ticket_states (hall, ticket, version, state, queue, "window", entered_at, left_at)
SELECT hall, id, version, states.state, queue, "window", issued_at, CASE WHEN version = 1 THEN issued_at END
FROM (SELECT hall, id, queue, "window", issued_at, state AS last FROM tickets) AS t,
    LATERAL (VALUES (1, 'waiting'), (2, last)) AS states (version, state);
INSERT INTO calls (hall, ticket, number, zone, "window", called_at, recall)
SELECT hall, id, number, zone, 'w', issued_at, false FROM tickets;
INSERT INTO queue_days SELECT 'main', 'q' || n, '2026-03-02'::date - d, 20
FROM generate_series(0, 69) AS n, generate_series(0, 90) AS d;
INSERT INTO commands SELECT n::text, 'f', '{}', '2026-03-02T09:00:00+08:00' FROM generate_series(1, 5000) AS n;
INSERT INTO contacts (hall, ticket, business_date, phone_sealed, language, told_at)
SELECT hall, id, business_date, 'k1:sealed', 'zh', CASE WHEN ordinal % 50 > 0 THEN issued_at END FROM tickets;
"""
CASES_ROWS = """
INSERT INTO cases (hall, year, serial, number, item, department, state, origin, ticket, business_date, accepted_at,
    due_on, version)
SELECT 'main', 2026, n, '2026-' || lpad(n::text, 7, '0'), 'i' || n % 600, 'd', 'accepted', 'walk_in', 't' || n / 2,
    '2026-03-02', '2026-03-02T09:00:00+08:00', '2026-03-09', 2
FROM generate_series(1, 8000) AS n;
INSERT INTO case_states (hall, number, version, state, entered_at, left_at)
SELECT hall, number, nth, 'accepted', accepted_at, CASE WHEN nth = 1 THEN accepted_at END
FROM cases, generate_series(1, 2) AS nth;
INSERT INTO items SELECT 'main', 'i' || n, 'd', 5, 'active', 1 FROM generate_series(1, 2000) AS n;
INSERT INTO item_terms SELECT 'main', 'i' || n, '[]', 1 FROM generate_series(1, 2000) AS n;
INSERT INTO joint_cases (hall, year, serial, number, procedure, project, lead, preconditioned, state, opened_at,
    version)
SELECT 'main', 2026, n, 'J2026-' || lpad(n::text, 5, '0'), 'p', 'project', 'd1', false, 'open',
    '2026-03-02T09:00:00+08:00', 1
FROM generate_series(1, 2000) AS n;
INSERT INTO joint_steps (hall, number, step, ordinal, item, department, after, state, version)
SELECT hall, number, 's' || nth, nth, 'i' || nth, 'd' || nth, '{}', 'ready', 1
FROM joint_cases, generate_series(1, 5) AS nth;
INSERT INTO joint_step_states (hall, number, step, version, state, entered_at)
SELECT hall, number, step, 1, 'ready', '2026-03-02T09:00:00+08:00' FROM joint_steps;
INSERT INTO joint_materials (hall, number, material, ordinal, name, needed_by)
SELECT hall, number, 'm' || nth, nth, 'm', '{s1}' FROM joint_cases, generate_series(1, 5) AS nth;
INSERT INTO joint_urgings (hall, id, number, step, text, urged_at)
SELECT hall, gen_random_uuid(), number, step, 'soon', '2026-03-02T09:00:00+08:00' FROM joint_steps;
"""
STATISTICS_ROWS = """
SELECT open_months(facts, ARRAY['2026-01-01', '2026-02-01', '2026-03-01']::date[])
FROM (VALUES ('ticket_facts'), ('case_facts')) AS parents (facts);
INSERT INTO ticket_facts (hall, ticket, sequence, business_date, department, item, origin, state, issued_at,
    issued_hour, misses, wait_s)
SELECT 'main', n || '-' || d, 1, '2026-03-20'::date - d, 'd' || n % 34, 'i' || n % 600, 'kiosk', 'served',
    '2026-03-02T09:00:00+08:00'::timestamptz - d * interval '1 day', 9, 0, 60
FROM generate_series(1, 200) AS n, generate_series(0, 60) AS d;
INSERT INTO case_facts (hall, number, sequence, business_date, department, item, origin, state, accepted_at,
    accepted_hour, decided_on, on_time)
SELECT hall, ticket, 1, business_date, department, item, 'walk_in', 'decided', issued_at, 9, business_date, true
FROM ticket_facts;
INSERT INTO appointment_facts (hall, appointment, sequence, business_date, department, item, channel, state, booked_at,
    lead_s)
SELECT hall, ticket, 1, business_date, department, item, 'web', 'fulfilled', issued_at, 3600 FROM ticket_facts;
INSERT INTO overtime_facts (hall, overtime, sequence, business_date, department, staff, minutes)
SELECT hall, ticket, 1, business_date, department, 'c' || issued_hour, 60 FROM ticket_facts;
INSERT INTO onsite_facts (hall, onsite_order, sequence, business_date, department, crew, state, cases)
SELECT hall, ticket, 1, business_date, department, 'c', 'done', 1 FROM ticket_facts;
INSERT INTO names SELECT 'main', 'item', 'i' || n, 'n', 'n', 1 FROM generate_series(1, 2000) AS n;
"""
ROWS = {
    "ticketing": TICKETING_ROWS,
    "cases": CASES_ROWS,
    "statistics": STATISTICS_ROWS + anomalies.ROWS,
    "appointments": appointments.ROWS,
    "dispatch": dispatch.ROWS,
}

WHERE = {"hall": "main", "business_date": TODAY, "at": AT}
SINCE = {"hall": "main", "at": AT, "since": TODAY}
KEPT = {**WHERE, "kept": '{"d1": "2026-03-01"}', "finishing": "{}"}
TICKET = {"hall": "main", "id": ID, "ticket": ID, "at": AT}
ONE_MORE = {
    "number": "A1",
    "queue": "q1",
    "department": "d0",
    "zone": "z1",
    "item": "i",
    "service_seconds": 300,
    "class_": "walk_in",
    "channel": "kiosk",
    "appointment": None,
    "phone_sealed": None,
    "phone_hash": None,
    "same_phone": 0,
    "language": None,
    "since": TODAY,
    "state": "waiting",
    "rate": 1.0,
    "reference_at": AT,
    "overdue_at": AT,
    "window": None,
    "clerk": None,
    "extended": False,
    "reason": None,
    "cutoff_override": None,
    "issued_at": AT,
    "stretch_at": AT,
    "stretch_item": "i",
    "queued": True,
    "past": "[]",
    "for_window": None,
    "called_to": None,
    "first_called_at": None,
    "called_at": None,
    "started_at": None,
    "finished_at": None,
    "service_s": None,
    "calls": 0,
    "misses": 0,
    "requeues": 0,
    "version": 2,
    "p50_s": 0,
    "p90_s": 0,
    "prefix": "A",
    "event": "{}",
    "answer": "{}",
    "command_id": "k",
    "fingerprint": "f",
}
PERIOD = {"hall": "main", "since": TODAY - timedelta(days=6), "until": TODAY}
STRETCH = {
    **PERIOD,
    "whole_since": date(2026, 2, 1),
    "whole_until": date(2026, 3, 1),
    "head_until": PERIOD["since"],
    "tail_since": date(2026, 3, 1),
}
# The queries that run for each ticket, call, case, board or page; with the small tables they may read whole.
HOT: dict[str, dict[str, tuple[dict[str, Any], set[str]]]] = {
    "ticketing": {
        "issue_ticket": ({**WHERE, **TICKET, **ONE_MORE}, set()),
        "call_next": (
            {
                **SINCE,
                "window": "1",
                "clerk": "c1",
                "zone": "z1",
                "profile": ["q1", "q2"],
                "extended": True,
                "number": None,
                "reason": None,
            },
            # Read when somebody was sent to a window, as the few rows they are.
            {"windows"},
        ),
        "ticket_of_appointment": ({"hall": "main", "appointment": ID}, set()),
        "last_call": (TICKET, set()),
        "announced": (TICKET, set()),
        "find_ticket": (TICKET, set()),
        "lock_ticket": (TICKET, set()),
        "save_ticket": ({**TICKET, **ONE_MORE}, set()),
        "change_state": ({**TICKET, **ONE_MORE, "passing": False}, set()),
        "add_state": ({**TICKET, **ONE_MORE}, set()),
        "time_served": (TICKET, set()),
        "tickets_ahead": ({**TICKET, **SINCE}, set()),
        "desks": (
            {**SINCE, "codes": ["1", "2", "3"], "since": '{"1": "2026-03-02"}', "limit": 50},
            {"windows"},
        ),
        "ticket_at_window": ({**WHERE, "window": "1"}, set()),
        "ended_days": ({**KEPT, "limit": 200}, set()),
        "long_missed": ({**KEPT, "before": AT, "limit": 200}, set()),
        "add_contact": ({**WHERE, **TICKET, **ONE_MORE}, set()),
        "approaching": ({**KEPT, "most": 3, "limit": 200}, set()),
        "paused": ({**WHERE, "closure": "c1", "queues": ["q1", "q2"], "limit": 200}, set()),
        "find_contact": (TICKET, set()),
        "same_phone": ({"hall": "main", "phone_hash": "h", "queue": "q1", "besides": ID}, set()),
        "erase_contacts": ({"hall": "main", "before": TODAY - timedelta(days=90), "limit": 200}, set()),
        "board_missed": ({**KEPT, "zones": ["z1", "z2"]}, set()),
        "queue_loads": ({**KEPT, "lately": AT - timedelta(hours=2)}, {"queues"}),
        "window_loads": (WHERE, {"windows"}),
        "usual_windows": (
            {
                "hall": "main",
                "zone": "Asia/Shanghai",
                "since": AT - timedelta(days=14),
                "midnight": AT,
                "hour_begins": time(10),
                "hour_ends": time(10, 59, 59),
            },
            set(),
        ),
        "waiting_counts": (KEPT, set()),
        "board_calling": ({"hall": "main", "zones": ["z1"]}, {"windows", "queues"}),
        "board_announcements": ({"hall": "main", "zones": ["z1"], "since": AT}, set()),
        "lock_window": ({"hall": "main", "code": "1"}, set()),
        "find_command": ({"command_id": "1"}, set()),
        "begin_command": ({"command_id": "1", "fingerprint": "f", "at": AT}, set()),
        "finish_command": ({"command_id": "1", "answer": "{}"}, set()),
    },
    "cases": {
        "item": ({"hall": "main", "code": "i7"}, set()),
        "case": ({"hall": "main", "number": "2026-0000007"}, set()),
        "case_to_change": ({"hall": "main", "number": "2026-0000007"}, set()),
        "cases_of_ticket": ({"hall": "main", "ticket": "t7"}, set()),
        "cases_of_clerk": ({"hall": "main", "clerk": "c1", "day": TODAY}, set()),
        "leave_state": ({"hall": "main", "number": "2026-0000007", "at": AT}, set()),
        "history": ({"hall": "main", "number": "2026-0000007"}, set()),
        "cases_of_numbers": ({"hall": "main", "numbers": ["2026-0000007", "2026-0000009"]}, set()),
        "corrections": ({"hall": "main", "numbers": ["2026-0000007"]}, set()),
        "joint_case_to_change": ({"hall": "main", "number": "J2026-00007"}, set()),
        "joint_steps": ({"hall": "main", "numbers": ["J2026-00007"]}, set()),
        "joint_materials": ({"hall": "main", "numbers": ["J2026-00007"]}, set()),
        "leave_step_state": ({"hall": "main", "number": "J2026-00007", "step": "s1", "at": AT}, set()),
        "step_states": ({"hall": "main", "numbers": ["J2026-00007"]}, set()),
        "urgings": ({"hall": "main", "numbers": ["J2026-00007"]}, set()),
    },
    "appointments": appointments.HOT,
    "dispatch": dispatch.HOT,
    "statistics": {
        **anomalies.HOT,
        "overview": ({"hall": "main", "day": TODAY}, {"names", "events_seen"}),
        "volumes": (
            {
                **STRETCH,
                "period_format": "YYYY",
                "group": "item",
                "dimension": "item",
                "department": None,
                "after_period": "",
                "after_group": "",
                "limit": 101,
            },
            {"names"},
        ),
        "heatmap": ({**STRETCH, "dimension": "hall_weekday_hour", "department": None}, set()),
        "report_days": ({"hall": "main", "department": None, "first": TODAY, "last": TODAY}, set()),
        "report_volumes": ({**STRETCH, "department": None}, set()),
        "appointments": ({**PERIOD, "group": "item"}, {"names"}),
        "overtime": ({**PERIOD, "group": "staff"}, {"names"}),
        "onsite": ({**PERIOD, "group": "crew"}, {"names"}),
    },
}

LARGEST = {
    "ticketing": "tickets",
    "cases": "cases",
    "statistics": "appointment_facts",
    "appointments": "appointments",
    "dispatch": "orders",
}


@contextmanager
def planning(service: str, dsn: str) -> Iterator[Planner]:
    """Plan a service's queries in a database as the service does."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        if service_class(service).data._plan_once:
            connection.execute("SET plan_cache_mode = force_generic_plan")
        queries = {**load_queries("services.chassis"), **load_queries(f"services.{service}")}
        yield Planner(service, connection, queries)


@pytest.fixture
def populated(request: pytest.FixtureRequest, database: Callable[[str], str]) -> Iterator[Planner]:
    """The database of the service that the test names, with as many rows as a busy hall has after weeks."""
    with planning(request.param, database(request.param)) as planner:
        planner.connection.execute(ROWS[request.param])
        planner.connection.execute("ANALYZE")
        yield planner


@pytest.mark.parametrize("populated", list(HOT), indirect=True)
def test_hot_queries_read_large_tables_by_an_index(populated: Planner) -> None:
    whole = {
        name: sorted(set(populated.scans(name, **params)) - allowed)
        for name, (params, allowed) in HOT[populated.service].items()
    }
    assert {name: tables for name, tables in whole.items() if tables} == {}
    table = LARGEST[populated.service]
    populated.drop_indexes(table)
    now_whole = [
        table in populated.scans(name, **params) for name, (params, _) in HOT[populated.service].items()
    ]
    assert any(now_whole), "and without its indexes the table would be read whole"


# What PostgreSQL asks when a row is written that names another: of the parent's key, in the order of the constraint.
FOREIGN_KEYS = """
SELECT conname, confrelid::regclass::text, array_agg(attname ORDER BY nth),
    array_agg(atttypid::regtype::text ORDER BY nth)
FROM pg_constraint CROSS JOIN LATERAL unnest(confkey) WITH ORDINALITY AS keys (number, nth)
JOIN pg_attribute ON attrelid = confrelid AND attnum = keys.number
WHERE contype = 'f' AND conparentid = 0 GROUP BY 1, 2
"""
# Tables of which a hall has some dozens or hundreds of rows, most of them reference data; anomalies are listed whole.
FEW = {
    "halls",
    "departments",
    "zones",
    "queues",
    "windows",
    "items",
    "names",
    "crews",
    "slot_plans",
    "events_seen",
    "anomalies",
}


@pytest.mark.parametrize("service", list(HOT))
def test_a_new_hall_finds_rows_by_their_whole_key(service: str, database: Callable[[str], str]) -> None:
    """Before the first ANALYZE all indexes that begin with `hall` look alike; connections keep the plans made then."""
    with planning(service, database(service)) as planner:
        plans = {name: planner.plan(name, **params) for name, (params, _) in HOT[service].items()}
        for name, parent, columns, types in planner.connection.execute(FOREIGN_KEYS).fetchall():
            condition = " AND ".join(f'"{each}" = ${nth}' for nth, each in enumerate(columns, 1))
            statement = f"SELECT FROM ONLY {parent} x WHERE {condition} FOR KEY SHARE OF x"
            plans[name] = planner.explain(statement, [None] * len(columns), f"({', '.join(types)})")
        read = {name: planner.read_for_the_hall(plan) for name, plan in plans.items()}
    assert {name: indexes for name, indexes in read.items() if indexes} == {}


@pytest.mark.parametrize("populated", ["ticketing"], indirect=True)
def test_the_order_of_a_queue_is_computed_without_calling_functions(populated: Planner) -> None:
    """Seen to fail: a function declared more stable than its body is called for each waiting ticket."""
    params, _ = HOT["ticketing"]["call_next"]
    assert "call_" not in str(populated.plan("call_next", **params))
