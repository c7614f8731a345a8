"""Run the suite in other orders on a machine that is busy: `python -m tests.hard [--runs 3] [--busy 4] [of pytest]`.

Each run has the files, and the tests in each, in an order of its own, and so many processes beside it that do nothing
but keep the processors busy; `tests/integration/changes` tries more halls than usual. A test that counts on time, on
its neighbours or on luck fails here. Nothing is repeated: what failed is named with its reason and the order that it
failed in, and the exit code is 1.
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.shared import ROOT

WORKERS = "3"
EXAMPLES = "40"
WORDS_OF_A_REASON = 300


@dataclass(frozen=True)
class Run:
    """What came of one run: the number its order was drawn from, how many tests there were, and what failed and why."""

    order: int
    tests: int
    seconds: float
    failed: dict[str, str]
    exit_code: int


def say(text: str) -> None:
    """Tell whoever waits."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Keep the processors busy meanwhile; the kernel ends it when we die first."""
    command = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-c", "while True: pass"]
    started = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for _ in range(processes)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def run(order: int, arguments: Sequence[str]) -> Run:
    """Run the suite in the order that this number gives."""
    with tempfile.TemporaryDirectory(prefix="hall-hard-") as folder:
        report = Path(folder) / "report.xml"
        began = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS]
        command += ["-p", "randomly", f"--randomly-seed={order}", "--randomly-dont-reset-seed"]
        command += [f"--junitxml={report}", *arguments]
        environment = {"HALL_TEST_EXAMPLES": EXAMPLES} | os.environ
        done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False)
        failed, tests = _read(report) if report.exists() else ({}, 0)
        return Run(order, tests, time.monotonic() - began, failed, done.returncode)


def _read(report: Path) -> tuple[dict[str, str], int]:
    """Return what failed, with its reason, and how many tests there were."""
    cases = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314 - pytest wrote it a moment ago
    failed: dict[str, str] = {}
    for case in cases:
        for fault in (*case.iter("failure"), *case.iter("error")):
            name = f"{case.get('classname', '')}::{case.get('name', '')}"
            failed[name] = (fault.get("message") or "").strip()[:WORDS_OF_A_REASON]
    return failed, len(cases)


def summary(runs: Sequence[Run]) -> str:
    """Say what came of all runs."""
    lines = []
    for number, each in enumerate(runs, start=1):
        lines.append(
            f"run {number}, order {each.order}: {each.tests} tests in {each.seconds:.0f} s, "
            f"{len(each.failed)} failed, exit code {each.exit_code}"
        )
        lines += [f"    {name}\n        {reason}" for name, reason in each.failed.items()]
    return "\n".join(lines)


def main(given: Sequence[str]) -> int:
    """Run as the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="make test-hard", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=3, help="how often, each time in another order (3)")
    parser.add_argument("--busy", type=int, default=4, help="processes that keep the machine busy (4)")
    parser.add_argument(
        "--order", type=int, help="run once, in the order of this number, as an earlier run told it"
    )
    options, arguments = parser.parse_known_args(given)
    orders = (
        [options.order]
        if options.order is not None
        else [secrets.randbelow(10**6) for _ in range(options.runs)]
    )
    runs: list[Run] = []
    with busy(options.busy):
        try:
            for order in orders:
                say(
                    f"==> run {len(runs) + 1} of {len(orders)}, order {order}, {options.busy} busy processes beside it"
                )
                runs.append(run(order, arguments))
        except KeyboardInterrupt:
            say("stopped")
    say(f"\n{summary(runs)}")
    return int(len(runs) < len(orders) or any(each.exit_code for each in runs))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
