"""Processes that work on a message: followed as they speak, not for ever, none left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.chassis.child import ROOT, SHOWN_OF_COMPLAINTS, Child, running
from tests.waiting import DEADLINE_S

# More than a pipe holds, so that who wrote it there would wait for its reader.
LARGE = {"text": "长" * 200_000}
READS = "message = json.load(sys.stdin)"
SLEEPS = "signal.pause()"


def work(
    *text: str,
    follow: Callable[[Child], Any],
    message: dict[str, Any] | None = None,
    longest_s: float = DEADLINE_S,
) -> Any:
    """Have a script work on a message, and return what a follower makes of it."""
    command = (sys.executable, "-c", "\n".join(["import json, os, signal, sys", *text]))
    with running(command, message or {}, longest_s=longest_s) as child:
        return follow(child)


def listed(child: Child) -> list[Any]:
    """Return all its lines."""
    return list(child.lines())


def fault(child: Child) -> str:
    """Return how it ended."""
    list(child.lines())
    return child.fault("before it was through")


def test_lines_come_as_they_are_printed() -> None:
    first = work("print('[1]', flush=True)", SLEEPS, follow=lambda child: next(iter(child.lines())))
    assert first == [1]


def test_a_line_that_is_not_whole_is_the_last() -> None:
    assert work("print('1')", "print('{\"half\": ', end='')", follow=listed) == [1]


def test_one_that_goes_on_with_what_is_no_line_ends() -> None:
    talks = "while True: print('Hint: see the manual', flush=True)"
    # Its status is 1, or since Python 3.13 that of an interpreter that cannot say its last words.
    assert "BrokenPipeError" in work("print('1')", talks, follow=fault)


def test_the_whole_output_comes_back_as_bytes() -> None:
    echo = "sys.stdout.buffer.write(b'\\xff' + message['text'].encode())"
    assert work(READS, echo, follow=Child.output, message=LARGE) == b"\xff" + LARGE["text"].encode()


def test_one_that_never_reads_its_message_keeps_nobody_waiting() -> None:
    assert work("sys.exit(4)", follow=fault, message=LARGE) == (
        "The process ended with status 4 before it was through."
    )


@pytest.mark.parametrize("follow", [fault, lambda child: (child.output(), child.fault("too late"))[1]])
def test_one_past_its_time_is_killed(follow: Callable[[Child], str]) -> None:
    assert "was killed by signal 9" in work(SLEEPS, follow=follow, longest_s=0.3)


def test_the_last_of_its_complaints_is_told() -> None:
    told = work(f"sys.exit('no ' * {SHOWN_OF_COMPLAINTS} + 'room')", follow=fault)
    assert told.startswith("The process ended with status 1 before it was through. ")
    assert told.endswith("no room")
    assert len(told) < SHOWN_OF_COMPLAINTS + 100


def test_none_is_left_behind_when_its_follower_fails() -> None:
    followed: list[Child] = []

    def fail(child: Child) -> None:
        followed.append(child)
        raise LookupError

    with pytest.raises(LookupError):
        work(SLEEPS, follow=fail)
    assert followed[0].process.returncode == -signal.SIGKILL


UNDER_EVENTLET = f"""
import eventlet
eventlet.monkey_patch()
import os, sys
from services.chassis.child import running

def run(text, follow, longest_s={DEADLINE_S}):
    with running((sys.executable, "-c", text), {{"text": "x" * 200_000}}, longest_s=longest_s) as child:
        return follow(child)

turns = []
gate = os.open(sys.argv[1], os.O_RDWR)
def others():
    turns.extend(eventlet.sleep(0) or 1 for _ in range(5))
    os.write(gate, b"open\\n")
eventlet.spawn_after(0, others)
# It ends only if others have a turn while it is followed.
slowly = f"print('[1]', flush=True); open({{sys.argv[1]!r}}).readline(); print('[2]')"
assert run(slowly, lambda child: list(child.lines())) == [[1], [2]]
assert len(turns) == 5
assert run("import sys; print(len(sys.stdin.read()))", lambda child: int(child.output())) > 200_000
assert "status 4" in run("raise SystemExit(4)", lambda child: list(child.lines()) or child.fault(""))
late = lambda child: list(child.lines()) or child.fault("")
assert "signal 9" in run("import signal; {SLEEPS}", late, longest_s=0.3)
late = lambda child: child.output() or child.fault("")
assert "signal 9" in run("import signal; {SLEEPS}", late, longest_s=0.3)
"""


def test_all_of_it_works_under_eventlet_too(tmp_path: Path) -> None:
    gate = str(tmp_path / "gate")
    os.mkfifo(gate)
    command = [sys.executable, "-W", "ignore", "-c", UNDER_EVENTLET, gate]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_S)
    assert ended.returncode == 0, ended.stderr
