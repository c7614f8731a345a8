"""A visitor who takes a number at a kiosk, waits, is served, and says how it was."""

from __future__ import annotations

from typing import Any

import gevent

from loadtests.plan import Visit
from loadtests.record import Actor
from loadtests.scene import Scene

KIOSKS = 24
LOOKS_EVERY_S = 3.0
EVALUATES_AFTER_S = 60.0
WAITING = "waiting"


def arrivals(scene: Scene) -> None:
    """Let everybody without an appointment come at their moment and take a number at the next kiosk."""
    kiosks = [scene.actor("kiosk", n, account="kiosk") for n in range(KIOSKS)]
    for visit in scene.plan.visits:
        if visit.booked is None:
            scene.pace.until(visit.at)
            if scene.ended:
                return
            scene.later.spawn(take_number, scene, kiosks[visit.n % KIOSKS], visit)


def take_number(scene: Scene, kiosk: Actor, visit: Visit) -> None:
    """Take a number; who is told that it is too late today leaves."""
    body: dict[str, Any] = {"item": visit.item.code, "channel": "kiosk"}
    if visit.class_ != "walk_in":
        body["class"] = visit.class_
    ticket = kiosk.post("issue", "/tickets", body)
    if ticket is not None:
        enter(scene, ticket, visit)


def enter(scene: Scene, ticket: dict[str, Any], visit: Visit) -> None:
    """Be in the hall with a number: the clerks see it, and the phone follows it."""
    scene.ledger.tickets[ticket["id"]] = {"number": ticket["number"], "at": ticket["issued_at"]}
    scene.floor.came(ticket["id"], visit, token=ticket.get("token", ""))
    scene.floor.inside += 1
    scene.floor.waits(ticket["queue"])
    if visit.has_phone:
        gevent.spawn(follow, scene, ticket["id"])


def follow(scene: Scene, ticket: str) -> None:
    """Look at one's own number as the page does, every three seconds, until it is called."""
    with scene.visitor() as phone:
        while not scene.ended:
            seen = phone.get("phone looks", f"/tickets/{ticket}")
            if seen is None or seen["state"] != WAITING:
                return
            gevent.sleep(LOOKS_EVERY_S)


def leave(scene: Scene, ticket: str, visit: Visit | None) -> None:
    """Go home; some say how it was."""
    scene.floor.inside -= 1
    if visit is not None and visit.level is not None:
        scene.later.spawn(_evaluate, scene, ticket, visit.level)


def _evaluate(scene: Scene, ticket: str, level: int) -> None:
    scene.pace.sleep(EVALUATES_AFTER_S)
    with scene.visitor() as phone:
        path, token = f"/tickets/{ticket}/evaluation", scene.floor.tokens[ticket]
        if phone.post("evaluate", path, {"level": level}, holder=token) is not None:
            scene.ledger.evaluations[ticket] = level
