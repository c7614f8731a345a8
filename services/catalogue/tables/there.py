"""The tables of a hall as it is, from what the services say of themselves."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from services.catalogue.tables.checks import across
from services.catalogue.tables.hall import Record
from services.catalogue.tables.rows import FILES, OPTIONAL
from services.catalogue.tables.sending import CATALOGUE_TABLES, CHANNELS, Call
from services.catalogue.tables.tables import Row, Table

# Who is asked for what.
QUESTIONS = {
    "catalogue": ("catalogue", "hall_tables"),
    "clerks": ("identity", "list_clerks"),
    "plans": ("appointments", "list_slot_plans"),
    "crews": ("dispatch", "list_crews"),
    "rules": ("quality", "list_assessment_rules"),
    "procedures": ("cases", "list_joint_procedures"),
}
_CREW = ("code", "name", "name_en", "department", "members", "least_members")

_OF_PROCEDURES = ("procedures", "procedure_steps", "procedure_materials")

Told = Mapping[str, Any]


def ask_all(call: Call) -> dict[str, Any]:
    """Ask every service for its part of the tables."""
    return {name: call(service, method, {}) for name, (service, method) in QUESTIONS.items()}


def tables_there(told: Told, *, today: str) -> dict[str, list[Record]]:
    """Return the rows of all tables of a hall as it is.

    What a table cannot say stays out, and loading the others does not touch it: plans that are over, crews with days
    off, breaks or several shifts of their own, procedures that are withdrawn, and what names an item that is offered no
    more or a member who is no clerk.

    Args:
        told: what the services answered to `QUESTIONS`.
        today: the hall's business date.
    """
    catalogue = told["catalogue"]
    procedures = [_named(each) for each in told["procedures"]["items"] if each["state"] == "active"]
    found = {
        "hall": [catalogue["hall"]] if catalogue["hall"] else [],
        **{name: catalogue[name] for name in CATALOGUE_TABLES},
        "clerks": told["clerks"]["items"],
        "slot_plans": [
            _plan(each) for each in told["plans"]["items"] if (each.get("valid_to") or today) >= today
        ],
        "crews": [_crew(each) for each in told["crews"]["items"] if _is_plain(each)],
        "assessment": list(told["rules"]),
        "procedures": procedures,
        "procedure_steps": _parts(procedures, "steps"),
        "procedure_materials": _parts(procedures, "materials"),
    }
    return _sound({name: [_fitting(name, row) for row in found[name]] for name in FILES})


def _sound(tables: dict[str, list[Record]]) -> dict[str, list[Record]]:
    """Return tables without what would be a fault in those that may be empty; a procedure goes with its parts."""
    while True:
        as_read = {name: Table(name, tuple(map(Row, count(), rows)), ()) for name, rows in tables.items()}
        wrong = {
            (problem.file, _whole(problem.file, tables[problem.file][problem.line]))
            for problem in across(as_read)
            if problem.file in OPTIONAL
        }
        wrong |= {(name, code) for table, code in wrong if table in _OF_PROCEDURES for name in _OF_PROCEDURES}
        if not wrong:
            return tables
        tables = {
            name: [row for row in rows if (name, _whole(name, row)) not in wrong]
            for name, rows in tables.items()
        }


def _whole(table: str, row: Record) -> str:
    """Return the code of what a row is, or is a part of."""
    return str(row.get("procedure") if table in _OF_PROCEDURES[1:] else row.get("code"))


def _fitting(table: str, row: Record) -> Record:
    """Return a row with the columns of its table, in their order."""
    return {column: row.get(column) for column in _COLUMNS[table]}


_COLUMNS = {name: tuple(schema().fields) for name, schema in FILES.items()}


def _plan(plan: Record) -> Record:
    return {**plan, **{channel: plan["quotas"].get(channel, 0) for channel in CHANNELS}}


def _is_plain(crew: Record) -> bool:
    times = {(each["starts"], each["ends"]) for each in crew["shifts"]}
    breaks = any(each.get("breaks") is not None for each in crew["shifts"])
    return len(times) == 1 and not breaks and not crew["days_off"] and bool(crew.get("name_en"))


def _crew(crew: Record) -> Record:
    shift = crew["shifts"][0]
    return {
        **{name: crew[name] for name in (*_CREW, "capacity")},
        **crew["skills"],
        **crew["start"],
        "weekdays": [each["weekday"] for each in crew["shifts"]],
        "starts": shift["starts"],
        "ends": shift["ends"],
    }


def _named(row: Record) -> Record:
    return {**row, "name_en": row.get("name_en") or ""}


def _parts(procedures: list[Record], kind: str) -> list[Record]:
    return [
        {**_named(part), "procedure": procedure["code"]}
        for procedure in procedures
        for part in procedure[kind]
    ]
