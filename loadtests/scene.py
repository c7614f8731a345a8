"""What the actors of a run share: the plan, the pace, who waits, who is idle, what was answered."""

from __future__ import annotations

import time
from array import array
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Address
from typing import Any

import gevent
from gevent.event import Event
from gevent.pool import Group

from loadtests.client import Api, sign_in
from loadtests.pace import Pace
from loadtests.plan import HOUR, Item, Plan, Reference, Visit, Window
from loadtests.record import Actor, Ledger
from loadtests.streams import Drain

# Each kind of actor has addresses of its own, since the gateway limits by address.
NETWORKS = {
    "kiosk": "127.2.0.1",
    "clerk": "127.3.0.1",
    "phone": "127.4.0.1",
    "board": "127.5.0.1",
    "visitor": "127.16.0.1",
}
SHORTEST_VISIBLE_S = 1.5
# Nobody reads a phone; a console's page waits for seconds after an event anyway.
PHONES_DRAINED_S, CONSOLES_DRAINED_S = 1.0, 0.25


@dataclass
class Floor:
    """The floor of the hall as people there see it: a clerk who is free notices that somebody has come."""

    visits: dict[str, Visit] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    idle: OrderedDict[str, tuple[Window, Event]] = field(default_factory=OrderedDict)
    returned: set[str] = field(default_factory=set)
    inside: int = 0

    def came(self, ticket: str, visit: Visit, *, token: str) -> None:
        """Note whose ticket it is, and the token on its slip."""
        self.tokens[ticket] = token
        self.visits[ticket] = visit

    def waits(self, queue: str) -> None:
        """Let the clerk of a queue who has been free for longest notice that somebody waits."""
        for code, (window, _) in self.idle.items():
            if queue in window.queues:
                self.notices(code)
                return

    def notices(self, window: str) -> None:
        """Let the clerk at a window, if free, notice that somebody waits."""
        if window in self.idle:
            self.idle.pop(window)[1].set()

    def rest(self, window: Window, *, seconds: float) -> None:
        """Be free until somebody comes, for so many real seconds at most."""
        noticed = Event()
        self.idle[window.code] = (window, noticed)
        noticed.wait(seconds)
        if self.idle.get(window.code, (None, None))[1] is noticed:
            del self.idle[window.code]

    def visit_of(self, ticket: str, *, within: float = 2.0) -> Visit | None:
        """Return whose ticket it is; the kiosk's answer may still be on its way."""
        ends = time.monotonic() + within
        while ticket not in self.visits and time.monotonic() < ends:
            gevent.sleep(0.02)
        return self.visits.get(ticket)


@dataclass
class Called:
    """A call as its clerk was answered; `left` is when it was over."""

    zone: str
    answered: float
    seen: dict[int, float] = field(default_factory=dict)
    left: float | None = None


@dataclass
class Watch:
    """Compares when a call was answered with when each board of the zone showed it."""

    boards: Counter[str] = field(default_factory=Counter)
    calls: dict[tuple[str, str], list[Called]] = field(default_factory=dict)
    shown: dict[tuple[str, int, str, str], float] = field(default_factory=dict)

    def answered(self, number: str, window: str, zone: str) -> Called:
        """Note a call that was answered."""
        call = Called(zone, time.perf_counter())
        self.calls.setdefault((number, window), []).append(call)
        for board in range(self.boards[zone]):
            # An event may overtake the answer.
            if (
                seen := self.shown.get((zone, board, number, window))
            ) is not None and seen > call.answered - 5:
                call.seen[board] = seen
        return call

    def saw(self, zone: str, board: int, number: str, window: str) -> None:
        """Note that a board shows a call which it did not show before."""
        now = time.perf_counter()
        self.shown[zone, board, number, window] = now
        for call in self.calls.get((number, window), [])[-1:]:
            call.seen.setdefault(board, now)

    def figures(self) -> dict[str, Any]:
        """Return the delays, and how many calls that lasted were not shown by a board."""
        delays = array("d")
        unseen = expected = 0
        for calls in self.calls.values():
            for call in calls:
                delays.extend(max(0.0, seen - call.answered) for seen in call.seen.values())
                if (call.left or call.answered) - call.answered >= SHORTEST_VISIBLE_S:
                    expected += self.boards[call.zone]
                    unseen += self.boards[call.zone] - len(call.seen)
        return {"seconds": delays, "expected": expected, "unseen": unseen}


