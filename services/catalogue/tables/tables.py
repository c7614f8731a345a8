"""Reading tables: every problem is named by file (or sheet), line and field."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError

from services.catalogue.tables.faults import Fault


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong with one field; line 0 stands for the file as a whole."""

    file: str
    line: int
    field: str
    message: Fault

    def __str__(self) -> str:
        """Return the problem as an editor can jump to it, `items.csv:12: queue: …`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


@dataclass(frozen=True)
class Row:
    """One row: the line it begins on and its values; a refused row has those that are right, and its code."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Table:
    """The rows of one file, and what is wrong with them."""

    file: str
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read_table(path: Path, schema: Schema) -> Table:
    """Read one CSV file (UTF-8, header row) whose columns are the schema's fields.

    A byte order mark is skipped, since spreadsheets write one. A row without any value is skipped too.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            records = list(_numbered(file))
    except FileNotFoundError:
        return unreadable(path.name, 0, Fault("file_missing"))
    except UnicodeDecodeError as exc:
        return unreadable(path.name, 0, Fault("not_utf8", where=f"byte {exc.start}: {exc.reason}"))
    except OSError as exc:
        return unreadable(path.name, 0, Fault("file_unreadable", reason=exc.strerror))
    except NotCsv as exc:
        return unreadable(path.name, exc.line, Fault("not_csv", reason=exc))
    if not records:
        return unreadable(path.name, 0, Fault("header_missing"))
    return check(path.name, records, schema)


class NotCsv(Exception):
    """A line breaks the rules of quoting."""

    def __init__(self, line: int, reason: str) -> None:
        """Keep the line the reader had come to."""
        self.line = line
        super().__init__(reason)


def unreadable(name: str, line: int, message: Fault) -> Table:
    """Return a table of which nothing could be read."""
    return Table(name, (), (Problem(name, line, "", message),))


def _numbered(file: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it begins on; a quoted field may span several lines."""
    reader = csv.reader(file, strict=True)
    begins = 1
    try:
        for record in reader:
            yield begins, record
            begins = reader.line_num + 1
    except csv.Error as exc:
        raise NotCsv(begins, str(exc)) from exc


def check(name: str, records: Sequence[tuple[int, Sequence[str]]], schema: Schema) -> Table:
    """Check records, each with the line it begins on; the first has the names of columns.

    A cell that could not be read is its fault.
    """
    first, names = records[0]
    header = [column.strip() for column in names]
    if wrong := tuple(_header_problems(name, first, header, schema)):
        return Table(name, (), wrong)
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, record in records[1:]:
        if any(cell.strip() for cell in record):
            row, found = _read_row(line, record, header, schema)
            rows.append(row)
            problems.extend(Problem(name, line, field, fault) for field, fault in found)
    if not rows:
        return unreadable(name, 0, Fault("no_rows"))
    return Table(name, tuple(rows), tuple(problems))


def _header_problems(name: str, line: int, header: list[str], schema: Schema) -> Iterator[Problem]:
    for column in schema.fields:
        if column not in header:
            yield Problem(name, line, column, Fault("column_missing"))
    for position, column in enumerate(header):
        if column not in schema.fields:
            yield Problem(name, line, column, Fault("column_unknown", known=", ".join(schema.fields)))
        elif column in header[:position]:
            yield Problem(name, line, column, Fault("column_twice"))


def _read_row(
    line: int, record: Sequence[str], header: list[str], schema: Schema
) -> tuple[Row, list[tuple[str, Fault]]]:
    """Return the row and what is wrong with it, as pairs of field and fault."""
    cells = dict(zip(header, record, strict=False))
    broken = {column: cell for column, cell in cells.items() if isinstance(cell, Fault)}
    raw = {column: cell.strip() for column, cell in cells.items() if column not in broken}
    # Kept even when the row is refused: other rows that name it are not wrong for that.
    known = {"code": raw["code"]} if raw.get("code") else {}
    if len(record) != len(header):
        return Row(line, known), [("", Fault("values_for_columns", values=len(record), columns=len(header)))]
    try:
        return Row(line, schema.load(raw)), []
    except ValidationError as exc:
        right = exc.valid_data if isinstance(exc.valid_data, dict) else {}
        wrong = [(column, fault) for column, fault in _flat(exc.messages_dict) if column not in broken]
        return Row(line, known | right), [*broken.items(), *wrong]


def _flat(messages: Mapping[str, Any]) -> Iterator[tuple[str, Fault]]:
    for field, found in messages.items():
        for message in found:
            yield field, message
