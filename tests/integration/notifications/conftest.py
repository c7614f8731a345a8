"""Notifications on a database of its own, and a server that takes text messages."""

from collections.abc import Callable, Iterator

import pytest

from services.chassis import clock, config
from services.chassis.db import Database, load_queries
from services.notifications.store import Store
from tests.integration.notifications.in_process import Post
from tests.integration.notifications.sms_server import SmsServer, sms_server
from tests.waiting import DEADLINE_S


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bool], None]]:
    """Make this hall a demo, or none; it is none at first."""

    def switch(on: bool) -> None:
        monkeypatch.setenv("HALL_DEMO", "1" if on else "0")
        config.settings.cache_clear()

    switch(False)
    yield switch
    monkeypatch.undo()
    config.settings.cache_clear()


@pytest.fixture
def post(
    database: Callable[[str], str], demo: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Post]:
    """Notifications in this process."""
    opened = Database(
        Store,
        load_queries("services.notifications"),
        url=database("notifications"),
        size=10,
        timeout=DEADLINE_S,
    )
    found = Post(opened)
    monkeypatch.setattr(clock, "real_now", lambda: found.real)
    with clock.showing(lambda: found.now):
        yield found
    opened.close()


@pytest.fixture
def gateway() -> Iterator[SmsServer]:
    """An SMS gateway."""
    with sms_server() as server:
        yield server
