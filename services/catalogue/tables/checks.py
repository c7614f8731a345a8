"""What the tables must be together: nothing twice, nothing that refers to what is not there."""

from collections.abc import Callable, Iterator, Mapping

from services.catalogue.tables.faults import Fault
from services.catalogue.tables.tables import Problem, Row, Table

Tables = Mapping[str, Table]

UNIQUE = (
    ("departments", ("code",)),
    ("zones", ("code",)),
    ("chains", ("code",)),
    ("queues", ("code",)),
    ("queues", ("prefix",)),
    ("windows", ("code",)),
    ("clerks", ("username",)),
    ("clerks", ("window",)),
    ("items", ("code",)),
    ("items", ("department", "name")),
    ("hours", ("department", "weekday")),
    ("calendar", ("day",)),
    ("slot_plans", ("code",)),
    ("crews", ("code",)),
    ("assessment", ("code", "valid_from")),
    ("procedures", ("code",)),
    ("procedure_steps", ("procedure", "step")),
    ("procedure_steps", ("procedure", "item")),
    ("procedure_materials", ("procedure", "material")),
)
# Any number of clerks have no window of their own.
_SEATS = ("clerks", ("window",))
# The demo account that may be in a crew beside the clerks.
DEMO_CREW = "crew"
# (table, its field, the table it names, what one of those is called)
REFERENCES = (
    ("queues", "department", "departments", "department"),
    ("queues", "zone", "zones", "zone"),
    ("windows", "department", "departments", "department"),
    ("windows", "zone", "zones", "zone"),
    ("windows", "queues", "queues", "queue"),
    ("clerks", "department", "departments", "department"),
    ("clerks", "window", "windows", "window"),
    ("items", "department", "departments", "department"),
    ("items", "queue", "queues", "queue"),
    ("items", "chains", "chains", "chain"),
    ("hours", "department", "departments", "department"),
    ("slot_plans", "department", "departments", "department"),
    ("slot_plans", "items", "items", "item"),
    ("crews", "department", "departments", "department"),
    ("crews", "departments", "departments", "department"),
    ("crews", "items", "items", "item"),
    ("procedures", "lead", "departments", "department"),
    ("procedure_steps", "procedure", "procedures", "procedure"),
    ("procedure_steps", "item", "items", "item"),
    ("procedure_materials", "procedure", "procedures", "procedure"),
)
# (table, its field that names another, that other table): both must be of the same department
SAME_DEPARTMENT = (
    ("items", "queue", "queues"),
    ("clerks", "window", "windows"),
    ("slot_plans", "items", "items"),
)


def across(tables: Tables) -> Iterator[Problem]:
    """Yield every problem between the rows of all tables."""
    checks: tuple[Callable[[Tables], Iterator[Problem]], ...] = (
        _twice,
        _unknown,
        _foreign,
        _unserved,
        _without_queue,
        _one_hall,
        _whole_hall,
        _not_bookable,
        _strange_members,
        _strange_steps,
    )
    for check in checks:
        yield from check(tables)


def _twice(tables: Tables) -> Iterator[Problem]:
    for name, fields in UNIQUE:
        first: dict[tuple[str, ...], int] = {}
        for row in tables[name].rows:
            if not row.values.keys() >= set(fields):
                continue
            if (name, fields) == _SEATS and row.values["window"] is None:
                continue
            key = tuple(str(row.values[field] or "whole hall") for field in fields)
            line = first.setdefault(key, row.line)
            if line != row.line:
                shown = ", ".join(key)
                yield Problem(
                    tables[name].file, row.line, fields[-1], Fault("already", value=shown, line=line)
                )


def _named(row: Row, field: str) -> list[str]:
    value = row.values.get(field)
    return value if isinstance(value, list) else [] if value is None else [value]


def _every(table: Table, field: str) -> set[str]:
    return {name for row in table.rows for name in _named(row, field)}


def _unknown(tables: Tables) -> Iterator[Problem]:
    for name, field, target, noun in REFERENCES:
        known = _every(tables[target], "code")
        # A table that could not be read is one problem, not one for each row that names something in it.
        for row in tables[name].rows if known or not tables[target].problems else ():
            for code in _named(row, field):
                if code not in known:
                    yield Problem(tables[name].file, row.line, field, Fault(f"unknown_{noun}", value=code))


def _foreign(tables: Tables) -> Iterator[Problem]:
    for name, field, target in SAME_DEPARTMENT:
        owners = {row.values.get("code"): row.values.get("department") for row in tables[target].rows}
        for row in tables[name].rows:
            own = row.values.get("department")
            for code in _named(row, field):
                owner = owners.get(code)
                if own and owner and owner != own:
                    message = Fault("of_another_department", value=code, owner=owner, own=own)
                    yield Problem(tables[name].file, row.line, field, message)


def _unserved(tables: Tables) -> Iterator[Problem]:
    yield from _left_out(tables["queues"], _every(tables["windows"], "queues"), "queue_unserved")


def _without_queue(tables: Tables) -> Iterator[Problem]:
    yield from _left_out(
        tables["departments"], _every(tables["queues"], "department"), "department_without_queue"
    )


def _left_out(table: Table, named: set[str], fault: str) -> Iterator[Problem]:
    for row in table.rows if named else ():
        for code in _named(row, "code"):
            if code not in named:
                yield Problem(table.file, row.line, "code", Fault(fault, value=code))


def _one_hall(tables: Tables) -> Iterator[Problem]:
    for row in tables["hall"].rows[1:]:
        message = Fault("another_hall")
        yield Problem(tables["hall"].file, row.line, "code", message)


def _whole_hall(tables: Tables) -> Iterator[Problem]:
    hours = tables["hours"]
    if hours.rows and all(row.values.get("department") for row in hours.rows):
        message = Fault("no_hours_of_hall")
        yield Problem(hours.file, 0, "department", message)


def _not_bookable(tables: Tables) -> Iterator[Problem]:
    walk_in = {
        row.values.get("code")
        for row in tables["departments"].rows
        if row.values.get("offers_three_services") is False
    }
    told = (
        ("slot_plans", "department", "not_bookable"),
        ("crews", "departments", "not_visiting"),
    )
    for name, field, fault in told:
        for row in tables[name].rows:
            for department in _named(row, field):
                if department in walk_in:
                    message = Fault(fault, value=department)
                    yield Problem(tables[name].file, row.line, field, message)


def _strange_members(tables: Tables) -> Iterator[Problem]:
    crews, clerks = tables["crews"], _every(tables["clerks"], "username")
    first: dict[str, int] = {}
    for row in crews.rows:
        for member in _named(row, "members"):
            line = first.setdefault(member, row.line)
            if line != row.line:
                yield Problem(
                    crews.file, row.line, "members", Fault("in_another_crew", value=member, line=line)
                )
            elif clerks and member not in clerks and member != DEMO_CREW:
                yield Problem(crews.file, row.line, "members", Fault("unknown_clerk", value=member))


def _strange_steps(tables: Tables) -> Iterator[Problem]:
    steps = {(row.values.get("procedure"), row.values.get("step")) for row in tables["procedure_steps"].rows}
    for name, field in (("procedure_steps", "after"), ("procedure_materials", "needed_by")):
        for row in tables[name].rows:
            for step in _named(row, field):
                if (row.values.get("procedure"), step) not in steps:
                    yield Problem(tables[name].file, row.line, field, Fault("unknown_step", value=step))
