"""The walk-through by curl does what it says."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.halls import OpenHall, warm_hall
from tests.shared import ROOT
from tests.waiting import until

_BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)
MARK = "--- answer ---"


def _steps() -> list[tuple[str, dict[str, Any] | None]]:
    """Return each shell block of the walk-through with the answer that follows it, if one does."""
    text = (
        (ROOT / "docs" / "developers" / "api.md")
        .read_text("utf-8")
        .partition("## Walk through")[2]
        .partition("\n## ")[0]
    )
    steps: list[tuple[str, dict[str, Any] | None]] = []
    for kind, body in _BLOCK.findall(text):
        if kind == "sh":
            steps.append((body, None))
        else:
            steps[-1] = (steps[-1][0], json.loads(body))
    return steps


def _differences(expected: Any, answer: Any, path: str = "") -> list[str]:
    """Return where an answer lacks what is shown; it may hold more members."""
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
    return [] if expected == answer else [f"{path}: {answer!r}, the document says {expected!r}"]


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[OpenHall]:
    """A hall in which nothing has happened yet."""
    with warm_hall(tmp_path) as hall:
        yield hall


def test_the_walk_through_gives_the_answers_it_shows(hall: OpenHall) -> None:
    steps = _steps()
    assert len(steps) > 8
    shell = subprocess.Popen(
        ["bash", "-eu"],
        env=os.environ | {"HALL": f"{hall.url}/api/v1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with shell:
        for body, expected in steps:
            answer = _typed(shell, body)
            if expected is not None and body.startswith("sleep"):
                # The reader waits a moment for the figures; on a slow machine they would try again.
                until(
                    lambda body=body, expected=expected: (
                        not _differences(expected, json.loads(_typed(shell, body)))
                    ),
                    what=f"{body} answers {expected}",
                )
            elif expected is not None:
                assert _differences(expected, json.loads(answer)) == [], body


def _typed(shell: subprocess.Popen[str], body: str) -> str:
    """Type a block into the shell and return what it prints."""
    assert shell.stdin is not None and shell.stdout is not None
    shell.stdin.write(f"{body}\necho; echo '{MARK}'\n")
    shell.stdin.flush()
    printed: list[str] = []
    while (line := shell.stdout.readline().strip()) != MARK:
        printed.append(line)
        assert shell.poll() is None, f"{body}\n{printed}"
    return "\n".join(printed)
