"""The shapes of load: a day, an opening burst, a soak, steps to the limit, a service in more copies.

Each stages the same journeys and returns its figures and verdict. In a day the hall's own clock is fast; in the others
it shows a working morning at real speed, and people are `intensity` times as many and as fast as in the peak hour.
"""

from __future__ import annotations

import argparse
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import gevent

from loadtests import plan as plans
from loadtests import thresholds
from loadtests.journeys import booked, clerk, crew, manager
from loadtests.own_hall import OwnHall, begin_day, own_hall, real_moment
from loadtests.pace import Pace
from loadtests.plan import Plan
from loadtests.sampling import Samples
from loadtests.scene import Scene, read_reference
from loadtests.staging import DAY, MIDNIGHT, databases_of, outcome, say, scene_of, staged
from loadtests.truth import Databases

# The working day before, on which people book.
DAY_BEFORE = "2026-02-27T10:00:00+08:00@1"
MORNING = "2026-03-02T09:05:00+08:00@1"
SCRIPT_BEGINS = 8.5
SAMPLES_S = 30.0
AFTER_S = 10 * 60.0
# A script that begins in a hundred years: when `begin` says so.
NOT_YET = 5e9


def day(asked: argparse.Namespace) -> tuple[dict[str, Any], thresholds.Verdict]:
    """Replay a whole day."""
    with own_hall(clock=DAY_BEFORE, keep=asked.keep) as hall:
        say(f"a hall of its own runs in {hall.folder}, the start took {hall.start_took_s:.0f} s")
        asked.reference = read_reference(hall.url, clerks=asked.clerks)
        plan = plans.a_day(asked.reference, cases=asked.cases, seed=asked.seed, begins=SCRIPT_BEGINS)
        say(f"the plan of {DAY}, seed {asked.seed}:\n{plan.table()}")
        scene = scene_of(hall, plan, asked, Pace(1.0))
        _prepare(scene)
        opening = MIDNIGHT + timedelta(hours=SCRIPT_BEGINS)
        say(f"starting the hall again, ×{asked.speed:g}")
        begin_day(hall, opening, speed=asked.speed)
        say(f"the start took {hall.start_took_s:.0f} s")
        scene.pace = Pace(asked.speed, begins_at=real_moment(hall.settings_of("ticketing"), opening))
        scene.ledger.taken.clear()
        scene.ledger.moments.clear()
        databases = databases_of(hall)
        samples = Samples(hall.supervisor, databases, SAMPLES_S)
        sampler = gevent.spawn(samples.take_for_ever)
        begun = time.perf_counter()
        with staged(scene, asked):
            scene.pace.until(plan.ends)
            while scene.streams["at work"] and scene.pace.now() < plan.ends + clerk.OVERTIME_S + AFTER_S:
                gevent.sleep(0.2)
            # Those who were served last still say how it was.
            scene.pace.sleep(2 * 60.0)
        sampler.kill()
        figures = outcome(scene, databases, seconds=time.perf_counter() - begun)
    figures |= {
        "speed": asked.speed,
        "seed": asked.seed,
        "plan": _plan_figures(plan, booked_=len(scene.slots)),
        "samples": samples.taken,
    }
    share = sum(visit.booked is not None for visit in plan.visits) / len(plan.visits)
    return figures, {
        f"at least {asked.cases} cases": figures["cases"] >= asked.cases,
        "12 % with an appointment": abs(share - plans.BOOKED) < 0.005,
        "every appointment found a place": len(scene.slots) >= 0.95 * figures["plan"]["booked"],
        **thresholds.latencies(figures["latency_ms"]),
        **thresholds.boards(figures["board"]),
        **thresholds.common(figures),
    }


def _prepare(scene: Scene) -> None:
    begun = time.monotonic()
    manager.plan_sessions(scene)
    booked.book_all(scene)
    crew.plan_day(scene)
    say(
        f"the day before: {len(scene.slots)} appointments, {len(scene.sessions)} extended sessions, "
        f"{len(scene.crews)} crews have a route, {time.monotonic() - begun:.0f} s"
    )


def _plan_figures(plan: Plan, *, booked_: int) -> dict[str, Any]:
    return {
        "visits": len(plan.visits),
        "cases": plan.cases,
        "booked": sum(visit.booked is not None for visit in plan.visits),
        "got_a_place": booked_,
        "no_shows": sum(not visit.comes for visit in plan.visits),
        "miss_their_call": sum(visit.misses for visit in plan.visits),
        "transferred": sum(visit.transferred is not None for visit in plan.visits),
        "sessions": len(plan.sessions),
        "orders": len(plan.orders),
    }


