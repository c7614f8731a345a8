"""Signs of life go to streams that have nothing else to send."""

import pytest

from gateway.live import streams
from gateway.live.streams import BEAT, BEAT_S, Stream, Topic
from tests.unit.gateway.standing_clock import StandingClock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    """The clock of the boards."""
    made = StandingClock()
    monkeypatch.setattr(streams, "time", made)
    return made


def watch(topic: Topic, *, every_s: float = 0.0) -> Stream:
    """Open a stream and read its greeting."""
    stream = Stream(topic, last_position=None, every_s=every_s, on_close=lambda: None)
    assert next(stream).startswith(b"retry: ")
    return stream


def test_who_has_just_had_news_gets_no_sign_of_life(clock: StandingClock) -> None:
    zone = Topic("board", "Z1")
    told, waits = watch(zone), watch(zone, every_s=60.0)
    zone.add({"shows": "A001"}, position=1)
    assert b"A001" in next(told) and b"A001" in next(waits)
    clock.now += BEAT_S - 1
    zone.add({"shows": "A002"}, position=2)
    assert b"A002" in next(told)
    clock.now += 1
    zone.beat()
    assert next(waits) == BEAT
    assert zone.audience(0.0).beats == 0
    clock.now += BEAT_S
    zone.beat()
    assert (next(told), next(waits)) == (BEAT, BEAT)
