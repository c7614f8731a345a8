"""Ticketing emits the agreed bytes: a morning at a window, told event by event."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.db import Database, load_queries
from services.chassis.inbox import read_event
from services.ticketing.service import Ticketing
from services.ticketing.store import Store
from services.ticketing.use_cases import before, day, evaluations, holding, issue, serve, visitors, windows
from tests.integration.ticketing.conftest import SettableClock, SmallHall
from tests.waiting import DEADLINE_S

SAMPLES = Path(__file__).parent / "samples"
HEARINGS = {hearing.type: hearing for hearing in Ticketing.inbox.hearings}
AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
APPOINTMENT = "5c3f6d1a-92de-4d53-8c8a-0c5a1a1f2b07"
CALL_ID = "7f0c1f9e-4a58-4a39-9d7e-0c3b5f0a6a11"
CLERK = Caller(
    hall="main", call_id=CALL_ID, username="clerk003", roles=frozenset({"clerk"}), department="market"
)
MANAGER = Caller(hall="main", call_id=CALL_ID, username="manager", roles=frozenset({"manager"}))
CLOCK = Caller(hall="main", call_id=CALL_ID, username="clock", roles=frozenset({"admin"}))
TICKET_VERBS = (
    "issued",
    "called",
    "recalled",
    "started",
    "held",
    "resumed",
    "finished",
    "missed",
    "requeued",
    "transferred",
    "cancelled",
    "expired",
    "closed",
    "approaching",
    "paused",
    "retold",
)
TYPES = {
    *(f"ticketing.ticket.{verb}" for verb in TICKET_VERBS),
    "ticketing.token.renewed",
    "ticketing.window.signed_in",
    "ticketing.window.signed_out",
    *(f"ticketing.evaluation.{verb}" for verb in ("recorded", "assigned", "followed_up")),
}


def _sample(type_: str) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads((SAMPLES / f"{type_}.json").read_text("utf-8"))
    return whole


def _hear_the_catalogue(hall: SmallHall) -> None:
    """Copy what the catalogue's samples say, and a second queue for the same window."""
    samples = [
        _sample(f"catalogue.{kind}.published") for kind in ("zone", "queue", "item", "window", "hours")
    ]
    second = json.loads(json.dumps(samples[1]))
    second["data"] |= {"code": "market-change", "prefix": "B"}
    for body in (*samples, second):
        event = read_event(body, HEARINGS)
        hall.do(HEARINGS[event.type].handler, [event])


class Morning:
    """Lives through a morning in which everything happens that ticketing tells of."""

    def __init__(self, hall: SmallHall) -> None:
        """Begin in a hall that has heard the catalogue."""
        self._hall = hall

    def _issue(self) -> str:
        self._hall.clock.move(seconds=30)
        # What is known of the windows is kept for some real seconds, however many the clock has gone.
        self._hall.forget()
        return str(self._hall.issue("market-001", class_="priority", phone="13812345678")["id"])

    def _do(self, command: str, id_: str, **more: Any) -> None:
        self._hall.clock.move(seconds=60)
        by = self._hall.visitor(id_) if command == "evaluate" else CLERK
        self._hall.act(command, id_, by, **more)

    def _call(self) -> None:
        self._hall.clock.move(seconds=60)
        self._hall.do(serve.call_next, self._hall.situations, CLERK, window="103")

    def _close_for_a_while(self) -> None:
        """Hear of a closure until eleven, have it told, and hear that it has ended."""
        closure = _sample("catalogue.closure.published")
        closure["data"] |= {"starts_at": AT.isoformat(), "ends_at": "2026-03-02T11:00:00+08:00"}
        for ends_at in (closure["data"]["ends_at"], AT.isoformat()):
            closure["data"]["ends_at"] = ends_at
            event = read_event(closure, HEARINGS)
            self._hall.do(HEARINGS[event.type].handler, [event])
            self._hall.forget()
            self._hall.do(visitors.tell_paused, CLOCK, situations=self._hall.situations)
            closure["sequence"] += 1

    def pass_by(self) -> None:
        """Let it all happen."""
        hall = self._hall
        hall.do(windows.sign_in, CLERK, window="103")
        served = self._issue()
        hall.do(visitors.tell_approaching, CLOCK)
        self._close_for_a_while()
        self._call()
        for command in ("recall", "start", "hold", "resume"):
            self._do(command, served)
        self._do("transfer", served, queue="market-change", reason="needs the other queue")
        self._call()
        for command in ("start", "finish"):
            self._do(command, served)
        self._do("evaluate", served, level=2, comment="等了很久")
        due_on = date(2026, 3, 6)
        hall.do(
            evaluations.assign_evaluation,
            MANAGER,
            ticket=UUID(served),
            owner="clerk003",
            owner_roles=["clerk"],
            due_on=due_on,
        )
        hall.do(evaluations.follow_up_evaluation, MANAGER, ticket=UUID(served), result="已电话回访")
        self._do("cancel", self._issue())
        missed = self._issue()
        self._call()
        self._do("miss", missed)
        self._do("requeue", missed)
        self._call()
        self._do("miss", missed)
        hall.clock.move(minutes=31)
        hall.do(day.expire_missed, CLOCK)
        hall.do(windows.sign_out, hall.situations, CLERK, window="103")
        self._issue()
        come = hall.check_in(APPOINTMENT, "market-001").body["id"]
        hall.do(holding.renew_token, CLERK, id=UUID(come), reason="lost slip")
        hall.clock.move(days=1)
        hall.do(day.close_ended_days, CLOCK)
        hall.change("UPDATE tickets SET past = '[]' WHERE id = %(id)s", id=served)
        hall.change("INSERT INTO visits_without_stretches VALUES ('main', %(id)s)", id=served)
        hall.do(before.recover_stretches, CLOCK)


