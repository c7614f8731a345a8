"""Two copies as processes: each message is sent by one of them, and one that is killed in the middle loses none."""

import json
import time
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

from kombu import Connection, Exchange

from services.chassis.bus import Bus
from tests.conftest import Stack
from tests.integration.notifications.sms_server import SmsServer

EVENTS = Exchange("hall.events", type="topic", durable=True)
BOSS = {"username": "boss", "roles": ["manager"]}
AT = "2026-03-02T01:05:00+00:00"


def ask_codes(bus: Bus, count: int) -> None:
    for nth in range(count):
        phone = {"phone": f"1380000{nth:04d}"}
        bus.call("identity", "send_otp", phone, caller={}, call_id=f"otp-{nth}", timeout=10)


def repeat_request(stack: Stack, request: str) -> None:
    """Publish again, under another event id, that a code was asked for."""
    data = {"request": request, "phone_masked": "138****0000", "expires_at": AT}
    body = {"specversion": "1.0", "id": str(uuid4()), "source": "/hallflow/identity", "sequence": 1}
    body |= {"type": "identity.otp.requested", "subject": request, "time": AT, "hall": "main", "data": data}
    with Connection(stack.amqp_uri) as connection, connection.Producer(exchange=EVENTS) as producer:
        producer.publish(
            json.dumps(body), routing_key=body["type"], content_type="application/json", delivery_mode=2
        )


def until(condition: Callable[[], bool], *, timeout_s: float = 30.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.05)


def sent(bus: Bus) -> list[dict[str, str]]:
    asked = {"state": "sent", "limit": 200}
    reply = bus.call("notifications", "list_deliveries", asked, caller=BOSS, call_id="list", timeout=10)
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
    bus = Bus(stack.amqp_uri)
    try:
        gateway.answers = [503, 503]
        ask_codes(bus, 12)
        until(lambda: len(sent(bus)) == 12)
        repeat_request(stack, sent(bus)[0]["cause"].removeprefix("otp:"))
        assert sorted(Counter(gateway.ids).values()) in ([1] * 10 + [2, 2], [1] * 11 + [3])

        gateway.answering.clear()  # a message is taken, and its sender never hears of it
        before = len(gateway.ids)
        ask_codes(bus, 1)
        until(lambda: len(gateway.ids) == before + 1)
        for name in ("notifications", "notifications-2"):
            stack.processes[name].kill()
        gateway.answering.set()
        stack.processes["notifications"].start()
        until(lambda: len(gateway.ids) == before + 2)
        assert gateway.ids[-1] == gateway.ids[-2] and gateway.received[-1] == gateway.received[-2]
        stack.processes["notifications"].wait_ready()
        until(lambda: len(sent(bus)) == 13)
        shown = json.dumps(sent(bus))
    finally:
        bus.close()
    logs = "".join(process.log.read_text() for process in stack.processes.values())
    for message in gateway.received:
        assert message["to"].startswith("+861380000")
        assert message["to"] not in logs + shown and message["text"] not in logs + shown
