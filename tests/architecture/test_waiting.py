"""No test counts on time: it waits with tests/waiting.py, or says after `# Timed:` why it does not.

A reason says why time stays and why a slow machine cannot make the test fail by it. It stands on the line or above.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
# The helper, this test, and programs that run the suite and tell how long that took.
LET_BE = (TESTS / "waiting.py", Path(__file__), TESTS / "hard.py", *(TESTS / "fresh").rglob("*.py"))
REASON = re.compile(r"# Timed: \S.{20,}")
COUNTS = re.compile(
    r"(?<!def )(?<!clock\.)\bsleep\((?!0\))"  # also of a child's script; a turn for others takes no time
    r"|\b(?:monotonic|perf_counter)(?:_ns)?\(\)"
    r"|\bdeadline\s*="
    r"|\bwait_for_timeout\("
    r"|\b(?:timeout|timeout_s|timeout_ms)\s*=\s*[\d_.]+(?!\d*\s*\*)"
    r"|\.(?:join|wait|result|settimeout|acquire)\(\s*(?:timeout=)?\d[\d_.]*\s*\)"
)
# Of Hypothesis, and a clock that the tests of notifications move.
NOT_WAITED_FOR = re.compile(r"\bdeadline=None\b|\bpost\.wait\(")


def counted(lines: list[str]) -> Iterator[str]:
    """Yield the lines that count on time without a reason."""
    above = ""
    for number, line in enumerate(lines, start=1):
        said = REASON.search(line) or REASON.search(above)
        if COUNTS.search(NOT_WAITED_FOR.sub("", line)) and not said:
            yield f"{number}: {line.strip()}"
        above = line


def test_no_test_counts_on_time_without_a_reason() -> None:
    found = {
        str(path.relative_to(TESTS)): unexcused
        for path in sorted(TESTS.rglob("*.py"))
        if path not in LET_BE and (unexcused := list(counted(path.read_text("utf-8").splitlines())))
    }
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "time.sleep(0.5)",
        "eventlet.sleep(1)",
        "began = time.monotonic()",
        "deadline = now() + 30",
        "page.wait_for_timeout(200)",
        "thread.join(10)",
        "process.wait(timeout=30)",
        "page.wait_for_selector('#a', timeout=5_000)",
        "SLOW = 'time.sleep(60)'",
        "time.sleep(1)  # Timed: why",
    ],
)
def test_what_counts_on_time_is_seen(line: str) -> None:
    assert list(counted([line])) == [f"1: {line}"]


def test_a_reason_excuses_its_line_and_the_next_and_no_other() -> None:
    reason = "# Timed: a pause of a person, of any length."
    assert list(counted([f"time.sleep(1)  {reason}"])) == []
    assert list(counted([reason, "time.sleep(1)"])) == []
    assert list(counted([reason, "", "time.sleep(1)"])) == ["3: time.sleep(1)"]


@pytest.mark.parametrize(
    "line", ["thread.join(DEADLINE_S)", "until(lambda: row, what='a row')", '", ".join(names)']
)
def test_what_waits_as_it_should_is_let_be(line: str) -> None:
    assert list(counted([line])) == []
