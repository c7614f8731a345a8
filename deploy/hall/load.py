"""Load a hall from its tables: `python -m deploy.hall.load [DIR | FILE.xlsx]`.

Everything is checked before anything is sent. It can be run again: what is there already is brought to what
the tables say. Exit codes: 0 loaded, 1 a service or the bus did not take it, 2 the tables are wrong.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from services.catalogue.tables.effects import changes, touched
from services.catalogue.tables.faults import Fault
from services.catalogue.tables.hall import Hall, HallInvalid, read_hall
from services.catalogue.tables.headings import sheet_of
from services.catalogue.tables.reading import read_workbook
from services.catalogue.tables.sending import Call, Say, send_all, send_catalogue, send_clerks
from services.catalogue.tables.tables import Problem
from services.chassis.bus import Bus, BusError, RemoteProblem
from services.chassis.clock import business_date, now
from services.chassis.config import settings

REFERENCE = Path(__file__).parent
LOAD_TIMEOUT_S = 120.0
MOST_ITEMS = 700
DRY_RUN = "--dry-run"


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
    send_catalogue(hall, call=call, today=today, say=say)
    send_clerks(hall, call=call, say=say)
    return hall


def say_effects(hall: Hall, *, call: Call, today: date, say: Say) -> None:
    """Say how many people a hall's tables touch by what they change; changes nothing. Arguments as for `load`.

    Each change is counted for itself, so that somebody may be touched by several.
    """
    for change in changes(hall, today=today, offered=_items(call)):
        found = touched(change, call=call)
        counts = [f"{count} {name}" for name, count in found.items() if name != "examples" and count]
        if counts:
            say(f"{change.said} would touch: {', '.join(counts)}")
    say("nothing was loaded")


def _items(call: Call) -> Iterator[tuple[str, str]]:
    """Give the items that the hall offers now, each with its department."""
    cursor: dict[str, Any] = {}
    while True:
        page = call("catalogue", "list_items", {"limit": MOST_ITEMS, **cursor})
        yield from ((row["code"], row["department"]) for row in page["items"])
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}


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


def _read_for(code: str, place: Path) -> Hall:
    """Read a folder of tables or a workbook and refuse those of another hall than the one these services are for.

    Raises:
        HallInvalid: with every problem found.
        OSError: the workbook cannot be read.
    """
    is_folder = place.is_dir() or place.suffix != ".xlsx"
    hall = read_hall(place) if is_folder else read_workbook(place.read_bytes())
    if hall.hall["code"] != code:
        fault = Fault("hall_of_another_code", value=hall.hall["code"], code=code)
        where = ("hall.csv", 2) if is_folder else (sheet_of("hall"), 0)
        raise HallInvalid([Problem(*where, "code", fault)])
    return hall


def main(arguments: Sequence[str]) -> int:
    """Load the folder or workbook named, or the reference hall; return the exit code. Dry, it says whom it touches."""
    dry_run = DRY_RUN in arguments
    arguments = [argument for argument in arguments if argument != DRY_RUN]
    if len(arguments) > 1 or any(argument.startswith("-") for argument in arguments):
        _complain(f"usage: python -m deploy.hall.load [{DRY_RUN}] [DIR | FILE.xlsx]")
        return 2
    place = Path(arguments[0]) if arguments else REFERENCE
    try:
        hall = _read_for(settings().hall, place)
    except OSError as exc:
        _complain(f"{place} cannot be read: {exc.strerror}")
        return 2
    except HallInvalid as exc:
        for problem in exc.problems:
            _complain(str(problem))
        _complain(f"nothing was loaded from {place}: {len(exc.problems)} problem(s)")
        return 2
    bus = Bus(settings().amqp_uri)
    try:
        call = bus_call(bus, hall=settings().hall)
        if dry_run:
            say_effects(hall, call=call, today=business_date(now()), say=_say)
            return 0
        list(send_all(hall, call=call, today=business_date(now()), say=_say))
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
