"""The RPC client on a real broker."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from kombu import Connection

from services.chassis import bus as chassis_bus
from services.chassis.bus import Bus, BusAway, CallTimedOut, RemoteProblem, ServiceAway
from tests.integration.gateway.relay import CuttableRelay
from tests.integration.gateway.responder import Call, Refused, Responder
from tests.waiting import DEADLINE_S, until

# Longer than any test waits: a call that ends does not do so because its time is over.
FOR_EVER_S = 10 * DEADLINE_S

CALLER = {
    "username": "clerk001",
    "roles": ["clerk"],
    "hall": "main",
    "command_id": "clerk001:k1",
    "subject": None,
}


def ask(bus: Bus, method: str, request: dict[str, Any], *, timeout: float = DEADLINE_S) -> Any:
    return bus.call("echo", method, request, caller=CALLER, call_id="call-1", timeout=timeout).result


def _refuse(_: Call) -> Any:
    raise Refused("conflict", "cut_off", detail="Too late.", extra={"alternatives": ["tomorrow"]})


@pytest.fixture
def executed() -> list[str]:
    return []


@pytest.fixture
def go_on() -> Iterator[threading.Event]:
    """Until it is set, `echo.slow` gives no answer."""
    made = threading.Event()
    yield made
    made.set()


@pytest.fixture
def echo(vhost: Any, go_on: threading.Event) -> Iterator[Responder]:
    def slow(_: Call) -> Any:
        go_on.wait(FOR_EVER_S)
        return {}

    handlers = {
        "echo.say": lambda call: call.request,
        "echo.who": lambda call: {"caller": call.caller, "call_id": call.call_id},
        "echo.refuse": _refuse,
        "echo.slow": slow,
    }
    with Responder(vhost.uri, handlers) as running:
        yield running
        go_on.set()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for the first connection however long the machine needs for it."""
    monkeypatch.setattr(chassis_bus, "CONNECT_WAIT_S", DEADLINE_S)


@pytest.fixture
def bus(vhost: Any, patient: None) -> Iterator[Bus]:
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
        ask(bus, "slow", {}, timeout=0.2)  # Timed: it is to be over, and no answer ever comes.

    assert bus.pending == 0


def test_a_request_that_outlived_its_caller_is_never_carried_out(
    vhost: Any, bus: Bus, executed: list[str]
) -> None:
    handlers = {"echo.slow": lambda _: executed.append("late")}
    with Responder(vhost.uri, handlers):
        ask(bus, "slow", {})
    executed.clear()
    # The broker counts a queue's messages before it puts the next one in, so that an empty queue alone says nothing.
    taken: list[int] = []
    bus._link.channel.events["basic_ack"].add(lambda tag, _: taken.append(tag))
    bus._link.channel.confirm_select(nowait=True)
    with pytest.raises(CallTimedOut):
        ask(bus, "slow", {}, timeout=0.3)  # Timed: it is to be over, and nobody is there to answer.
    until(lambda: taken, what="the request is in the queue")
    until(lambda: _requests(vhost.uri) == 0, what="the request is gone from the queue")

    with Responder(vhost.uri, handlers):
        ask(bus, "slow", {})

    assert executed == ["late"]


def _requests(amqp_uri: str) -> int:
    with Connection(amqp_uri) as connection:
        return int(connection.default_channel.queue_declare("rpc-echo", passive=True).message_count)


def test_an_unknown_service_is_reported_at_once(bus: Bus, echo: Responder) -> None:
    ask(bus, "say", {})

    with pytest.raises(ServiceAway):
        bus.call("nobody", "say", {}, caller=CALLER, call_id="c", timeout=FOR_EVER_S)

    assert bus.pending == 0


def test_two_hundred_calls_at_once_get_their_own_answers(bus: Bus, echo: Responder) -> None:
    with ThreadPoolExecutor(max_workers=200) as pool:
        answers = list(pool.map(lambda n: ask(bus, "say", {"n": n}), range(200)))

    assert [each["n"] for each in answers] == list(range(200))
    assert bus.pending == 0


def test_without_a_broker_a_call_fails_soon() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        bus = Bus(f"amqp://guest:guest@127.0.0.1:{unused.getsockname()[1]}//")
        try:
            with pytest.raises(BusAway):
                ask(bus, "say", {}, timeout=FOR_EVER_S)
        finally:
            bus.close()


@pytest.fixture
def relay(vhost: Any) -> Iterator[CuttableRelay]:
    address = urlsplit(vhost.uri)
    with CuttableRelay(address.hostname or "", address.port or 0) as running:
        yield running


@pytest.fixture
def cut_bus(vhost: Any, relay: CuttableRelay, patient: None) -> Iterator[Bus]:
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

    until(answered, what="an answer over the mended way")


def test_waiting_calls_fail_when_the_broker_goes_away_and_do_not_wait_for_their_timeout(
    cut_bus: Bus, relay: CuttableRelay, echo: Responder
) -> None:
    ask(cut_bus, "say", {})
    failed: list[BaseException] = []

    def wait_long() -> None:
        try:
            ask(cut_bus, "slow", {}, timeout=FOR_EVER_S)
        except BusAway as exc:
            failed.append(exc)

    thread = threading.Thread(target=wait_long)
    thread.start()
    until(lambda: _slow_calls(echo) == 1, what="the call is in hand")
    relay.cut()

    thread.join(DEADLINE_S)
    assert len(failed) == 1
    assert cut_bus.pending == 0


def test_a_call_cut_off_by_a_short_loss_of_the_connection_is_repeated(
    cut_bus: Bus,
    relay: CuttableRelay,
    echo: Responder,
    go_on: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chassis_bus, "FAILED_WAIT_S", DEADLINE_S)
    ask(cut_bus, "say", {})
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(ask(cut_bus, "slow", {})))
    thread.start()
    until(lambda: _slow_calls(echo) == 1, what="the call is in hand")

    relay.drop_connections()
    until(lambda: _slow_calls(echo) == 2, what="the call is repeated")
    go_on.set()

    thread.join(DEADLINE_S)
    assert answers == [{}]
    assert _slow_calls(echo) == 2


def _slow_calls(echo: Responder) -> int:
    return [target for target, _ in echo.seen].count("echo.slow")
