"""pgbench on a database of its own, beside the hall's on the same server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg

SCRIPTS = Path(__file__).parent / "pgbench"
NAME = "hallflow_bench"


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


def inserts_per_second(admin_dsn: str, clients: int, seconds: float) -> float:
    """Return how many ticket issues a second PostgreSQL alone takes: the same rows in one statement.

    Args:
        admin_dsn: an account that may create databases.
        clients: connections at once.
        seconds: how long.
    """
    server = urlsplit(admin_dsn)
    dsn = urlunsplit(server._replace(path=f"/{NAME}"))
    # The password goes by the environment, so that no message about a failed command shows it.
    address = f"postgresql://{server.username}@{server.hostname}:{server.port}/{NAME}"
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {NAME}")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute((SCRIPTS / "schema.sql").read_text())
    command = [pgbench(), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", f"{seconds:.0f}"]
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's, with arguments of our own
        [*command, "-f", str(SCRIPTS / "issue.sql"), address],
        env=os.environ | {"PGPASSWORD": unquote(server.password or "")},
        check=True,
        capture_output=True,
        text=True,
    )
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    if rate is None:
        raise RuntimeError(f"pgbench printed no rate: {done.stdout}")
    return round(float(rate[1]), 1)
