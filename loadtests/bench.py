"""`make bench`: how fast the running hall is, beside PostgreSQL alone on the same machine in the same minutes.

1. By turns, a few seconds each, since the speed of a machine that others share changes within minutes:
   pgbench writes the rows of a ticket issue, nothing else; a plain Nameko service, with `@http` and default RPC, writes
   the same rows; tickets are issued through the gateway, with the relay publishing and statistics counting them.
2. 363 clerks sit at their windows and 2,000 boards are open while tickets are called and served.

Prints its progress, then one line of JSON with every figure, which it keeps under loadtests/results/.
"""

from gevent import monkey

monkey.patch_all()

import argparse
import random
import sys
import time
from contextlib import ExitStack
from typing import Any

import gevent
from gevent.pool import Pool

from loadtests import postgres, stack, streams
from loadtests.client import Api, Unexpected, sign_in
from loadtests.figures import Taken, keep, percentile_ms
from loadtests.plain import beside

WINDOWS = 363
ROUNDS = 5


def say(text: str) -> None:
    """Show progress."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - progress of a long run


def issue_tickets(clerk: Api, items: list[str], *, seconds: float, clients: int) -> Taken:
    """Issue tickets as fast as `clients` kiosks can, for some seconds.

    A clerk's override is sent with each, because no hall could serve them all before closing.
    """
    taken = Taken()

    def kiosk(_: int) -> None:
        while time.perf_counter() < ends:
            begun = time.perf_counter()
            body = {"item": random.choice(items), "channel": "kiosk", "cutoff_override": "benchmark"}
            clerk.post("/tickets", body, expect=(201,))
            taken.each.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    ends = begun + seconds
    pool = Pool(clients)
    for each in pool.imap_unordered(kiosk, range(clients)):
        del each
    taken.spent = time.perf_counter() - begun
    return taken


def compare(asked: argparse.Namespace, clerk: Api, manager: Api) -> dict[str, Any]:
    """Issue numbers by turns with PostgreSQL alone, with the plain service, and through the gateway."""
    items = [item["code"] for item in clerk.get("/items?limit=700&state=active").body["items"]]
    plain, hall = Taken(), Taken()
    alone: list[float] = []
    caught_up: list[float | None] = []
    by_turns: dict[str, list[float]] = {"issue_to_pgbench": [], "issue_to_plain": []}
    each = asked.seconds / ROUNDS
    with ExitStack() as stack_:
        inserts = stack_.enter_context(postgres.inserts(asked.database))
        port = stack_.enter_context(beside.plain_service(asked.database, asked.bus)) if asked.bus else None
        for n in range(1, ROUNDS + 1):
            alone.append(inserts(asked.clients, each))
            if port:
                turn = beside.issue(port, seconds=each, clients=asked.clients)
                plain.add(turn)
            before = manager.get("/statistics/overview").body["issued"]
            own = issue_tickets(clerk, items, seconds=each, clients=asked.clients)
            caught_up.append(settle(manager, before + len(own.each)))
            hall.add(own)
            by_turns["issue_to_pgbench"].append(round(own.per_second / alone[-1], 3))
            if port:
                by_turns["issue_to_plain"].append(round(own.per_second / max(0.1, turn.per_second), 3))
            say(
                f"turn {n} of {ROUNDS}: pgbench {alone[-1]:.0f} a second, "
                + (f"the plain service {turn.per_second:.0f}, " if port else "")
                + f"the hall {own.per_second:.0f}"
            )
    slowest = None if None in caught_up else max(each or 0.0 for each in caught_up)
    figures: dict[str, Any] = {"pgbench_per_second": round(sum(alone) / ROUNDS, 1), "issue": hall.figures()}
    figures["issue"]["statistics_caught_up_s"] = slowest
    figures["issue_to_pgbench"] = round(hall.per_second * ROUNDS / sum(alone), 3)
    if port:
        figures["plain"] = plain.figures()
        figures["issue_to_plain"] = round(hall.per_second / max(0.1, plain.per_second), 3)
    return figures | {"by_turns": by_turns}


def settle(manager: Api, issued_at_least: int, *, within: float = 60.0) -> float | None:
    """Return after how many seconds the overview counts the tickets, None when it does not in time."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < within:
        if manager.get("/statistics/overview").body["issued"] >= issued_at_least:
            return round(time.perf_counter() - begun, 2)
        gevent.sleep(0.1)
    return None


