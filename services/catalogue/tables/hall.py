"""A hall as its tables describe it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.catalogue.tables.checks import across
from services.catalogue.tables.rows import FILES, OPTIONAL
from services.catalogue.tables.tables import Problem, Table, read_table

Record = dict[str, Any]


class HallInvalid(Exception):
    """The tables of the hall are wrong; `problems` says where."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep all problems, ordered by file and line."""
        self.problems = sorted(problems)
        super().__init__(f"{len(self.problems)} problems in the tables of the hall")


@dataclass(frozen=True)
class Hall:
    """A hall as its tables describe it, each row a plain dict."""

    hall: Record
    departments: list[Record]
    zones: list[Record]
    chains: list[Record]
    queues: list[Record]
    windows: list[Record]
    clerks: list[Record]
    items: list[Record]
    hours: list[Record]
    calendar: list[Record]
    slot_plans: list[Record]
    crews: list[Record]
    assessment: list[Record]
    procedures: list[Record]
    procedure_steps: list[Record]
    procedure_materials: list[Record]


def read_hall(folder: Path) -> Hall:
    """Read and check the tables of a folder.

    Raises:
        HallInvalid: with every problem found, not only the first.
    """
    return sound({name: _read(folder / f"{name}.csv") for name in FILES})


def sound(tables: Mapping[str, Table], problems: Sequence[Problem] = ()) -> Hall:
    """Return the hall of some tables, once they are right in themselves and together.

    Args:
        tables: all of them.
        problems: what was wrong with what they were read from.

    Raises:
        HallInvalid: with every problem found, not only the first.
    """
    found = [
        *problems,
        *(problem for table in tables.values() for problem in table.problems),
        *across(tables),
    ]
    if found:
        raise HallInvalid(found)
    return hall_of({name: [row.values for row in table.rows] for name, table in tables.items()})


def hall_of(tables: Mapping[str, list[Record]]) -> Hall:
    """Return the hall of the rows of all tables."""
    others = {name: rows for name, rows in tables.items() if name != "hall"}
    return Hall(hall=tables["hall"][0], **others)


def tables_of(hall: Hall) -> dict[str, list[Record]]:
    """Return the rows of all tables of a hall."""
    return {name: [hall.hall] if name == "hall" else getattr(hall, name) for name in FILES}


def _read(path: Path) -> Table:
    if path.stem in OPTIONAL and not path.exists():
        return Table(path.name, (), ())
    return read_table(path, FILES[path.stem]())
