"""A real gateway with a stand-in for the services behind it."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from gateway.settings import SERVICES
from tests.integration.gateway.responder import Call, Refused, Responder
from tests.waiting import DEADLINE_S

ZONES = ("Z1", "Z2")
TICKET_ID = "0198f3a2-1111-7222-8333-444455556666"


@dataclass(frozen=True)
class Signer:
    """Signs tokens as identity does, with a key of its own."""

    key: OKPKey

    def token(self, username: str, *roles: str, **claims: Any) -> str:
        """Return a token for an account."""
        now = int(time.time())
        content = {
            "iss": "hallflow", "sub": username, "roles": list(roles), "jti": str(uuid4()),
            "iat": now - 1, "exp": now + 3600, "dept": "D01",
        } | claims  # fmt: skip
        return jwt.encode({"alg": "Ed25519", "kid": self.key.kid}, content, self.key, algorithms=["Ed25519"])

    def headers(self, username: str, *roles: str, **claims: Any) -> dict[str, str]:
        """Return the header that shows such a token."""
        return {"Authorization": f"Bearer {self.token(username, *roles, **claims)}"}

    def public_keys(self) -> dict[str, Any]:
        """Return the key set that identity would publish."""
        return {"keys": [self.key.as_dict(private=False)]}


def make_signer() -> Signer:
    """Make a fresh key."""
    return Signer(OKPKey.generate_key("Ed25519", {"kid": str(uuid4())}, auto_kid=False))


@pytest.fixture
def signer() -> Signer:
    """A fresh signing key."""
    return make_signer()


def ticket(**members: Any) -> dict[str, Any]:
    """Return a ticket as ticketing answers it."""
    return {
        "id": TICKET_ID, "number": "A001", "hall": "main", "queue": "Q1", "department": "D01", "item": "I1",
        "class": "walk_in", "channel": "kiosk", "state": "waiting", "window": None,
        "issued_at": "2026-03-02T09:05:00+08:00", "called_at": None, "started_at": None, "finished_at": None,
        "ahead": 0, "estimate": {"p50_s": 60, "p90_s": 120},
    } | members  # fmt: skip


class FakeHall:
    """What the stand-in knows: boards and desks that note when they were asked for.

    They show `content`, and something else each time as long as none is set.
    """

    def __init__(self) -> None:
        """Start with one board."""
        self.content = ""
        self.asked: list[list[str]] = []
        self.broken, self.broken_answers = False, 0
        self.revoked: list[str] = []
        self.serving: dict[str, str] = {}
        self.desks_asked: list[list[str]] = []
        self._answers = count(1)

    def board(self, call: Call) -> dict[str, Any]:
        """Answer get_board."""
        if call.request["zone"] not in ZONES:
            raise Refused("not_found", "zone_not_found")
        return self.boards_of([call.request["zone"]])[0]

    def boards(self, call: Call) -> dict[str, Any]:
        """Answer get_boards."""
        if self.broken:
            self.broken_answers += 1
            return {"items": [{}]}
        return {"items": self.boards_of(call.request["zones"])}

    def boards_of(self, zones: Sequence[str]) -> list[dict[str, Any]]:
        """Return the boards of these zones, which count as asked for when they have been read."""
        content = self.content or f"answer {next(self._answers)}"
        boards = [
            {
                "zone": zone, "calling": [{"number": content, "window": "W01"}],
                "waiting": [], "as_of": "2026-03-02T09:05:00+08:00",
            }
            for zone in zones
        ]  # fmt: skip
        self.asked.append(sorted(zones))
        return boards

    def desk(self, call: Call) -> dict[str, Any]:
        """Answer get_desk: each clerk has a window of their own."""
        if call.caller["username"] != f"clerk-{call.request['window']}":
            raise Refused("forbidden", "not_your_window")
        return self.desk_of(call.request["window"])

    def desks(self, call: Call) -> dict[str, Any]:
        """Answer get_desks."""
        self.desks_asked.append(sorted(call.request["windows"]))
        return {"items": [self.desk_of(code) for code in call.request["windows"]]}

    def desk_of(self, code: str) -> dict[str, Any]:
        """Return the desk of a window that serves the queue of its name, with those who wait there."""
        serves = self.serving.get(code)
        return {
            "window": {"code": code, "department": f"D-{code}", "queues": [f"Q-{code}", "Q"]},
            "ticket": ticket(id=serves, state="serving") if serves else None,
            "held": [], "missed": [], "waiting": [ticket(number=self.content or f"answer {next(self._answers)}")],
            "as_of": "2026-03-02T09:05:00+08:00",
        }  # fmt: skip

    def handlers(self, signer: Signer) -> dict[str, Callable[[Call], Any]]:
        """Return what the stand-in answers."""
        health = {"database": "ok"}
        return {
            "identity.public_keys": lambda _: signer.public_keys(),
            "identity.revocations": lambda _: {"tokens": self.revoked, "subjects": []},
            "identity.me": lambda call: {
                "username": call.caller["username"],
                "roles": [],
                "department": None,
            },
            "ticketing.get_board": self.board,
            "ticketing.get_boards": self.boards,
            "ticketing.get_desk": self.desk,
            "ticketing.get_desks": self.desks,
            "ticketing.issue_ticket": lambda call: ticket(item=call.request["item"]),
            "ticketing.get_ticket": lambda call: ticket(id=call.request["id"]),
            "catalogue.list_departments": lambda _: [
                {"code": "D01", "name": "发展改革委", "offers_three_services": True}
            ],
            "catalogue.list_items": lambda call: {"items": [], "next": None, "asked": call.request},
            **{f"{name}.health": lambda _: health for name in SERVICES.split(",")},
        }


@pytest.fixture
def fake_hall() -> FakeHall:
    """The stand-in's knowledge."""
    return FakeHall()


@pytest.fixture
def responder(vhost: Any, signer: Signer, fake_hall: FakeHall) -> Iterator[Responder]:
    """The stand-in for all services, answering."""
    with Responder(vhost.uri, fake_hall.handlers(signer)) as running:
        yield running


@pytest.fixture
def gateway(running_services: Callable[..., Any], responder: Responder) -> Iterator[httpx.Client]:
    """A client of a real gateway with two workers."""
    stack = running_services("gateway", HALL_GATEWAY_WORKERS="2", HALL_LIMIT_CHANGES="1000")
    with httpx.Client(base_url=stack.url, timeout=DEADLINE_S) as client:
        yield client
