"""pgbench on a database of its own, beside the hall's on the same server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg

SERVICES = Path(__file__).parent.parent / "services"
NAME = "hallflow_bench"
QUEUES = 60
BIG = 2**62
ADD_QUEUES = """
    INSERT INTO queues (hall, code, prefix, name, name_en, department, zone, max_wait_s, rates, sequence)
    SELECT 'main', 'queue-' || n, 'A', '', '', 'department', 'A', 2700, '{}', 1 FROM generate_series(1, %(queues)s) AS n
"""
ID = "(lpad(to_hex(:high::bigint), 16, '0') || lpad(to_hex(:low::bigint), 16, '0'))::uuid"
VALUES = {
    "hall": "'main'", "queue": "'queue-' || :queue::text", "business_date": "'2026-03-02'::date", "prefix": "'A'",
    "id": ID, "department": "'department'", "zone": "'A'", "item": "'department-0001'", "service_seconds": "600",
    "class_": "'walk_in'", "channel": "'kiosk'", "rate": "1", "reference_at": "now()",
    "overdue_at": "now() + interval '45 minutes'", "extended": "false", "reason": "NULL",
    "cutoff_override": "'benchmark'", "appointment": "NULL",
    "since": "'2026-03-02'::date", "issued_at": "now()", "p50_s": "300", "p90_s": "600",
    "stretch_at": "now()", "stretch_item": "'department-0001'",
    "command_id": f"'kiosk:' || {ID}", "fingerprint": f"'{'0123456789abcdef' * 4}'",
}  # fmt: skip
SOME_ID, SOME_TIME = "0198f3a2-1111-7222-8333-444455556666", "2026-03-02T09:05:00.000000+08:00"
TICKET = {
    "id": SOME_ID, "number": "", "hall": "main", "queue": "queue-00", "department": "department",
    "item": "department-0001", "class": "walk_in", "channel": "kiosk", "state": "waiting", "window": None,
    "issued_at": SOME_TIME, "called_at": None, "started_at": None, "finished_at": None,
}  # fmt: skip
ANSWER = TICKET | {"ahead": None, "estimate": {"p50_s": 300, "p90_s": 600}}
EVENT = {
    "specversion": "1.0", "id": SOME_ID, "source": "/hallflow/ticketing", "type": "ticketing.ticket.issued",
    "subject": SOME_ID, "time": SOME_TIME, "datacontenttype": "application/json", "hall": "main", "sequence": 1,
    "callid": SOME_ID,
    "data": TICKET | {
        "business_date": "2026-03-02", "zone": "A", "clerk": None, "extended": False, "reference_at": SOME_TIME,
        "appointment": None, "first_called_at": None, "calls": 0, "misses": 0, "requeues": 0, "wait_s": None,
        "service_s": None, "p50_s": 300, "p90_s": 600,
    },
}  # fmt: skip


def pgbench() -> str:
    """Return the program, which Debian keeps beside the server.

    Raises:
        FileNotFoundError: it is not installed.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    program = str(found[-1]) if found else shutil.which("pgbench")
    if program is None:
        raise FileNotFoundError("pgbench is not installed: apt-get install postgresql-contrib")
    return program


@contextmanager
def fresh(admin_dsn: str, name: str) -> Iterator[str]:
    """Give the DSN of a database with ticketing's tables and some queues, which is dropped at the end.

    Args:
        admin_dsn: an account that may create databases.
        name: of the database; one that is left from before is dropped.
    """
    dsn = urlunsplit(urlsplit(admin_dsn)._replace(path=f"/{name}"))
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    try:
        with psycopg.connect(dsn, autocommit=True) as connection:
            for migration in migrations():
                connection.execute(migration.read_text("utf-8"))
            connection.execute(ADD_QUEUES, {"queues": QUEUES})
        yield dsn
    finally:
        with psycopg.connect(admin_dsn, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def inserts(admin_dsn: str) -> Iterator[Callable[[int, float], float]]:
    """Give what measures how many tickets a second PostgreSQL alone issues, by ticketing's own statement and tables.

    It takes how many connections there are at once and for how many seconds.

    Args:
        admin_dsn: an account that may create databases.
    """
    server = urlsplit(admin_dsn)
    # The password goes by the environment, so that no message about a failed command shows it.
    address = f"postgresql://{server.username}@{server.hostname}:{server.port}/{NAME}"

    def per_second(clients: int, seconds: float) -> float:
        command = [pgbench(), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", f"{seconds:.0f}"]
        done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's, with arguments of our own
            [*command, "-f", script.name, address],
            env=os.environ | {"PGPASSWORD": unquote(server.password or "")},
            check=True,
            capture_output=True,
            text=True,
        )
        rate = re.search(r"tps = ([\d.]+)", done.stdout)
        if rate is None:
            raise RuntimeError(f"pgbench printed no rate: {done.stdout}")
        return float(rate[1])

    with fresh(admin_dsn, NAME), NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as script:
        script.write(issue_script())
        script.flush()
        yield per_second


def migrations() -> list[Path]:
    """Return the files that make ticketing's tables, in their order."""
    return [
        path
        for owner in ("chassis", "ticketing")
        for path in sorted((SERVICES / owner).glob("migrations/*.sql"))
    ]


def issue_script() -> str:
    """Return ticketing's statement as a script of pgbench: each parameter has a value of the usual kind and length."""
    drawn = {"queue": QUEUES, "high": BIG, "low": BIG}
    return "".join(f"\\set {name} random(1, {most})\n" for name, most in drawn.items()) + issue_statement()


def issue_statement(**instead: str) -> str:
    """Return ticketing's statement with values for its parameters; `instead` has other texts for some.

    The texts in which it puts the number have a space after each colon, since pgbench takes `:name` for a variable.
    """
    text = (SERVICES / "ticketing" / "queries.sql").read_text("utf-8")
    statement = text.partition("-- name: issue_ticket\n")[2].partition("-- name:")[0]
    statement = statement.replace('":', '": ')
    values = {**VALUES, "event": quoted(EVENT), "answer": quoted(ANSWER), **instead}
    return re.sub(r"%\((\w+)\)s", lambda found: values[found[1]], statement)


def quoted(content: Mapping[str, Any]) -> str:
    """Return a JSON document as an SQL literal."""
    return "'" + json.dumps(content) + "'"
