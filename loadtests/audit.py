"""The audit of a run: what must be true of the databases and of what was answered. Pure rules over rows.

Each rule gives the violations it found, as sentences; none is good. `truth.py` reads the rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from math import floor
from typing import Any

Row = Mapping[str, Any]

AT_A_WINDOW = ("called", "serving")
# The states an acknowledged action leads to.
LEADS_TO = {
    "start": "serving",
    "finish": "served",
    "miss": "missed",
    "requeue": "waiting",
    "hold": "on_hold",
    "resume": "serving",
    "transfer": "waiting",
}
# A place is taken in these states; a cancelled one may be withheld for a while.
TAKES_A_PLACE = ("held", "booked", "offered", "checked_in", "fulfilled", "no_show")
ALIVE_AFTER_BOOKING = frozenset({"booked", "checked_in", "fulfilled", "no_show"})


@dataclass(frozen=True)
class Truth:
    """The rows of a run's databases, as the services keep them."""

    tickets: Sequence[Row] = ()
    ticket_states: Sequence[Row] = ()
    calls: Sequence[Row] = ()
    queue_days: Sequence[Row] = ()
    evaluations: Sequence[Row] = ()
    cases: Sequence[Row] = ()
    case_years: Sequence[Row] = ()
    slots: Sequence[Row] = ()
    appointments: Sequence[Row] = ()
    orders: Sequence[Row] = ()
    unpublished: Mapping[str, int] = field(default_factory=dict)
    dead: Mapping[str, int] = field(default_factory=dict)


def nothing_lost(truth: Truth, recorded: Any) -> list[str]:
    """Everything that was acknowledged is kept, as it was told.

    Args:
        truth: the databases.
        recorded: the run's `Ledger`.
    """
    return [
        *_missing("ticket", recorded.tickets, {str(row["id"]) for row in truth.tickets}),
        *_missing("case", recorded.cases, {row["number"] for row in truth.cases}),
        *_missing(
            "evaluation of ticket", recorded.evaluations, {str(r["ticket"]) for r in truth.evaluations}
        ),
        *_missing("appointment", recorded.appointments, {str(row["id"]) for row in truth.appointments}),
        *_missing("visit on site", recorded.visits_on_site, {str(row["id"]) for row in truth.orders}),
        *_otherwise(truth, recorded),
    ]


def _missing(what: str, told: Iterable[str], kept: set[str]) -> list[str]:
    return [f"{what} {each} was acknowledged and is not kept" for each in told if each not in kept]


def _otherwise(truth: Truth, recorded: Any) -> list[str]:
    """Return what is kept otherwise than it was told."""
    numbers = {str(row["id"]): row["number"] for row in truth.tickets}
    levels = {str(row["ticket"]): row["level"] for row in truth.evaluations}
    states = {str(row["id"]): row["state"] for row in truth.appointments}
    visits = {str(row["id"]): row["state"] for row in truth.orders}
    return [
        *(
            f"ticket {id_} was told number {told['number']} and has {numbers[id_]}"
            for id_, told in recorded.tickets.items()
            if numbers.get(id_, told["number"]) != told["number"]
        ),
        *(
            f"the evaluation of {id_} was {level} and is {levels[id_]}"
            for id_, level in recorded.evaluations.items()
            if levels.get(id_, level) != level
        ),
        *(
            f"appointment {id_} was booked and is {states[id_]}"
            for id_ in recorded.appointments
            if states.get(id_, "booked") not in ALIVE_AFTER_BOOKING
        ),
        *(
            f"the visit on site {id_} was done and is {visits[id_]}"
            for id_ in recorded.visits_on_site
            if visits.get(id_, "done") != "done"
        ),
    ]


def steps_kept(truth: Truth, recorded: Any) -> list[str]:
    """Each acknowledged call and step of a ticket has its entry in the ticket's history."""
    history: Counter[tuple[str, str]] = Counter()
    for row in truth.ticket_states:
        history[str(row["ticket"]), row["state"]] += 1
    told: Counter[tuple[str, str]] = Counter()
    for ticket, action in recorded.steps:
        if action in LEADS_TO:
            told[ticket, LEADS_TO[action]] += 1
    for call in recorded.calls:
        told[call["ticket"], "called"] += 1
    return [
        f"ticket {ticket} became {state} {count} times, its history says {history[ticket, state]}"
        for (ticket, state), count in told.items()
        if history[ticket, state] < count
    ]


