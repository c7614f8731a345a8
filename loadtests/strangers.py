"""`make bench-strangers`: what a kiosk waits while strangers ask for one thing all at once.

For each path that needs no token 40 requests start in one moment, each from an address of its own (127.0.0.0/8), so
that no limit by address spares the hall. A kiosk takes numbers one after the other meanwhile. It prints a line a path,
then one line of JSON, which it keeps under loadtests/results/; a kiosk that waited two seconds ends it with an error.
"""

from gevent import monkey

monkey.patch_all()

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from ipaddress import IPv4Address
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import gevent
from gevent import socket

from loadtests.client import Api, sign_in
from loadtests.figures import keep, percentile_ms
from loadtests.public_pages import PAGES

AT_ONCE = 40
LONGEST_WAIT_S = 2.0
TIMEOUT_S = 60.0
LEAST_NUMBERS = 3
FIRST_ADDRESS = int(IPv4Address("127.2.0.1"))
ITEM = "market-001"
# What is not the gateway's own, or not at all.
OTHER = ("/metrics", "/openapi.json", "/nowhere")
ANY = tuple(range(200, 600))
# What stands in paths and queries; an id is that of the ticket the kiosk took first.
EXAMPLES = {
    "zone": "A",
    "code": ITEM,
    "department": "market",
    "item": ITEM,
    "number": "2026-0000001",
    "q": "zj",
}
BODIES = {
    "/api/v1/auth/token": {"username": "clerk010", "password": "a guess of a stranger"},
    "/api/v1/auth/otp": {"phone": "13900000000"},
}


def say(text: str) -> None:
    """Show progress."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - progress of a long run


@dataclass
class Round:
    """One path: what strangers were answered, and how long the kiosk waited, in seconds."""

    answers: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    spent: float = 0.0

    def figures(self) -> dict[str, Any]:
        """Return what is kept of it."""
        return {
            "kiosk_max_ms": percentile_ms(self.waits, 1.0),
            "kiosk_median_ms": percentile_ms(self.waits, 0.5),
            "numbers": len(self.waits),
            "seconds": round(self.spent, 2),
            "answers": dict(sorted(self.answers.items())),
        }


@dataclass(frozen=True)
class Path:
    """What strangers ask for: a method and an address below the gateway's root."""

    method: str
    address: str
    shown: str

    @property
    def is_stream(self) -> bool:
        """Tell whether its answer has no end."""
        return self.shown.endswith("/events")

    @property
    def bytes(self) -> bytes:
        """Return the request as it goes out."""
        body = b"" if self.method == "GET" else json.dumps(BODIES.get(self.shown, {})).encode()
        head = f"{self.method} {self.address} HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return head.encode() + b"\r\n" + body


def public_paths(url: str, ticket: str) -> Iterator[Path]:
    """Yield every path that answers without a token, pages and files of pages among them."""
    root = urlsplit(url)
    with socket.create_connection((root.hostname, root.port), timeout=TIMEOUT_S) as connection:
        connection.sendall(Path("GET", "/openapi.json", "").bytes)
        raw = b"".join(iter(lambda: connection.recv(65536), b""))
    for shown, methods in json.loads(raw.partition(b"\r\n\r\n")[2])["paths"].items():
        for method, about in methods.items():
            if method in ("get", "post") and {} in about.get("security", [{}]):
                yield Path(method.upper(), _address(shown, about, ticket), shown)
    yield from (Path("GET", _filled(rule, ticket), rule) for rule in (*PAGES, *OTHER))


def _filled(rule: str, ticket: str) -> str:
    """Return a rule with something in each of its places."""

    def place(found: re.Match[str]) -> str:
        name = found[1].rpartition(":")[2]
        if name == "filename":
            return "kiosk/kiosk.js" if rule.startswith("/assets") else "vendor/swagger-ui.css"
        return ticket if name.endswith("id") else EXAMPLES.get(name, ITEM)

    return re.sub(r"[<{]([^>}]+)[>}]", place, rule)


