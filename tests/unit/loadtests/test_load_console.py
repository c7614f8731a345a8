"""When a simulated console looks at its desk, and how streams are drained. The page's rules are tested in a browser."""

import json
import socket as plain_socket
from math import inf

import gevent
import pytest
from gevent import socket

from loadtests.journeys.console import BUSY_PAUSE_S, FREE_PAUSE_S, NET_S, Console, waiting_on
from loadtests.plan import Window
from loadtests.streams import Drain, Events

FREE = {"ticket": None, "waiting": []}
BUSY = {"ticket": {"state": "serving"}, "waiting": [{"number": "A002"}]}


def board(*, own: int = 0, other: int = 0) -> bytes:
    """Return the data of an event."""
    waiting = [{"queue": "own", "count": own}, {"queue": "other", "count": other}]
    return json.dumps({"waiting": waiting}).encode()


@pytest.fixture
def console() -> Console:
    """A console that has heard the board and looked, at moment 100."""
    made = Console(Window("101", "market", "A", ("own",), "clerk1"))
    made.hear(board())
    made.look(100.0)
    made.desk = FREE
    return made


def test_a_change_elsewhere_is_no_reason_to_look(console: Console) -> None:
    assert not console.hear(board(other=1))
    assert console.looks_at() == 100 + NET_S


@pytest.mark.parametrize(("desk", "pause"), [(FREE, FREE_PAUSE_S), (BUSY, BUSY_PAUSE_S)])
def test_a_change_of_its_queue_is_one_after_a_pause(
    console: Console, desk: dict[str, object], pause: float
) -> None:
    console.desk = desk
    assert console.hear(board(own=1))
    assert console.looks_at() == 100 + pause
    assert console.look(100 + pause)
    assert console.looks_at() == 100 + pause + NET_S


@pytest.mark.parametrize(
    ("action", "answer"), [("hold", {"id": "t", "state": "on_hold"}), ("call next", None)]
)
def test_a_command_whose_answer_does_not_tell_all_is_followed_by_a_look_at_once(
    console: Console, action: str, answer: dict[str, str] | None
) -> None:
    console.hear(board(own=1))
    console.command(action, answer, 101.0)
    assert console.looks_at() == 101
    assert not console.look(101.0)


def test_an_answer_that_tells_all_is_taken_over_without_a_look(console: Console) -> None:
    console.desk = {"ticket": None, "waiting": [{"id": "t"}, {"id": "u"}]}
    console.command("call next", {"id": "t", "state": "called"}, 101.0)
    assert console.desk == {"ticket": {"id": "t", "state": "called"}, "waiting": [{"id": "u"}]}
    console.command("accept", {"number": "1", "state": "accepted"}, 102.0)
    console.command("finish", {"id": "t", "state": "served"}, 103.0)
    assert console.desk["ticket"] is None
    assert console.looks_at() == 100 + NET_S


def test_a_console_that_has_never_looked_looks_at_once() -> None:
    assert Console(Window("101", "market", "A", ("own",), "clerk1")).looks_at() == -inf


def test_who_serves_somebody_does_not_see_a_reason_to_call(console: Console) -> None:
    console.desk = BUSY
    assert not console.shows_waiting
    console.desk = {**BUSY, "ticket": None}
    assert console.shows_waiting


def test_the_consoles_of_a_zone_read_an_event_once() -> None:
    assert waiting_on(board(own=7)) is waiting_on(bytes(bytearray(board(own=7))))


def test_events_are_cut_wherever_pieces_end() -> None:
    stream = b"retry: 2000\n\nid: 1\nevent: board\ndata: {1}\n\n: beat\n\nid: 2\nevent: board\ndata: {2}\n\n"
    events = Events()
    assert [data for n in range(len(stream)) for data in events.cut(stream[n : n + 1])] == [b"{1}", b"{2}"]


def test_a_drained_stream_is_heard_until_it_ends() -> None:
    server, client = plain_socket.socketpair()
    heard: list[bytes] = []
    stream = socket.socket(fileno=client.detach())
    reader = gevent.spawn(Drain(0.001).read, stream, heard.append)
    try:
        server.sendall(b"one")
        with gevent.Timeout(10):
            while not heard:
                gevent.sleep(0.001)
            assert not reader.dead
            server.close()
            reader.join()
    finally:
        server.close()
        reader.kill()
        stream.close()
    assert heard == [b"one"]
    assert reader.successful()
