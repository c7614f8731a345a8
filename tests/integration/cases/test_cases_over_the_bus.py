"""Cases as a process: asks ticketing, hears the catalogue and tells statistics over a real broker."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection, Exchange, Queue

from services.chassis.bus import RemoteProblem
from tests.connected_bus import connected_bus
from tests.integration.gateway.responder import Call, Refused, Responder
from tests.processes import Stack
from tests.waiting import DEADLINE_S, until

SAMPLES = Path(__file__).parents[2] / "contract" / "samples"
EVENTS = Exchange("hall.events", type="topic", durable=True)
CLERK = {"username": "clerk003", "roles": ["clerk"], "department": "market"}
TICKET = {
    "id": "4d0bb2bb-3f53-4b67-9f5c-8dfb1d1f8d55",
    "number": "A001",
    "department": "market",
    "channel": "web",
    "class": "appointment",
    "state": "serving",
    "window": "103",
    "clerk": "clerk003",
    "extended": False,
}
ACCEPT = {"ticket": TICKET["id"], "item": "market-001"}


class Desk:
    """A broker with cases on it."""

    def __init__(self, stack: Stack) -> None:
        """Use running processes."""
        self.stack = stack
        self.bus = connected_bus(stack.amqp_uri)

    def publish_sample(self, type_: str) -> None:
        """Publish the agreed bytes of an event."""
        body = (SAMPLES / f"{type_}.json").read_text("utf-8")
        with Connection(self.stack.amqp_uri) as connection, connection.Producer(exchange=EVENTS) as producer:
            producer.publish(body, routing_key=type_, content_type="application/json", delivery_mode=2)

    def call(self, method: str, command_id: str = "", *, role: str = "clerk", **request: Any) -> Any:
        """Call cases as clerk003."""
        caller = {**CLERK, "roles": [role], "command_id": command_id}
        return self.bus.call("cases", method, request, caller=caller, call_id="call-1", timeout=DEADLINE_S)


@pytest.fixture
def desk(running_services: Callable[..., Stack]) -> Iterator[Desk]:
    """A running service of cases that has heard of an item and of 2026."""
    desk = Desk(running_services("cases"))
    yield desk
    desk.bus.close()


def ticketing(desk: Desk) -> Responder:
    """Make a stand-in for ticketing that serves one ticket."""

    def get_ticket(call: Call) -> dict[str, Any]:
        if call.request["id"] == "of-another-department":
            return TICKET | {"department": "tax"}
        if call.request["id"] != TICKET["id"]:
            raise Refused("not_found", "ticket_not_found", detail="There is no such ticket.")
        return TICKET

    return Responder(desk.stack.amqp_uri, {"ticketing.get_ticket": get_ticket})


def test_a_case_is_accepted_over_the_bus_once_for_each_command(desk: Desk) -> None:
    with Connection(desk.stack.amqp_uri) as connection, ticketing(desk) as responder:
        queue = Queue("test.heard", EVENTS, "cases.case.*", auto_delete=False)(connection.default_channel)
        queue.declare()
        desk.publish_sample("catalogue.item.published")
        desk.publish_sample("catalogue.calendar.published")
        wait_until_heard(desk)
        first = desk.call("accept_case", "key-1", **ACCEPT)
        again = desk.call("accept_case", "key-1", **ACCEPT)
        assert (again.result, first.replayed, again.replayed) == (first.result, False, True)
        shown = first.result
        assert (shown["number"], shown["state"], shown["origin"]) == ("2026-0000001", "accepted", "web")
        assert (shown["due_on"], shown["on_time"], shown["ticket"]) == ("2026-03-09", None, TICKET["id"])
        decided = desk.call("decide_case", "key-2", number=shown["number"]).result
        assert (decided["state"], decided["on_time"]) == ("decided", True)
        assert responder.seen[-1][1].caller["username"] == "clerk003"
        assert {call.call_id for _, call in responder.seen} == {"call-1"}
        heard = [wait_for_message(queue), wait_for_message(queue)]
        assert [each["type"] for each in heard] == ["cases.case.accepted", "cases.case.decided"]
        assert heard[0]["data"] == {name: shown[name] for name in heard[0]["data"]}


def wait_until_heard(desk: Desk) -> None:
    """Wait until cases has heard of the item: until then it is unknown."""

    def refusal() -> str:
        with pytest.raises(RemoteProblem) as refused:
            desk.call("accept_case", **(ACCEPT | {"ticket": "of-another-department"}))
        return refused.value.code

    until(lambda: refusal() == "item_of_other_department", what="cases hears of the item", seen=refusal)


def wait_for_message(queue: Any) -> dict[str, Any]:
    """Return the next event."""
    return dict(json.loads(until(lambda: queue.get(no_ack=True), what="an event").body))


def test_a_ticket_that_ticketing_does_not_know_is_not_found(desk: Desk) -> None:
    with ticketing(desk), pytest.raises(RemoteProblem) as refused:
        desk.call("accept_case", **(ACCEPT | {"ticket": "another"}))
    assert (refused.value.kind, refused.value.code) == ("not_found", "ticket_not_found")


def test_no_case_is_accepted_while_ticketing_is_away_and_it_can_be_tried_again(desk: Desk) -> None:
    desk.publish_sample("catalogue.item.published")
    with pytest.raises(RemoteProblem) as refused:
        desk.call("accept_case", "key-1", **ACCEPT)
    assert (refused.value.kind, refused.value.code) == ("away", "service_unavailable")
    with pytest.raises(RemoteProblem) as refused:
        desk.call("accept_case", "key-1", role="analyst", **ACCEPT)
    assert (refused.value.kind, refused.value.code) == ("forbidden", "staff_only")
    with ticketing(desk):
        wait_until_heard(desk)
        accepted = desk.call("accept_case", "key-1", **ACCEPT)
    assert (accepted.result["number"], accepted.replayed) == ("2026-0000001", False)


def test_wrong_requests_name_their_fields(desk: Desk) -> None:
    with pytest.raises(RemoteProblem) as refused:
        desk.call("accept_case", item="?", applicant_ref="张三", colour="red")
    assert set(refused.value.errors) == {"ticket", "item", "applicant_ref", "colour"}
    with pytest.raises(RemoteProblem) as refused:
        desk.call("correct_case", number="17")
    assert set(refused.value.errors) == {"number", "reason"}
