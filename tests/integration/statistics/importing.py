"""Files taken into a database of statistics, in the process of the test."""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from services.chassis.db import Database
from services.statistics.importing import import_file
from services.statistics.imports.domain.imports import Import
from services.statistics.store import Store

ITEMS = {"drc-001": "drc", "market-001": "market", "market-002": "market"}
HEADER = "number,item,accepted_at,due_on,decided_at,origin"
ROW = {
    "number": "2011-0000001",
    "item": "market-001",
    "accepted_at": "2011-05-03T09:10:11+08:00",
    "due_on": "2011-05-10",
    "decided_at": "2011-05-05T16:00:00+08:00",
    "origin": "walk_in",
}


def line(**other: str) -> str:
    """Return a line of cases: a sound one but for what is given."""
    return ",".join({**ROW, **other}.values())


def lines(count: int, *, first: int = 1, **other: str) -> list[str]:
    """Return sound lines of numbers that follow one another, over several days and months."""
    return [
        line(
            number=f"2011-{n:07d}",
            item=list(ITEMS)[n % 3],
            accepted_at=f"2011-0{1 + n % 3}-{1 + n % 28:02d}T{9 + n % 8:02d}:00:00+08:00",
            due_on="2011-06-30",
            decided_at="" if n % 7 == 0 else f"2011-0{4 + n % 2}-01T10:00:00+08:00",
            origin=("walk_in", "phone", "extended", "on_site")[n % 4],
            **other,
        )
        for n in range(first, first + count)
    ]


def written(path: Path, rows: Sequence[str], *, header: str = HEADER) -> Path:
    """Write a file, compressed when its name says so."""
    text = "\n".join([header, *rows]) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


class Importer:
    """Statistics' database with a small catalogue, and the command that takes files in."""

    def __init__(self, database: Database[Store]) -> None:
        """Fill in the catalogue."""
        self.database = database
        with database.connect() as connection:
            for code, department in ITEMS.items():
                connection.execute(
                    "INSERT INTO items VALUES ('main', %s, %s, 'public_service', 'active', '2004-05-10', 1)",
                    [code, department],
                )
            for department in sorted(set(ITEMS.values())):
                connection.execute("INSERT INTO departments VALUES ('main', %s, true, 1)", [department])

    def take(self, path: Path, kind: str = "cases") -> Import:
        """Take a file in as the command does."""
        from services.statistics.importing import _progress

        with _progress() as progress:
            return import_file(self.database, kind, path, progress)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Ask the database."""
        with self.database.connect() as connection:
            return list(connection.execute(query.encode()).fetchall())

    def refused(self, work: Import) -> Mapping[int, str]:
        """Return the reasons by line."""
        found = self.rows(f"SELECT line, reason FROM import_refusals WHERE import = '{work.id}'")  # noqa: S608
        return {row["line"]: row["reason"] for row in found}

    def require_sums_of_facts(self) -> None:
        """Make sure that the sums are what a recount gives."""
        counted = self.rows("SELECT * FROM volumes ORDER BY grain, dimension, period, department, key")
        with self.database.transaction() as store:
            connection = store._connection
            for month in connection.execute(
                "SELECT DISTINCT date_trunc('month', day)::date AS m FROM (SELECT business_date AS day FROM case_facts"
                " UNION SELECT decided_on FROM case_facts WHERE decided_on IS NOT NULL) AS days"
            ).fetchall():
                connection.execute("SELECT recount_volumes(%s)", [month["m"]])
        assert (
            self.rows("SELECT * FROM volumes ORDER BY grain, dimension, period, department, key") == counted
        )
