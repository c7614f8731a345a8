"""The catalogue as a running process: asked over the bus, heard on the bus."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from kombu import Connection, Exchange, Queue

from deploy.hall.load import REFERENCE
from services.catalogue.tables.hall import read_hall
from services.catalogue.tables.sending import catalogue_tables
from services.chassis.bus import Bus, RemoteProblem, Reply
from tests.connected_bus import connected_bus
from tests.waiting import DEADLINE_S, until

ADMIN = {"username": "boss", "roles": ["admin"], "hall": "main"}


@dataclass
class Running:
    """A running catalogue, and a queue that hears everything it publishes."""

    bus: Bus
    heard: Queue
    database: str

    def call(self, method: str, *, command_id: str = "", **request: Any) -> Reply:
        """Ask the catalogue."""
        caller = {**ADMIN, "command_id": command_id}
        return self.bus.call("catalogue", method, request, caller=caller, call_id="c1", timeout=DEADLINE_S)

    def events(self, *, many: int) -> list[dict[str, Any]]:
        """Return the next events, as many as there should be."""
        messages = [
            until(lambda: self.heard.get(no_ack=True), what=f"event {nth} of {many}")
            for nth in range(1, many + 1)
        ]
        return [json.loads(message.body) for message in messages]


@pytest.fixture
def running(running_services: Callable[..., Any]) -> Iterator[Running]:
    """A catalogue in a process of its own."""
    stack = running_services("catalogue")
    bus = connected_bus(stack.amqp_uri)
    with Connection(stack.amqp_uri) as connection:
        exchange = Exchange("hall.events", "topic", durable=True)
        heard = Queue("heard", exchange, "catalogue.#", exclusive=True)(connection.default_channel)
        heard.declare()
        yield Running(bus, heard, stack.databases["catalogue"])
    bus.close()


def _reference_hall() -> dict[str, Any]:
    hall = read_hall(REFERENCE)
    return {"hall": hall.hall, **catalogue_tables(hall)}


def test_a_loaded_hall_is_found_and_heard_on_the_bus(running: Running) -> None:
    hall = _reference_hall()
    running.call("load_hall", **hall)
    years = len({day["day"][:4] for day in hall["calendar"]})
    named = sum(len(hall[name]) for name in ("departments", "zones", "queues", "windows", "items"))
    events = running.events(many=named + 1 + years)
    assert [event["position"] for event in events] == list(range(1, len(events) + 1))
    assert len(running.call("list_departments").result["items"]) == 34
    assert len(running.call("list_queues", department="market").result["items"]) == 4
    assert len(running.call("list_items", limit=700).result["items"]) == 607
    assert len(running.call("list_revisions", limit=10).result["items"]) == 10
    assert running.call("get_hall").result["today"]["opens"] == "09:00"


def test_a_repeated_change_is_made_and_published_once(running: Running) -> None:
    hall = _reference_hall()
    running.call("load_hall", **hall)
    first, again = (
        running.call("adjust_item", command_id="k1", code="drc-001", time_limit_days=9) for _ in range(2)
    )
    assert (first.replayed, again.replayed) == (False, True)
    assert first.result == again.result
    item = running.call("get_item", code="drc-001").result
    assert (item["time_limit_days"], item["revision"]) == (9, 2)
    assert item["materials"]


def test_what_was_never_told_is_told_by_itself(running: Running) -> None:
    hall = _reference_hall()
    running.call("load_hall", **hall)
    years = {day["day"][:4] for day in hall["calendar"]}
    named = sum(len(hall[name]) for name in ("departments", "zones", "queues", "windows", "items", "items"))
    running.events(many=named + 1 + len(years))
    with psycopg.connect(running.database) as connection:
        connection.execute("UPDATE items SET course_told = false WHERE code = 'drc-001'")
        connection.execute("UPDATE calendar_years SET told = false")
    told = running.events(many=1 + len(years))
    assert {(event["type"], event["subject"]) for event in told} == {
        ("catalogue.item.dated", "drc-001"),
        *(("catalogue.calendar.published", year) for year in years),
    }


def test_a_wrong_request_names_its_fields(running: Running) -> None:
    with pytest.raises(RemoteProblem) as refusal:
        running.call("adjust_item", code="x y", time_limit_days=-1, colour="red")
    assert refusal.value.kind == "invalid"
    assert refusal.value.errors.keys() == {"code", "time_limit_days", "colour"}
    with pytest.raises(RemoteProblem, match="item_not_found"):
        running.call("get_item", code="none")
    with pytest.raises(RemoteProblem) as refusal:
        running.call("list_items", cursor="nonsense")
    assert refusal.value.errors.keys() == {"cursor"}