@dataclass
class Scene:
    """Everything an actor needs to know."""

    url: str
    reference: Reference
    plan: Plan
    pace: Pace
    ledger: Ledger
    midnight: datetime
    password: str = "demo"  # noqa: S105 - the demo accounts' password of a local start
    floor: Floor = field(default_factory=Floor)
    watch: Watch = field(default_factory=Watch)
    tokens: dict[str, str] = field(default_factory=dict)
    slots: dict[int, dict[str, Any]] = field(default_factory=dict)
    crews: list[dict[str, Any]] = field(default_factory=list)
    sessions: dict[int, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    streams: Counter[str] = field(default_factory=Counter)
    phones: Drain = field(default_factory=lambda: Drain(PHONES_DRAINED_S))
    consoles: Drain = field(default_factory=lambda: Drain(CONSOLES_DRAINED_S))
    broken: Counter[str] = field(default_factory=Counter)
    # What people do later, when the actor who sent them on their way is done; it ends with the run.
    later: Group = field(default_factory=Group)
    last_visitor: int = 0
    ended: bool = False

    @property
    def day(self) -> str:
        """The day's date."""
        return self.midnight.date().isoformat()

    def script(self, moment: str) -> float:
        """Return when the script comes to a moment as the hall tells it, RFC 3339 in whatever zone."""
        since_midnight = (datetime.fromisoformat(moment) - self.midnight).total_seconds()
        return since_midnight - self.plan.begins * HOUR

    def actor(self, kind: str, n: int, *, account: str = "") -> Actor:
        """Return the client of an actor, from an address of their own, with the token of an account if given."""
        api = Api(self.url, token=self.token(account), connections=1, source=address(kind, n))
        return Actor(api, self.ledger)

    def token(self, account: str) -> str:
        """Return an account's token; it signs in when it has none."""
        if account and account not in self.tokens:
            self.tokens[account] = sign_in(self.url, account, self.password).token
        return self.tokens.get(account, "")

    @contextmanager
    def visitor(self) -> Iterator[Actor]:
        """Give the phone of somebody who is in the hall."""
        self.last_visitor += 1
        actor = self.actor("visitor", self.last_visitor)
        try:
            yield actor
        finally:
            actor.close()


def address(kind: str, n: int) -> str:
    """Return the address of the n-th actor of a kind."""
    return str(IPv4Address(int(IPv4Address(NETWORKS[kind])) + n))


def read_reference(url: str, *, clerks: int = 0, password: str = "demo") -> Reference:  # noqa: S107 - the local start's demo accounts
    """Ask the hall for its items, windows and departments; clerks sit where their accounts belong.

    Args:
        url: the gateway's root.
        clerks: so many windows alone, taken at even distances; 0 for all.
        password: of the demo accounts.
    """
    api = Api(url)
    manager = sign_in(url, "manager", password)

    def all_of(path: str) -> list[dict[str, Any]]:
        found, cursor = [], ""
        while True:
            answer = manager.get(f"{path}{'&' if '?' in path else '?'}limit=200{cursor}").body
            found += answer["items"]
            if not answer.get("next"):
                return found
            cursor = f"&cursor={answer['next']}"

    departments = all_of("/departments")
    windows = all_of("/windows")
    items = all_of("/items?state=active")
    api.close()
    chosen = range(0, len(windows), max(1, len(windows) // clerks) if clerks else 1)
    return Reference(
        [
            Item(
                each["code"],
                each["department"],
                each["queue"],
                each["service_seconds"],
                each["time_limit_days"] == 0,
            )
            for each in items
        ],
        [
            Window(each["code"], each["department"], each["zone"], tuple(each["queues"]), f"clerk{n:03d}")
            for n, each in ((n + 1, windows[n]) for n in chosen)
        ],
        sorted({each["zone"] for each in windows}),
        frozenset(each["code"] for each in departments if each["offers_three_services"]),
    )
