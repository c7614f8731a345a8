"""Statistics as a process: hears from a real broker, answers over it."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from kombu import Connection, Exchange, Queue

from services.chassis.bus import RemoteProblem
from tests.connected_bus import connected_bus
from tests.integration.statistics.simulated_day import (
    Told,
    names,
    recount_overview,
    recount_volumes,
    simulate,
)
from tests.processes import Stack
from tests.waiting import DEADLINE_S, until

MONDAY = date(2026, 3, 2)
ANALYST = {"username": "analyst", "roles": ["analyst"], "command_id": ""}
EVENTS = Exchange("hall.events", type="topic", durable=True)

Start = Callable[..., Stack]


class Hall:
    """A broker with statistics on it."""

    def __init__(self, stack: Stack) -> None:
        """Use running processes."""
        self.stack = stack
        self.bus = connected_bus(stack.amqp_uri)

    def tell(self, events: Sequence[dict[str, Any]]) -> None:
        """Publish events, confirmed by the broker."""
        with Connection(self.stack.amqp_uri, transport_options={"confirm_publish": True}) as connection:
            producer = connection.Producer(exchange=EVENTS)
            for event in events:
                producer.publish(
                    json.dumps(event),
                    routing_key=event["type"],
                    content_type="application/json",
                    delivery_mode=2,
                )

    def ask(self, method: str, caller: dict[str, Any] = ANALYST, **request: Any) -> dict[str, Any]:
        """Ask statistics."""
        call = self.bus.call("statistics", method, request, caller=caller, call_id="c1", timeout=DEADLINE_S)
        return dict(call.result)

    def waiting(self, queue: str) -> int:
        """Say how many messages are in a queue."""
        with Connection(self.stack.amqp_uri) as connection:
            return int(Queue(queue)(connection.default_channel).queue_declare(passive=True).message_count)

    def expect(self, told: Told) -> None:
        """Wait until Monday's overview is that of a recount."""
        counted = comparable(recount_overview(told, MONDAY))

        def shown() -> dict[str, Any]:
            return comparable(self.ask("get_overview", date=MONDAY.isoformat()))

        until(lambda: shown() == counted, what=f"the figures are {counted}", seen=shown)


def comparable(told: dict[str, Any]) -> dict[str, Any]:
    moment = told["as_of"]
    return told | {"as_of": datetime.fromisoformat(moment).timestamp() if moment else None}


@contextmanager
def hall_of(stack: Stack) -> Iterator[Hall]:
    hall = Hall(stack)
    try:
        yield hall
    finally:
        hall.bus.close()


def jumbled(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    rng = random.Random(1)
    mixed = [*events, *rng.sample(list(events), len(events) // 4)]
    rng.shuffle(mixed)
    return mixed


def test_the_figures_are_right_soon_after_the_last_event_and_after_a_stop(running_services: Start) -> None:
    with hall_of(running_services("statistics")) as hall:
        told = simulate([MONDAY], tickets=200, seed=21)
        half = len(told.events) // 2
        hall.tell([*names(), *jumbled(told.events[:half])])
        until(lambda: hall.waiting("statistics.inbox") == 0, what="all events are taken")
        process = hall.stack.processes["statistics"]
        process.stop()
        hall.tell(jumbled(told.events))
        assert hall.waiting("statistics.inbox") >= half
        process.start()
        process.wait_ready()
        hall.expect(told)
        volumes = hall.ask(
            "get_volumes", **{"from": "2026-03-01", "to": "2026-03-31"}, by="month", group="item"
        )
        assert volumes["items"] == recount_volumes(told, since=MONDAY, until=MONDAY, by="month", group="item")


def test_a_killed_copy_loses_no_event_and_counts_none_twice(running_services: Start) -> None:
    with hall_of(running_services("statistics", "statistics")) as hall:
        told = simulate([MONDAY], tickets=600, seed=22)
        hall.tell([*names(), *jumbled(told.events)])
        hall.stack.processes["statistics"].kill()
        hall.expect(told)


def test_poison_goes_to_the_dead_letters_and_the_rest_is_counted(running_services: Start) -> None:
    with hall_of(running_services("statistics")) as hall:
        told = simulate([MONDAY], tickets=50, seed=23)
        whole = told.events[0]
        unreadable = [{**whole, "id": "x", "data": {"item": None}}, {"type": "ticketing.ticket.issued"}]
        unstorable = {
            **whole,
            "id": "9d3c3c1e-0000-4000-8000-000000000001",
            "subject": "other",
            "data": {**whole["data"], "item": "no\0body"},
        }
        rest = [*names(), *told.events]
        hall.tell([*rest[:30], unreadable[0], unstorable, *rest[30:], unreadable[1]])
        until(lambda: hall.waiting("statistics.dead") == 3, what="three dead letters")
        hall.expect(told)
        assert hall.waiting("statistics.inbox") == 0


def test_only_staff_sees_figures_and_only_of_a_real_range(running_services: Start) -> None:
    with hall_of(running_services("statistics")) as hall:
        with pytest.raises(RemoteProblem, match="forbidden staff_only"):
            hall.ask("get_overview", {"username": None, "roles": ["visitor"]})
        assert hall.ask("get_overview")["date"] == MONDAY.isoformat()
        wrong = {
            "from": "2026-03-02",
            "to": "2026-03-01",
            "by": "week",
            "group": "clerk",
            "limit": 0,
            "cursor": "?",
        }
        with pytest.raises(RemoteProblem) as refused:
            hall.ask("get_volumes", **wrong)
        assert set(refused.value.errors) == {"by", "group", "limit", "cursor"}
        with pytest.raises(RemoteProblem) as refused:
            hall.ask(
                "get_volumes", **{"from": "2026-03-02", "to": "2026-03-01", "by": "day", "group": "item"}
            )
        assert set(refused.value.errors) == {"to"}
