"""Run README's commands on bare Debian machines, as root and as a user who may use sudo.

    python -m tests.fresh [--debian 12|13] [--as root|user] [--only up|test] [arguments of pytest]

Each option can be given several times. A machine is a Debian made by debootstrap, in namespaces of its own, with
nothing of this machine in it but its settings of the package registries; README's own lines are what is run.
"""

import argparse
import itertools
import os
import re
import shlex
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.ports import free_port
from tests.fresh import registries
from tests.fresh.machine import ROOT_ACCOUNT, USER_ACCOUNT, Account, Machine, MachineFailed

ROOT = Path(__file__).parents[2]
RELEASES = {"12": "bookworm", "13": "trixie"}
ACCOUNTS = {"root": ROOT_ACCOUNT, "user": USER_ACCOUNT}
LOGS = ROOT / ".run" / "fresh"
WORDS_OF_FAILURE = 40
_SHOW_EVERY_S = 60.0
_MAKE_USER = (
    "export DEBIAN_FRONTEND=noninteractive\n"
    "apt-get -qq update\n"
    "apt-get -qq install -y --no-install-recommends sudo >/dev/null\n"
    f"useradd --create-home --shell /bin/bash {USER_ACCOUNT.name}\n"
    f"echo '{USER_ACCOUNT.name} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/{USER_ACCOUNT.name}"
)

# The machine is removed; what its processes said goes into its log.
_KEEP_LOGS = "cd hallflow; tail -n 200 .run/log/*.log || true"


def say(text: str) -> None:
    """Tell whoever waits."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@dataclass
class Progress:
    """Shows that something goes on: in place at a terminal, otherwise a line a minute."""

    shown_s: float = 0.0

    def __call__(self, elapsed_s: float, line: str) -> None:
        if sys.stdout.isatty():
            sys.stdout.write(f"\r\x1b[K  {elapsed_s:5.0f} s  {line[:90]}\r")
            sys.stdout.flush()
        elif elapsed_s - self.shown_s >= _SHOW_EVERY_S:
            self.shown_s = elapsed_s
            say(f"  {elapsed_s:5.0f} s  {line[:110]}")


@dataclass
class Visit:
    """The commands of one account on one machine, with their times."""

    machine: Machine
    account: Account
    times: dict[str, str] = field(default_factory=dict)

    def step(self, name: str, script: str, *, by: Account | None = None) -> bool:
        """Run a script, note its time, show the last lines of one that fails."""
        say(f"  {name} …")
        began, since = time.monotonic(), self.machine.log.stat().st_size
        code = self.machine.run(by or self.account, script, progress=Progress())
        self.times[name] = f"{time.monotonic() - began:.0f} s"
        if code != 0:
            self.times[name] += " FAILED"
            say(self.machine.last_lines(WORDS_OF_FAILURE, since=since))
            say(f"  {name} failed with exit code {code}; all it said is in {self.machine.log}")
        return code == 0

    def page_answers(self, port: int) -> bool:
        """Ask for the kiosk's page: the network is this machine's."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/kiosk", timeout=30) as answer:
                answers = answer.status == 200
        except OSError as refused:
            say(f"  the page does not answer: {refused}")
            answers = False
        self.times["page"] = "answers" if answers else "FAILED"
        return answers


def start_of_readme() -> tuple[str, str, str]:
    """Return the lines under README's "Start a hall": what has to be installed first, clone, up."""
    section = (ROOT / "README.md").read_text().split("## Start a hall", 1)[1]
    lines = re.search(r"```\n(.*?)```", section, re.DOTALL)[1].strip().splitlines()
    return tuple(line.partition(" #")[0].rstrip() for line in lines)


def visit(visited: Visit, wanted: set[str], tests: list[str]) -> bool:
    """Run README's commands one after the other until one fails."""
    first, clone, up = start_of_readme()
    clone = clone.replace("<this repository>", "/srv/hallflow.bundle")
    port = free_port()
    # The first command waits until the machine is made.
    if not visited.step("machine", "true", by=ROOT_ACCOUNT):
        return False
    if visited.account is not ROOT_ACCOUNT and not visited.step("account", _MAKE_USER, by=ROOT_ACCOUNT):
        return False
    sudo = "" if visited.account is ROOT_ACCOUNT else "sudo "
    first = " && ".join(sudo + each for each in first.split(" && ")).replace(" install ", " install -y ")
    if not (visited.step("git, make", first) and visited.step("clone", clone)):
        return False
    fine = True
    if "up" in wanted:
        fine = visited.step(
            "make up", f"cd hallflow; export HALL_PORT={port}; {up}"
        ) and visited.page_answers(port)
        if not fine:
            visited.machine.run(visited.account, _KEEP_LOGS, progress=Progress())
        fine = visited.step("make down", "cd hallflow; make down") and fine
    if "test" in wanted:
        fine = (
            visited.step("make test", f"cd hallflow; make test ARGS={shlex.quote(shlex.join(tests))}")
            and fine
        )
    return fine


def table(rows: list[dict[str, str]]) -> str:
    """Return rows as a table with the columns that any of them has."""
    columns = list(dict.fromkeys(itertools.chain.from_iterable(rows)))
    cells = [columns, *[[row.get(column, "–") for column in columns] for row in rows]]
    widths = [max(len(line[n]) for line in cells) for n in range(len(columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells
    )


def bundle_of_head() -> Path:
    """Pack the commit that is checked out: a clone of a file asks nobody whose repository it is."""
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / "hallflow.bundle"
    subprocess.run(["git", "bundle", "create", "-q", path, "HEAD"], cwd=ROOT, check=True)
    if subprocess.run(["git", "diff", "--quiet", "HEAD"], cwd=ROOT, check=False).returncode != 0:
        say("What is not committed is left out.")
    return path


def main() -> int:
    """Visit every machine that is asked for."""
    parser = argparse.ArgumentParser(prog="make test-fresh", description=__doc__.partition("\n")[0])
    parser.add_argument("--debian", action="append", choices=RELEASES, help="release (both)")
    parser.add_argument("--as", action="append", dest="accounts", choices=ACCOUNTS, help="account (both)")
    parser.add_argument("--only", action="append", choices=["up", "test"], help="command (both)")
    asked, tests = parser.parse_known_args()
    if os.geteuid() != 0:
        parser.error("namespaces and devices are root's: sudo make test-fresh")
    bundle = bundle_of_head()
    environment = registries.known_here().environment
    rows, fine = [], True
    for debian, who in itertools.product(asked.debian or RELEASES, asked.accounts or ACCOUNTS):
        say(f"Debian {debian}, {who}")
        log = LOGS / f"debian-{debian}-{who}.log"
        visited = None
        try:
            with Machine(RELEASES[debian], bundle=bundle, log=log, registries=environment) as machine:
                visited = Visit(machine, ACCOUNTS[who])
                fine = visit(visited, set(asked.only or ["up", "test"]), tests) and fine
        except MachineFailed as gone:
            say(f"  the machine is gone: {gone}\n  its log is {log}")
            fine = False
        rows.append({"Debian": debian, "as": who} | (visited.times if visited else {}))
    say(f"\n{table(rows)}\n\nThe logs are in {LOGS}.")
    return 0 if fine else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
