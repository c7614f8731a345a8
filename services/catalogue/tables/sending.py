"""Sending a hall to the services that keep its tables, each step a command; and waiting until they have heard of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from time import monotonic, sleep
from typing import Any

from services.catalogue.tables.hall import Hall, Record

HEARD_TIMEOUT_S = 60.0
SOON_S = 10.0
# Services with the kind of copies by which is told that they have heard of the hall.
HEARERS = {
    **dict.fromkeys(("ticketing", "cases", "appointments", "dispatch", "statistics"), "items"),
    "quality": "departments",
}
CATALOGUE_TABLES = ("departments", "zones", "queues", "windows", "items", "chains", "hours", "calendar")
# Each has places kept for it in a slot plan.
CHANNELS = ("web", "phone", "window")
# What a hall is sent in, in this order.
STEPS = ("catalogue", "clerks", "heard", "slot_plans", "crews", "assessment", "procedures", "slots")

Call = Callable[[str, str, Mapping[str, Any]], Any]
Say = Callable[[str], object]


def send_all(hall: Hall, *, call: Call, today: date, say: Say) -> Iterator[str]:
    """Send a hall that was read and checked, and yield each of `STEPS` once it is done.

    Args:
        hall: what is sent.
        call: sends one request, `call(service, method, request)`.
        today: the hall's business date, for the warnings about the calendar.
        say: takes each line of progress.
    """
    send_catalogue(hall, call=call, today=today, say=say)
    yield "catalogue"
    send_clerks(hall, call=call, say=say)
    yield "clerks"
    tell_newcomers(hall, call=call, say=say)
    wait_until_heard(hall, call=call, say=say)
    yield "heard"
    yield from send_further(hall, call=call, say=say)
    wait_until_made(call=call, say=say)
    yield "slots"


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


def catalogue_tables(hall: Hall) -> dict[str, list[Record]]:
    """Return the tables that the catalogue takes, by name."""
    return {name: getattr(hall, name) for name in CATALOGUE_TABLES}


def send_catalogue(hall: Hall, *, call: Call, today: date, say: Say) -> None:
    """Send what the catalogue keeps; arguments as for `send_all`."""
    for warning in calendar_warnings(hall.calendar, today=today):
        say(f"warning: {warning}")
    tables = catalogue_tables(hall)
    call("catalogue", "load_hall", {"hall": hall.hall, **tables})
    say(f"{hall.hall['name']} ({hall.hall['name_en']}) loaded into catalogue:")
    for name, rows in tables.items():
        say(f"  {len(rows)} {'days in the calendar' if name == 'calendar' else name}")


def send_clerks(hall: Hall, *, call: Call, say: Say) -> None:
    """Send the accounts of the clerks; arguments as for `send_all`."""
    in_crews = {member for crew in hall.crews for member in crew["members"]}
    clerks = [_account(clerk, in_crew=clerk["username"] in in_crews) for clerk in hall.clerks]
    call("identity", "load_accounts", {"clerks": clerks})
    say(f"  {len(clerks)} accounts of clerks loaded into identity")


def _account(clerk: Record, *, in_crew: bool) -> Record:
    return clerk | {"crew": True} if in_crew else clerk


def send_further(hall: Hall, *, call: Call, say: Say) -> Iterator[str]:
    """Send what other services than the catalogue keep of the tables, once they know the items, and yield each step.

    Arguments as for `send_all`.
    """
    if hall.slot_plans:
        call("appointments", "load_slot_plans", {"plans": [_plan(row) for row in hall.slot_plans]})
        say(f"  {len(hall.slot_plans)} slot plans loaded into appointments")
    yield "slot_plans"
    if hall.crews:
        call("dispatch", "load_crews", {"crews": [_crew(row) for row in hall.crews]})
        say(f"  {len(hall.crews)} crews loaded into dispatch")
    yield "crews"
    if hall.assessment:
        call("quality", "load_assessment_rules", {"rules": hall.assessment})
        say(f"  {len(hall.assessment)} rules of the assessment loaded into quality")
    yield "assessment"
    if hall.procedures:
        call(
            "cases",
            "load_joint_procedures",
            {"procedures": [_procedure(hall, row) for row in hall.procedures]},
        )
        say(f"  {len(hall.procedures)} procedures of joint approval loaded into cases")
    yield "procedures"


def _plan(row: Record) -> Record:
    quotas = {channel: row[channel] for channel in CHANNELS}
    return {name: value for name, value in row.items() if name not in CHANNELS} | {"quotas": quotas}


def _procedure(hall: Hall, row: Record) -> Record:
    parts = {"steps": hall.procedure_steps, "materials": hall.procedure_materials}
    return _named(row) | {
        name: [
            _named({key: value for key, value in each.items() if key != "procedure"})
            for each in rows
            if each["procedure"] == row["code"]
        ]
        for name, rows in parts.items()
    }


def _named(row: Record) -> Record:
    """Return a row whose English name, where it has that column, is none when it is empty."""
    return row | {"name_en": row["name_en"] or None} if "name_en" in row else row


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
        call: as for `send_all`.
        say: as for `send_all`.
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
