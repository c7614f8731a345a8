"""Reading CSV tables: every problem is named by file, line and field."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong with one field; line 0 stands for the file as a whole."""

    file: str
    line: int
    field: str
    message: str

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
        return _unreadable(path.name, 0, "the file is missing")
    except UnicodeDecodeError as exc:
        return _unreadable(path.name, 0, f"the file is not UTF-8 (byte {exc.start}: {exc.reason})")
    except OSError as exc:
        return _unreadable(path.name, 0, f"the file cannot be read: {exc.strerror}")
    except NotCsv as exc:
        return _unreadable(path.name, exc.line, f"this is not CSV: {exc}")
    if not records:
        return _unreadable(path.name, 0, "the file is empty, it needs a header row")
    return _check(path.name, records, schema)


class NotCsv(Exception):
    """A line breaks the rules of quoting."""

    def __init__(self, line: int, reason: str) -> None:
        """Keep the line the reader had come to."""
        self.line = line
        super().__init__(reason)


def _unreadable(name: str, line: int, message: str) -> Table:
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


def _check(name: str, records: list[tuple[int, list[str]]], schema: Schema) -> Table:
    header = [column.strip() for column in records[0][1]]
    if wrong := tuple(_header_problems(name, header, schema)):
        return Table(name, (), wrong)
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, record in records[1:]:
        if any(cell.strip() for cell in record):
            row, found = _read_row(line, record, header, schema)
            rows.append(row)
            problems.extend(Problem(name, line, field, message) for field, message in found)
    if not rows:
        return _unreadable(name, 0, "the file has no rows")
    return Table(name, tuple(rows), tuple(problems))


def _header_problems(name: str, header: list[str], schema: Schema) -> Iterator[Problem]:
    for column in schema.fields:
        if column not in header:
            yield Problem(name, 1, column, "the column is missing")
    for position, column in enumerate(header):
        if column not in schema.fields:
            yield Problem(name, 1, column, f"there is no such column; known are {', '.join(schema.fields)}")
        elif column in header[:position]:
            yield Problem(name, 1, column, "the column is there twice")


def _read_row(
    line: int, record: list[str], header: list[str], schema: Schema
) -> tuple[Row, list[tuple[str, str]]]:
    """Return the row and what is wrong with it, as pairs of field and message."""
    raw = dict(zip(header, (cell.strip() for cell in record), strict=False))
    # Kept even when the row is refused: other rows that name it are not wrong for that.
    known = {"code": raw["code"]} if raw.get("code") else {}
    if len(record) != len(header):
        return Row(line, known), [("", f"{len(record)} values for {len(header)} columns")]
    try:
        return Row(line, schema.load(raw)), []
    except ValidationError as exc:
        right = exc.valid_data if isinstance(exc.valid_data, dict) else {}
        return Row(line, known | right), list(_flat(exc.messages_dict))


def _flat(messages: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field, found in messages.items():
        for message in found:
            yield field, str(message)
