"""Days of a hall as ticketing and cases tell of them, and a plain recount of their last states."""

import random
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEPARTMENTS = ("market", "tax", "drc", "housing")
ITEMS = {department: [f"{department}-{nth:03d}" for nth in range(1, 6)] for department in DEPARTMENTS}
CHANNELS = ("kiosk",) * 17 + ("web", "phone", "window")
ENDS = ("served",) * 16 + (
    "served_after_miss",
    "expired",
    "cancelled",
    "transferred",
    "waiting",
    "serving",
    "closed",
)

State = dict[str, Any]


@dataclass
class Told:
    """All events of some days, in the order in which they happened, and the states they lead to."""

    events: list[State] = field(default_factory=list)
    tickets: dict[str, State] = field(default_factory=dict)
    cases: dict[str, State] = field(default_factory=dict)

    def tell(self, type_: str, subject: str, state: State, *, at: datetime, rng: random.Random) -> None:
        """Add an event with a whole state; the states of one subject are told in order."""
        source = type_.partition(".")[0]
        kept = self.tickets if source == "ticketing" else self.cases
        step = (
            2 if type_ in ("cases.case.accepted", "cases.case.decided", "ticketing.ticket.transferred") else 1
        )
        sequence = kept.get(subject, {}).get("sequence", 0) + step
        kept[subject] = {**state, "sequence": sequence}
        self.events.append(
            {
                "specversion": "1.0",
                "id": str(UUID(int=rng.getrandbits(128), version=4)),
                "source": f"/hallflow/{source}",
                "type": type_,
                "subject": subject,
                "time": at.isoformat(),
                "datacontenttype": "application/json",
                "hall": "main",
                "sequence": sequence,
                "callid": "",
                "position": len(self.events) + 1,
                "data": dict(state),
            }
        )


def simulate(days: Iterable[date], *, tickets: int, seed: int) -> Told:
    """Tell of days with so many tickets each."""
    rng, told = random.Random(seed), Told()
    for day in days:
        for nth in range(tickets):
            _live(told, rng, day, nth)
    return told


def _live(told: Told, rng: random.Random, day: date, nth: int) -> None:
    department = rng.choice(DEPARTMENTS)
    issued = datetime.combine(day, time(9), SHANGHAI) + timedelta(seconds=rng.randrange(9 * 3600))
    p50 = rng.randrange(1800)
    ticket: State = {
        "id": str(UUID(int=rng.getrandbits(128), version=4)),
        "number": f"A{nth:04d}",
        "hall": "main",
        "business_date": day.isoformat(),
        "queue": f"{department}-all",
        "department": department,
        "zone": "A",
        "item": rng.choice(ITEMS[department]),
        "class": "walk_in",
        "channel": rng.choice(CHANNELS),
        "state": "waiting",
        "window": None,
        "clerk": None,
        "extended": issued.hour >= 17,
        "issued_at": _utc(issued),
        "reference_at": _utc(issued),
        "called_at": None,
        "started_at": None,
        "finished_at": None,
        "calls": 0,
        "misses": 0,
        "wait_s": None,
        "service_s": None,
        "p50_s": p50 if rng.random() < 0.95 else None,
        "p90_s": p50 + rng.randrange(1800),
    }
    if ticket["p50_s"] is None:
        ticket["p90_s"] = None
    for verb, changes, at in _course(ticket, rng.choice(ENDS), issued, rng):
        ticket |= changes
        told.tell(f"ticketing.ticket.{verb}", ticket["id"], ticket, at=at, rng=rng)
    if ticket["state"] == "served" and rng.random() < 0.85:
        _bring_cases(told, rng, ticket)


