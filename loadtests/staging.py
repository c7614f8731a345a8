"""Stages a plan: the actors as locust users, the progress, and what every shape reports of a run."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import gevent
from gevent.pool import Pool

from loadtests import audit, locustfile
from loadtests.figures import percentile_ms
from loadtests.own_hall import OwnHall
from loadtests.pace import Pace
from loadtests.plan import Plan
from loadtests.record import Ledger
from loadtests.scene import Scene
from loadtests.truth import SERVICES, Databases, coverage

MIDNIGHT = datetime.fromisoformat("2026-03-02T00:00:00+08:00")
DAY = MIDNIGHT.date().isoformat()
SPAWNED_PER_S = 100
PROGRESS_S = 5.0
SOON_S = 3600.0
SETTLE_S = 120.0
# A batch that is being heard stands in no queue: statistics are asked so often before they count as wrong.
ASKED_AGAIN = 5


def say(text: str) -> None:
    """Show progress."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - progress of a long run


def scene_of(hall: OwnHall, plan: Plan, asked: argparse.Namespace, pace: Pace) -> Scene:
    """Return the scene of a plan, with everybody's token."""
    reference = asked.reference
    scene = Scene(hall.url, reference, plan, pace, Ledger(), MIDNIGHT)
    begun = time.monotonic()
    accounts = [window.clerk for window in reference.windows]
    for _ in Pool(4).imap_unordered(scene.token, [*accounts, "manager", "operator", "dispatcher", "kiosk"]):
        pass
    say(f"{len(scene.tokens)} accounts signed in, {time.monotonic() - begun:.0f} s")
    return scene


def databases_of(hall: OwnHall) -> Databases:
    """Return the databases of a hall."""
    return Databases(
        {service: hall.database(service) for service in SERVICES}, hall.settings_of("ticketing")["AMQP_URI"]
    )


@contextmanager
def staged(scene: Scene, asked: argparse.Namespace) -> Iterator[None]:
    """Let all actors play inside the block."""
    environment, count = locustfile.environment(scene, boards=asked.boards, phones=asked.phones)
    runner = environment.create_local_runner()
    shower = gevent.spawn(_show, scene)
    try:
        runner.start(count, spawn_rate=SPAWNED_PER_S)
        yield
    finally:
        scene.ended = True
        shower.kill()
        runner.quit()
        # The audit reads what is kept and then what was acknowledged: nobody may do anything in between.
        scene.later.kill()


def _show(scene: Scene) -> None:
    before, at = scene.ledger.count(), time.perf_counter()
    while True:
        gevent.sleep(PROGRESS_S)
        now = time.perf_counter()
        count = scene.ledger.count()
        latencies = scene.ledger.latencies(since=now - PROGRESS_S)
        worst = max(((f["p95"], name) for name, f in latencies.items()), default=(0.0, ""))
        if 0 > scene.pace.now() > -SOON_S * scene.pace.factor:
            say(f"  begins in {-scene.pace.now() / scene.pace.factor:.0f} s")
            continue
        clock = MIDNIGHT + timedelta(hours=scene.plan.begins, seconds=max(0, scene.pace.now()))
        say(
            f"  {clock:%H:%M} ×{scene.pace.factor:g} | {len(scene.ledger.tickets):5d} numbers, "
            f"{len(scene.ledger.calls):5d} calls, {len(scene.ledger.cases):5d} cases, {scene.floor.inside:4d} inside | "
            f"{(count - before) / (now - at):5.0f} answers/s, slowest p95 {worst[0]:.0f} ms ({worst[1]}) | "
            f"{sum(scene.streams[kind] for kind in ('phones', 'boards', 'consoles'))} streams, "
            f"{sum(scene.ledger.faults.values())} faults"
        )
        before, at = count, now


def outcome(scene: Scene, databases: Databases, *, seconds: float) -> dict[str, Any]:
    """Wait until everything is published and heard, audit, and return the figures that all shapes have."""
    say("waiting until every event is published and heard")
    settled = databases.settle(within=SETTLE_S, sleep=gevent.sleep)
    truth = databases.read()
    overview = _overview(scene, truth)
    found = audit.examine(truth, scene.ledger, overview, DAY)
    for rule, problems in found.items():
        for problem in problems[:5]:
            say(f"  audit, {rule}: {problem}")
    waits = _waits(truth)
    return {
        "seconds": round(seconds, 1),
        "answers": scene.ledger.count(),
        "answers_per_s": round(scene.ledger.count() / seconds, 1),
        "numbers": len(scene.ledger.tickets),
        "calls": len(scene.ledger.calls),
        "cases": len(scene.ledger.cases),
        "evaluations": len(scene.ledger.evaluations),
        "latency_ms": scene.ledger.latencies(),
        "refused": dict(sorted(scene.ledger.refused.items())),
        "faults": dict(sorted(scene.ledger.faults.items())),
        "broken": dict(scene.broken),
        "streams": {name: scene.streams[name] for name in ("phones", "boards", "consoles", "events", "lost")},
        "board": _board(scene),
        "waits_s": waits,
        "estimate": coverage(truth.tickets),
        "settled_s": settled,
        "audit": {rule: problems[:20] for rule, problems in found.items()},
        "overview": {name: value for name, value in overview.items() if not isinstance(value, list)},
    }


def _overview(scene: Scene, truth: audit.Truth) -> dict[str, Any]:
    """Return the day's figures as the hall tells them, at the latest when the last batch of events is in them."""
    manager = scene.actor("clerk", 900, account="manager")
    overview: dict[str, Any] = {}
    for _ in range(ASKED_AGAIN):
        overview = manager.get("overview", f"/statistics/overview?date={DAY}") or {}
        if not audit.statistics_are_true(truth, overview, DAY):
            break
        gevent.sleep(2.0)
    return overview


def _board(scene: Scene) -> dict[str, Any]:
    figures = scene.watch.figures()
    delays = figures.pop("seconds")
    return {
        **figures,
        "shown": len(delays),
        **{
            f"{name}_ms": percentile_ms(delays, part)
            for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
        },
    }


def _waits(truth: audit.Truth) -> dict[str, Any]:
    """Return percentiles of the waits in queues to the first call, in seconds, by the hour of coming and in all."""
    by_hour: dict[str, list[float]] = {}
    for row in truth.tickets:
        for each in audit.waits_of(row):
            for key in ("all", f"{each.entered_at.astimezone(MIDNIGHT.tzinfo):%H}"):
                by_hour.setdefault(key, []).append(each.wait_s)
    return {
        hour: {
            "tickets": len(waits),
            "p50": round(percentile_ms(waits, 0.5) / 1000),
            "p90": round(percentile_ms(waits, 0.9) / 1000),
        }
        for hour, waits in sorted(by_hour.items())
    }
