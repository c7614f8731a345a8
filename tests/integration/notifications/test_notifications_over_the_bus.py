"""Two copies as processes: each message is sent by one of them, and one that is killed in the middle loses none."""

import json
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import psycopg
from kombu import Connection, Exchange

from services.chassis.bus import Bus
from tests.connected_bus import connected_bus
from tests.integration.notifications.sms_server import SmsServer
from tests.processes import Stack
from tests.waiting import DEADLINE_S, until

EVENTS = Exchange("hall.events", type="topic", durable=True)
BOSS = {"username": "boss", "roles": ["manager"]}
AT = "2026-03-02T01:05:00+00:00"


def ask_codes(bus: Bus, count: int) -> None:
    for nth in range(count):
        phone = {"phone": f"1380000{nth:04d}"}
        bus.call("identity", "send_otp", phone, caller={}, call_id=f"otp-{nth}", timeout=DEADLINE_S)


def repeat_request(stack: Stack, request: str) -> None:
    """Publish again, under another event id, that a code was asked for."""
    data = {"request": request, "phone_masked": "138****0000", "expires_at": AT}
    body = {"specversion": "1.0", "id": str(uuid4()), "source": "/hallflow/identity", "sequence": 1}
    body |= {"type": "identity.otp.requested", "subject": request, "time": AT, "hall": "main", "data": data}
    with Connection(stack.amqp_uri) as connection, connection.Producer(exchange=EVENTS) as producer:
        producer.publish(
            json.dumps(body), routing_key=body["type"], content_type="application/json", delivery_mode=2
        )


def _count(stack: Stack, table: str) -> int:
    with psycopg.connect(stack.databases["notifications"]) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def sent(bus: Bus) -> list[dict[str, str]]:
    asked = {"state": "sent", "limit": 200}
    reply = bus.call(
        "notifications", "list_deliveries", asked, caller=BOSS, call_id="list", timeout=DEADLINE_S
    )
    found: list[dict[str, str]] = reply.result["items"]
    return found


def test_two_copies_send_each_once_and_a_killed_one_repeats_only_the_id_in_hand(
    running_services: Callable[..., Stack], gateway: SmsServer
) -> None:
    stack = running_services(
        "identity",
        "notifications",
        "notifications",
        HALL_SMS_URL=gateway.url,
        HALL_SMS_PAUSE="0.2",
        HALL_DEMO="0",
    )
    bus = connected_bus(stack.amqp_uri)
    try:
        gateway.answers = [503, 503]
        ask_codes(bus, 12)
        until(lambda: len(sent(bus)) == 12, what="twelve messages are sent", seen=lambda: len(sent(bus)))
        repeat_request(stack, sent(bus)[0]["cause"].removeprefix("otp:"))
        until(lambda: _count(stack, "inbox") >= 13, what="the repeated request is heard")
        assert _count(stack, "deliveries") == 12, "the repeated request makes no further message"
        assert sorted(Counter(gateway.ids).values()) in ([1] * 10 + [2, 2], [1] * 11 + [3])

        gateway.answering.clear()  # a message is taken, and its sender never hears of it
        before = len(gateway.ids)
        ask_codes(bus, 1)
        until(lambda: len(gateway.ids) > before, what="the message is taken")
        for name in ("notifications", "notifications-2"):
            stack.processes[name].kill()
        tried = len(gateway.ids)
        gateway.answering.set()
        stack.processes["notifications"].start()
        until(lambda: len(gateway.ids) > tried, what="the message is sent again")
        assert all(each == gateway.received[-1] for each in gateway.received[before:])
        stack.processes["notifications"].wait_ready()
        until(lambda: len(sent(bus)) == 13, what="thirteen messages are sent", seen=lambda: len(sent(bus)))
        shown = json.dumps(sent(bus))
    finally:
        bus.close()
    logs = "".join(process.log.read_text() for process in stack.processes.values())
    for message in gateway.received:
        assert message["to"].startswith("+861380000")
        assert message["to"] not in logs + shown and message["text"] not in logs + shown