def _course(
    ticket: State, end: str, issued: datetime, rng: random.Random
) -> Iterator[tuple[str, State, datetime]]:
    yield "issued", {}, issued
    if end == "waiting":
        return
    at = issued + timedelta(seconds=rng.randrange(1, 3600))
    if end in ("cancelled", "closed"):
        yield end, {"state": end, "finished_at": _utc(at)}, at
        return
    if end == "transferred":
        other = rng.choice(DEPARTMENTS)
        yield "transferred", {"department": other, "queue": f"{other}-all"}, at
    wait = {"wait_s": round((at - issued).total_seconds()), "window": "101", "clerk": "clerk001"}
    yield "called", {"state": "called", "called_at": _utc(at), "calls": 1, **wait}, at
    if rng.random() < 0.1:
        at += timedelta(seconds=30)
        yield "recalled", {"calls": 2}, at
    if end in ("served_after_miss", "expired"):
        at += timedelta(seconds=90)
        yield "missed", {"state": "missed", "misses": 1, "window": None, "clerk": None}, at
    if end == "expired":
        yield "expired", {"state": "expired", "finished_at": _utc(at)}, at + timedelta(minutes=30)
        return
    if end == "served_after_miss":
        yield "requeued", {"state": "waiting", "reference_at": _utc(at)}, at
        at += timedelta(minutes=10)
        yield "called", {"state": "called", "called_at": _utc(at), "calls": 3, "window": "102"}, at
    yield "started", {"state": "serving", "started_at": _utc(at)}, at
    if end == "serving":
        return
    if rng.random() < 0.05:
        yield "held", {"state": "on_hold"}, at
        yield "resumed", {"state": "serving"}, at + timedelta(minutes=5)
    done = at + timedelta(seconds=rng.randrange(60, 1800))
    yield "finished", {"state": "served", "finished_at": _utc(done), "service_s": 300}, done


def _bring_cases(told: Told, rng: random.Random, ticket: State) -> None:
    for _ in range(rng.choice((1, 1, 1, 2))):
        at = datetime.fromisoformat(ticket["started_at"]) + timedelta(seconds=rng.randrange(60))
        day = date.fromisoformat(ticket["business_date"])
        case: State = {
            "number": f"{day.year}-{len(told.cases) + 1:07d}",
            "item": ticket["item"],
            "department": ticket["department"],
            "state": "accepted",
            "origin": origin(ticket) if rng.random() < 0.95 else "on_site",
            "ticket": ticket["id"],
            "window": "101",
            "clerk": "clerk001",
            "business_date": day.isoformat(),
            "accepted_at": _utc(at),
            "due_on": (day + timedelta(days=1)).isoformat(),
            "decided_at": None,
            "on_time": None,
        }
        for verb, changes, moment in _progress(case, at, rng):
            case |= changes
            told.tell(f"cases.case.{verb}", case["number"], case, at=moment, rng=rng)


def _progress(case: State, at: datetime, rng: random.Random) -> Iterator[tuple[str, State, datetime]]:
    yield "accepted", {}, at
    if rng.random() < 0.1:
        yield "correction_requested", {"state": "correction"}, at
        if rng.random() < 0.3:
            yield "rejected", {"state": "rejected"}, at
            return
        yield "resumed", {"state": "accepted"}, at
    if rng.random() < 0.7:
        decided = at + timedelta(days=rng.choice((0, 0, 1, 2)))
        on_time = decided.astimezone(SHANGHAI).date() <= date.fromisoformat(case["due_on"])
        yield "decided", {"state": "decided", "decided_at": _utc(decided), "on_time": on_time}, decided
        if rng.random() < 0.5:
            yield "delivered", {"state": "delivered"}, decided


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def origin(ticket: Mapping[str, Any]) -> str:
    """Say how a ticket came to the hall."""
    if ticket["channel"] in ("web", "phone"):
        return str(ticket["channel"])
    return "extended" if ticket["extended"] else "walk_in"


