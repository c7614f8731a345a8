"""A visitor who has an appointment: books the day before, checks in at a kiosk, or does not come."""

from __future__ import annotations

import random
import time
from typing import Any

import gevent
from gevent.pool import Pool

from loadtests.bookings import people
from loadtests.client import Api, sign_in
from loadtests.journeys.kiosk import KIOSKS, enter
from loadtests.plan import LATE, Visit
from loadtests.record import Actor
from loadtests.scene import Scene

EARLY_S, LATE_S = 20 * 60.0, 40 * 60.0
FIRST_PHONE = 13_700_000_000
OPERATORS = 8


def book_all(scene: Scene) -> None:
    """Book an appointment for each visit that is to have one: on the web, or by the operator on the phone.

    Who finds no place that day comes without.
    """
    wanted = [visit for visit in scene.plan.visits if visit.booked]
    if wanted:
        _wait_for_slots(scene, wanted[0])
    on_web = [visit for visit in wanted if visit.booked == "web"]
    persons = dict(zip((visit.n for visit in on_web), people(scene.url, len(on_web)), strict=True))
    operator = sign_in(scene.url, "operator", scene.password)

    def book(visit: Visit) -> None:
        api, phone = persons.get(visit.n, (operator, str(FIRST_PHONE + visit.n)))
        slot = _book(scene, Actor(api, scene.ledger), phone, visit)
        if slot is not None:
            scene.slots[visit.n] = slot
        if visit.n in persons:
            api.close()

    for _ in Pool(OPERATORS).imap_unordered(book, wanted):
        pass
    operator.close()


def _wait_for_slots(scene: Scene, visit: Visit, *, within: float = 60.0) -> None:
    """Wait until a hall that was just started has made its slots."""
    api = Api(scene.url)
    ends = time.monotonic() + within
    path = f"/slots?item={visit.item.code}&from={scene.day}&to={scene.day}"
    while not api.get(path).body["items"] and time.monotonic() < ends:
        gevent.sleep(0.5)
    api.close()


def _book(scene: Scene, person: Actor, phone: str, visit: Visit) -> dict[str, Any] | None:
    """Take the free place nearest to the wanted moment; returns the appointment."""
    path = f"/slots?item={visit.item.code}&from={scene.day}&to={scene.day}&channel={visit.booked}&limit=200"
    found = person.get("slots", path)
    free = [slot for slot in (found or {"items": []})["items"] if slot["free"] > 0]
    for slot in sorted(free, key=lambda slot: abs(scene.script(slot["starts_at"]) - visit.at))[:3]:
        body = {
            "slot": slot["id"],
            "item": visit.item.code,
            "name": "压测",
            "phone": phone,
            "channel": visit.booked,
        }
        made = person.post("book", "/appointments", body)
        if made is not None and made["state"] == "held":
            made = person.post("confirm", f"/appointments/{made['id']}/confirm")
        if made is not None:
            scene.ledger.appointments[made["id"]] = made["state"]
            return {**made, "starts_at": slot["starts_at"]}
    return None


def arrivals(scene: Scene) -> None:
    """Let everybody who booked come around the start of their slot."""
    draw = random.Random(len(scene.slots))
    kiosks = [scene.actor("kiosk", KIOSKS + n, account="kiosk") for n in range(4)]
    coming = []
    for visit in scene.plan.visits:
        if visit.booked is None or not visit.comes:
            continue
        made = scene.slots.get(visit.n)
        at = visit.at
        if made is not None:
            start = scene.script(made["starts_at"])
            at = start + (draw.uniform(0, LATE_S) if draw.random() < LATE else -draw.uniform(0, EARLY_S))
        coming.append((at, visit.n, visit, made))
    for at, n, visit, made in sorted(coming, key=lambda each: each[:2]):
        scene.pace.until(at)
        if scene.ended:
            return
        scene.later.spawn(_come, scene, kiosks[n % 4], visit, made)


def _come(scene: Scene, kiosk: Actor, visit: Visit, made: dict[str, Any] | None) -> None:
    if made is None:
        ticket = kiosk.post("issue", "/tickets", {"item": visit.item.code, "channel": "kiosk"})
    else:
        answer = kiosk.post("check in", f"/appointments/{made['id']}/check-in")
        ticket = answer and answer.get("ticket")
    if ticket:
        enter(scene, ticket, visit)
