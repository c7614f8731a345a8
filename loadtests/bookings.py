"""`make bench-bookings`: people who book on the web, steadily and in a rush.

1. Bookings arrive at a fixed rate, whatever the hall answers: each takes a place and confirms it.
2. A rush: many times more people than places want one of them within a minute.

Each person has a phone number proved by a one-time code and an address of their own (127.0.0.0/8), since the gateway
limits people by address. The places come from slot plans that this program makes for a day ahead. It prints its
progress, then one line of JSON, which it keeps under loadtests/results/; a broken promise ends it with an error.
"""

from gevent import monkey

monkey.patch_all()

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from ipaddress import IPv4Address
from typing import Any

import gevent
from gevent.pool import Pool

from loadtests.client import Api, sign_in
from loadtests.figures import keep, percentile_ms

ITEM = "market-001"
ANY = tuple(range(200, 600))
SLOT_MINUTES = 30
DAYS_AHEAD = 7
MOST_CHOICES = 3
MESSAGES_PER_SECOND = 40.0
FIRST_ADDRESS = int(IPv4Address("127.1.0.1"))
CONFIRM_P95_MS = 100.0


def say(text: str) -> None:
    """Show progress."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - progress of a long run


@dataclass
class Tally:
    """What people were answered, and how long they waited for it, in seconds."""

    answers: Counter[str] = field(default_factory=Counter)
    taken: dict[str, list[float]] = field(default_factory=dict)

    def post(self, api: Api, what: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Change something and count the answer."""
        begun = time.perf_counter()
        answer = api.post(path, body, expect=ANY)
        self.taken.setdefault(what, []).append(time.perf_counter() - begun)
        code = "" if answer.status < 400 else f" {answer.body.get('code', '')}"
        self.answers[f"{what} {answer.status}{code}"] += 1
        return answer.status, answer.body

    def faults(self) -> int:
        """Return how many answers were the hall's fault or a limit that a person alone would not meet."""
        return sum(
            count for name, count in self.answers.items() if name.split()[1][0] == "5" or " 429" in name
        )

    def figures(self) -> dict[str, Any]:
        """Return percentiles of each step and the answers."""
        steps = {
            f"{what}_{name}_ms": percentile_ms(taken, part)
            for what, taken in self.taken.items()
            for name, part in (("p50", 0.5), ("p95", 0.95))
        }
        return {**steps, "answers": dict(sorted(self.answers.items()))}


def people(url: str, count: int) -> list[tuple[Api, str]]:
    """Return that many visitors, each with their phone number, signed in with a one-time code."""
    first = random.randrange(10**8)

    def person(n: int) -> tuple[Api, str]:
        phone = f"139{(first + n) % 10**8:08d}"
        source = str(IPv4Address(FIRST_ADDRESS + n))
        asking = Api(url, connections=1, source=source)
        code = asking.post("/auth/otp", {"phone": phone}, expect=(202,)).body["demo_code"]
        token = asking.post("/auth/token", {"phone": phone, "otp": code}).body["access_token"]
        asking.close()
        return Api(url, token=token, connections=1, source=source), phone

    begun, made = time.perf_counter(), []
    for each in Pool(16).imap_unordered(person, range(count)):
        made.append(each)
        if len(made) % 1000 == 0:
            say(f"  {len(made)} of {count} people have proved their number")
    # The codes go out in messages, which is no part of what is measured.
    gevent.sleep(max(0.0, count / MESSAGES_PER_SECOND - (time.perf_counter() - begun)))
    return made


def working_day(api: Api, *, within: float = 60.0) -> str:
    """Return a day ahead on which the item can be booked; a hall that was just started has yet to make its slots."""
    earliest = date.today() + timedelta(days=DAYS_AHEAD)  # noqa: DTZ011 - any day ahead will do
    asked = f"/slots?item={ITEM}&from={earliest}&to={earliest + timedelta(days=14)}"
    ends = time.perf_counter() + within
    while not (slots := api.get(asked).body["items"]):
        if time.perf_counter() > ends:
            raise SystemExit(f"no slots of {ITEM} from {earliest} on")
        gevent.sleep(1)
    return str(slots[0]["starts_at"][:10])


def make_slots(manager: Api, day: str, *, starts: str, ends: str, capacity: int) -> list[str]:
    """Have slots made on a day for the web alone; returns their ids."""
    before = {slot["id"] for slot in slots_of(manager, day)}
    plan = {
        "code": f"bench-{starts[:2]}-{time.time_ns()}",
        "department": ITEM.split("-")[0],
        "items": [ITEM],
        "weekdays": [1, 2, 3, 4, 5],
        "starts": starts,
        "ends": ends,
        "slot_minutes": SLOT_MINUTES,
        "capacity": capacity,
        "quotas": {"web": capacity, "phone": 0, "window": 0},
        "valid_from": day,
        "valid_to": day,
    }
    manager.post("/slot-plans", plan)
    return [slot["id"] for slot in slots_of(manager, day) if slot["id"] not in before]


