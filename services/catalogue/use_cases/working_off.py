"""Workbooks checked and applied, one after the other, beside the calls: it asks other services and waits for them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from services.catalogue.store import Store
from services.catalogue.tables.differences import differences
from services.catalogue.tables.effects import changes, touched, touches_anybody
from services.catalogue.tables.faults import Fault
from services.catalogue.tables.hall import Hall, Record, hall_of
from services.catalogue.tables.headings import sheet_of
from services.catalogue.tables.sending import Call, send_all
from services.catalogue.tables.there import ask_all, tables_there
from services.chassis import clock, wire
from services.chassis.bus import Bus, BusError, RemoteProblem
from services.chassis.caller import Caller
from services.chassis.chores import Chore
from services.chassis.config import settings
from services.chassis.db import AWAY, Database
from services.chassis.logs import get_logger

# A service that is away for so many tries, one a second or more apart, is not waited for any longer.
MOST_ATTEMPTS = 120
# A step before those that are told: the hall is still as it was when somebody looked at what changes.
COMPARED = "compared"
# A large hall takes a service some seconds.
LONGEST_S = 120.0

Work = Mapping[str, Any]
# Reads a workbook, in a process of its own.
Read = Callable[[bytes], Mapping[str, Any]]
# Gives what sends a request on behalf of whoever sent a workbook, its commands under ids that are the same at each try.
CallFor = Callable[[Work], Call]

log = get_logger()


class Sender:
    """Gives what sends a request on behalf of whoever sent a workbook, by a connection of its own.

    It waits in no worker of this service, so services that ask this one may be asked.
    """

    def __init__(self) -> None:
        """Connect at the first request."""
        self._bus: Bus | None = None

    def __call__(self, work: Work) -> Call:
        """Return what sends the requests of one workbook; each of its commands is sent once under an id of its own."""

        def call(service: str, method: str, request: Mapping[str, Any]) -> Any:
            caller = Caller(
                hall=work["hall"],
                command_id=f"workbook:{work['id']}:{service}.{method}",
                username=work["applied_by"] or work["requested_by"],
                roles=frozenset({"admin"}),
            )
            if self._bus is None:
                self._bus = Bus(settings().amqp_uri, name="hall-catalogue-workbooks")
            return self._bus.call(
                service, method, request, caller=caller.to_wire(), call_id=work["id"], timeout=LONGEST_S
            ).result

        return call


def work_off_with(read: Read, call_for: CallFor) -> Chore[Store]:
    """Return the chore: check or apply the oldest workbook that nobody is at; it tells whether it did something."""

    def work_off(database: Database[Store]) -> bool:
        with database.autocommit() as store:
            waiting = store.workbooks_to_do()
        done = [_work(database, work, read, call_for(work)) for work in waiting]
        return any(done)

    return work_off


def _work(database: Database[Store], work: Work, read: Read, call: Call) -> bool:
    """Go on with a workbook that this session holds, so that one whose process died is gone on with by another."""
    with database.connect() as connection:
        held = Store(connection, database.queries)
        if not held.hold_workbook(work["id"]):
            return False
        attempts = held.begin_workbook(work["hall"], work["id"])
        if attempts is None:
            return False
        if attempts > MOST_ATTEMPTS:
            _fail(database, work, "given_up")
            return True
        try:
            _go_on(database, work, read, call)
        except AWAY:
            raise
        except BusError as fault:
            log.warning("workbook.service_away", id=work["id"], fault=repr(fault), attempt=attempts)
            if attempts >= MOST_ATTEMPTS:
                _fail(database, work, f"service_away: {fault}")
            return False
        except RemoteProblem as problem:
            log.warning("workbook.refused", id=work["id"], fault=repr(problem))
            _fail(database, work, f"{problem.code}: {problem.detail} {problem.errors or ''}".strip())
        except Exception:  # whatever it is, its sender is told and the next workbook can be worked off
            log.exception("workbook.failed", id=work["id"])
            _fail(database, work, "unexpected")
    return True


def _go_on(database: Database[Store], work: Work, read: Read, call: Call) -> None:
    if work["state"] == "checking":
        _check(database, work, read, call)
    else:
        _apply(database, work, call)


def _fail(database: Database[Store], work: Work, failure: str) -> None:
    with database.transaction() as store:
        store.end_workbook(
            work["hall"], work["id"], "failed", of=("checking", "applying"), at=clock.now(), failure=failure
        )


def _check(database: Database[Store], work: Work, read: Read, call: Call) -> None:
    with database.autocommit() as store:
        content = store.workbook_content(work["hall"], work["id"])
    said = read(content)
    faults = said["faults"] or _strange(said["tables"]["hall"][0], hall=work["hall"])
    if faults:
        with database.transaction() as store:
            store.workbook_is_faulty(work["hall"], work["id"], faults=faults, at=clock.now())
        return
    found, effects = _compared(said["tables"], call=call)
    with database.transaction() as store:
        tables = dict(said["tables"])
        store.workbook_is_sound(work["hall"], work["id"], tables=tables, changes=found, effects=effects)
        if not work["dry_run"] and not store.apply_workbook(
            work["hall"], work["id"], by=work["requested_by"]
        ):
            store.end_workbook(
                work["hall"],
                work["id"],
                "failed",
                of=("checked",),
                at=clock.now(),
                failure="another_workbook",
            )


def _compared(tables: Mapping[str, list[Record]], *, call: Call) -> tuple[Record, list[Record]]:
    """Return what tables change of the hall as it is now, and whom that touches."""
    told = ask_all(call)
    there = tables_there(told, today=clock.business_date(clock.now()).isoformat())
    found = differences(there, tables, by_hand=told["catalogue"]["by_hand"])
    return found, _effects(hall_of(tables), there, call=call) if there["hall"] else []


def _strange(row: Record, *, hall: str) -> list[Record]:
    """Return what is wrong with a hall that is not the one these services are for."""
    zone = clock.hall_zone().key
    wrong = {
        "code": row["code"] != hall and Fault("hall_of_another_code", value=row["code"], code=hall),
        "time_zone": row["time_zone"] != zone
        and Fault("zone_of_another_clock", value=row["time_zone"], known=zone),
    }
    return [
        {
            "sheet": sheet_of("hall"),
            "row": None,
            "column": column,
            "code": fault.code,
            "reason": fault.chinese,
            "reason_en": str(fault),
        }
        for column, fault in wrong.items()
        if fault
    ]


def _effects(hall: Hall, there: Mapping[str, list[Record]], *, call: Call) -> list[Record]:
    """Return whom the changes of a workbook touch, each change for itself; those that touch nobody are left out."""
    found = []
    offered = [(row["code"], row["department"]) for row in there["items"]]
    today = clock.business_date(clock.now())
    for change in changes(hall, today=today, offered=offered, before=hall_of(there)):
        counts = touched(change, call=call)
        if touches_anybody(counts):
            found.append({"change": change.kind, "subject": change.subject, **counts})
    return found


def _apply(database: Database[Store], work: Work, call: Call) -> None:
    with database.autocommit() as store:
        said = store.workbook_to_apply(work["hall"], work["id"])
    if said is None:
        return
    tables = said["tables"]
    # What somebody has looked at counts, not what has become of it since; once it is sent it differs by itself.
    if work["dry_run"] and COMPARED not in said["steps"]:
        found, effects = _compared(tables, call=call)
        with database.transaction() as store:
            if json.loads(wire.dumps(found)) != said["changes"]:
                store.show_workbook_again(work["hall"], work["id"], changes=found, effects=effects)
                return
            store.workbook_step(work["hall"], work["id"], COMPARED)
    today = clock.business_date(clock.now())
    for step in send_all(hall_of(tables), call=call, today=today, say=_say):
        with database.transaction() as store:
            store.workbook_step(work["hall"], work["id"], step)
    with database.transaction() as store:
        store.end_workbook(work["hall"], work["id"], "applied", of=("applying",), at=clock.now())


def _say(line: str) -> None:
    log.info("workbook.applied", said=line.strip())