def _hour(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(SHANGHAI).strftime("%H")


def _decile(waits: Sequence[int], tenths: int) -> int | None:
    """Interpolate linearly between the two nearest waits."""
    if len(waits) < 2:
        return waits[0] if waits else None
    return round(statistics.quantiles(waits, n=10, method="inclusive")[tenths - 1])


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def recount_overview(told: Told, day: date) -> dict[str, Any]:
    """Count a day's figures from the last states, without regard to how the service does it."""
    tickets = [each for each in told.tickets.values() if each["business_date"] == day.isoformat()]
    cases = [each for each in told.cases.values() if each["business_date"] == day.isoformat()]
    decided = [
        each
        for each in told.cases.values()
        if each["decided_at"]
        and datetime.fromisoformat(each["decided_at"]).astimezone(SHANGHAI).date() == day
    ]
    waits = [each["wait_s"] for each in tickets if each["wait_s"] is not None]
    estimated = [each for each in tickets if each["wait_s"] is not None and each["p50_s"] is not None]
    three = sum(each["origin"] != "walk_in" for each in cases)
    errors = [abs(each["wait_s"] - each["p50_s"]) for each in estimated]
    return {
        "date": day.isoformat(),
        "issued": len(tickets),
        "called": len(waits),
        "served": sum(each["state"] == "served" for each in tickets),
        "missed": sum(each["misses"] > 0 for each in tickets),
        "accepted": len(cases),
        "waiting_now": sum(each["state"] == "waiting" for each in tickets),
        "median_wait_s": _decile(waits, 5),
        "p90_wait_s": _decile(waits, 9),
        # What is decided without an outcome is granted.
        "decided": len(decided),
        "granted": len(decided),
        "refused": 0,
        "on_time_rate": _share(sum(each["on_time"] for each in decided), len(decided)),
        "three_services": {"cases": three, "share": _share(three, len(cases))},
        "estimate": {
            "covered_rate": _share(
                sum(each["wait_s"] <= each["p90_s"] for each in estimated), len(estimated)
            ),
            "mean_abs_error_s": round(statistics.fmean(errors)) if errors else None,
        },
        "by_hour": _by_hour(tickets, cases),
        "by_department": _by_department(tickets, cases),
        "as_of": max((each["time"] for each in told.events), key=datetime.fromisoformat),
    }


def _by_hour(tickets: Sequence[State], cases: Sequence[State]) -> list[State]:
    issued = Counter(_hour(each["issued_at"]) for each in tickets)
    served = Counter(_hour(each["finished_at"]) for each in tickets if each["state"] == "served")
    accepted = Counter(_hour(each["accepted_at"]) for each in cases)
    return [
        {"hour": hour, "issued": issued[hour], "served": served[hour], "accepted": accepted[hour]}
        for hour in sorted({*issued, *served, *accepted})
    ]


def _by_department(tickets: Sequence[State], cases: Sequence[State]) -> list[State]:
    rows = []
    for code in DEPARTMENTS:
        own = [each for each in tickets if each["department"] == code]
        states = Counter(each["state"] for each in own)
        rows.append(
            {
                "department": code,
                "name": f"{code}局",
                "name_en": code.title(),
                "issued": len(own),
                "served": states["served"],
                "waiting": states["waiting"],
                "accepted": sum(each["department"] == code for each in cases),
            }
        )
    return sorted(rows, key=lambda row: str(row["department"]))


PERIOD = {
    "day": lambda day: day.isoformat(),
    "month": lambda day: f"{day.year}-{day.month:02d}",
    "quarter": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    "year": lambda day: str(day.year),
}


def recount_volumes(told: Told, *, since: date, until: date, by: str, group: str) -> list[dict[str, Any]]:
    """Count volumes from the last states."""
    rows: dict[tuple[str, str], Counter[str]] = {}

    def row(state: State, moment: str) -> Counter[str]:
        named = {**state, "hour": _hour(moment), "origin": state.get("origin") or origin(state)}
        period = PERIOD[by](date.fromisoformat(state["business_date"]))
        return rows.setdefault((period, named[group]), Counter())

    def inside(state: State) -> bool:
        return since.isoformat() <= state["business_date"] <= until.isoformat()

    for ticket in filter(inside, told.tickets.values()):
        counts = row(ticket, ticket["issued_at"])
        counts["tickets"] += 1
        counts["served"] += ticket["state"] == "served"
        counts["missed"] += ticket["misses"] > 0
    for case in filter(inside, told.cases.values()):
        counts = row(case, case["accepted_at"])
        counts["cases"] += 1
        counts["decided"] += case["decided_at"] is not None
        counts["on_time"] += bool(case["on_time"])
    return [
        {
            "period": period,
            "group": value,
            "name": f"{value}局" if group == "department" else None,
            "name_en": value.title() if group == "department" else None,
            **{name: counts[name] for name in ("cases", "tickets", "served", "missed", "decided")},
            "on_time": _share(counts["on_time"], counts["decided"]),
        }
        for (period, value), counts in sorted(rows.items())
    ]


def names() -> list[State]:
    """Tell what the departments are called."""
    rng, told = random.Random(0), Told()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for code in DEPARTMENTS:
        named = {"code": code, "name": f"{code}局", "name_en": code.title(), "offers_three_services": True}
        told.tell("catalogue.department.published", code, named, at=at, rng=rng)
    return told.events