def _address(shown: str, about: Mapping[str, Any], ticket: str) -> str:
    today = date.today()  # noqa: DTZ011 - any dates will do
    dates = {"from": str(today), "to": str(today + timedelta(days=30)), "date": str(today)}
    asked = {
        each["name"]: dates.get(each["name"]) or EXAMPLES.get(each["name"], "1")
        for each in about.get("parameters", [])
        if each.get("in") == "query" and (each.get("required") or each["name"] in ("q", "from", "to"))
    }
    return _filled(shown, ticket) + (f"?{urlencode(asked)}" if asked else "")


def ask_as_stranger(url: str, path: Path, number: int, answers: Counter[str]) -> None:
    """Send a request from an address of its own and read all of the answer, of a stream its beginning."""
    root, source = urlsplit(url), str(IPv4Address(FIRST_ADDRESS + number))
    try:
        with socket.create_connection(
            (root.hostname, root.port), timeout=TIMEOUT_S, source_address=(source, 0)
        ) as connection:
            connection.sendall(path.bytes)
            first = connection.recv(65536)
            while not path.is_stream and connection.recv(65536):
                pass
        answers[first.split(b" ", 2)[1].decode() if first else "closed"] += 1
    except OSError as fault:
        answers[type(fault).__name__] += 1


def take_number(kiosk: Api) -> tuple[float, Any]:
    """Take a number; return how long that took, in seconds, and the answer."""
    begun = time.perf_counter()
    answer = kiosk.post("/tickets", {"item": ITEM, "channel": "kiosk"}, expect=ANY)
    return time.perf_counter() - begun, answer


def rush(url: str, kiosk: Api, path: Path, at_once: int) -> Round:
    """Let strangers ask all at once, and a kiosk take numbers until the last of them is answered."""
    made = Round()
    begun = time.perf_counter()
    strangers = [gevent.spawn(ask_as_stranger, url, path, n, made.answers) for n in range(at_once)]
    while len(made.waits) < LEAST_NUMBERS or not all(stranger.ready() for stranger in strangers):
        made.waits.append(take_number(kiosk)[0])
    gevent.joinall(strangers)
    made.spent = time.perf_counter() - begun
    return made


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="root of the running gateway")
    parser.add_argument("--password", default="demo", help="password of the demo accounts")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="requests in one moment")
    parser.add_argument("--only", default="", help="paths that contain this")
    return parser.parse_known_args()[0]


def main() -> None:
    """Measure, print and judge."""
    asked = arguments()
    kiosk = sign_in(asked.url, "kiosk", asked.password)
    first = take_number(kiosk)[1]
    ticket = first.body["id"] if first.status < 300 else str(uuid4())
    say(f"{'kiosk max':>10} {'median':>8} {'burst':>7}  path")
    rounds: dict[str, dict[str, Any]] = {}
    for path in public_paths(asked.url, ticket):
        if asked.only in path.shown:
            found = rush(asked.url, kiosk, path, asked.at_once).figures()
            rounds[f"{path.method} {path.shown}"] = found
            times = f"{found['kiosk_max_ms']:>7.0f} ms {found['kiosk_median_ms']:>5.0f} ms {found['seconds']:>5.1f} s"
            say(f"{times}  {path.method} {path.shown} {found['answers']}")
    worst = max(rounds, key=lambda name: rounds[name]["kiosk_max_ms"])
    keep("strangers", {"at_once": asked.at_once, "worst": worst, "paths": rounds})
    good = rounds[worst]["kiosk_max_ms"] < 1000 * LONGEST_WAIT_S
    longest = f"{worst}: {rounds[worst]['kiosk_max_ms']:.0f} ms"
    say(f"{'✓' if good else '✗'} no kiosk waits {LONGEST_WAIT_S:.0f} s ({longest})")
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
