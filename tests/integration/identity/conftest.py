"""Identity on a database of its own, at a real time that the test moves."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from small_identity import Desk, MovedTime

from services.chassis import clock, config
from services.chassis.db import Database, load_queries
from services.identity.store import Store
from tests.servers import PostgresServer
from tests.waiting import DEADLINE_S


@pytest.fixture
def real_time(monkeypatch: pytest.MonkeyPatch) -> MovedTime:
    """The real time."""
    moved = MovedTime()
    monkeypatch.setattr(clock, "real_now", moved)
    return moved


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bool], None]]:
    """Make this hall a demo, or none; it is none at first."""

    def switch(on: bool) -> None:
        monkeypatch.setenv("HALL_DEMO", "1" if on else "0")
        config.settings.cache_clear()

    monkeypatch.setenv("HALL_DEMO_PASSWORD", "try-me")
    switch(False)
    yield switch
    monkeypatch.undo()
    config.settings.cache_clear()


@pytest.fixture
def desk(
    database: Callable[[str], str], postgres_server: PostgresServer, real_time: MovedTime, demo: Any
) -> Iterator[Desk]:
    """Identity as its service uses it."""
    url = database("identity")
    found = Database(Store, load_queries("services.identity"), url=url, size=12, timeout=DEADLINE_S)
    yield Desk(found, postgres_server.administers(url))
    found.close()


@pytest.fixture
def caps(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Set how many one-time codes are sent: `caps(ADDRESS_HOUR=3)`."""

    def choose(**most: int) -> None:
        for name, value in most.items():
            monkeypatch.setenv(f"HALL_CODES_{name}", str(value))
        config.settings.cache_clear()

    yield choose
    monkeypatch.undo()
    config.settings.cache_clear()