def slots_of(api: Api, day: str) -> list[dict[str, Any]]:
    """Return the item's slots of a day."""
    found: list[dict[str, Any]] = api.get(f"/slots?item={ITEM}&from={day}&to={day}&limit=200").body["items"]
    return found


def book(api: Api, phone: str, slot: str, tally: Tally) -> bool | None:
    """Take a place and confirm it; None when the slot is full."""
    body = {"slot": slot, "item": ITEM, "name": "压测", "phone": phone, "channel": "web"}
    status, held = tally.post(api, "hold", "/appointments", body)
    if status != 201:
        return None if status == 409 and held["code"] == "slot_full" else False
    status, _ = tally.post(api, "confirm", f"/appointments/{held['id']}/confirm")
    return status == 200


def arrive(
    visitors: Sequence[tuple[Api, str]], moments: Sequence[float], do: Callable[[Api, str], object]
) -> float:
    """Let each person come at their moment, in seconds from now; returns when the last has left."""
    begun = time.perf_counter()

    def come(api: Api, phone: str) -> None:
        do(api, phone)
        api.close()

    coming = []
    for (api, phone), moment in zip(visitors, sorted(moments), strict=True):
        gevent.sleep(max(0.0, begun + moment - time.perf_counter()))
        coming.append(gevent.spawn(come, api, phone))
    gevent.joinall(coming, raise_error=True)
    return time.perf_counter() - begun


def steady(url: str, slots: list[str], *, rate: float, seconds: float) -> dict[str, Any]:
    """Book at a fixed rate per second."""
    count = int(rate * seconds)
    visitors, tally = people(url, count), Tally()
    say(f"steady: {rate:.0f} bookings a second for {seconds:.0f} s")
    spent = arrive(
        visitors,
        [n / rate for n in range(count)],
        lambda api, phone: book(api, phone, random.choice(slots), tally),
    )
    booked = tally.answers["confirm 200"]
    return {
        "booked": booked,
        "per_second": round(booked / spent, 1),
        **tally.figures(),
        "faults": tally.faults(),
    }


def rush(url: str, slots: list[str], day: str, *, count: int, places: int, seconds: float) -> dict[str, Any]:
    """Let many people want few places."""
    visitors, tally, reads = people(url, count), Tally(), []
    say(f"rush: {count} people for {places} places within {seconds:.0f} s")

    def want(api: Api, phone: str) -> None:
        for _ in range(MOST_CHOICES):
            begun = time.perf_counter()
            free = [slot["id"] for slot in slots_of(api, day) if slot["id"] in slots and slot["free"]]
            reads.append(time.perf_counter() - begun)
            if not free or book(api, phone, random.choice(free), tally) is not None:
                return

    spent = arrive(visitors, [random.uniform(0, seconds) for _ in range(count)], want)
    left = sum(slot["free"] for slot in slots_of(Api(url), day) if slot["id"] in slots)
    return {
        "people": count,
        "places": places,
        "booked": tally.answers["confirm 200"],
        "places_left": left,
        "seconds": round(spent, 1),
        "slots_p95_ms": percentile_ms(reads, 0.95),
        **tally.figures(),
        "faults": tally.faults(),
    }


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="root of the running gateway")
    parser.add_argument("--password", default="demo", help="password of the demo accounts")
    parser.add_argument("--rate", type=float, default=100.0, help="steady bookings a second")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of the steady part")
    parser.add_argument("--people", type=int, default=5000, help="people in the rush")
    parser.add_argument("--places", type=int, default=500, help="places in the rush, a multiple of 5")
    parser.add_argument(
        "--within", type=float, default=60.0, help="seconds in which the people of the rush come"
    )
    return parser.parse_known_args()[0]


def main() -> None:
    """Measure, print and judge."""
    asked = arguments()
    manager = sign_in(asked.url, "manager", asked.password)
    day = working_day(manager)
    roomy = make_slots(manager, day, starts="09:00", ends="12:00", capacity=1000)
    figures: dict[str, Any] = {"steady": steady(asked.url, roomy, rate=asked.rate, seconds=asked.seconds)}
    scarce = make_slots(manager, day, starts="14:00", ends="16:30", capacity=asked.places // 5)
    figures["rush"] = rush(
        asked.url, scarce, day, count=asked.people, places=asked.places, seconds=asked.within
    )
    keep("bookings", figures)
    one, other = figures["steady"], figures["rush"]
    kept = {
        "confirm p95 below 100 ms": one["confirm_p95_ms"] < CONFIRM_P95_MS,
        "every steady booking confirmed": one["booked"] == int(asked.rate * asked.seconds),
        "every place of the rush booked once": (other["booked"], other["places_left"]) == (asked.places, 0),
        "no answer was the hall's fault": one["faults"] + other["faults"] == 0,
    }
    for promise, holds in kept.items():
        say(f"{'✓' if holds else '✗'} {promise}")
    raise SystemExit(0 if all(kept.values()) else 1)


if __name__ == "__main__":
    main()