@contextmanager
def morning(asked: argparse.Namespace) -> Iterator[OwnHall]:
    """Give a hall whose clock shows a working morning at real speed."""
    with own_hall(clock=MORNING, keep=asked.keep) as hall:
        say(f"a hall of its own runs in {hall.folder}, the start took {hall.start_took_s:.0f} s")
        asked.reference = read_reference(hall.url, clerks=asked.clerks)
        yield hall


def seated(scene: Scene, *, within: float = 60.0) -> None:
    """Wait until every clerk is at their window and every stream is open."""
    ends = time.monotonic() + within
    wanted = len(scene.reference.windows)
    while time.monotonic() < ends and len(scene.ledger.taken.get("sign in", ())) < wanted:
        gevent.sleep(0.2)


def burst(asked: argparse.Namespace) -> tuple[dict[str, Any], thresholds.Verdict]:
    """Let very many people come in the first two minutes; people and clock are as fast as in life."""
    with morning(asked) as hall:
        plan = plans.a_burst(asked.reference, people=asked.people, within_s=asked.within, seed=asked.seed)
        say(f"{asked.people} people within {asked.within:.0f} s, then {asked.minutes:g} min in all")
        scene = scene_of(hall, plan, asked, Pace(1.0, begins_at=NOT_YET))
        databases = databases_of(hall)
        with staged(scene, asked):
            seated(scene)
            scene.pace.begin()
            begun = time.perf_counter()
            gevent.sleep(60 * asked.minutes)
        figures = outcome(scene, databases, seconds=time.perf_counter() - begun)
    figures |= {"people": asked.people, "within_s": asked.within}
    return figures, {
        "everybody got a number": figures["numbers"] + sum(figures["refused"].values()) >= asked.people,
        **thresholds.latencies(figures["latency_ms"]),
        **thresholds.boards(figures["board"]),
        **thresholds.common(figures),
    }


def soak(asked: argparse.Namespace) -> tuple[dict[str, Any], thresholds.Verdict]:
    """Hold many times the peak hour for long, and see that nothing grows."""
    with morning(asked) as hall:
        hours = asked.intensity * asked.minutes / 60
        plan = plans.a_steady_peak(asked.reference, hours=hours + 1, seed=asked.seed)
        say(
            f"{asked.minutes:g} min at {asked.intensity:g} times the peak hour ({plans.peak_per_hour():.0f} people)"
        )
        scene = scene_of(hall, plan, asked, Pace(asked.intensity, begins_at=NOT_YET))
        databases = databases_of(hall)
        samples = Samples(hall.supervisor, databases, min(SAMPLES_S, asked.minutes * 60 / 20))
        with staged(scene, asked):
            seated(scene)
            scene.pace.begin()
            begun = time.perf_counter()
            sampler = gevent.spawn(samples.take_for_ever)
            gevent.sleep(60 * asked.minutes)
            sampler.kill()
        figures = outcome(scene, databases, seconds=time.perf_counter() - begun)
    figures |= {"intensity": asked.intensity, "minutes": asked.minutes, "samples": samples.taken}
    return figures, {
        **thresholds.flat(samples.taken),
        **thresholds.latencies(figures["latency_ms"]),
        **thresholds.boards(figures["board"]),
        **thresholds.common(figures),
    }


def one_step(scene: Scene, databases: Databases, *, intensity: float, seconds: float) -> dict[str, Any]:
    """Hold an intensity for some seconds and return its figures; the first quarter is for getting there."""
    scene.pace.change(intensity)
    gevent.sleep(seconds / 4)
    since, faults = time.perf_counter(), scene.ledger.faults.copy()
    issued, positions, came = len(scene.ledger.tickets), _published(databases), _came(scene)
    gevent.sleep(0.75 * seconds)
    spent = time.perf_counter() - since
    refused = sum(count for name, count in scene.ledger.refused.items() if name.startswith("issue"))
    return {
        "intensity": intensity,
        "asked_per_s": round((_came(scene) - came) / spent, 2),
        "issued_per_s": round((len(scene.ledger.tickets) - issued) / spent, 2),
        "refused": refused,
        "answers_per_s": round(scene.ledger.count(since=since) / spent, 1),
        "events_per_s": round((_published(databases) - positions) / spent, 1),
        "backlog": databases.backlog(),
        "latency_ms": scene.ledger.latencies(since=since),
        "faults": dict(scene.ledger.faults - faults),
    }


