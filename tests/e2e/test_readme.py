"""The README's walk-through does what it says."""

import json
import os
import re
import subprocess
from typing import Any

from tests.conftest import ROOT, RunningHall

_BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)
MARK = "--- answer ---"


def _steps() -> list[tuple[str, dict[str, Any] | None]]:
    """Return each shell block of the walk-through with the answer that follows it, if one does."""
    text = (ROOT / "README.md").read_text("utf-8").partition("## Walk through")[2]
    steps: list[tuple[str, dict[str, Any] | None]] = []
    for kind, body in _BLOCK.findall(text):
        if kind == "sh":
            steps.append((body, None))
        else:
            steps[-1] = (steps[-1][0], json.loads(body))
    return steps


def _differences(expected: Any, answer: Any, path: str = "") -> list[str]:
    """Return where an answer lacks what the README shows; it may hold more members."""
    if isinstance(expected, dict):
        return [
            found
            for name, value in expected.items()
            for found in _differences(value, answer.get(name, "(missing)"), f"{path}.{name}")
        ]
    if isinstance(expected, list):
        pairs = zip(expected, answer, strict=True)
        return [
            found
            for n, (one, other) in enumerate(pairs)
            for found in _differences(one, other, f"{path}[{n}]")
        ]
    return [] if expected == answer else [f"{path}: {answer!r}, the README says {expected!r}"]


def test_the_walk_through_gives_the_answers_it_shows(fresh_hall: RunningHall) -> None:
    steps = _steps()
    assert len(steps) > 8
    script = "".join(f"{body}\necho; echo '{MARK}'\n" for body, _ in steps)
    done = subprocess.run(
        ["bash", "-eu"],
        input=script,
        env=os.environ | {"HALL": f"{fresh_hall.url}/api/v1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    answers = done.stdout.split(MARK)
    for (body, expected), printed in zip(steps, answers, strict=False):
        if expected is not None:
            assert _differences(expected, json.loads(printed)) == [], body