@pytest.fixture
def told(
    database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, dict[str, Any]]]:
    """The first event of each type of that morning, with ids of its own making set to fixed ones."""
    made = Database(
        Store, load_queries("services.ticketing"), url=database("ticketing"), size=4, timeout=DEADLINE_S
    )
    hands = SettableClock(at=AT)
    ids = iter(range(1, 100))
    monkeypatch.setattr(issue, "uuid4", lambda: UUID(int=next(ids), version=4))
    with clock.showing(hands):
        hall = SmallHall(made, hands)
        _hear_the_catalogue(hall)
        Morning(hall).pass_by()
        first: dict[str, dict[str, Any]] = {}
        for row in hall.rows("SELECT type, body FROM outbox ORDER BY id"):
            first.setdefault(row["type"], row["body"])
    made.close()
    yield first


def test_ticketing_emits_exactly_what_was_agreed(told: dict[str, dict[str, Any]]) -> None:
    assert set(told) == TYPES
    for type_, event in told.items():
        sample = _sample(type_)
        assert sample.pop("position") == 1, "which the relay adds"
        assert UUID(event.pop("id")) != UUID(sample.pop("id"))
        # The kiosk of these tests calls without an id.
        assert event | {"callid": CALL_ID} == sample, type_


def test_each_event_of_ticketing_has_a_sample_and_no_other_is_kept() -> None:
    assert {path.stem for path in SAMPLES.glob("ticketing.*.json")} == TYPES


def test_no_event_of_ticketing_says_anything_of_the_person() -> None:
    for type_ in TYPES:
        text = (SAMPLES / f"{type_}.json").read_text("utf-8")
        assert "phone" not in text.replace('"channel": "phone"', "")
        assert "138" not in text
        assert not any(word in text for word in ("comment", "result", "owner"))


def test_a_ticket_event_carries_the_whole_ticket() -> None:
    members = {frozenset(_sample(f"ticketing.ticket.{verb}")["data"]) for verb in TICKET_VERBS}
    common = frozenset.intersection(*members)
    more = {verb: set(_sample(f"ticketing.ticket.{verb}")["data"]) - common for verb in TICKET_VERBS}
    assert {verb: names for verb, names in more.items() if names} == {
        "called": {"window_zone"},
        "recalled": {"window_zone"},
        "resumed": {"window_zone"},
        "transferred": {"from_queue", "from_zone"},
        "approaching": {"ahead", "language"},
        "paused": {"closure", "until", "language"},
    }
