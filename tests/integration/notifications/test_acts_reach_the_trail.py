"""What staff do in a service stands in identity's trail, with what was before; and nothing of what was refused."""

from collections.abc import Callable
from typing import Any

import pytest

from services.chassis.bus import Bus, RemoteProblem
from tests.connected_bus import connected_bus
from tests.processes import Stack
from tests.waiting import DEADLINE_S, until

BOSS: dict[str, Any] = {"hall": "main", "username": "boss", "roles": ["admin"], "address": "10.0.0.9"}


def call(bus: Bus, service: str, method: str, request: dict[str, Any], **caller: Any) -> Any:
    asked = {**BOSS, **caller}
    return bus.call(service, method, request, caller=asked, call_id="trail", timeout=DEADLINE_S).result


def test_a_changed_text_stands_in_the_trail_with_the_one_before(
    running_services: Callable[..., Stack],
) -> None:
    stack = running_services("identity", "notifications")
    bus = connected_bus(stack.amqp_uri)
    wanted = {"kind": "otp", "language": "zh"}
    try:
        for text in ("您的验证码是{code}", "验证码：{code}"):
            for _ in range(2):
                call(
                    bus, "notifications", "save_template", {**wanted, "text": text}, command_id=f"key-{text}"
                )
        with pytest.raises(RemoteProblem):
            call(bus, "notifications", "save_template", {**wanted, "text": "没有"})
        with pytest.raises(RemoteProblem):
            call(bus, "notifications", "save_template", {**wanted, "text": "{code}"}, roles=["clerk"])

        def listed() -> list[dict[str, Any]]:
            asked = {"what": "save_template", "who": "boss"}
            found: list[dict[str, Any]] = call(bus, "identity", "list_audit", asked)["items"]
            return found

        until(lambda: len(listed()) == 2, what="two acts are heard", seen=listed)
        newest, oldest = listed()
        told = call(bus, "identity", "verify_audit", {})
    finally:
        bus.close()
    assert (newest["before"]["text"], newest["after"]["text"]) == ("您的验证码是{code}", "验证码：{code}")
    assert oldest["before"]["text"].startswith("验证码{code}，")
    assert (newest["service"], newest["by"], newest["subject"]) == ("notifications", "boss", "otp")
    assert newest["address"] == "10.0.0.9"
    assert told["whole"] and told["entries"] >= 2


def test_what_a_machine_client_does_stands_in_the_trail_by_its_name(
    running_services: Callable[..., Stack],
) -> None:
    """It has no roles, and acts in the capacity in which its scope lets it."""
    stack = running_services("identity", "notifications")
    bus = connected_bus(stack.amqp_uri)
    client = {"username": "client:texts", "roles": [], "capacity": "manager"}
    wanted = {"kind": "otp", "language": "zh", "text": "口令：{code}"}
    try:
        call(bus, "notifications", "save_template", wanted, command_id="by-client", **client)

        def listed() -> list[dict[str, Any]]:
            asked = {"what": "save_template", "who": "client:texts"}
            found: list[dict[str, Any]] = call(bus, "identity", "list_audit", asked)["items"]
            return found

        until(listed, what="the act is heard", seen=listed)
        (act,) = listed()
    finally:
        bus.close()
    assert (act["by"], act["roles"], act["after"]["text"]) == ("client:texts", [], "口令：{code}")
