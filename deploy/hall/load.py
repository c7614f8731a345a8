"""Load a hall from its tables: `python -m deploy.hall.load [DIR]`.

Everything is checked before anything is sent. It can be run again: what is there already is brought to what
the tables say. Exit codes: 0 loaded, 1 a service or the bus did not take it, 2 the tables are wrong.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

from deploy.hall.checks import across
from deploy.hall.rows import FILES, OPTIONAL
from deploy.hall.tables import Problem, Table, read_table
from services.chassis.bus import Bus, BusError, RemoteProblem
from services.chassis.clock import business_date, now
from services.chassis.config import settings

REFERENCE = Path(__file__).parent
LOAD_TIMEOUT_S = 120.0
HEARD_TIMEOUT_S = 60.0
SOON_S = 10.0
# Services that have promised people something.
PROMISING = ("appointments", "ticketing", "cases", "dispatch")
MOST_DAYS_OFF = 366
MOST_ITEMS = 700
DRY_RUN = "--dry-run"
# Services with the kind of copies by which is told that they have heard of the hall.
HEARERS = {
    **dict.fromkeys(("ticketing", "cases", "appointments", "dispatch", "statistics"), "items"),
    "quality": "departments",
}
CATALOGUE_TABLES = ("departments", "zones", "queues", "windows", "items", "chains", "hours", "calendar")

# Each has places kept for it in a slot plan.
CHANNELS = ("web", "phone", "window")

Record = dict[str, Any]
Call = Callable[[str, str, Mapping[str, Any]], Any]
Say = Callable[[str], object]


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
    tables = {name: _read(folder / f"{name}.csv") for name in FILES}
    problems = [problem for table in tables.values() for problem in table.problems]
    problems += across(tables)
    if problems:
        raise HallInvalid(problems)
    rows = {name: _records(table) for name, table in tables.items()}
    return Hall(hall=rows.pop("hall")[0], **rows)


def _read(path: Path) -> Table:
    if path.stem in OPTIONAL and not path.exists():
        return Table(path.name, (), ())
    return read_table(path, FILES[path.stem]())


def _records(table: Table) -> list[Record]:
    return [row.values for row in table.rows]


def calendar_warnings(calendar: Sequence[Mapping[str, Any]], *, today: date) -> Iterator[str]:
    """Yield what is missing for due dates of this year and the next to be right."""
    for year in (today.year, today.year + 1):
        days = [row for row in calendar if row["day"].startswith(f"{year}-")]
        if not days:
            yield f"calendar.csv has no days of {year}: due dates in it will count holidays as working days"
        elif not any(row["working"] for row in days):
            yield (
                f"calendar.csv has only the statutory holidays of {year}, no make-up workdays: "
                "add the official schedule when it is published"
            )


def load(folder: Path, *, call: Call, today: date, say: Say) -> Hall:
    """Check the tables of a folder and, when all are right, send them to catalogue and identity.

    Args:
        folder: where the tables are.
        call: sends one request, `call(service, method, request)`.
        today: the hall's business date, for the warnings about the calendar.
        say: takes each line of progress.

    Raises:
        HallInvalid: a table is wrong; nothing was sent.
    """
    hall = read_hall(folder)
    send(hall, call=call, today=today, say=say)
    return hall


def catalogue_tables(hall: Hall) -> dict[str, list[Record]]:
    """Return the tables that the catalogue takes, by name."""
    return {name: getattr(hall, name) for name in CATALOGUE_TABLES}


def send(hall: Hall, *, call: Call, today: date, say: Say) -> None:
    """Send a hall that was read and checked; arguments as for `load`."""
    for warning in calendar_warnings(hall.calendar, today=today):
        say(f"warning: {warning}")
    tables = catalogue_tables(hall)
    call("catalogue", "load_hall", {"hall": hall.hall, **tables})
    say(f"{hall.hall['name']} ({hall.hall['name_en']}) loaded into catalogue:")
    for name, rows in tables.items():
        say(f"  {len(rows)} {'days in the calendar' if name == 'calendar' else name}")
    in_crews = {member for crew in hall.crews for member in crew["members"]}
    clerks = [_account(clerk, in_crew=clerk["username"] in in_crews) for clerk in hall.clerks]
    call("identity", "load_accounts", {"clerks": clerks})
    say(f"  {len(clerks)} accounts of clerks loaded into identity")


def say_effects(hall: Hall, *, call: Call, today: date, say: Say) -> None:
    """Say how many people a hall's tables touch by what they change; changes nothing. Arguments as for `load`.

    Days off to come, opening hours, departments that take no appointments, and items that move or that the tables do
    not have any more; each is counted for itself, so that somebody may be touched by several.
    """
    days = sorted(str(row["day"]) for row in hall.calendar if not row["working"])
    off = [day for day in days if day >= today.isoformat()][:MOST_DAYS_OFF]
    if off:
        _say_touched(call, say, f"{len(off)} days off to come", "days", {"days": off})
    since = {"from": today.isoformat()}
    if hall.hours:
        hours = {"hours": [_opening(row) for row in hall.hours]}
        _say_touched(call, say, "the opening hours", "hours", {**hours, **since})
    for row in hall.departments:
        if not row["offers_three_services"]:
            about = {"department": row["code"], "offers": False, **since}
            _say_touched(call, say, f"no appointments and visits of {row['code']}", "department", about)
    wanted = {row["code"]: row["department"] for row in hall.items}
    for item, department in _items(call):
        if wanted.get(item) != department:
            becomes = f"move to {wanted[item]}" if item in wanted else "end"
            about = {"item": item, "department": wanted.get(item), **since}
            _say_touched(call, say, f"the {becomes} of {item}", "item", about)
    say("nothing was loaded")


def _say_touched(call: Call, say: Say, what: str, change: str, about: Record) -> None:
    """Say of a change how many people it touches, unless it touches nobody."""
    found: Record = {}
    for service in PROMISING:
        found |= call(service, "effects", {"change": change, "about": about})
    counts = [f"{count} {name}" for name, count in found.items() if name != "examples" and count]
    if counts:
        say(f"{what} would touch: {', '.join(counts)}")


def _opening(row: Record) -> Record:
    """Return opening hours as events have them."""
    pause = row["break_starts"] and {"starts": row["break_starts"], "ends": row["break_ends"]}
    times = {name: row[name] for name in ("department", "weekday", "opens", "closes")}
    return times | {"breaks": [pause] if pause else []}


def _items(call: Call) -> Iterator[tuple[str, str]]:
    """Give the items that the hall offers now, each with its department."""
    cursor: Record = {}
    while True:
        page = call("catalogue", "list_items", {"limit": MOST_ITEMS, **cursor})
        yield from ((row["code"], row["department"]) for row in page["items"])
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}


def _account(clerk: Record, *, in_crew: bool) -> Record:
    account = {name: clerk[name] for name in ("username", "name", "department")}
    return account | {"crew": True} if in_crew else account


def send_plans(hall: Hall, *, call: Call, say: Say) -> None:
    """Send what other services than the catalogue keep of the tables, once they know the items.

    Args:
        hall: what was sent before.
        call: as for `load`.
        say: as for `load`.
    """
    if hall.slot_plans:
        call("appointments", "load_slot_plans", {"plans": [_plan(row) for row in hall.slot_plans]})
        say(f"  {len(hall.slot_plans)} slot plans loaded into appointments")
    if hall.crews:
        call("dispatch", "load_crews", {"crews": [_crew(row) for row in hall.crews]})
        say(f"  {len(hall.crews)} crews loaded into dispatch")
    if hall.assessment:
        call("quality", "load_assessment_rules", {"rules": hall.assessment})
        say(f"  {len(hall.assessment)} rules of the assessment loaded into quality")
    if hall.procedures:
        call(
            "cases",
            "load_joint_procedures",
            {"procedures": [_procedure(hall, row) for row in hall.procedures]},
        )
        say(f"  {len(hall.procedures)} procedures of joint approval loaded into cases")


def _plan(row: Record) -> Record:
    quotas = {channel: row[channel] for channel in CHANNELS}
    return {name: value for name, value in row.items() if name not in CHANNELS} | {"quotas": quotas}


def _procedure(hall: Hall, row: Record) -> Record:
    parts = {"steps": hall.procedure_steps, "materials": hall.procedure_materials}
    return row | {
        name: [
            {key: value for key, value in each.items() if key != "procedure"}
            for each in rows
            if each["procedure"] == row["code"]
        ]
        for name, rows in parts.items()
    }


def _crew(row: Record) -> Record:
    plain = ("code", "name", "name_en", "department", "members", "least_members", "capacity")
    return {name: row[name] for name in plain} | {
        "skills": {name: row[name] for name in ("departments", "items")},
        "shifts": [
            {"weekday": weekday, "starts": row["starts"], "ends": row["ends"]} for weekday in row["weekdays"]
        ],
        "start": {name: row[name] for name in ("lat", "lon")},
    }


def tell_newcomers(hall: Hall, *, call: Call, say: Say, timeout: float = SOON_S) -> None:
    """Have catalogue and identity publish everything once more when a service does not hear of it soon.

    They publish what has changed; a service that is new in a hall that was loaded before has heard nothing.
    """
    if not wait_until_heard(hall, call=call, say=lambda _: None, timeout=timeout):
        told = call("catalogue", "publish_hall", {})
        say(f"  {told['facts']} facts told once more, to services that are new here")
    clerks = len(hall.clerks)
    if not _wait(call, "statistics", lambda copies: copies.get("staff", clerks) >= clerks, timeout):
        told = call("identity", "publish_accounts", {})
        say(f"  {told['facts']} accounts told once more, to statistics that is new here")


def wait_until_heard(hall: Hall, *, call: Call, say: Say, timeout: float = HEARD_TIMEOUT_S) -> bool:
    """Wait until the services that copy the catalogue have heard of every item; False when they have not in time.

    Args:
        hall: what was sent.
        call: as for `load`.
        say: as for `load`.
        timeout: seconds.
    """
    known = {"items": len(hall.items), "departments": len(hall.departments)}

    def heard_of(kind: str) -> Callable[[Mapping[str, int]], bool]:
        return lambda copies: copies.get(kind, known[kind]) >= known[kind]

    return all(
        _wait(call, service, heard_of(kind), timeout)
        or _warn(say, f"{service} has not heard of all {kind} yet")
        for service, kind in HEARERS.items()
    )


def wait_until_made(*, call: Call, say: Say, timeout: float = HEARD_TIMEOUT_S) -> bool:
    """Wait until the slots of all plans are made, so that people can book; False when they are not in time."""
    return _wait(call, "appointments", lambda copies: not copies.get("plans_to_make"), timeout) or _warn(
        say, "not all slots are made yet"
    )


def _wait(call: Call, service: str, done: Callable[[Mapping[str, int]], bool], timeout: float) -> bool:
    deadline = monotonic() + timeout
    while not done(call(service, "health", {}).get("copies") or {}):
        if monotonic() > deadline:
            return False
        sleep(0.1)
    return True


def _warn(say: Say, complaint: str) -> bool:
    say(f"warning: {complaint}")
    return False


def bus_call(bus: Bus, *, hall: str) -> Call:
    """Return a `call` that sends over the bus as the loader, an administrator of the hall."""
    run = str(uuid4())

    def call(service: str, method: str, request: Mapping[str, Any]) -> Any:
        caller = {
            "hall": hall,
            "command_id": f"loader:{run}:{service}.{method}",
            "username": "loader",
            "roles": ["admin"],
            "department": None,
            "subject": None,
            "address": None,
        }
        return bus.call(service, method, request, caller=caller, call_id=run, timeout=LOAD_TIMEOUT_S).result

    return call


def _read_for(code: str, folder: Path) -> Hall:
    """Read the tables and refuse those of another hall than the one these services are for."""
    hall = read_hall(folder)
    if hall.hall["code"] != code:
        message = f"is {hall.hall['code']!r}, but HALL_CODE says {code!r}"
        raise HallInvalid([Problem("hall.csv", 2, "code", message)])
    return hall


def main(arguments: Sequence[str]) -> int:
    """Load the folder named, or the reference hall, and return the exit code; --dry-run only says whom it touches."""
    dry_run = DRY_RUN in arguments
    arguments = [argument for argument in arguments if argument != DRY_RUN]
    if len(arguments) > 1 or any(argument.startswith("-") for argument in arguments):
        _complain(f"usage: python -m deploy.hall.load [{DRY_RUN}] [DIR]")
        return 2
    folder = Path(arguments[0]) if arguments else REFERENCE
    try:
        hall = _read_for(settings().hall, folder)
    except HallInvalid as exc:
        for problem in exc.problems:
            _complain(str(problem))
        _complain(f"nothing was loaded from {folder}: {len(exc.problems)} problem(s)")
        return 2
    bus = Bus(settings().amqp_uri)
    try:
        call = bus_call(bus, hall=settings().hall)
        if dry_run:
            say_effects(hall, call=call, today=business_date(now()), say=_say)
            return 0
        send(hall, call=call, today=business_date(now()), say=_say)
        tell_newcomers(hall, call=call, say=_say)
        wait_until_heard(hall, call=call, say=_say)
        send_plans(hall, call=call, say=_say)
        wait_until_made(call=call, say=_say)
    except (BusError, RemoteProblem) as exc:
        _complain(f"the hall was not loaded: {_explain(exc)}")
        return 1
    finally:
        bus.close()
    return 0


def _explain(exc: BusError | RemoteProblem) -> str:
    detail = f" {exc.errors}" if isinstance(exc, RemoteProblem) and exc.errors else ""
    return f"{type(exc).__name__}: {exc}{detail}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _complain(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
