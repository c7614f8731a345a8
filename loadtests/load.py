"""`make load-day` and the other shapes: a hall of its own, its people, an audit, a report.

    python -m loadtests.load day --speed 180

It prints its progress, whether each promise was kept, and last one line of JSON with every figure, which it keeps under
loadtests/results/ beside a page with charts. A promise that is broken ends it with 1.
"""

from gevent import monkey

monkey.patch_all()

import argparse
import os
import resource
import sys
from datetime import datetime
from typing import Any

from loadtests import report, shapes
from loadtests.figures import RESULTS, keep
from loadtests.locustfile import BOARDS, PHONES
from loadtests.plan import CASES
from loadtests.staging import say

FILES = 65_536
SHAPES = {
    "day": shapes.day,
    "burst": shapes.burst,
    "soak": shapes.soak,
    "steps": shapes.steps,
    "scale": shapes.scale,
}


def numbers(text: str) -> list[float]:
    """Read numbers with commas between."""
    return [float(each) for each in text.split(",")]


def arguments(given: list[str]) -> argparse.Namespace:
    """Read the command line."""
    every = argparse.ArgumentParser(add_help=False)
    every.add_argument("--seed", type=int, default=1, help="the same seed gives the same plan")
    every.add_argument("--boards", type=int, default=BOARDS, help="boards on the walls")
    every.add_argument("--phones", type=int, default=PHONES, help="phones that follow a board")
    every.add_argument("--clerks", type=int, default=0, help="so many windows alone, for a trial; 0 for all")
    every.add_argument("--keep", action="store_true", help="leave the hall running afterwards")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    kinds = parser.add_subparsers(dest="shape", required=True)
    day = kinds.add_parser("day", parents=[every], help="a whole day")
    day.add_argument("--speed", type=float, default=180.0, help="how many times as fast as real time")
    day.add_argument("--cases", type=int, default=CASES, help="cases to be accepted at least")
    burst = kinds.add_parser("burst", parents=[every], help="very many people in the first minutes")
    burst.add_argument("--people", type=int, default=1000)
    burst.add_argument("--within", type=float, default=120.0, help="seconds in which they come")
    burst.add_argument("--minutes", type=float, default=10.0, help="how long in all")
    soak = kinds.add_parser("soak", parents=[every], help="many times the peak hour, for long")
    soak.add_argument("--intensity", type=float, default=10.0, help="times the day's peak hour")
    soak.add_argument("--minutes", type=float, default=60.0)
    steps = kinds.add_parser("steps", parents=[every], help="up to the limit")
    steps.add_argument("--steps", type=numbers, default=[10, 20, 30, 40, 50, 60, 80, 100, 120, 150, 200])
    steps.add_argument("--seconds", type=float, default=40.0, help="length of a step")
    steps.add_argument("--knee", type=float, default=60.0, help="what is promised")
    scale = kinds.add_parser("scale", parents=[every], help="a service in more copies")
    scale.add_argument("--service", default="ticketing")
    scale.add_argument(
        "--copies", type=lambda text: [int(each) for each in text.split(",")], default=[1, 2, 4]
    )
    scale.add_argument("--intensity", type=float, default=40.0, help="times the day's peak hour")
    scale.add_argument("--seconds", type=float, default=60.0, help="length of each part")
    return parser.parse_args(given)


def options(asked: argparse.Namespace) -> dict[str, Any]:
    """Return what was asked for, to be kept with the figures."""
    return {name: value for name, value in vars(asked).items() if isinstance(value, (int, float, str, list))}


def main(given: list[str]) -> int:
    """Run a shape, judge it and keep its figures."""
    asked = arguments(given)
    _allow_many_files()
    begun = datetime.now().astimezone()
    figures, verdict = SHAPES[asked.shape](asked)
    for promise, holds in verdict.items():
        say(f"{'✓' if holds else '✗'} {promise}")
    figures |= {
        "options": options(asked),
        "verdict": verdict,
        "kept": all(verdict.values()),
        "load_average": [round(each, 1) for each in os.getloadavg()],
    }
    RESULTS.mkdir(exist_ok=True)
    page = RESULTS / f"load-{asked.shape}-{begun:%Y%m%dT%H%M%S}.html"
    page.write_text(report.page(asked.shape, figures, at=begun), encoding="utf-8")
    say(f"the report is {page}")
    keep(f"load-{asked.shape}", figures)
    return 0 if all(verdict.values()) else 1


def _allow_many_files() -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
