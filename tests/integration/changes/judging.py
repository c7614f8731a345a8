"""What must hold of a hall once everybody has heard everything and worked it out.

Nothing live is booked, promised or offered on a day or at a place that does not serve it; everybody touched was told
exactly once; no derived date differs from a fresh derivation. All of it is compared with the hall's course alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from services.chassis.errors import ServiceError
from tests.integration.changes.bus import Body
from tests.integration.changes.course import ZONE
from tests.integration.changes.whole_hall import ITEMS, WholeHall

HOLDING = ("held", "offered", "booked")
OCCUPYING = (*HOLDING, "checked_in", "fulfilled", "no_show")
CHANNELS = ("web", "phone", "window")
# After these an order that was displaced may be displaced again.
PROMISED_ANEW = ("rescheduled", "assigned", "reassigned")


def settle(hall: WholeHall) -> None:
    """Carry everything, work out what follows, and judge."""
    hall.bus.carry_all()
    known = len(hall.bus.told)
    for _ in range(2):
        hall.tick()
    hall.bus.carry_all()
    hall.worked_out = hall.changed
    judge(hall)
    for event in hall.bus.told[known:]:
        _judge_told(hall, event)


def judge(hall: WholeHall) -> None:
    """Make sure that all of it holds."""
    places_are_served(hall)
    no_place_is_lost(hall)
    wishes_can_come_true(hall)
    slots_are_as_derived(hall)
    nothing_else_is_offered(hall)
    visits_can_be_made(hall)
    changed_days_are_drafted_anew(hall)
    appointments_were_told_once(hall)
    visits_were_told_once(hall)
    cases_are_due_as_derived(hall)


def _rows(hall: WholeHall, service: str, statement: str, *params: object) -> list[dict[str, Any]]:
    return hall.peers[service].rows(statement, hall.hall, *params)


def places_are_served(hall: WholeHall) -> None:
    """Who holds a place that has not begun is served there then."""
    statement = """
        SELECT * FROM appointments WHERE hall = %s AND state = ANY(%s) AND starts_at > %s AND arrived_at IS NULL
    """
    for row in _rows(hall, "appointments", statement, list(HOLDING), hall.now):
        assert hall.course.serves(row["item"], row["department"], row["starts_at"]), ("no place", row)


def no_place_is_lost(hall: WholeHall) -> None:
    """What a slot counts as taken is what appointments and withheld places take in it."""
    statement = """
        SELECT slot, count(*) AS taken FROM (
            SELECT slot FROM appointments WHERE hall = %s AND state = ANY(%s)
            UNION ALL SELECT slot FROM withheld_places WHERE hall = %s) AS places
        GROUP BY slot
    """
    taken = {
        row["slot"]: row["taken"]
        for row in hall.peers["appointments"].rows(statement, hall.hall, list(OCCUPYING), hall.hall)
    }
    for row in _rows(hall, "appointments", "SELECT * FROM slots WHERE hall = %s"):
        counted = sum(row[f"{channel}_{what}"] for channel in CHANNELS for what in ("booked", "withheld"))
        assert counted == taken.get(row["id"], 0) <= row["capacity"], ("lost", row)


def wishes_can_come_true(hall: WholeHall) -> None:
    """Who waits for a place waits for one that there may be."""
    statement = "SELECT * FROM appointments WHERE hall = %s AND state = 'waitlisted' AND wanted_to >= %s"
    for row in _rows(hall, "appointments", statement, hall.today):
        first = max(row["wanted_from"], hall.today)
        assert hall.course.fulfils(row["item"], first, row["wanted_to"]), ("hopeless", row)


def slots_are_as_derived(hall: WholeHall) -> None:
    """The slots that have not begun are those of the plans in the hours of their days; who has come keeps a place."""
    statement = """
        SELECT *, (SELECT count(*) FROM appointments AS one WHERE one.hall = slots.hall AND one.slot = slots.id
            AND (one.arrived_at IS NOT NULL OR one.state IN ('checked_in', 'fulfilled'))) AS came
        FROM slots WHERE hall = %s AND starts_at > %s
    """
    found = {(row["plan"], row["starts_at"]): row for row in _rows(hall, "appointments", statement, hall.now)}
    wanted = {
        (code, starts): plan.capacity
        for code, plan in hall.course.plans.items()
        for day in _days(hall.today, hall.today + timedelta(days=28))
        for starts, _ in hall.course.slots(plan, day)
        if starts > hall.now
    }
    assert wanted.keys() <= found.keys()
    for key, row in found.items():
        assert row["capacity"] == max(wanted.get(key, 0), row["came"]), ("slot", row)


def nothing_else_is_offered(hall: WholeHall) -> None:
    """A place that can be booked is served."""
    for item in ITEMS:
        with suppress(ServiceError):
            for slot in hall.slots(item):
                served = hall.course.serves(item, slot["department"], slot["starts_at"])
                assert slot["free"] == 0 or served, ("offered", item, slot)


def visits_can_be_made(hall: WholeHall) -> None:
    """Who waits for a visit that they were promised can be visited, by the department that does their item then."""
    for row in _visits(hall):
        able = hall.course.visits(row["item"], row["window_from"], row["window_to"])
        assert able or row["displaced"], ("no visit", row)
        if able:
            assert row["department"] == hall.course.item(row["item"], row["day"]).department, row
            assert row["crew"] is None or row["crew"] in _able(hall, row), ("wrong crew", row)


def _visits(hall: WholeHall) -> list[dict[str, Any]]:
    statement = """
        SELECT * FROM orders WHERE hall = %s AND window_to > %s
            AND state IN ('requested', 'screened', 'scheduled', 'assigned')
    """
    return _rows(hall, "dispatch", statement, hall.now)


def _able(hall: WholeHall, row: Mapping[str, Any]) -> list[str]:
    """Return the crews that have the skill for a visit."""
    department = hall.course.item(row["item"], row["day"]).department
    return [
        code
        for code, crew in hall.course.crews.items()
        if department in crew.departments or row["item"] in crew.items
    ]


def changed_days_are_drafted_anew(hall: WholeHall) -> None:
    """Of a day with a visit that its crew cannot make as promised there is a draft newer than what is published."""
    drafts = {
        row["date"]
        for row in _rows(
            hall,
            "dispatch",
            """
            SELECT one.date FROM plans AS one JOIN plans AS held
                ON held.hall = one.hall AND held.date = one.date AND held.current
            WHERE one.hall = %s AND one.state IN ('queued', 'draft') AND one.requested_at >= held.published_at
            """,
        )
    }
    for row in _visits(hall):
        if row["crew"] is not None and row["arrives_at"] > hall.now:
            duty = hall.course.on_duty(hall.course.crews[row["crew"]], row["day"])
            kept = any(since <= row["arrives_at"] and row["leaves_at"] <= until for since, until in duty)
            assert kept or row["day"] in drafts, ("nobody was asked", row)


def appointments_were_told_once(hall: WholeHall) -> None:
    """Each state of an appointment was told once, and each displacement is one message."""
    told = _told(hall, "appointments.appointment.")
    sent = _sent(hall, "appointment")
    for row in _rows(
        hall, "appointments", "SELECT id::text AS id, state, version FROM appointments WHERE hall = %s"
    ):
        events = told[row["id"]]
        assert sorted(event["sequence"] for event in events) == list(range(1, row["version"] + 1)), row
        displaced = int(row["state"] == "displaced")
        assert sum(event["type"].endswith(".displaced") for event in events) == displaced, ("told", row)
        assert sent[row["id"], "displaced"] + sent[row["id"], "wish_displaced"] == displaced, ("message", row)


def visits_were_told_once(hall: WholeHall) -> None:
    """Each change of a visit was told once; who was displaced is told so again only after a new promise."""
    told = _told(hall, "dispatch.order.")
    sent = _sent(hall, "onsite_order")
    for row in _rows(
        hall, "dispatch", "SELECT id::text AS id, displaced, version FROM orders WHERE hall = %s"
    ):
        events = sorted(told[row["id"]], key=lambda event: int(event["sequence"]))
        assert len({event["sequence"] for event in events}) == len(events), row
        verbs = [_verb(event) for event in events]
        told_off = False
        for verb in verbs:
            assert not (told_off and verb == "displaced"), ("told twice", verbs)
            told_off = verb == "displaced" or (told_off and verb not in PROMISED_ANEW)
        assert row["displaced"] <= told_off, ("not told", row, verbs)
        assert sent[row["id"], "onsite_displaced"] <= verbs.count("displaced"), ("message", row, verbs)
        assert sent[row["id"], "onsite_displaced"] >= int(verbs[-1] == "displaced"), ("message", row, verbs)


def cases_are_due_as_derived(hall: WholeHall) -> None:
    """Due dates and days left are what acceptance, stops and the calendar make of them, and were told so."""
    told = _told(hall, "cases.case.")
    statement = "SELECT * FROM cases WHERE hall = %s AND state IN ('accepted', 'correction', 'in_review')"
    for row in _rows(hall, "cases", statement):
        stops = _rows(
            hall,
            "cases",
            """
            SELECT entered_at, left_at FROM case_states
            WHERE hall = %s AND number = %s AND state = 'correction' ORDER BY entered_at
            """,
            row["number"],
        )
        stretches = [(_day(each["entered_at"]), each["left_at"] and _day(each["left_at"])) for each in stops]
        due_on, days_left = hall.course.due(row["business_date"], row["limit_days"], stretches)
        assert (row["due_on"], row["days_left"]) == (due_on, days_left), ("due", row, stretches)
        events = sorted(told[row["number"]], key=lambda event: int(event["sequence"]))
        data = events[-1]["data"]
        assert (data["due_on"], data["days_left"]) == (due_on and due_on.isoformat(), days_left), (
            "told",
            row,
        )
        for before, after in pairwise(events):
            moved = any(before["data"][name] != after["data"][name] for name in ("due_on", "days_left"))
            assert moved or _verb(after) != "retimed", ("told for nothing", after)


def _judge_told(hall: WholeHall, event: Body) -> None:
    """What is told after everything was heard offers what is served, and blames nobody for what was called off."""
    data, verb = event["data"], _verb(event)
    if event["type"] in ("appointments.appointment.displaced", "appointments.appointment.offered"):
        for each in data["alternatives"]:
            starts = datetime.fromisoformat(each["starts_at"])
            [slot] = _rows(
                hall, "appointments", "SELECT department FROM slots WHERE hall = %s AND id = %s", each["slot"]
            )
            assert hall.course.serves(data["item"], slot["department"], starts), ("alternative", event)
    if event["type"] == "dispatch.order.displaced":
        for each in data["alternatives"]:
            starts, ends = (datetime.fromisoformat(each[name]) for name in ("starts_at", "ends_at"))
            assert hall.course.visits(data["item"], starts, ends), ("alternative", event)
    if event["type"].startswith("appointments.") and verb == "no_show":
        starts = datetime.fromisoformat(data["starts_at"])
        term = hall.course.item(data["item"], _day(starts))
        open_ = any(opens <= starts < closes for opens, closes in hall.course.open(_day(starts)))
        ends = datetime.fromisoformat(data["ends_at"])
        kept = open_ and not hall.course.closed(data["department"], starts, ends)
        assert term.active and term.department == data["department"] and kept, ("blamed", event)


def _told(hall: WholeHall, prefix: str) -> dict[str, list[Body]]:
    found: dict[str, list[Body]] = defaultdict(list)
    for event in hall.bus.told:
        if event["type"].startswith(prefix):
            found[event["subject"]].append(event)
    return found


def _sent(hall: WholeHall, source: str) -> Counter[tuple[str, str]]:
    statement = "SELECT source_id, kind FROM deliveries WHERE hall = %s AND source = %s"
    return Counter((row["source_id"], row["kind"]) for row in _rows(hall, "notifications", statement, source))


def _verb(event: Body) -> str:
    return str(event["type"]).rpartition(".")[2]


def _day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=nth) for nth in range((last - first).days + 1))
