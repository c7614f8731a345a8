"""The gateway's app with a bus that answers from a table."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.http.counters import SharedCounters
from gateway.http.runtime import make_runtime
from gateway.settings import Settings, read_settings
from services.chassis.bus import Reply
from tests.integration.gateway.conftest import Signer, make_signer

Answers = dict[str, Callable[[dict[str, Any]], Any]]


class TableBus:
    """Answers calls by `service.method`; keeps what it was asked."""

    connected = True

    def __init__(self, answers: Answers) -> None:
        """Answer from this table."""
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Any], Mapping[str, Any]]] = []
        self.replayed = False

    def call(self, service: str, method: str, request: Mapping[str, Any], **given: Any) -> Reply:
        """Answer, or raise what the table's function raises."""
        self.asked.append((f"{service}.{method}", dict(request), given["caller"]))
        return Reply(self.answers[f"{service}.{method}"](dict(request)), self.replayed)


@pytest.fixture
def signer() -> Signer:
    """A fresh signing key."""
    return make_signer()


@pytest.fixture
def settings() -> Settings:
    """Settings with small limits."""
    return replace(
        read_settings(),
        changes=5,
        reads=20,
        one_time_codes=2,
        kiosk_searches=3,
        wrong_lookups=3,
        token_calls_per_second=1000,
    )


@pytest.fixture
def answers(signer: Signer) -> Answers:
    """What the services answer."""
    return {
        "identity.public_keys": lambda _: signer.public_keys(),
        "catalogue.list_departments": lambda _: [],
        "ticketing.issue_ticket": lambda request: {"id": "t1", **request},
    }


@pytest.fixture
def bus(answers: Answers) -> TableBus:
    """The table as a bus."""
    return TableBus(answers)


@pytest.fixture(scope="session")
def _routes() -> Flask:
    """The app, made once: its routes and their description take half a second."""
    return create_app(read_settings(), SharedCounters(slots=1))


@pytest.fixture
def app(_routes: Flask, settings: Settings, bus: TableBus) -> Flask:
    """The app, on that bus and with parts and counters of its own."""
    made, parts = _routes, make_runtime(settings, SharedCounters(slots=1024))
    made.extensions["hall"] = parts
    parts.bus = bus
    parts.verifier._keys._fetch = lambda: bus.call("identity", "public_keys", {}, caller={}).result
    parts.roles._fetch = lambda: bus.call("identity", "list_roles", {}, caller={}).result["items"]
    parts._started = True
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the app."""
    return app.test_client()