def _came(scene: Scene) -> int:
    """Return how many people have come by now, by the plan."""
    return bisect_left(scene.plan.visits, scene.pace.now(), key=lambda visit: visit.at)


def _published(databases: Databases) -> int:
    return sum(
        databases.rows(service, "SELECT position FROM relay")[0]["position"]
        for service in ("ticketing", "cases")
    )


def told(step: dict[str, Any], *, what: str) -> str:
    """Return one step as a line for people."""
    slowest = max(
        (
            (figures["p95"], name)
            for name, figures in step["latency_ms"].items()
            if name in thresholds.ACTIONS
        ),
        default=(0.0, ""),
    )
    broken = [promise for promise, holds in thresholds.step_holds(step).items() if not holds]
    return (
        f"{what}: {step['issued_per_s']} of {step['asked_per_s']} numbers/s, {step['answers_per_s']} answers/s, "
        f"slowest p95 {slowest[0]:.0f} ms ({slowest[1]}), {step['backlog']} events wait"
        + (f"; not kept: {', '.join(broken)}" if broken else "")
    )


def steps(asked: argparse.Namespace) -> tuple[dict[str, Any], thresholds.Verdict]:
    """Go up step by step until one does not hold; the one before is the knee."""
    found: list[dict[str, Any]] = []
    with morning(asked) as hall:
        plan = plans.a_steady_peak(
            asked.reference, hours=sum(asked.steps) * asked.seconds / 3600 + 1, seed=asked.seed
        )
        scene = scene_of(hall, plan, asked, Pace(asked.steps[0], begins_at=NOT_YET))
        databases = databases_of(hall)
        with staged(scene, asked):
            seated(scene)
            scene.pace.begin()
            begun = time.perf_counter()
            for intensity in asked.steps:
                found.append(one_step(scene, databases, intensity=intensity, seconds=asked.seconds))
                say(told(found[-1], what=f"{intensity:g} × the peak hour"))
                if not all(thresholds.step_holds(found[-1]).values()):
                    break
        figures = outcome(scene, databases, seconds=time.perf_counter() - begun)
    knee = thresholds.knee(found)
    say(f"the knee is at {knee:g} times the peak hour ({plans.peak_per_hour():.0f} people)")
    figures |= {"steps": found, "knee": knee, "peak_per_hour": round(plans.peak_per_hour())}
    # Past the knee answers are late or fail by intent; what was acknowledged must be true all the same.
    return figures, {
        f"the knee is at {asked.knee:g} times the peak hour or higher": knee >= asked.knee,
        **{f"audit: {rule}": not problems for rule, problems in figures["audit"].items()},
    }


def _add_copies(hall: OwnHall, databases: Databases, service: str, *, to: int) -> None:
    """Start copies of a service and wait until all take calls."""
    for _ in range(to - databases.copies(service)):
        hall.start_copy(service)
    while databases.copies(service) < to:
        if any(copy.poll() is not None for copy in hall.copies):
            raise RuntimeError(f"a copy of {service} ended; see {hall.folder}/log/{service}-copies.log")
        gevent.sleep(0.5)


def scale(asked: argparse.Namespace) -> tuple[dict[str, Any], thresholds.Verdict]:
    """Hold one intensity with one, two and four copies of a service."""
    found: list[dict[str, Any]] = []
    with morning(asked) as hall:
        hours = asked.intensity * asked.seconds * (len(asked.copies) + 1) / 3600
        plan = plans.a_steady_peak(asked.reference, hours=hours + 1, seed=asked.seed)
        scene = scene_of(hall, plan, asked, Pace(asked.intensity, begins_at=NOT_YET))
        databases = databases_of(hall)
        with staged(scene, asked):
            seated(scene)
            scene.pace.begin()
            begun = time.perf_counter()
            for copies in asked.copies:
                _add_copies(hall, databases, asked.service, to=copies)
                found.append(
                    {"copies": copies}
                    | one_step(scene, databases, intensity=asked.intensity, seconds=asked.seconds)
                )
                say(told(found[-1], what=f"{copies} × {asked.service}"))
        figures = outcome(scene, databases, seconds=time.perf_counter() - begun)
    figures |= {"service": asked.service, "intensity": asked.intensity, "copies": found}
    return figures, thresholds.common(figures)
