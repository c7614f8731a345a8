"""A clerk: opens a window, calls, serves as people do, and follows the window's desk as the console does."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import Any

import gevent

from loadtests.journeys.console import Console
from loadtests.journeys.kiosk import leave
from loadtests.plan import ALWAYS, Visit, Window
from loadtests.record import Actor
from loadtests.scene import Called, Scene
from loadtests.streams import Events, open_stream

# A clerk who is free and sees nobody waiting tries all the same so often, in real seconds.
TRIES_S = 30.0
AGAIN_S, LONGEST_AGAIN_S = 2.0, 30.0
WALK_S, PATIENCE_S, PAUSE_S, REACTS_S = (15.0, 50.0), 45.0, (8.0, 40.0), (4.0, 12.0)
SITS_DOWN_S = (120.0, 1200.0)
# Nor do they all call in the second in which it opens, or leave in that in which it closes.
BEGINS_S, LEAVES_S = (0.0, 180.0), (0.0, 600.0)
# In a shape that is no day they come within so many real seconds.
ARRIVES_WITHIN_S = 15.0
COMES_BACK_S = (120.0, 900.0)
HOLD_S = (60.0, 300.0)
# Whoever waits at the end of a shift is served, for so long at most.
OVERTIME_S = 45 * 60.0


@dataclass
class Clerk:
    """One clerk at one window."""

    scene: Scene
    window: Window
    actor: Actor
    draw: random.Random
    console: Console = field(default_factory=Console)
    failures: int = 0
    shifts: list[tuple[float, float]] = field(default_factory=list)

    def between(self, times: tuple[float, float]) -> None:
        """Take a while, in seconds of the script."""
        self.scene.pace.sleep(self.draw.uniform(*times))

    def work(self) -> None:
        """Work all shifts of the day."""
        gevent.spawn(self._follow)
        for starts, ends in self.shifts:
            # People come to their desks in the minutes before it opens.
            self.scene.pace.until(starts - self.draw.uniform(*SITS_DOWN_S))
            if not self._sits_down(ends):
                continue
            self.scene.pace.until(starts + self.draw.uniform(*BEGINS_S))
            self._shift(ends + self.draw.uniform(*LEAVES_S))
            self.actor.post("sign out", f"/windows/{self.window.code}/sign-out")

    def _sits_down(self, ends: float) -> bool:
        """Sign in at the window, again when that fails, while the shift lasts."""
        while not self.scene.ended and self.scene.pace.now() < ends:
            if self._commands("sign in", f"/windows/{self.window.code}/sign-in") is not None:
                self.failures = 0
                return True
            self._again()
        return False

    def _shift(self, ends: float) -> None:
        while not self.scene.ended:
            ticket = self._commands("call next", f"/windows/{self.window.code}/call-next")
            answered = time.perf_counter()
            self.failures = self.failures if ticket is None else 0
            if ticket is None:
                self._recover()
            elif ticket:
                call = self.scene.watch.answered(ticket["number"], self.window.code, self.window.zone)
                call.answered = answered
                self._called(ticket, call)
            elif self.scene.pace.now() >= ends:
                return
            else:
                left = self.scene.pace.real(ends - self.scene.pace.now())
                self.scene.floor.rest(self.window, seconds=min(left + 0.05, TRIES_S + self.draw.random()))
                self.between(REACTS_S)
            if self.scene.pace.now() > ends + OVERTIME_S:
                return

    def _called(self, ticket: dict[str, Any], call: Called) -> None:
        ledger = self.scene.ledger
        ledger.calls.append({"ticket": ticket["id"], "window": self.window.code, "at": ticket["called_at"]})
        self._shows(ticket)
        visit = self.scene.floor.visit_of(ticket["id"])
        if visit is not None and visit.misses and ticket["id"] not in self.scene.floor.returned:
            self._missed(ticket, visit)
        else:
            self.between(WALK_S)
            if self.step(ticket, "start"):
                self._serve(ticket, visit)
        call.left = time.perf_counter()
        self.between(PAUSE_S)

    def _shows(self, ticket: dict[str, Any]) -> None:
        """Ask what the console shows beside a ticket that came to the window; the clerk does not wait for it."""
        for action, about in (("cases of ticket", "cases"), ("why", "why")):
            self.scene.later.spawn(self.actor.get, action, f"/tickets/{ticket['id']}/{about}")

    def _commands(self, action: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Give a command at the console, which takes over its answer or looks."""
        answer = self.actor.post(action, path, body)
        if self.console.command(action, answer):
            self._look("console looks")
        return answer

    def _look(self, action: str) -> dict[str, Any] | None:
        desk: dict[str, Any] | None = self.actor.get(action, f"/windows/{self.window.code}/current")
        if desk:
            self.console.hear(desk)
        return desk

    def step(self, ticket: dict[str, Any], action: str, body: dict[str, Any] | None = None) -> bool:
        """Do something with a ticket; returns whether it was done."""
        done = self._commands(action, f"/tickets/{ticket['id']}/{action}", body)
        if done is not None:
            self.scene.ledger.steps.append((ticket["id"], action))
        return done is not None

    def _missed(self, ticket: dict[str, Any], visit: Visit) -> None:
        self.scene.pace.sleep(PATIENCE_S)
        self.step(ticket, "recall")
        self.scene.pace.sleep(PATIENCE_S)
        if not self.step(ticket, "miss"):
            return
        if visit.returns:
            self.scene.later.spawn(self._back, ticket)
        else:
            self.scene.floor.inside -= 1

    def _back(self, ticket: dict[str, Any]) -> None:
        """Put the number of somebody back who comes to the window late."""
        self.between(COMES_BACK_S)
        self.scene.floor.returned.add(ticket["id"])
        if self.step(ticket, "requeue"):
            self.scene.floor.waits(ticket["queue"])

    def _serve(self, ticket: dict[str, Any], visit: Visit | None) -> None:
        if visit is None:
            self.step(ticket, "finish")
            return
        if visit.transferred and ticket["queue"] == visit.item.queue:
            self.scene.pace.sleep(visit.service_s / 3)
            if self.step(ticket, "transfer", {"queue": visit.transferred, "reason": "压测"}):
                self.scene.floor.waits(visit.transferred)
                return
        if visit.held and self.step(ticket, "hold"):
            self.between(HOLD_S)
            self.step(ticket, "resume")
            self._shows(ticket)
        self.scene.pace.sleep(visit.service_s)
        self._accept(ticket, visit)
        if self.step(ticket, "finish"):
            leave(self.scene, ticket["id"], visit)

    def _accept(self, ticket: dict[str, Any], visit: Visit) -> None:
        for item in visit.items:
            case = self._commands("accept", f"/tickets/{ticket['id']}/cases", {"item": item.code})
            if case is None:
                continue
            self.scene.ledger.cases[case["number"]] = ticket["id"]
            if item.at_once and self.actor.post("decide", f"/cases/{case['number']}/decide") is not None:
                self.actor.post("deliver", f"/cases/{case['number']}/deliver")

    def _again(self) -> None:
        """Wait before trying again, twice as long each time in a row, so that an overloaded hall can get well."""
        pause = min(LONGEST_AGAIN_S, AGAIN_S * 2.0**self.failures)
        self.failures += 1
        gevent.sleep(pause * self.draw.uniform(0.5, 1.5))

    def _recover(self) -> None:
        """After an answer that did not come, go on with what the desk shows, as a clerk does, and ever less often."""
        self._again()
        desk = self._look("desk")
        ticket = desk and desk["ticket"]
        if ticket:
            if ticket["state"] == "called" and not self.step(ticket, "start"):
                return
            self._serve(ticket, self.scene.floor.visit_of(ticket["id"]))

    def _follow(self) -> None:
        """Follow the desk; a clerk who is free notices who comes."""
        stream = open_stream(self.actor.api, f"/windows/{self.window.code}/events")
        self.scene.streams["consoles"] += 1
        events = Events()

        def heard(piece: bytes) -> None:
            for data in events.cut(piece):
                self.scene.streams["events"] += 1
                if self.console.told(data):
                    self.scene.floor.notices(self.window.code)

        try:
            self.scene.consoles.read(stream, heard)
            if not self.scene.ended:
                self.scene.streams["lost"] += 1
        finally:
            stream.close()


def shifts_of(scene: Scene, window: Window) -> list[tuple[float, float]]:
    """Return when a window is open: the shifts, and the extended sessions it is in, joined where they meet."""
    sessions = [(each.starts, each.ends) for each in scene.plan.sessions if window in each.windows]
    joined: list[tuple[float, float]] = []
    for starts, ends in sorted([*scene.plan.shifts, *sessions]):
        if joined and starts <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
        else:
            joined.append((starts, ends))
    return joined


def clerk(scene: Scene, n: int) -> None:
    """Work as the n-th clerk."""
    window = scene.reference.windows[n]
    actor = scene.actor("clerk", n, account=window.clerk)
    one = Clerk(scene, window, actor, random.Random(n))
    one.shifts = shifts_of(scene, window)
    scene.streams["at work"] += 1
    if ALWAYS in scene.plan.shifts:
        gevent.sleep(one.draw.uniform(0, ARRIVES_WITHIN_S))
    try:
        one.work()
    finally:
        scene.streams["at work"] -= 1
