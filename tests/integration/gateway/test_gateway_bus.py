"""The RPC client on a real broker."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

from gateway.bus import Bus, BusAway, CallTimedOut, RemoteProblem, ServiceAway
from tests.integration.gateway.conftest import until
from tests.integration.gateway.relay import CuttableRelay
from tests.integration.gateway.responder import Call, Refused, Responder

CALLER = {
    "username": "clerk001",
    "roles": ["clerk"],
    "hall": "main",
    "command_id": "clerk001:k1",
    "subject": None,
}


def ask(bus: Bus, method: str, request: dict[str, Any], *, timeout: float = 5.0) -> Any:
    return bus.call("echo", method, request, caller=CALLER, call_id="call-1", timeout=timeout).result


def _refuse(_: Call) -> Any:
    raise Refused("conflict", "cut_off", detail="Too late.", extra={"alternatives": ["tomorrow"]})


@pytest.fixture
def executed() -> list[str]:
    return []


@pytest.fixture
def echo(vhost: Any, executed: list[str]) -> Iterator[Responder]:
    def slow(call: Call) -> Any:
        time.sleep(call.request["s"])
        executed.append("slow")
        return {}

    handlers = {
        "echo.say": lambda call: call.request,
        "echo.who": lambda call: {"caller": call.caller, "call_id": call.call_id},
        "echo.refuse": _refuse,
        "echo.slow": slow,
    }
    with Responder(vhost.uri, handlers) as running:
        yield running


@pytest.fixture
def bus(vhost: Any) -> Iterator[Bus]:
    made = Bus(vhost.uri)
    yield made
    made.close()


def test_a_call_comes_back_with_the_services_answer(bus: Bus, echo: Responder) -> None:
    assert ask(bus, "say", {"text": "取号 😀"}) == {"text": "取号 😀"}


def test_the_caller_and_the_call_id_travel_with_the_call(bus: Bus, echo: Responder) -> None:
    assert ask(bus, "who", {}) == {"caller": CALLER, "call_id": "call-1"}


def test_a_replayed_answer_is_marked(bus: Bus, echo: Responder) -> None:
    echo.replayed = True

    assert bus.call("echo", "say", {}, caller=CALLER, call_id="c").replayed is True


def test_a_refusal_keeps_its_kind_code_and_members(bus: Bus, echo: Responder) -> None:
    with pytest.raises(RemoteProblem) as caught:
        ask(bus, "refuse", {})

    problem = caught.value
    assert (problem.kind, problem.code, problem.detail) == ("conflict", "cut_off", "Too late.")
    assert problem.extra == {"alternatives": ["tomorrow"]}


def test_an_unknown_method_is_unexpected(bus: Bus, echo: Responder) -> None:
    with pytest.raises(RemoteProblem) as caught:
        ask(bus, "no_such_method", {})

    assert caught.value.kind == "unexpected"


def test_a_timeout_leaves_nothing_pending(bus: Bus, echo: Responder) -> None:
    with pytest.raises(CallTimedOut):
        ask(bus, "slow", {"s": 1.0}, timeout=0.2)

    assert bus.pending == 0


def test_a_request_that_outlived_its_caller_is_never_carried_out(
    vhost: Any, bus: Bus, executed: list[str]
) -> None:
    handlers = {"echo.slow": lambda _: executed.append("late")}
    with Responder(vhost.uri, handlers):
        ask(bus, "slow", {"s": 0})
    executed.clear()
    with pytest.raises(CallTimedOut):
        ask(bus, "slow", {"s": 0}, timeout=0.3)

    with Responder(vhost.uri, handlers):
        ask(bus, "slow", {"s": 0})

    assert executed == ["late"]


def test_an_unknown_service_is_reported_at_once(bus: Bus, echo: Responder) -> None:
    ask(bus, "say", {})
    started = time.monotonic()

    with pytest.raises(ServiceAway):
        bus.call("nobody", "say", {}, caller=CALLER, call_id="c", timeout=10)

    assert time.monotonic() - started < 2
    assert bus.pending == 0


def test_two_hundred_calls_at_once_get_their_own_answers(bus: Bus, echo: Responder) -> None:
    with ThreadPoolExecutor(max_workers=200) as pool:
        answers = list(pool.map(lambda n: ask(bus, "say", {"n": n}, timeout=30), range(200)))

    assert [each["n"] for each in answers] == list(range(200))
    assert bus.pending == 0


def test_without_a_broker_a_call_fails_soon() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    bus = Bus(f"amqp://guest:guest@127.0.0.1:{port}//")
    started = time.monotonic()
    try:
        with pytest.raises(BusAway):
            ask(bus, "say", {})
    finally:
        bus.close()
    assert time.monotonic() - started < 4


@pytest.fixture
def relay(vhost: Any) -> Iterator[CuttableRelay]:
    address = urlsplit(vhost.uri)
    with CuttableRelay(address.hostname or "", address.port or 0) as running:
        yield running


@pytest.fixture
def cut_bus(vhost: Any, relay: CuttableRelay) -> Iterator[Bus]:
    address = urlsplit(vhost.uri)
    made = Bus(vhost.uri.replace(f":{address.port}/", f":{relay.port}/"))
    yield made
    made.close()


def test_calls_work_again_after_the_broker_was_away(
    cut_bus: Bus, relay: CuttableRelay, echo: Responder
) -> None:
    assert ask(cut_bus, "say", {"n": 1}) == {"n": 1}
    relay.cut()
    with pytest.raises(BusAway):
        ask(cut_bus, "say", {"n": 2})

    relay.mend()

    def answered() -> bool:
        try:
            return bool(ask(cut_bus, "say", {"n": 3}) == {"n": 3})
        except BusAway:
            return False

    assert until(answered)


def test_waiting_calls_fail_when_the_broker_goes_away_and_do_not_wait_for_their_timeout(
    cut_bus: Bus, relay: CuttableRelay, echo: Responder
) -> None:
    ask(cut_bus, "say", {})
    failed: list[BaseException] = []

    def wait_long() -> None:
        try:
            ask(cut_bus, "slow", {"s": 3.0}, timeout=30)
        except BusAway as exc:
            failed.append(exc)

    thread = threading.Thread(target=wait_long)
    thread.start()
    until(lambda: any(target == "echo.slow" for target, _ in echo.seen))
    relay.cut()

    thread.join(timeout=10)
    assert len(failed) == 1
    assert cut_bus.pending == 0


def test_a_call_cut_off_by_a_short_loss_of_the_connection_is_repeated(
    cut_bus: Bus, relay: CuttableRelay, echo: Responder
) -> None:
    ask(cut_bus, "say", {})
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(ask(cut_bus, "slow", {"s": 0.5}, timeout=20)))
    thread.start()
    until(lambda: any(target == "echo.slow" for target, _ in echo.seen))

    relay.drop_connections()

    thread.join(timeout=20)
    assert answers == [{}]
    assert [target for target, _ in echo.seen].count("echo.slow") == 2
