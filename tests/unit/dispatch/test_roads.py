"""Ways from a routing engine: a server on this machine that answers as OSRM does, or does not."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from services.dispatch import roads
from services.dispatch.domain.planning import Place
from services.dispatch.domain.travel import NO_WAY, GreatCircle
from tests.waiting import DEADLINE_S

PLACES = [Place(30 + n / 100, 120 + n / 50) for n in range(roads.BLOCK + 3)]
Answer = Callable[[list[str], dict[str, list[str]]], tuple[int, str]]


def as_osrm(points: list[str], asked: dict[str, list[str]]) -> tuple[int, str]:
    """Answer with hundredths of degrees of latitude as seconds, ten times as many metres."""
    assert asked["annotations"] == ["duration,distance"]
    lats = [float(point.split(",")[1]) for point in points]
    assert all(
        float(point.split(",")[0]) == pytest.approx(120 + 2 * (lat - 30))
        for point, lat in zip(points, lats, strict=True)
    )
    rows, columns = (
        [lats[int(n)] for n in asked[name][0].split(";")] for name in ("sources", "destinations")
    )
    assert max(len(rows), len(columns)) <= roads.BLOCK
    seconds = [[round(100 * abs(a - b), 1) for b in columns] for a in rows]
    metres = [[10 * each for each in row] for row in seconds]
    return 200, json.dumps({"code": "Ok", "durations": seconds, "distances": metres})


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            assert address.path.startswith("/table/v1/driving/")
            status, body = answer(address.path.rpartition("/")[2].split(";"), parse_qs(address.query))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """Say nothing of clients that have given up."""

    with Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_a_table_is_put_together_from_blocks() -> None:
    with serving(as_osrm) as url:
        table = roads.OsrmTable(url).table(PLACES, during=[])
    assert table.leg(PLACES[0], PLACES[-1]).seconds == len(PLACES) - 1
    assert all(
        table.seconds[a][b] == abs(a - b) and table.metres[a][b] == 10 * abs(a - b)
        for a in range(len(PLACES))
        for b in range(len(PLACES))
    )


def test_a_way_that_does_not_exist_is_longer_than_any_day() -> None:
    cut = json.dumps({"code": "Ok", "durations": [[0, None], [5.4, 0]], "distances": [[0, None], [50, 0]]})
    with serving(lambda *_: (200, cut)) as url:
        table = roads.OsrmTable(url).table(PLACES[:2], during=[])
    assert table.seconds == [[0, NO_WAY], [5, 0]]


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (
            400,
            '{"code": "TooBig", "message": "Too many table coordinates"}',
            "status 400, code 'TooBig', message 'Too many",
        ),
        (502, "<html>", "JSONDecodeError"),
        (200, "[]", "status 200"),
        (200, '{"code": "Ok", "durations": [[0, 1]], "distances": [[0, 1]]}', "status 200"),
        (200, '{"code": "Ok", "durations": [[0, 1], [1, 0]]}', "status 200"),
    ],
)
def test_what_is_no_table_is_refused(status: int, body: str, said: str) -> None:
    with serving(lambda *_: (status, body)) as url, pytest.raises(roads.RoadsAway, match=said):
        roads.OsrmTable(url).table(PLACES[:2], during=[])


def test_an_engine_that_does_not_answer_in_time_is_given_up() -> None:
    over = Event()

    def late(*_: Any) -> tuple[int, str]:
        over.wait(DEADLINE_S)
        return 200, ""

    with serving(late) as url:
        with pytest.raises(roads.RoadsAway, match="ReadTimeout"):
            roads.OsrmTable(url, timeout=(DEADLINE_S, 0.1)).table(PLACES[:2], during=[])
        over.set()


def test_a_day_is_planned_with_estimates_while_the_engine_is_away() -> None:
    with serving(as_osrm) as url:
        pass
    away = roads.WithFallback(roads.OsrmTable(url), GreatCircle())
    assert away.table(PLACES[:2], during=[]) == GreatCircle().table(PLACES[:2], during=[])


def test_settings_choose_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    roads.settings.cache_clear()
    monkeypatch.setenv("HALL_ROAD_FACTOR", "1.4")
    monkeypatch.setenv("HALL_ROAD_SPEEDS", ",".join(["20"] * 24))
    estimate = roads.travel_source()
    assert isinstance(estimate, GreatCircle)
    assert (estimate.roads.factor, estimate.roads.speeds_kmh) == (1.4, (20.0,) * 24)
    roads.settings.cache_clear()
    monkeypatch.setenv("HALL_OSRM_URL", "http://osrm:5000")
    chosen = roads.travel_source()
    roads.settings.cache_clear()
    assert chosen == roads.WithFallback(roads.OsrmTable("http://osrm:5000"), estimate)