def numbers_without_gap(truth: Truth) -> list[str]:
    """Numbers of a queue and day are 1, 2, 3 … without a gap, none twice, up to the last one given."""
    given: dict[tuple[Any, Any], list[int]] = defaultdict(list)
    for row in truth.tickets:
        given[row["issued_queue"], row["business_date"]].append(row["ordinal"])
    last = {(row["queue"], row["business_date"]): row["last_number"] for row in truth.queue_days}
    found = []
    for queue, ordinals in given.items():
        found += _gaps(f"queue {queue[0]} on {queue[1]}", ordinals, last.get(queue))
    texts = Counter((row["business_date"], row["number"]) for row in truth.tickets)
    found += [f"number {number} was given {n} times on {day}" for (day, number), n in texts.items() if n > 1]
    return found


def _gaps(what: str, numbers: Sequence[int], last: int | None) -> list[str]:
    counted = Counter(numbers)
    found = [f"{what}: number {number} was given {n} times" for number, n in counted.items() if n > 1]
    missing = sorted(set(range(1, max(numbers) + 1)) - counted.keys())
    found += [f"{what}: number {number} is missing" for number in missing]
    if last != max(numbers):
        found.append(f"{what}: the last number given is {max(numbers)}, the counter says {last}")
    return found


def cases_without_gap(truth: Truth) -> list[str]:
    """Case numbers of a year have no gap and none is there twice."""
    serials: dict[int, list[int]] = defaultdict(list)
    for row in truth.cases:
        serials[row["year"]].append(row["serial"])
    last = {row["year"]: row["last_serial"] for row in truth.case_years}
    return [
        problem
        for year, given in serials.items()
        for problem in _gaps(f"cases of {year}", given, last.get(year))
    ]


def no_double_call(truth: Truth, recorded: Any) -> list[str]:
    """A window never has two tickets, a ticket is never at two windows, and no call was answered to two clerks."""
    found = []
    for key, what in (("window", "window"), ("ticket", "ticket")):
        by: dict[str, list[Row]] = defaultdict(list)
        for row in truth.ticket_states:
            if row["state"] in AT_A_WINDOW:
                by[str(row[key])].append(row)
        for name, rows in by.items():
            found += _overlaps(
                f"{what} {name}", sorted(rows, key=lambda row: (row["entered_at"], row["version"]))
            )
    made = Counter(str(row["ticket"]) for row in truth.calls if not row["recall"])
    told = Counter(call["ticket"] for call in recorded.calls)
    found += [
        f"ticket {ticket} was answered to {count} calls and was called {made[ticket]} times"
        for ticket, count in told.items()
        if count > made[ticket]
    ]
    pairs = {(str(row["ticket"]), row["window"]) for row in truth.calls}
    found += [
        f"ticket {call['ticket']} was answered to window {call['window']}, no call says so"
        for call in recorded.calls
        if (call["ticket"], call["window"]) not in pairs
    ]
    return found


def _overlaps(what: str, rows: Sequence[Row]) -> list[str]:
    return [
        f"{what}: {after['state']} at {after['entered_at']} while {before['state']} until {before['left_at']}"
        for before, after in pairwise(rows)
        if before["left_at"] is None or before["left_at"] > after["entered_at"]
    ]


def slots_within_capacity(truth: Truth) -> list[str]:
    """No slot has more places taken than it has, and its counter is the number of its appointments."""
    taken = Counter(str(row["slot"]) for row in truth.appointments if row["state"] in TAKES_A_PLACE)
    found = []
    for slot in truth.slots:
        booked = sum(slot[f"{channel}_booked"] for channel in ("web", "phone", "window"))
        count = taken[str(slot["id"])]
        if count > slot["capacity"] or booked > slot["capacity"]:
            found.append(f"slot {slot['id']} has {max(count, booked)} booked of {slot['capacity']}")
        if count != booked:
            found.append(f"slot {slot['id']} counts {booked} booked, there are {count} appointments")
    return found


