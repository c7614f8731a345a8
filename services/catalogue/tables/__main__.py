"""Reads or writes a workbook in a process of its own, by JSON: `python -m services.catalogue.tables`."""

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from services.catalogue.tables.faults import Fault
from services.catalogue.tables.hall import HallInvalid, tables_of
from services.catalogue.tables.headings import sheet_of
from services.catalogue.tables.reading import read_workbook
from services.catalogue.tables.rows import FILES
from services.catalogue.tables.tables import Problem
from services.catalogue.tables.writing import write_workbook

MOST_FAULTS = 2000


def read(content: bytes) -> dict[str, Any]:
    """Return what a workbook says: its `tables`, or its `faults`."""
    try:
        return {"tables": tables_of(read_workbook(content)), "faults": []}
    except HallInvalid as exc:
        return {"tables": None, "faults": faults_of(exc.problems)}


def faults_of(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Return problems in the order of the workbook; of more than anybody mends at once how many there are besides."""
    told = sorted(problems, key=_place)[:MOST_FAULTS]
    if len(told) < len(problems):
        told.append(Problem("", 0, "", Fault("further_faults", count=len(problems) - len(told))))
    return [_fault(each) for each in told]


def _place(problem: Problem) -> tuple[int, int]:
    """Return where a problem stands: sheets are in the order of the workbook, what is of none comes first."""
    sheets = [sheet_of(name) for name in FILES]
    return sheets.index(problem.file) if problem.file in sheets else -1, problem.line


def _fault(problem: Problem) -> dict[str, Any]:
    return {
        "sheet": problem.file,
        "row": problem.line or None,
        "column": problem.field,
        "code": problem.message.code,
        "reason": problem.message.chinese,
        "reason_en": str(problem.message),
    }


def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Read the workbook that is given, or write one of the tables that are."""
    if "content" in asked:
        return read(b64decode(asked["content"]))
    return {"content": b64encode(write_workbook(asked["tables"])).decode()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(answer(json.load(sys.stdin))))
