"""What a simulated console shows of its desk, and how streams are drained. The page's rules are tested in a browser."""

import json
import socket as plain_socket
from typing import Any

import gevent
import pytest
from gevent import socket

from loadtests.journeys.console import Console
from loadtests.streams import Drain, Events
from tests.waiting import until


def desk(*waiting: str, at: str, ticket: str = "") -> dict[str, Any]:
    """Return a desk as of a minute of the hour."""
    return {
        "ticket": {"id": ticket, "state": "serving"} if ticket else None,
        "waiting": [{"id": each} for each in waiting],
        "as_of": f"2026-03-02T09:{at}:00+08:00",
    }


def answer(ticket: str, state: str, *, at: str) -> dict[str, Any]:
    """Return a command's answer."""
    called = f"2026-03-02T09:{at}:00+08:00"
    return {"id": ticket, "state": state, "called_at": called, "started_at": None, "finished_at": None}


@pytest.fixture
def console() -> Console:
    """A console that shows two who wait, as of five past nine."""
    made = Console()
    made.hear(desk("t", "u", at="05"))
    return made


def test_who_is_free_sees_who_comes_and_not_the_same_again(console: Console) -> None:
    assert not console.hear(desk("u", at="06"))
    assert console.told(json.dumps(desk("u", "v", at="07")).encode())
    assert not console.hear(desk("u", "v", "w", at="08", ticket="t"))
    assert not console.shows_waiting


def test_a_desk_from_before_is_not_shown(console: Console) -> None:
    assert not console.hear(desk("x", at="04"))
    assert console.command("call next", answer("t", "called", at="06")) is False
    console.hear(desk("t", "u", at="05"))
    assert console.desk is not None
    assert console.desk["ticket"]["id"] == "t"
    assert [each["id"] for each in console.desk["waiting"]] == ["u"]


@pytest.mark.parametrize(
    ("action", "said"),
    [("hold", answer("t", "on_hold", at="06")), ("call next", None), ("finish", None)],
)
def test_a_command_whose_answer_does_not_tell_all_is_followed_by_a_look(
    console: Console, action: str, said: dict[str, Any] | None
) -> None:
    assert console.command(action, said)


def test_an_answer_that_tells_all_is_taken_over(console: Console) -> None:
    assert not console.command("call next", answer("t", "called", at="06"))
    assert not console.command("accept", {"number": "1", "state": "accepted"})
    assert not console.command("finish", answer("t", "served", at="07"))
    assert console.desk is not None
    assert (console.desk["ticket"], console.desk["waiting"]) == (None, [{"id": "u"}])
    assert not console.command("call next", {})
    assert not console.shows_waiting


def test_a_console_that_shows_nothing_yet_looks() -> None:
    assert Console().command("call next", answer("t", "called", at="06"))


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
        until(lambda: heard, what="what was sent is heard", pause=gevent.sleep)
        assert not reader.dead
        server.close()
        reader.join()
    finally:
        server.close()
        reader.kill()
        stream.close()
    assert heard == [b"one"]
    assert reader.successful()