def cases_of_visits(truth: Truth) -> list[str]:
    """What a crew accepted on the spot became as many cases."""
    made = Counter(str(row["onsite_order"]) for row in truth.cases if row["onsite_order"])
    return [
        f"order {row['id']} has {len(row['cases'])} items accepted on the spot and {made[str(row['id'])]} cases"
        for row in truth.orders
        if made[str(row["id"])] != len(row["cases"])
    ]


def nothing_stuck(truth: Truth) -> list[str]:
    """Every event was published and heard; none is among the dead."""
    return [
        *(f"{name} has {count} events unpublished" for name, count in truth.unpublished.items() if count),
        *(f"{name} has {count} dead messages" for name, count in truth.dead.items() if count),
    ]


def statistics_are_true(truth: Truth, overview: Mapping[str, Any], day: Any) -> list[str]:
    """The overview of a day is what a recount of tickets and cases gives."""
    counted = recount(truth, day)
    told = {name: overview.get(name) for name in counted} | {
        "three_services": (overview.get("three_services") or {}).get("cases")
    }
    return [
        f"statistics say {name} = {told[name]}, the recount is {counted[name]}"
        for name in counted
        if told[name] != counted[name]
    ]


def recount(truth: Truth, day: Any) -> dict[str, Any]:
    """Return the figures of a day from the services' own rows; each queue's waits last to the first call out of it."""
    tickets = [row for row in truth.tickets if str(row["business_date"]) == str(day)]
    cases = [row for row in truth.cases if str(row["business_date"]) == str(day) and row["accepted_at"]]
    waits = sorted(each.wait_s for row in tickets for each in waits_of(row))
    return {
        "issued": len(tickets),
        "called": sum(bool(waits_of(row)) for row in tickets),
        "served": sum(row["state"] == "served" for row in tickets),
        "missed": sum(row["misses"] > 0 for row in tickets),
        "waiting_now": sum(row["state"] == "waiting" for row in tickets),
        "accepted": len(cases),
        "three_services": sum(row["origin"] != "walk_in" for row in cases),
        "median_wait_s": _percentile(waits, 0.5),
        "p90_wait_s": _percentile(waits, 0.9),
    }


@dataclass(frozen=True, kw_only=True)
class Wait:
    """A wait in a queue that ended with a call, with what was estimated for it, in seconds."""

    entered_at: datetime
    wait_s: int
    p50_s: Any
    p90_s: Any


def waits_of(ticket: Mapping[str, Any]) -> list[Wait]:
    """Return the waits of a ticket, one for each queue in which it was called."""
    waits = [
        Wait(
            entered_at=datetime.fromisoformat(each["entered_at"]),
            wait_s=each["wait_s"],
            p50_s=each["p50_s"],
            p90_s=each["p90_s"],
        )
        for each in ticket["past"]
        if each["wait_s"] is not None
    ]
    if ticket["first_called_at"] and ticket["queued"]:
        lasted = round((ticket["first_called_at"] - ticket["stretch_at"]).total_seconds())
        entered_at = ticket["stretch_at"]
        waits.append(Wait(entered_at=entered_at, wait_s=lasted, p50_s=ticket["p50_s"], p90_s=ticket["p90_s"]))
    return waits


def _percentile(ranked: Sequence[int], part: float) -> int | None:
    """Return a percentile as PostgreSQL's `percentile_cont` has it, in whole seconds."""
    if not ranked:
        return None
    place = part * (len(ranked) - 1)
    low = floor(place)
    high = min(low + 1, len(ranked) - 1)
    return round(ranked[low] + (place - low) * (ranked[high] - ranked[low]))


def examine(truth: Truth, recorded: Any, overview: Mapping[str, Any], day: Any) -> dict[str, list[str]]:
    """Apply every rule; returns the violations by rule."""
    return {
        "nothing acknowledged is missing": nothing_lost(truth, recorded),
        "every acknowledged step is in the history": steps_kept(truth, recorded),
        "no number twice and no gap": numbers_without_gap(truth) + cases_without_gap(truth),
        "no double call": no_double_call(truth, recorded),
        "no slot over capacity": slots_within_capacity(truth),
        "what crews accepted became cases": cases_of_visits(truth),
        "every event was published and heard": nothing_stuck(truth),
        "statistics are the truth": statistics_are_true(truth, overview, day),
    }