def seat_clerks(url: str, password: str, *, count: int) -> list[tuple[Api, str]]:
    """Sign clerks in, each at a window of its own; returns each one's client and window."""
    windows = Api(url).get("/windows").body["items"]
    by_department: dict[str, list[str]] = {}
    for window in windows:
        by_department.setdefault(window["department"], []).append(window["code"])

    def seat(n: int) -> tuple[Api, str] | None:
        api = sign_in(url, f"clerk{n:03d}", password)
        me = api.get("/auth/me").body
        for code in list(by_department.get(me["department"], [])):
            if code in by_department[me["department"]]:
                by_department[me["department"]].remove(code)
                api.post(f"/windows/{code}/sign-in")
                return api, code
        return None

    return [seated for seated in Pool(8).imap_unordered(seat, range(1, count + 1)) if seated]


def serve(seated: list[tuple[Api, str]], *, seconds: float, pause: float) -> dict[str, Any]:
    """Let each clerk call, start and finish tickets with a pause between; returns the latency of calling next."""
    taken: list[float] = []
    others: list[float] = []
    served = 0
    ends = time.perf_counter() + seconds

    def clerk(api: Api, window: str) -> None:
        nonlocal served
        gevent.sleep(random.uniform(0, 2 * pause))
        while time.perf_counter() < ends:
            begun = time.perf_counter()
            ticket = api.post(f"/windows/{window}/call-next").body
            taken.append(time.perf_counter() - begun)
            if ticket:
                for action in ("start", "finish"):
                    begun = time.perf_counter()
                    api.post(f"/tickets/{ticket['id']}/{action}")
                    others.append(time.perf_counter() - begun)
                served += 1
            gevent.sleep(random.uniform(0.5 * pause, 1.5 * pause))

    gevent.joinall([gevent.spawn(clerk, api, window) for api, window in seated], raise_error=True)
    return {
        "calls": len(taken),
        "served": served,
        "calls_per_second": round(len(taken) / seconds, 1),
        "call_next_p50_ms": percentile_ms(taken, 0.5),
        "call_next_p95_ms": percentile_ms(taken, 0.95),
        "start_finish_p95_ms": percentile_ms(others, 0.95),
    }


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="root of the running gateway")
    parser.add_argument("--database", required=True, help="DSN of PostgreSQL's administrator, for pgbench")
    parser.add_argument("--bus", help="the hall's RabbitMQ, for the plain service beside it")
    parser.add_argument("--password", default="demo", help="password of the demo accounts")
    parser.add_argument("--seconds", type=float, default=15.0, help="length of each part")
    parser.add_argument("--clients", type=int, default=32, help="kiosks at once")
    parser.add_argument("--boards", type=int, default=2000, help="open boards")
    parser.add_argument("--pause", type=float, default=8.0, help="mean seconds between two calls of a clerk")
    parser.add_argument("--supervisor", type=int, help="pid of the local start's supervisor, for its memory")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    asked = arguments()
    figures: dict[str, Any] = {}
    if asked.supervisor:
        figures["idle_resident_mb"] = stack.resident_mb(asked.supervisor)
        say(f"idle: {figures['idle_resident_mb']} MB resident")
    clerk, manager = (
        sign_in(asked.url, "clerk", asked.password),
        sign_in(asked.url, "manager", asked.password),
    )
    say(
        f"PostgreSQL, plain Nameko and the hall by turns: {asked.seconds:.0f} s each, {asked.clients} clients"
    )
    figures |= compare(asked, clerk, manager)
    say(
        f"{figures['issue']['per_second']} numbers a second, {figures['issue_to_pgbench']} of pgbench, "
        f"{figures.get('issue_to_plain', '?')} times the plain service; seating {WINDOWS} clerks"
    )
    seated = seat_clerks(asked.url, asked.password, count=WINDOWS)
    zones = [zone["code"] for zone in clerk.get("/zones").body["items"]]
    with streams.open_boards(clerk, zones, count=asked.boards) as boards:
        say(f"{len(seated)} clerks, {boards.open} boards: {asked.seconds:.0f} s")
        figures["serve"] = serve(seated, seconds=asked.seconds, pause=asked.pause)
        figures["boards"] = boards.figures()
    figures["windows"] = len(seated)
    for api, window in seated:
        try:
            api.post(f"/windows/{window}/sign-out")
        except Unexpected as refused:
            say(f"window {window}: {refused}")
    keep("bench", figures)


if __name__ == "__main__":
    main()
