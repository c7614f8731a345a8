"""The catalogue as a running process: asked over the bus, heard on the bus."""

import json
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from kombu import Connection, Consumer, Exchange, Producer, Queue

from deploy.hall.load import REFERENCE, read_hall

ADMIN = {"username": "boss", "roles": ["admin"], "hall": "main"}


@pytest.fixture
def bus(running_services: Callable[..., Any]) -> Any:
    """A running catalogue, and a queue that hears everything it publishes."""
    stack = running_services("catalogue")
    with Connection(stack.amqp_uri) as connection:
        channel = connection.default_channel
        heard = Queue("heard", Exchange("hall.events", "topic", durable=True), "catalogue.#", exclusive=True)(
            channel
        )
        heard.declare()
        yield Asker(connection, heard)


class Asker:
    """Calls the catalogue in Nameko's wire format and takes its events."""

    def __init__(self, connection: Connection, heard: Queue) -> None:
        """Keep the connection and the queue of events."""
        self._connection, self._heard = connection, heard

    def call(
        self, method: str, request: dict[str, Any], *, command_id: str = ""
    ) -> tuple[dict[str, Any], bool]:
        """Return the reply to a call, and whether it was replayed."""
        channel = self._connection.channel()
        rpc, key = Exchange("nameko-rpc", "topic", durable=True), str(uuid.uuid4())
        replies = Queue(f"rpc.reply-{key}", rpc, key, exclusive=True, auto_delete=True)(channel)
        replies.declare()
        got: list[tuple[dict[str, Any], bool]] = []

        def take(body: dict[str, Any], message: Any) -> None:
            got.append((body, bool(message.headers.get("hall.replayed"))))

        with Consumer(channel, [replies], callbacks=[take], no_ack=True, accept=["json"]):
            Producer(channel, rpc).publish(
                {"args": [], "kwargs": {"request": request}},
                routing_key=f"catalogue.{method}",
                reply_to=key,
                correlation_id=key,
                headers={"nameko.call_id_stack": [key], "nameko.caller": {**ADMIN, "command_id": command_id}},
            )
            while not got:
                self._connection.drain_events(timeout=30)
        channel.close()
        return got[0]

    def events(self, *, many: int, within_s: float = 30.0) -> list[dict[str, Any]]:
        """Return the next events, as many as there should be."""
        found: list[dict[str, Any]] = []
        deadline = time.monotonic() + within_s
        while len(found) < many:
            message = self._heard.get(no_ack=True)
            if message is not None:
                found.append(json.loads(message.body))
            else:
                assert time.monotonic() < deadline, f"only {len(found)} of {many} events came"
                time.sleep(0.05)
        return found


def test_a_loaded_hall_is_found_and_heard_on_the_bus(bus: Asker) -> None:
    hall = asdict(read_hall(REFERENCE))
    hall.pop("clerks")
    reply, _ = bus.call("load_hall", hall)
    assert reply["error"] is None, reply["error"]
    years = len({day["day"][:4] for day in hall["calendar"]})
    named = sum(len(hall[name]) for name in ("departments", "zones", "queues", "windows", "items"))
    events = bus.events(many=named + 1 + years)
    assert [event["position"] for event in events] == list(range(1, len(events) + 1))
    listed = bus.call("list_items", {"q": "yyzz", "limit": 5})[0]["result"]
    assert listed.keys() == {"items", "next"}
    assert len(bus.call("list_departments", {})[0]["result"]["items"]) == 34
    assert len(bus.call("list_queues", {"department": "market"})[0]["result"]["items"]) == 4
    assert bus.call("get_hall", {})[0]["result"]["today"]["opens"] == "09:00"
    assert len(bus.call("list_revisions", {"limit": 10})[0]["result"]["items"]) == 10

    adjust = {"code": "drc-001", "time_limit_days": 9}
    first, again = (
        bus.call("adjust_item", adjust, command_id="k1"),
        bus.call("adjust_item", adjust, command_id="k1"),
    )
    assert first[0]["result"]["time_limit_days"] == 9
    assert again == (first[0], True)
    (event,) = bus.events(many=1)
    assert (event["subject"], event["data"]["revision"]) == ("drc-001", 2)
    assert bus.call("get_item", {"code": "drc-001"})[0]["result"]["materials"]


def test_a_wrong_request_names_its_fields(bus: Asker) -> None:
    reply, _ = bus.call("adjust_item", {"code": "x y", "time_limit_days": -1, "colour": "red"})
    assert reply["error"]["kind"] == "invalid"
    assert reply["error"]["errors"].keys() == {"code", "time_limit_days", "colour"}
    assert bus.call("get_item", {"code": "none"})[0]["error"]["code"] == "item_not_found"
    assert bus.call("list_items", {"cursor": "nonsense"})[0]["error"]["errors"].keys() == {"cursor"}
